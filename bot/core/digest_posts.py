"""What a digest says of one post: who wrote it and why it is here, what it answers, its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Concern, EditedPost, NewPost, Post, PostKind
from bot.core.post_line import answered_name, author_name, counted, shown_text, timestamp
from bot.core.selection import MANY_REPLIES


@dataclass(frozen=True, slots=True)
class TextLengths:
    """How much is shown of a post that concerns the reader, of another, of what they answer."""

    near: int
    other: int
    answered: int


_READER = "you"
_CONCERNS = {
    Concern.QUESTION: " asks you",
    Concern.ANSWER: " answered you",
    Concern.MENTION: " mentions you",
}


def new_post(
    new: NewPost, reader_id: int | None, lengths: TextLengths, *, quotes_answered: bool
) -> str:
    """Put a new post into words: two or three lines of Markdown.

    `quotes_answered` says that what it answers is not in sight above, and is shown with it.
    """
    post, parent = new.post, new.parent
    head = f"**{author_name(post)}**{_manner(new)}"
    below = []
    if (whom := _answered(new, reader_id)) is not None:
        if quotes_answered and parent is not None and not parent.is_deleted:
            below.append(f"-# in reply to {whom}: {shown_text(parent, lengths.answered)}")
        elif whom != _READER:
            head += f"{', ' if new.concern else ' '}in reply to {whom}"
    if post.reply_count >= MANY_REPLIES:
        head += f" · {counted(post.reply_count, 'reply')}"
    length = lengths.other if new.concern is None else lengths.near
    return "\n".join(
        [f"{head} · {_linked_time(post, post.posted_at)}", *below, f"> {shown_text(post, length)}"]
    )


def changed_post(post: Post, lengths: TextLengths) -> str:
    """Put into words that a post which the reader had answered is another now."""
    return (
        f"**{author_name(post)}** changed the post that you answered · "
        f"{_linked_time(post, post.edited_at or post.posted_at)}\n"
        f"> {shown_text(post, lengths.near)}"
    )


def other_changes(edited: Sequence[EditedPost]) -> str:
    """Name edited posts in a line."""
    return f"-# Edited since: {', '.join(_linked(each.post) for each in edited)}"


def _manner(new: NewPost) -> str:
    if new.concern is not None:
        return _CONCERNS[new.concern]
    return " began the discussion" if new.post.kind is PostKind.INITIAL else ""


def _answered(new: NewPost, reader_id: int | None) -> str | None:
    """Say whom a post answers, or which post where that is nobody; None where it is no reply."""
    if new.post.kind is not PostKind.REPLY:
        return None
    parent = new.parent
    if parent is None:
        return "an earlier post"
    author = parent.author
    is_own = reader_id is not None and author is not None and author.user_id == reader_id
    return _READER if is_own else answered_name(parent)


def _linked_time(post: Post, moment: datetime) -> str:
    when = timestamp(moment, "R")
    return f"[{when}]({post.jump_url})" if post.jump_url else when


def _linked(post: Post) -> str:
    name = author_name(post, 40)
    return f"[{name}]({post.jump_url})" if post.jump_url else name
