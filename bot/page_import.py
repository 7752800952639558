"""`marginalia import`: shows what saved forum pages hold, or stores them to be replayed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.database_file import require_database
from bot.exporters.json import discussion_json
from bot.exporters.preview import discussion_preview
from bot.importers.page import MAX_PAGE_BYTES, check_size, read_pages

if TYPE_CHECKING:
    from bot.settings import Settings


def read_files(paths: Sequence[Path], max_bytes: int = MAX_PAGE_BYTES) -> ImportedDiscussion:
    """Read the saved pages of one discussion, none larger than `max_bytes`.

    Raises `UserError` where there is none to be read, or where they are not of one discussion.
    """
    pages = [(path.name, _content(path, max_bytes)) for path in paths]
    return read_pages(pages, max_bytes=max_bytes)


def show_pages(paths: Sequence[Path], max_bytes: int, *, as_json: bool) -> int:
    """Write what the pages of a discussion hold to stdout; nothing is stored.

    Raises `UserError`.
    """
    document = read_files(paths, max_bytes)
    if as_json:
        # Bytes: JSON is UTF-8, whatever the terminal is set to. Line by line: who reads it may
        # have had enough.
        sys.stdout.buffer.writelines(discussion_json(document).splitlines(keepends=True))
    else:
        sys.stdout.write(discussion_preview(document))
    return 0


def store_pages(paths: Sequence[Path], forum_id: int, tag: str | None, settings: Settings) -> int:
    """Store the pages of a discussion; the running bot makes it a thread of the forum.

    `tag` is the name of the forum's tag that the thread gets. On a terminal, its progress is
    shown until it has ended; Ctrl-C leaves it to the bot. Raises `UserError`.
    """
    document = read_files(paths, settings.max_page_bytes)
    require_database(settings.database_path)
    sys.stdout.write(discussion_preview(document))
    try:
        asyncio.run(_store(document, forum_id, tag, settings))
    except KeyboardInterrupt:
        sys.stdout.write("It goes on without you: `/imports` in Discord shows how far it is.\n")
    return 0


def _content(path: Path, max_bytes: int) -> bytes:
    try:
        check_size(path.name, path.stat().st_size, max_bytes)
        with path.open("rb") as file:
            # What is no plain file tells no size; one byte more than is read says that it is
            # too large.
            return file.read(max_bytes + 1)
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Check the file's name."
        ) from error


async def _store(
    document: ImportedDiscussion, forum_id: int, tag: str | None, settings: Settings
) -> None:
    # Here, so that showing pages needs neither the database nor its libraries.
    from bot.app import open_app
    from bot.core.ports import SystemClock
    from bot.replay_watch import is_under_way, stored_words, watch

    clock = SystemClock()
    async with open_app(settings, clock) as app:
        queued = await app.imports.queue(document, forum_id, clock.now(), tag=tag)
        progress = await app.replays.progress(queued.discussion_id)
        sys.stdout.write(f"{stored_words(queued, progress)}\n")
        sys.stdout.flush()
        if is_under_way(progress) and sys.stdout.isatty():
            patience = 3 * settings.tick_seconds + 5
            sys.stdout.write(f"{await watch(app.replays, queued.discussion_id, patience)}\n")
