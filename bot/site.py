"""`marginalia site`: builds the public site of the published forums."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from bot.core.errors import UserError
from bot.core.post_line import counted
from bot.core.publication import published
from bot.database_file import require_database
from bot.exporters.site import PAGE_NAME, Site
from bot.store.database import open_database
from bot.store.exports import Exports
from bot.store.publication import Publication

# In the folder of a build: what is there may be written over and taken away.
_MARKER = ".marginalia-site"


def build_site(out: Path, url: str | None, database: Path) -> int:
    """Build the site in `out`, anew: files of an earlier build that are not part of it go.

    Raises `UserError` where the folder holds something else, or cannot be written.
    """
    require_database(database)
    try:
        _take(out)
        names = asyncio.run(_write_all(out, url, database))
        _remove_others(out, names)
    except OSError as error:
        raise UserError(f"The site cannot be built in {out}: {error.strerror}.") from error
    pages = sum(name.startswith("discussion-") for name in names)
    hint = "" if pages else " A host publishes a forum with `/setup publish`."
    sys.stdout.write(f"Built: {out} ({counted(pages, 'discussion')}).{hint}\n")
    return 0


def _take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / _MARKER
    if not marker.exists() and any(folder.iterdir()):
        raise UserError(
            f"{folder} holds other files, which a build might take away: name a new or an empty "
            "folder."
        )
    marker.touch()


async def _write_all(folder: Path, url: str | None, database: Path) -> set[str]:
    names = set()
    async for name, content in _files(url, database):
        # Whoever reads the site meets the old page or the new one, and never half of one.
        unfinished = folder / f"{name}.new"
        unfinished.write_bytes(content)
        unfinished.replace(folder / name)
        names.add(name)
    return names


async def _files(url: str | None, path: Path) -> AsyncIterator[tuple[str, bytes]]:
    site = Site(url)
    async with open_database(path) as database:
        publication, exports = Publication(database), Exports(database)
        for discussion in await publication.discussions():
            try:
                exported = await exports.get(discussion.id)
            except LookupError:
                # The running bot has erased it meanwhile.
                continue
            agreed = await publication.agreed(discussion.guild_id)
            yield site.page(published(exported, agreed))
    for file in site.indexes():
        yield file


def _remove_others(folder: Path, names: Iterable[str]) -> None:
    kept = set(names)
    for path in folder.iterdir():
        if path.name not in kept and PAGE_NAME.fullmatch(path.name.removesuffix(".new")):
            path.unlink()
