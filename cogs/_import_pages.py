"""From the files that a host gives to `/import` to the discussion they hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import discord

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from cogs._no_answer import NO_ANSWER
from cogs._refusals import literal_refusals


class PageReader:
    """Fetches and reads saved pages, one discussion at a time: each may take much memory.

    `max_bytes` is the largest file that is fetched.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._one_at_a_time = asyncio.Lock()

    async def read(self, files: Sequence[discord.Attachment]) -> ImportedDiscussion:
        """Give the discussion; the bot goes on meanwhile. Raises `UserError`, as Markdown.

        None is fetched where one of them is too large.
        """
        # Here, as a bot that is given no pages need not hold their parser in memory.
        from bot.importers.page import check_size, read_pages  # noqa: PLC0415

        named = list(zip(_names(files), files, strict=True))
        with literal_refusals():
            for name, file in named:
                check_size(name, file.size, self._max_bytes)
            async with self._one_at_a_time:
                pages = [(name, await _content(name, file)) for name, file in named]
                return await asyncio.to_thread(read_pages, pages, max_bytes=self._max_bytes)


def _names(files: Sequence[discord.Attachment]) -> list[str]:
    """Give what each file is called in a refusal: two of one name are told apart."""
    counts = Counter(file.filename for file in files)
    return [
        file.filename if counts[file.filename] == 1 else f"{file.filename} (page{place})"
        for place, file in enumerate(files, start=1)
    ]


async def _content(name: str, file: discord.Attachment) -> bytes:
    try:
        return await file.read()
    except NO_ANSWER as error:
        raise UserError(
            f"Discord did not hand {name} over. Nothing was imported: use the command again, and "
            "choose the files anew."
        ) from error
