"""The wording of a branch: the posts below one post, each under what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.graphemes import utf16_length
from bot.core.model import Post
from bot.core.post_line import author_name, counted, jump_link, post_name, shown_text, timestamp

BRANCH_LENGTH = 12
"""How many posts are on a page of a branch: with their links, all of them fit a message."""

# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
_MOST_CHARACTERS = 4000
# About a line of an embed: Discord would begin a second one below the guides.
_LINE = 68
_NAME_LIMIT = 32
# A line of a telephone holds few guides beside the words.
_MOST_GUIDES = 8
_GUIDE = "┊ "


@dataclass(frozen=True, slots=True)
class BranchPost:
    """A post of a branch; `depth` counts the steps up to the post that the branch is below."""

    post: Post
    depth: int


@dataclass(frozen=True, slots=True)
class BranchPage:
    """A page of a branch as Markdown of at most 4,000 characters."""

    title: str
    text: str


def compose_branch(top: Post, posts: Sequence[BranchPost]) -> BranchPage:
    """Put a page of at most `BRANCH_LENGTH` posts of the branch below `top` into words."""
    headings = [_heading(each) for each in posts]
    room = _MOST_CHARACTERS - sum(map(utf16_length, headings))
    share = room // max(len(posts), 1) - len(_GUIDE) * _MOST_GUIDES - len("\n\n")
    lines = []
    for each, heading in zip(posts, headings, strict=True):
        guides = _guides(each.depth)
        text = shown_text(each.post, min(share, _LINE - len(guides)))
        lines.append(f"{heading}\n{guides}{text}")
    return BranchPage(
        title=f"Replies below {post_name(top)}",
        text="\n".join(lines) or "Nobody has answered it yet.",
    )


def _heading(each: BranchPost) -> str:
    post = each.post
    number = f"{post.number}\\. " if post.number is not None else ""
    facts = [
        f"{number}**{author_name(post, _NAME_LIMIT)}**",
        timestamp(post.posted_at, "d"),
        counted(post.reply_count, "direct reply") if post.reply_count else None,
        f"{each.depth} steps down" if each.depth > _MOST_GUIDES else None,
        jump_link(post),
    ]
    return _guides(each.depth) + " · ".join(filter(None, facts))


def _guides(depth: int) -> str:
    return _GUIDE * min(depth, _MOST_GUIDES)
