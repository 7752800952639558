"""Imported discussions as they come in: stored like any other, to be replayed into a thread.

The posts of a page are rows like a member's: the same reads, chains, tracking and digests
serve both. How they go out is for `bot/store/importing/replays.py`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.excerpt import Surface, excerpt
from bot.core.imported import ImportedBook, ImportedDiscussion
from bot.store.books import AUTHOR_LIMIT, EDITION_LIMIT, TITLE_LIMIT, name_book
from bot.store.database import Database
from bot.store.importing.arriving_pages import Arrivals, ImportPlan, arrivals_of
from bot.store.importing.known_discussions import Known, read_known
from bot.store.importing.stored_pages import refuse_taken_numbers, store_discussion, store_further

__all__ = ["ImportPlan", "Imports", "Queued"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A discussion that was stored to be replayed: its local id, and how many posts are new."""

    discussion_id: int
    added: int


class Imports:
    """Stores what saved pages bring."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue(
        self, document: ImportedDiscussion, forum_id: int, now: datetime, *, tag: str | None = None
    ) -> Queued:
        """Store a page's discussion in a forum, to be replayed there.

        `tag` is the name of the forum tag for its thread. Numbers are the page's; those it
        promises and does not hold stay free, and live posts come after them. Of a discussion
        that is there already only the posts are added that were missing, none that was deleted
        here; if its replay had failed, it is tried again. One whose thread was deleted begins
        anew. Of posts that their authors had erased, only the place comes in, into whichever
        forum of the server. Posts of an author whom a member has claimed to be are theirs.

        Raises `UserError` where the forum is not set up, where posts cannot have their numbers
        any more, where nothing is left to import, and while what they complete is taken back.
        """
        guild_id = await self._guild_of(forum_id)
        while True:
            known, arrivals = await self._work_out(document, forum_id, guild_id)
            async with self._database.transaction() as connection:
                if await read_known(connection, document.title, forum_id, guild_id) != known:
                    # Somebody was quicker: it is worked out again, from what is there now.
                    continue
                await refuse_taken_numbers(connection, arrivals)
                book_id = await _book_id(connection, guild_id, document.book)
                if arrivals.completed is None:
                    discussion_id = await store_discussion(
                        connection, arrivals, forum_id, guild_id, book_id, tag, now
                    )
                else:
                    discussion_id = arrivals.completed.discussion_id
                    await store_further(connection, arrivals.completed, arrivals, book_id, tag, now)
            return Queued(discussion_id, arrivals.plan.added)

    async def plan(self, document: ImportedDiscussion, forum_id: int) -> ImportPlan:
        """Say what `queue` would do, and write nothing. Raises what `queue` would raise."""
        guild_id = await self._guild_of(forum_id)
        _, arrivals = await self._work_out(document, forum_id, guild_id)
        async with self._database.reading() as connection:
            await refuse_taken_numbers(connection, arrivals)
        return arrivals.plan

    async def _work_out(
        self, document: ImportedDiscussion, forum_id: int, guild_id: int
    ) -> tuple[Known, Arrivals]:
        """Give what pages bring, and what it was worked out from.

        Thousands of posts take seconds: they hold up neither the writer, nor a reader, nor the
        loop.
        """
        async with self._database.reading() as connection:
            known = await read_known(connection, document.title, forum_id, guild_id)
        return known, await asyncio.to_thread(arrivals_of, document, known)

    async def _guild_of(self, forum_id: int) -> int:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild_id FROM forum"
                " WHERE id = ? AND removed_at IS NULL AND hidden_at IS NULL",
                (forum_id,),
            )
        for row in rows:
            return int(row["guild_id"])
        raise UserError(
            f"The channel {forum_id} is not set up as a forum. Use /setup forum there first."
        )


async def _book_id(
    connection: aiosqlite.Connection, guild_id: int, book: ImportedBook | None
) -> int | None:
    if book is None:
        return None
    # A page may say more than a book's name holds.
    fitting = replace(
        book,
        title=excerpt(book.title, TITLE_LIMIT, Surface.PLAIN),
        author=book.author and excerpt(book.author, AUTHOR_LIMIT, Surface.PLAIN),
        edition=book.edition and excerpt(book.edition, EDITION_LIMIT, Surface.PLAIN),
    )
    return (await name_book(connection, guild_id, fitting)).id
