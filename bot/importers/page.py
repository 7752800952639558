"""Read a saved forum page."""

from __future__ import annotations

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost, PageWarning
from bot.importers.decoding import damaged_characters, decode, split_lines
from bot.importers.numbering import missing_ranges, numbering_oddities, post_numbers
from bot.importers.scanned import ScannedPage, ScannedPost
from bot.importers.text_page import read_text_page

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""The largest file that is read; a page of 25 posts takes about 25 kB."""


def read_page(data: bytes, *, name: str) -> ImportedDiscussion:
    """Read one page of a discussion that was saved as text.

    `name` is the file's name, for errors. The posts come in ascending order of their numbers,
    `in_reply_to` is unknown for all: a page saved as text has lost its links. A post's text
    keeps the lines its author broke; its paragraphs are separated by one blank line.
    Raises `UserError` when the file is no such page, or only a part of one.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise UserError(
            f"{name} is larger than {MAX_PAGE_BYTES // 1024 // 1024} MiB, which no saved forum "
            "page is. Import the pages of the discussion one by one."
        )
    lines = split_lines(decode(data, name=name))
    page = read_text_page(lines, name=name)
    return _discussion(page, damaged_characters(lines))


def _discussion(page: ScannedPage, damaged: list[PageWarning]) -> ImportedDiscussion:
    box_total = page.box.total_posts
    total = box_total if page.showing is None else page.showing.total
    numbers = post_numbers(page.posts, page.showing, total)
    posts = sorted(map(_post, numbers, page.posts), key=lambda post: post.number)
    oddities = numbering_oddities(page.posts, numbers, page.showing, box_total)
    return ImportedDiscussion(
        title=page.title,
        forum=page.forum,
        book=page.box.book,
        participants=page.box.participants,
        total_posts=total,
        tracked_by=page.box.tracked_by,
        initial_post=page.box.initial_post,
        latest_post=page.box.latest_post,
        missing_posts=missing_ranges([post.number for post in posts], total or 0),
        posts=tuple(posts),
        warnings=tuple(
            sorted((*page.warnings, *oddities, *damaged), key=lambda warning: warning.line)
        ),
    )


def _post(number: int, post: ScannedPost) -> ImportedPost:
    return ImportedPost(
        number=number,
        author=post.author,
        posted_at=post.posted_at,
        edited_at=post.edited_at,
        kind=post.kind,
        content=post.content,
    )
