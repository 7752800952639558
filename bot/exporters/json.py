"""Give a discussion as JSON, in the shape `discussion.schema.json` beside this file describes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost, PageWarning

SCHEMA = "marginalia.discussion/1"
"""The name of the shape, which the document states itself."""


def discussion_json(discussion: ImportedDiscussion) -> bytes:
    """Give the discussion as an indented UTF-8 JSON document that ends with a line end.

    Moments are UTC in ISO 8601 with seconds, such as `2006-05-10T22:02:44+00:00`.
    `initial_post` and `latest_post` are days, such as `2006-05-10`: the box of a page names no
    time and no zone, and the exact moments stand in `posts`. What is absent is null.
    The message of a warning begins with the name of its page where there were several.
    """
    document = {
        "schema": SCHEMA,
        "title": discussion.title,
        "forum": discussion.forum,
        "book": None if discussion.book is None else _book(discussion.book),
        "participants": discussion.participants,
        "total_posts": discussion.total_posts,
        "tracked_by": discussion.tracked_by,
        "initial_post": _day(discussion.initial_post),
        "latest_post": _day(discussion.latest_post),
        "missing_posts": [list(closed_range) for closed_range in discussion.missing_posts],
        "posts": [_post(post) for post in discussion.posts],
        "warnings": [_warning(warning) for warning in discussion.warnings],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _book(book: ImportedBook) -> dict[str, str | float | None]:
    return {
        "title": book.title,
        "binding": book.binding,
        "author": book.author,
        "edition": book.edition,
        "rating": book.rating,
        "rating_count": book.rating_count,
        "asin": book.asin,
    }


def _post(post: ImportedPost) -> dict[str, str | int | None]:
    return {
        "number": post.number,
        "author": post.author,
        "posted_at": _moment(post.posted_at),
        "edited_at": None if post.edited_at is None else _moment(post.edited_at),
        "kind": post.kind.value,
        "in_reply_to": post.in_reply_to,
        "reply_evidence": post.reply_evidence,
        "content": post.content,
    }


def _warning(warning: PageWarning) -> dict[str, str | int]:
    page = "" if warning.page is None else f"{warning.page}: "
    return {"line": warning.line, "message": f"{page}{warning.message}"}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
