"""`marginalia import`: shows what saved forum pages hold, or stores them to be replayed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.exporters.json import discussion_json
from bot.exporters.preview import discussion_preview
from bot.importers.page import MAX_PAGE_BYTES, read_pages

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.imports import ImportProgress


def read_files(paths: Sequence[Path]) -> ImportedDiscussion:
    """Read the saved pages of one discussion.

    Raises `UserError` where there is none to be read, or where they are not of one discussion.
    """
    return read_pages([(path.name, _content(path)) for path in paths])


def show_pages(paths: Sequence[Path], *, as_json: bool) -> int:
    """Write what the pages of a discussion hold to stdout; nothing is stored.

    Raises `UserError`.
    """
    document = read_files(paths)
    if as_json:
        # Bytes: JSON is UTF-8, whatever the terminal is set to. Line by line: who reads it may
        # have had enough.
        sys.stdout.buffer.writelines(discussion_json(document).splitlines(keepends=True))
    else:
        sys.stdout.write(discussion_preview(document))
    return 0


def store_pages(paths: Sequence[Path], forum_id: int, settings: Settings) -> int:
    """Store the pages of a discussion; the running bot makes it a thread of the forum.

    Raises `UserError`.
    """
    document = read_files(paths)
    if not settings.database_path.exists():
        # An empty one in the wrong folder would be found by nobody.
        raise UserError(
            f"There is no database {settings.database_path.absolute()}. Name the bot's own with "
            "--database, or use the command in the bot's folder."
        )
    sys.stdout.write(discussion_preview(document))
    progress = asyncio.run(_store(document, forum_id, settings))
    waiting = progress.posts - progress.posts_sent
    sys.stdout.write(
        f"Stored: {progress.posts} posts of this discussion are here now. "
        + (
            f"The running bot brings {waiting} of them to the forum.\n"
            if waiting
            else "All of them are in the forum.\n"
        )
    )
    return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than is read tells that there are too many.
            return file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Check the file's name."
        ) from error


async def _store(document: ImportedDiscussion, forum_id: int, settings: Settings) -> ImportProgress:
    # Here, so that showing pages needs neither the database nor its libraries.
    from bot.app import open_app
    from bot.core.ports import SystemClock

    clock = SystemClock()
    async with open_app(settings, clock) as app:
        discussion_id = await app.imports.queue(document, forum_id, clock.now())
        return await app.imports.progress(discussion_id)
