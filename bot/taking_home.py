"""`marginalia export`: writes a stored discussion as a file."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.database_file import require_database
from bot.exporting import ExportFile, Exporting, Format
from bot.store.database import Database, open_database
from bot.store.documents import Documents
from bot.store.exports import Exports

_LINK = re.compile(r"https://(?:\w+\.)?discord\.com/channels/\d+/(\d{1,18})(?:/\d+)?/?")
_MOST_NAMED = 5


def export_discussion(named: str, format_: Format, out: Path | None, database: Path) -> int:
    """Write the discussion that is named to `out` (`-`: stdout; None: a file named for it here).

    Raises `UserError` where there is none, or more than one, or it cannot be written.
    """
    require_database(database)
    file = asyncio.run(_file(named, format_, database))
    if out == Path("-"):
        sys.stdout.buffer.write(file.content)
        return 0
    path = Path(file.name) if out is None else out
    try:
        with path.open("wb" if out is not None else "xb") as written:
            written.write(file.content)
    except FileExistsError as error:
        raise UserError(f"{path} is there already: name another file with --out.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    sys.stdout.write(f"Written: {path} ({len(file.content):,} bytes)\n")
    return 0


async def _file(named: str, format_: Format, path: Path) -> ExportFile:
    async with open_database(path) as database:
        discussion = await _named(named, Exports(database))
        return await _exporting(database).file(discussion, format_)


def _exporting(database: Database) -> Exporting:
    return Exporting(Exports(database), Documents(database))


async def _named(named: str, exports: Exports) -> Discussion:
    linked = _LINK.fullmatch(named.strip())
    wanted = named.casefold().split()
    everything = await exports.discussions()
    found = [
        each
        for each in everything
        if (linked and each.thread_id == int(linked[1])) or str(each.id) == named.strip()
    ] or [each for each in everything if each.title.casefold().split() == wanted]
    if not found and wanted and not linked:
        found = [
            each for each in everything if all(word in each.title.casefold() for word in wanted)
        ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(
            f"There is no discussion “{named}” in this database. Name it by words of its title, "
            "or by the link to its thread."
        )
    shown = ", ".join(f"{each.id} “{each.title}”" for each in found[:_MOST_NAMED])
    more = ", …" if len(found) > _MOST_NAMED else ""
    raise UserError(
        f"“{named}” may mean {len(found)} discussions: {shown}{more}. Name the one by its number."
    )
