"""The wording of a reply chain: what a post answers, back to the first one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.graphemes import utf16_length
from bot.core.model import Chain, Post, PostKind
from bot.core.post_line import (
    answered_name,
    author_name,
    counted,
    jump_link,
    literal,
    shown_text,
    timestamp,
)

# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
MOST_CHARACTERS = 4000
# Tried in order until the chain fits: the longest text of a post, and of a name.
_LENGTHS = ((300, 64), (160, 40), (90, 24), (40, 16))
_LEFT_OUT = "… the posts between are left out …"


@dataclass(frozen=True, slots=True)
class ChainMessage:
    """A reply chain as it is shown: Markdown, the lines to be joined by newlines.

    The lines take at most 4,000 characters, the title at most 256.
    """

    title: str
    lines: tuple[str, ...]


def compose_chain(chain: Chain) -> ChainMessage:
    """Put a chain into words: the initial post as context, then the path to the chosen post.

    A chain that is too long for one message gets shorter texts; if that is not enough, posts
    in its middle are left out, and a line says so.
    """
    title = literal(f"Reply chain in {chain.discussion.title}", 200)
    lines: list[str] = []
    for text_length, name_length in _LENGTHS:
        lines, is_whole = _lines(chain, text_length, name_length)
        if is_whole:
            break
    return ChainMessage(title, tuple(lines))


def _lines(chain: Chain, text_length: int, name_length: int) -> tuple[list[str], bool]:
    """Give the lines with the first post and as many of the last ones as fit; say if all do.

    They are put into words from the last one upwards until the message is full: to shorten a
    text takes time.
    """
    beginning: list[str] = []
    if chain.initial is not None:
        initial = _post_lines(chain.initial, "", text_length, name_length)
        beginning += ["The discussion began with", *initial, ""]
    beginning += _lines_at(chain, 0, text_length, name_length)
    end: list[str] = []
    lines = beginning
    for place in reversed(range(1, len(chain.posts))):
        # Right below a quotation Discord leaves no space of its own.
        end = ["", *_lines_at(chain, place, text_length, name_length), *end]
        longer = [*beginning, *_left_out_before(chain, place), *end]
        if utf16_length("\n".join(longer)) > MOST_CHARACTERS:
            return lines, False
        lines = longer
    return lines, True


def _left_out_before(chain: Chain, place: int) -> list[str]:
    """Say what is missing between the first post and the one at `place`."""
    if chain.is_cut:
        return ["", _LEFT_OUT]
    return ["", f"… {counted(place - 1, 'post')} left out …"] if place > 1 else []


def _lines_at(chain: Chain, place: int, text_length: int, name_length: int) -> list[str]:
    """Give the lines of one post of the chain."""
    # What the first of the last posts answers is not known where the chain was cut.
    is_after_cut = place == 1 and chain.is_cut
    parent = chain.posts[place - 1] if place and not is_after_cut else None
    words = _chain_words(chain, place, parent, name_length)
    return _post_lines(chain.posts[place], words, text_length, name_length)


def _chain_words(chain: Chain, place: int, parent: Post | None, name_length: int) -> str:
    """Say what a post of the chain is, or which one it answers."""
    post = chain.posts[place]
    if post.kind is PostKind.INITIAL:
        return "Initial post"
    if post.kind is PostKind.POST:
        return "Posted on"
    if parent is not None:
        return f"In reply to {answered_name(parent, name_length)}, {timestamp(parent.posted_at)}"
    if place == 0:
        return "In reply to an earlier post that is not known here"
    return "In reply to a post that is left out"


def _post_lines(post: Post, words: str, text_length: int, name_length: int) -> list[str]:
    """Give the line about a post and the line with its text."""
    replies = counted(post.reply_count, "direct reply") if post.reply_count else None
    number = f"{post.number}\\. " if post.number is not None else ""
    when = timestamp(post.posted_at)
    if words == "Posted on":
        when, words = f"Posted on {when}", ""
    facts = [f"{number}**{author_name(post, name_length)}**", when, words, replies, jump_link(post)]
    return [" · ".join(filter(None, facts)), f"> {shown_text(post, text_length)}"]
