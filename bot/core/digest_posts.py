"""What a digest says of one post: who wrote it and why it is here, what it answers, its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.model import Concern, EditedPost, NewPost, Post, PostKind
from bot.core.post_line import author_name, counted, shown_text, timestamp
from bot.core.selection import MANY_REPLIES


@dataclass(frozen=True, slots=True)
class TextLengths:
    """How much is shown of a post that concerns the reader, of another, of what they answer."""

    near: int
    other: int
    answered: int


_CONCERNS = {
    Concern.QUESTION: " asks you",
    Concern.ANSWER: " answered you",
    Concern.MENTION: " mentions you",
}


def new_post(new: NewPost, reader_id: int | None, lengths: TextLengths) -> str:
    """Put a new post into words: two or three lines of Markdown."""
    post = new.post
    if new.concern is not None:
        head = f"**{author_name(post)}**{_CONCERNS[new.concern]}"
    elif post.kind is PostKind.INITIAL:
        head = f"**{author_name(post)}** began the discussion"
    else:
        head = f"**{author_name(post)}**"
    if post.reply_count >= MANY_REPLIES:
        head += f" · {counted(post.reply_count, 'reply')}"
    length = lengths.other if new.concern is None else lengths.near
    answered = _answered(new, reader_id, lengths.answered)
    lines = [f"{head} · {_when(post)}", answered, f"> {shown_text(post, length)}"]
    return "\n".join(line for line in lines if line is not None)


def changed_post(post: Post, lengths: TextLengths) -> str:
    """Put into words that a post which the reader had answered is another now."""
    return (
        f"**{author_name(post)}** changed the post that you answered · {_when(post)}\n"
        f"> {shown_text(post, lengths.near)}"
    )


def other_changes(edited: Sequence[EditedPost]) -> str:
    """Name edited posts in a line."""
    return f"-# Edited since: {', '.join(_linked(each.post) for each in edited)}"


def _answered(new: NewPost, reader_id: int | None, length: int) -> str | None:
    """Say what a post answers, and how that begins."""
    if new.post.kind is not PostKind.REPLY:
        return None
    parent = new.parent
    if parent is None:
        return "-# in reply to an earlier post"
    author = parent.author
    is_own = reader_id is not None and author is not None and author.user_id == reader_id
    if parent.is_deleted:
        return f"-# in reply to a deleted post{' of yours' if is_own else ''}"
    whom = "you" if is_own else author_name(parent)
    return f"-# in reply to {whom}: {shown_text(parent, length)}"


def _when(post: Post) -> str:
    when = timestamp(post.posted_at, "R")
    return f"[{when}]({post.jump_url})" if post.jump_url else when


def _linked(post: Post) -> str:
    name = author_name(post, 40)
    return f"[{name}]({post.jump_url})" if post.jump_url else name
