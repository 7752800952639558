"""Read the saved pages of a discussion: the way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.importers.decoding import damaged_characters, decode, split_lines
from bot.importers.html_lines import html_lines, is_html, is_whole
from bot.importers.json_document import is_json, read_document
from bot.importers.lines import lines_of
from bot.importers.merging import NamedPage, merge, with_replies
from bot.importers.numbering import missing_ranges, numbering_oddities, post_numbers
from bot.importers.refusal import PageRefusedError
from bot.importers.scanned import ScannedPage, ScannedPost
from bot.importers.scanning import scan_page

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""The largest file that is read unless told otherwise; a page of 25 posts takes about 25 kB."""


def read_page(data: bytes, *, name: str) -> ImportedDiscussion:
    """Read one page of a discussion, as `read_pages` reads several; `name` is the file's."""
    return read_pages([(name, data)])


def check_size(name: str, size: int, max_bytes: int = MAX_PAGE_BYTES) -> None:
    """Raise `UserError` where a file of so many bytes is too large; it need not be read before."""
    if size > max_bytes:
        raise UserError(
            f"{name} is larger than {max_bytes / 1024 / 1024:g} MiB, which no saved forum page is. "
            "Save the pages of the discussion one by one, and import those."
        )


def read_pages(
    pages: Sequence[tuple[str, bytes]], *, max_bytes: int = MAX_PAGE_BYTES
) -> ImportedDiscussion:
    """Read pages of one discussion, saved as text or HTML: pairs of the file's name and content.

    What the bot exported as JSON may stand among them.

    They may come in any order, overlap and leave gaps. The posts come in ascending order of
    their numbers. A post's text keeps the lines its author broke; its paragraphs are separated
    by one blank line. `in_reply_to` is known where a page saved as HTML links to a post that
    is there, and where a page saved as text, which has lost its links, has clear evidence in
    its words. With several pages each warning names its page.
    Raises `UserError` when a file has more than `max_bytes`, is no such page or only a part of
    one, or when the pages are not of one discussion; it names the file. Raises `ValueError`
    without pages.
    """
    for name, data in pages:
        check_size(name, len(data), max_bytes)
    read = [(name, _read(data, name)) for name, data in pages]
    _refuse_other_threads([(name, page) for name, page in read if isinstance(page, ScannedPage)])
    return with_replies(
        merge(
            [
                NamedPage(name, _discussion(page) if isinstance(page, ScannedPage) else page)
                for name, page in read
            ]
        )
    )


def _read(data: bytes, name: str) -> ScannedPage | ImportedDiscussion:
    try:
        return _read_bytes(data)
    except PageRefusedError as refusal:
        raise UserError(refusal.sentence(name)) from None


def _read_bytes(data: bytes) -> ScannedPage | ImportedDiscussion:
    text = decode(data)
    if is_json(text):
        document = read_document(text)
        if not document.posts:
            raise PageRefusedError("holds a discussion without posts. There is nothing to import.")
        return document
    if is_html(text):
        lines = html_lines(text)
        page = scan_page(lines, is_whole=is_whole(text))
    else:
        lines = lines_of(split_lines(text))
        page = scan_page(lines, is_whole=False)
    return replace(page, warnings=(*page.warnings, *damaged_characters(lines)))


def _refuse_other_threads(pages: Sequence[tuple[str, ScannedPage]]) -> None:
    """Raise `UserError` for a page whose links name another thread than most pages' do."""
    named = Counter(thread_id for _, page in pages for thread_id in page.thread_ids)
    if not named:
        return
    ((usual, _),) = named.most_common(1)
    for name, page in pages:
        if page.thread_ids and usual not in page.thread_ids:
            raise UserError(
                f"{name} belongs to another discussion: its links name the thread "
                f"{min(page.thread_ids)}, those of the other pages {usual}. Import it by itself."
            )


def _discussion(page: ScannedPage) -> ImportedDiscussion:
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
        warnings=tuple(sorted((*page.warnings, *oddities), key=lambda warning: warning.line)),
    )


def _post(number: int, post: ScannedPost) -> ImportedPost:
    return ImportedPost(
        number=number,
        author=post.author,
        posted_at=post.posted_at,
        edited_at=post.edited_at,
        kind=post.kind,
        content=post.content,
        message_id=post.message_id,
        answered_id=post.answered_id,
    )
