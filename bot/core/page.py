"""The wording of a page of a discussion, in leaves that each fit a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.excerpt import Surface, excerpt
from bot.core.graphemes import utf16_length
from bot.core.model import Discussion, Post, PostKind
from bot.core.old_text import text_markdown
from bot.core.place import Place
from bot.core.post_line import (
    DELETED,
    answered_name,
    author_name,
    counted,
    jump_link,
    literal,
    plain_name,
    shown_text,
    timestamp,
)

# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
MOST_CHARACTERS = 4000
# So much text of each post is shown at least; on a leaf with room, more.
LEAST_TEXT = 200
_MOST_TEXT = 1500
# A leaf of 25 posts would hold seven of the longest headings.
_NAME_LIMIT = 48
_OPTION_LIMIT = 100  # developers/components/reference, "Select Option Structure"


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post to be read, with the post it answers where that is known."""

    post: Post
    parent: Post | None


@dataclass(frozen=True, slots=True)
class PostOption:
    """A post in a list to choose from, as plain text, spoilers hidden."""

    post_id: int
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """As much of a page as fits a message: Markdown of at most 4,000 characters.

    `posts` are those on it. `spans` holds the first and last number on each leaf of the page.
    """

    header: str
    title: str
    text: str
    posts: tuple[Post, ...]
    spans: tuple[tuple[int, int], ...]


def compose_leaf(
    discussion: Discussion, place: Place, posts: Sequence[ReadPost], newer: int = 0
) -> Leaf:
    """Put a leaf of a page into words: the one that `place` names, else the page's last.

    `posts` are all those of the page, in the order of reading; `newer` counts the posts that
    came since the reader began.
    """
    leaves = _leaves(posts)
    chosen = leaves[min(place.leaf, len(leaves)) - 1]
    return Leaf(
        header=_header(discussion, place, newer),
        title=literal(discussion.title, 200),
        text=_text(chosen) if chosen else "There is no post here yet.",
        posts=tuple(each.post for each in chosen),
        spans=tuple(
            (leaf[0].post.number or 0, leaf[-1].post.number or 0) for leaf in leaves if leaf
        ),
    )


def leaf_with(posts: Sequence[ReadPost], number: int) -> int:
    """Give the leaf of a page, counted from 1, on which the post of that number is.

    `posts` are all those of the page, oldest first. Where none has that number, it is the leaf of
    the next one, else the last.
    """
    leaves = _leaves(posts)
    for position, leaf in enumerate(leaves, start=1):
        if leaf and (leaf[-1].post.number or 0) >= number:
            return position
    return len(leaves)


def post_heading(read: ReadPost, *, name_limit: int = _NAME_LIMIT) -> str:
    """Give the line above a post's text: who wrote when, in answer to whom, and the links."""
    post = read.post
    number = f"{post.number}\\. " if post.number is not None else ""
    when = timestamp(post.posted_at)
    facts = [f"{number}**{author_name(post, name_limit)}**"]
    if post.kind is PostKind.INITIAL:
        facts.append(f"Initial post · {when}")
    elif post.kind is PostKind.POST:
        facts.append(f"Posted on {when}")
    else:
        facts.append(f"{when} · {_answers(read.parent, name_limit)}")
    if post.edited_at is not None:
        facts.append(f"Last edited by the author on {timestamp(post.edited_at)}")
    if post.reply_count:
        facts.append(counted(post.reply_count, "direct reply"))
    if link := jump_link(post):
        facts.append(link)
    return " · ".join(facts)


def post_option(post: Post) -> PostOption:
    """Give a post as a line of a list to choose from."""
    number = "" if post.number is None else f"{post.number}. "
    return PostOption(
        post_id=post.id,
        label=f"{number}{_plain_author(post)}",
        description=_plain_text(post) or "(no text)",
    )


def _answers(parent: Post | None, name_limit: int) -> str:
    if parent is None:
        return "In reply to an earlier post"
    return f"In reply to {answered_name(parent, name_limit)}, {timestamp(parent.posted_at)}"


def _header(discussion: Discussion, place: Place, newer: int) -> str:
    positions = place.positions
    shown = f"{positions.start:,}-{positions.stop - 1:,}" if positions else "0"
    words = [
        f"Showing {shown} of {counted(place.last, 'post')} in this discussion",
        f"Sort: {place.order.words}",
    ]
    if newer:
        words.append(f"{counted(newer, 'newer post')} since you began")
    if not discussion.is_current:
        words.append("what is missing is still being read in")
    return " · ".join(words)


def _leaves(posts: Sequence[ReadPost]) -> list[list[ReadPost]]:
    """Share the posts among leaves, so that each shows its text, or 200 characters of it."""
    leaves: list[list[ReadPost]] = [[]]
    room = MOST_CHARACTERS
    for read in posts:
        needed = _length(_lines(read, LEAST_TEXT))
        if needed > room:
            leaves.append([])
            room = MOST_CHARACTERS
        leaves[-1].append(read)
        room -= needed
    return leaves


def _text(posts: Sequence[ReadPost]) -> str:
    """Give the text of a leaf; what room is left goes to the longer posts, from the first on."""
    blocks = [_lines(read, LEAST_TEXT) for read in posts]
    room = MOST_CHARACTERS - sum(map(_length, blocks))
    for place, read in enumerate(posts):
        share = room // (len(posts) - place)
        longer = _lines(read, min(LEAST_TEXT + share, _MOST_TEXT))
        gained = _length(longer) - _length(blocks[place])
        if gained <= room:
            room -= gained
            blocks[place] = longer
    return "\n\n".join(blocks)


def _lines(read: ReadPost, limit: int) -> str:
    return f"{post_heading(read)}\n> {shown_text(read.post, limit)}"


def _length(block: str) -> int:
    """Give how much room a block takes, with the blank line behind it."""
    return utf16_length(block) + 2


def _plain_author(post: Post) -> str:
    if post.is_deleted:
        return author_name(post)
    return plain_name(None if post.author is None else post.author.name)


def _plain_text(post: Post) -> str:
    if post.is_deleted:
        return DELETED
    text = excerpt(text_markdown(post), _OPTION_LIMIT, Surface.PLAIN)
    notes = excerpt(" · ".join(post.notes), _OPTION_LIMIT, Surface.PLAIN)
    return (
        text or notes or (counted(len(post.attachments), "attachment") if post.attachments else "")
    )
