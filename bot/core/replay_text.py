"""How a post of an imported discussion looks when it is replayed into a Discord thread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.graphemes import utf16_length
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.markdown import escape_markdown, showable
from bot.core.model import PostKind
from bot.core.old_text import old_markdown
from bot.core.ports import StagedPost
from bot.core.sameness import is_same_text
from bot.core.split import split

MESSAGE_LIMIT = 2000
"""The most UTF-16 code units of a message (developers/resources/message.mdx, "Create Message")."""

UNKNOWN_AUTHOR = "A reader"
"""Who a post is by when its page names nobody."""

_LONGEST_NAME = 80
# Two lines with three timestamps, a name and an address, and the line ends behind them.
_ROOM_FOR_LINES = 270
_FORBIDDEN_IN_NAMES = re.compile("(clyde|discord)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """The post that a reply answers; `url` opens its message, where Discord has it.

    One that `is_deleted` is told by its time alone.
    """

    post: ImportedPost
    url: str | None = None
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class FoundLater:
    """A run of posts, by number, that go out after a post of a greater number.

    No message can be put between others. So the first of a run says that it belongs before post
    `before`, whose message `before_url` opens.
    """

    first: int
    last: int
    before: int
    before_url: str


def staged_posts(
    post: ImportedPost,
    *,
    answered: Answered | None = None,
    found_later: FoundLater | None = None,
    boxed: ImportedDiscussion | None = None,
) -> tuple[StagedPost, ...]:
    """Give the Discord messages of a post, each of at most 2,000 characters, in their order.

    The first opens with small lines: where the post belongs, if it was found later; when it was
    written and edited; and what it answers. `boxed` is the discussion for the post that opens
    its thread: it ends with the box of the page. The old forums knew no Markdown, so the text
    shows as it was typed; only addresses and product links become links, without a preview.

    Where a long text is cut depends on nothing but the text, for room is kept for the small
    lines: so a replay that was broken off within a post goes on there, and the lines of a
    message can be changed without its neighbours.
    """
    late = "" if found_later is None else f"{_found_later(found_later)}\n"
    room = MESSAGE_LIMIT - _ROOM_FOR_LINES - utf16_length(late)
    parts = list(split(old_markdown(post.content), room)) or [""]
    if boxed is not None:
        box = "\n".join(_box(boxed))
        if utf16_length(f"{parts[-1]}\n{box}") <= room:
            parts[-1] = f"{parts[-1]}\n{box}"
        else:
            parts.extend(split(box, room))
    lines = "\n".join((_dates(post), *_answers(post, answered)))
    parts[0] = f"{late}{lines}\n{parts[0]}".rstrip()
    author_name = webhook_name(post.author)
    return tuple(StagedPost(author_name, part) for part in parts)


def is_same_post(one: StagedPost, other: StagedPost) -> bool:
    """Say whether a message that Discord gives back is the one that it was given."""
    return is_same_text(one.content, other.content) and is_same_text(
        one.author_name, other.author_name
    )


def webhook_name(author: str | None) -> str:
    """Give a name that Discord takes for a webhook's message, as near to the author's as can be.

    Webhook names have 1-80 characters, hold neither "clyde" nor "discord" in any case
    (developers/resources/webhook.mdx, "Create Webhook"), and lose zero-width characters and
    spare blanks (developers/resources/user.mdx, "Usernames and Nicknames").
    """
    visible = "".join(c for c in showable(author or "") if unicodedata.category(c) != "Cf")
    name = _FORBIDDEN_IN_NAMES.sub(lambda word: f"{word[0][0]}·{word[0][1:]}", visible)
    return _shortened(" ".join(name.split())) or UNKNOWN_AUTHOR


def _dates(post: ImportedPost) -> str:
    edited = "" if post.edited_at is None else f", edited {_timestamp(post.edited_at)}"
    return f"-# {_timestamp(post.posted_at)}{edited}"


def _timestamp(moment: datetime) -> str:
    """Give a moment as Discord shows it to each reader in their own zone (reference.mdx)."""
    return f"<t:{int(moment.timestamp())}:f>"


def _answers(post: ImportedPost, answered: Answered | None) -> Iterator[str]:
    if answered is None:
        if post.kind is PostKind.REPLY:
            yield "-# In reply to an earlier post"
        return
    name = "a deleted post" if answered.is_deleted else _shown_name(answered.post.author)
    linked = name if answered.url is None else f"[{name}]({answered.url})"
    yield f"-# In reply to {linked}, {_timestamp(answered.post.posted_at)}"


def _found_later(run: FoundLater) -> str:
    place = f"[post {run.before}]({run.before_url})"
    if run.first == run.last:
        return f"-# Post {run.first}, found later: it belongs before {place}"
    return f"-# Posts {run.first} to {run.last}, found later: they belong before {place}"


def _shown_name(author: str | None) -> str:
    """Give a parent's author for the small line, in Markdown; Discord forbids no name there."""
    name = _shortened(" ".join(showable(author or "a reader").split()))
    escaped = escape_markdown(name)
    while utf16_length(escaped) > _LONGEST_NAME:
        name = name[:-1]
        escaped = escape_markdown(f"{name.rstrip()}…")
    return escaped


def _shortened(name: str) -> str:
    if utf16_length(name) <= _LONGEST_NAME:
        return name
    kept = name[: _LONGEST_NAME - 1]
    while utf16_length(kept) >= _LONGEST_NAME:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _box(discussion: ImportedDiscussion) -> Iterator[str]:
    """Give the box of the page as small lines; what the page does not say is left out."""
    facts = {
        "Discussion in": discussion.forum,
        "Participants": _count(discussion.participants),
        "Total posts": _count(discussion.total_posts),
        "Initial post": _day(discussion.initial_post),
        "Latest post": _day(discussion.latest_post),
        "Tracked by": _count(discussion.tracked_by),
    }
    known = [f"{label}: {escape_markdown(fact)}" for label, fact in facts.items() if fact]
    if known:
        yield "-# " + " · ".join(known)
    if discussion.book is not None:
        yield f"-# {_book(discussion.book)}"


def _book(book: ImportedBook) -> str:
    binding = f" [{book.binding}]" if book.binding else ""
    author = f" by {book.author}" if book.author else ""
    edition = f" ({book.edition})" if book.edition else ""
    stars = f" · {book.rating} out of 5 stars" if book.rating is not None else ""
    ratings = f" ({book.rating_count:,})" if book.rating_count is not None else ""
    return escape_markdown(f"About {book.title}{binding}{author}{edition}{stars}{ratings}")


def _count(count: int | None) -> str | None:
    return None if count is None else f"{count:,}"


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day:%b} {day.day}, {day.year}"
