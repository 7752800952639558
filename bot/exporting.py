"""Makes the files in which a discussion is taken home."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.core.exported import ExportedDiscussion
from bot.core.model import Discussion
from bot.exporters.json import discussion_json
from bot.exporters.wording import plain
from bot.store.documents import Documents
from bot.store.exports import Exports

_NAME_LIMIT = 60
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class Format(StrEnum):
    """What a discussion can be taken home as."""

    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


_ENDINGS = {Format.HTML: "html", Format.MARKDOWN: "md", Format.JSON: "json"}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to be handed over; `name` is one that every system takes."""

    name: str
    content: bytes


class Exporting:
    """Makes files of discussions; who asks must have the right to read them."""

    def __init__(self, exports: Exports, documents: Documents) -> None:
        self._exports = exports
        self._documents = documents
        # One after the other: many at once would slow the bot's own work.
        self._writing = asyncio.Lock()

    async def file(self, discussion: Discussion, format_: Format) -> ExportFile:
        """Give the discussion as a file.

        JSON is the document that `marginalia import` reads again; it has no earlier texts, and
        mentions in it are as Discord writes them. Raises `LookupError` where the discussion was
        erased meanwhile.
        """
        async with self._writing:
            if format_ is Format.JSON:
                document = await self._documents.get(discussion.id)
                content = await asyncio.to_thread(discussion_json, document)
            else:
                exported = await self._exports.get(discussion.id)
                # In a thread: ten thousand posts take seconds, and the gateway must be answered.
                content = await asyncio.to_thread(_written, exported, format_)
        return ExportFile(f"{file_stem(discussion)}.{_ENDINGS[format_]}", content)


def file_stem(discussion: Discussion) -> str:
    """Give a file's name without its ending: the title in Latin letters, as far as it has any."""
    apart = unicodedata.normalize("NFKD", plain(discussion.title).replace("'", ""))
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
    return _NO_LETTERS.sub("-", bare)[:_NAME_LIMIT].strip("-") or f"discussion-{discussion.id}"


def _written(exported: ExportedDiscussion, format_: Format) -> bytes:
    # Here, as a bot that is asked for no file need not hold templates and parsers in memory.
    if format_ is Format.HTML:
        from bot.exporters.html import discussion_html  # noqa: PLC0415

        return discussion_html(exported)
    from bot.exporters.markdown import discussion_markdown  # noqa: PLC0415

    return discussion_markdown(exported)
