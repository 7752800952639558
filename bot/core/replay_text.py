"""How a post of an imported discussion looks when it is replayed into a Discord thread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from bot.core.graphemes import utf16_length
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.markdown import escape_inline, escape_line_starts, escape_markdown, showable
from bot.core.model import PostKind
from bot.core.ports import StagedPost
from bot.core.split import split

MESSAGE_LIMIT = 2000
"""The most UTF-16 code units of a message (developers/resources/message.mdx, "Create Message")."""

UNKNOWN_AUTHOR = "A reader"
"""Who a post is by when its page names nobody."""

_LONGEST_NAME = 80
_FORBIDDEN_IN_NAMES = re.compile("(clyde|discord)", re.IGNORECASE)
_LINK = re.compile(
    r"\[\[ASIN:(?P<asin>[A-Z0-9]{10})(?: +(?P<title>[^\n]{1,300}?))?\]\](?!\])"
    r"|(?P<address>https?://[^\s<>\"\[\]|`\\]*[^\s<>\"\[\]|`\\.,:;!?'*_~()])"
)


def staged_posts(
    discussion: ImportedDiscussion, post: ImportedPost, *, parent_url: str | None = None
) -> tuple[StagedPost, ...]:
    """Give the Discord messages of a post, each of at most 2,000 characters, in their order.

    The first opens with small lines: when the post was written and edited, and what it answers,
    linked to `parent_url`, the address of the parent's message, where that is known. The
    discussion's first post ends with the box of its page. The old forums knew no Markdown, so
    the text shows as it was typed; only addresses and product links become links, without a
    preview.
    """
    opening = "\n".join((_dates(post), *_answers(discussion, post, parent_url)))
    messages = list(split(f"{opening}\n{post_markdown(post.content)}".rstrip(), MESSAGE_LIMIT))
    if post == discussion.posts[0]:
        box = "\n".join(_box(discussion))
        if utf16_length(f"{messages[-1]}\n{box}") <= MESSAGE_LIMIT:
            messages[-1] = f"{messages[-1]}\n{box}"
        else:
            messages.extend(split(box, MESSAGE_LIMIT))
    author_name = webhook_name(post.author)
    return tuple(StagedPost(author_name, message) for message in messages)


def webhook_name(author: str | None) -> str:
    """Give a name that Discord takes for a webhook's message, as near to the author's as can be.

    Webhook names have 1-80 characters, hold neither "clyde" nor "discord" in any case
    (developers/resources/webhook.mdx, "Create Webhook"), and lose zero-width characters and
    spare blanks (developers/resources/user.mdx, "Usernames and Nicknames").
    """
    visible = "".join(c for c in showable(author or "") if unicodedata.category(c) != "Cf")
    name = _FORBIDDEN_IN_NAMES.sub(lambda word: f"{word[0][0]}·{word[0][1:]}", visible)
    return _shortened(" ".join(name.split())) or UNKNOWN_AUTHOR


def post_markdown(content: str) -> str:
    """Give the Markdown that shows an old post as it was typed, with its links made links."""
    content = showable(content)
    pieces = []
    position = 0
    for link in _LINK.finditer(content):
        pieces += [escape_inline(content[position : link.start()]), _link(link)]
        position = link.end()
    pieces.append(escape_inline(content[position:]))
    return escape_line_starts("".join(pieces))


def _link(link: re.Match[str]) -> str:
    if link["address"] is not None:
        return f"<{link['address']}>"
    label = escape_markdown(link["title"] or link["asin"])
    return f"[{label}](<https://www.amazon.com/dp/{link['asin']}>)"


def _dates(post: ImportedPost) -> str:
    edited = "" if post.edited_at is None else f", edited {_timestamp(post.edited_at)}"
    return f"-# {_timestamp(post.posted_at)}{edited}"


def _timestamp(moment: datetime) -> str:
    """Give a moment as Discord shows it to each reader in their own zone (reference.mdx)."""
    return f"<t:{int(moment.timestamp())}:f>"


def _answers(
    discussion: ImportedDiscussion, post: ImportedPost, parent_url: str | None
) -> Iterator[str]:
    if post.kind is not PostKind.REPLY and post.in_reply_to is None:
        return
    parent = next((one for one in discussion.posts if one.number == post.in_reply_to), None)
    name = "an earlier post" if parent is None else escape_markdown(_shown_name(parent.author))
    linked = name if parent_url is None else f"[{name}]({parent_url})"
    when = "" if parent is None else f", {_timestamp(parent.posted_at)}"
    yield f"-# In reply to {linked}{when}"


def _shown_name(author: str | None) -> str:
    """Give a parent's author for the small line, where Discord forbids no name."""
    return _shortened(" ".join(showable(author or "a reader").split()))


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
