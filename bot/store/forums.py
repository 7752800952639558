"""The channels whose threads are discussions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import aiosqlite

from bot.core.model import Forum
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.gaps import open_gap
from bot.store.rows import SELECT_FORUM, forum_from_row


class Forums:
    """Sets up, names and removes forums; keeps the directory in step."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def get(self, forum_id: int) -> Forum | None:
        """Give the forum of that channel, be it in use, removed or hidden."""
        async with self._database.reading() as connection:
            return await _get(connection, forum_id)

    async def of_guild(self, guild_id: int) -> tuple[Forum, ...]:
        """Give the forums in use of a server, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_FORUM} WHERE forum.guild_id = ?"
                " AND forum.removed_at IS NULL AND forum.hidden_at IS NULL"
                " ORDER BY forum.name COLLATE NOCASE, forum.id",
                (guild_id,),
            )
        return tuple(forum_from_row(row) for row in rows)

    async def set_up(
        self,
        forum_id: int,
        guild_id: int,
        guild_name: str,
        name: str,
        *,
        is_forum_channel: bool,
        host_id: int,
        now: datetime,
    ) -> Forum:
        """Make the channel's threads discussions, and give the forum.

        One that was removed comes back with what was kept; one in use gets the new name and
        host. What was posted before, or meanwhile, is to be read: nothing in it is current.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO guild (id, name) VALUES (?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, left_at = NULL",
                (guild_id, guild_name),
            )
            await connection.execute(
                "INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                " is_forum_channel = excluded.is_forum_channel, host_id = excluded.host_id,"
                " removed_at = NULL, hidden_at = NULL, trouble = NULL",
                (forum_id, guild_id, name, is_forum_channel, host_id, to_milliseconds(now)),
            )
            discussions = await _threads(connection, forum_id)
            forum = await _get(connection, forum_id)
        self._directory.put_forum(forum_id, discussions)
        if forum is None:
            raise LookupError(f"forum {forum_id} was just written")
        return forum

    async def remove(self, forum_id: int, now: datetime) -> None:
        """End a forum: nothing new is recorded there; what was kept stays.

        Set up again, it is read like one that was never seen.
        """
        await self._close("removed_at", forum_id, now)

    async def hide(self, forum_id: int, now: datetime) -> None:
        """Hide a forum whose channel was deleted, with all its discussions."""
        await self._close("hidden_at", forum_id, now)

    async def restore(self, forum_id: int) -> None:
        """Show a hidden forum again: its channel is there after all."""
        async with self._database.transaction() as connection:
            restored = await connection.execute_fetchall(
                "UPDATE forum SET hidden_at = NULL WHERE id = ? AND hidden_at IS NOT NULL"
                " AND removed_at IS NULL RETURNING id",
                (forum_id,),
            )
            discussions = await _threads(connection, forum_id) if restored else []
        if restored:
            self._directory.put_forum(forum_id, discussions)

    async def rename(self, forum_id: int, name: str) -> None:
        """Follow the channel's name."""
        async with self._database.transaction() as connection:
            await connection.execute("UPDATE forum SET name = ? WHERE id = ?", (name, forum_id))

    async def set_book(self, forum_id: int, book_id: int | None) -> None:
        """Name the book of the discussions that have none by themselves or by a tag."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE forum SET book_id = ? WHERE id = ?", (book_id, forum_id)
            )

    async def set_tag_book(self, forum_id: int, tag_id: int, book_id: int | None) -> None:
        """Name the book that a forum tag stands for; None takes it away."""
        async with self._database.transaction() as connection:
            if book_id is None:
                await connection.execute(
                    "DELETE FROM tag_book WHERE forum_id = ? AND tag_id = ?", (forum_id, tag_id)
                )
            else:
                await connection.execute(
                    "INSERT INTO tag_book (forum_id, tag_id, book_id) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET book_id = excluded.book_id",
                    (forum_id, tag_id, book_id),
                )

    async def seen(self, guild_ids: Collection[int], now: datetime) -> None:
        """Note that the events of these servers have certainly been received up to `now`.

        What has not been listed since the last gap keeps the moment at which its gap began.
        """
        async with self._database.transaction() as connection:
            await connection.executemany(
                "UPDATE forum SET seen_at = ? WHERE guild_id = ? AND is_listed = 1",
                [(to_milliseconds(now), guild_id) for guild_id in guild_ids],
            )

    async def joined(self, guild_id: int, name: str) -> None:
        """Note that the bot is in a server, now called `name`."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE guild SET name = ?, left_at = NULL WHERE id = ?", (name, guild_id)
            )

    async def left(self, guild_id: int, now: datetime) -> None:
        """Note that the bot was removed from a server; nothing of it is hidden or erased."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE guild SET left_at = ? WHERE id = ?", (to_milliseconds(now), guild_id)
            )
            rows = await connection.execute_fetchall(
                "SELECT id FROM forum WHERE guild_id = ?", (guild_id,)
            )
            for row in rows:
                await open_gap(connection, row["id"])

    async def _close(self, column: str, forum_id: int, now: datetime) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                f"UPDATE forum SET {column} = ? WHERE id = ?"  # noqa: S608 - one of two constants
                f" AND {column} IS NULL",
                (to_milliseconds(now), forum_id),
            )
            await open_gap(connection, forum_id)
            discussions = await _threads(connection, forum_id)
        self._directory.drop_forum(forum_id, [thread_id for thread_id, _ in discussions])


async def _get(connection: aiosqlite.Connection, forum_id: int) -> Forum | None:
    rows = await connection.execute_fetchall(f"{SELECT_FORUM} WHERE forum.id = ?", (forum_id,))
    return next((forum_from_row(row) for row in rows), None)


async def _threads(connection: aiosqlite.Connection, forum_id: int) -> Sequence[tuple[int, int]]:
    rows = await connection.execute_fetchall(
        "SELECT thread_id, id FROM discussion"
        " WHERE forum_id = ? AND thread_id IS NOT NULL AND hidden_at IS NULL",
        (forum_id,),
    )
    return [(row["thread_id"], row["id"]) for row in rows]
