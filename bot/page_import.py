"""`marginalia import`: shows what saved forum pages hold, or stores them to be replayed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.core.model import PostKind
from bot.exporters.json import discussion_json
from bot.importers.page import read_page

if TYPE_CHECKING:
    from bot.settings import Settings


def read_file(path: Path) -> ImportedDiscussion:
    """Read one saved page. Raises `UserError` where there is none to be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Check the file's name."
        ) from error
    return read_page(data, name=path.name)


def show_pages(paths: Sequence[Path], *, as_json: bool) -> int:
    """Write what each page holds to stdout; nothing is stored. Raises `UserError`."""
    # All are read first: a page that cannot be read is an error, not half an answer.
    for document in [read_file(path) for path in paths]:
        if as_json:
            # Bytes: JSON is UTF-8, whatever the terminal is set to.
            sys.stdout.buffer.write(discussion_json(document))
        else:
            sys.stdout.write(f"{summary(document)}\n")
    return 0


def store_pages(paths: Sequence[Path], forum_id: int, settings: Settings) -> int:
    """Store the pages; the running bot makes them threads of the forum. Raises `UserError`."""
    documents = [read_file(path) for path in paths]
    if not settings.database_path.exists():
        # An empty one in the wrong folder would be found by nobody.
        raise UserError(
            f"There is no database {settings.database_path.absolute()}. Name the bot's own with "
            "--database, or use the command in the bot's folder."
        )
    asyncio.run(_store(documents, forum_id, settings))
    for document in documents:
        sys.stdout.write(
            f"Stored: {document.title} ({_count(len(document.posts), 'post')}). "
            "The running bot brings it to the forum.\n"
        )
    return 0


def summary(document: ImportedDiscussion) -> str:
    """Give what a page holds in a few lines: title, posts, dates, what is missing or odd."""
    kinds = [post.kind for post in document.posts]
    replies = _count(kinds.count(PostKind.REPLY), "reply", "replies")
    lines = [document.title]
    if document.forum is not None:
        lines.append(f"  Forum: {document.forum}")
    if document.book is not None:
        by = "" if document.book.author is None else f" by {document.book.author}"
        lines.append(f"  Book: {document.book.title}{by}")
    total = "" if document.total_posts is None else f" of {document.total_posts}"
    lines.append(f"  Posts: {len(kinds)}{total}, {replies} among them")
    if document.posts:
        first = min(post.posted_at for post in document.posts)
        last = max(post.posted_at for post in document.posts)
        lines.append(f"  Written: {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")
    if document.participants is not None:
        lines.append(f"  Participants: {document.participants}")
    if document.missing_posts:
        ranges = ", ".join(f"{first}-{last}" for first, last in document.missing_posts)
        lines.append(f"  Missing: {ranges} (on the discussion's other pages)")
    lines += [f"  Line {warning.line}: {warning.message}" for warning in document.warnings]
    return "\n".join(lines)


async def _store(
    documents: Sequence[ImportedDiscussion], forum_id: int, settings: Settings
) -> None:
    # Here, so that showing pages needs neither the database nor its libraries.
    from bot.app import open_app
    from bot.core.ports import SystemClock

    clock = SystemClock()
    async with open_app(settings, clock) as app:
        for document in documents:
            await app.imports.queue(document, forum_id, clock.now())


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
