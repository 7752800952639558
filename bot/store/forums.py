"""The channels whose threads are discussions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import aiosqlite

from bot.core.model import Forum
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.gaps import open_gap
from bot.store.removals import KEPT_AFTER_DELETION, KEPT_AFTER_END
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
                " AND forum.hidden_at IS NULL"
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
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                (guild_id, guild_name),
            )
            await connection.execute(
                "INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                " is_forum_channel = excluded.is_forum_channel, host_id = excluded.host_id,"
                " removed_at = NULL, hidden_at = NULL, erase_at = NULL, trouble = NULL",
                (forum_id, guild_id, name, is_forum_channel, host_id, to_milliseconds(now)),
            )
            discussions = await threads_of(connection, forum_id)
            forum = await _get(connection, forum_id)
        self._directory.put_forum(forum_id, discussions)
        if forum is None:
            raise LookupError(f"forum {forum_id} was just written")
        return forum

    async def remove(self, forum_id: int, now: datetime) -> None:
        """End a forum, as its host wants: it is hidden, and erased thirty days later.

        Set up again before, it comes back with all that was kept, and what it missed is read.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE forum SET removed_at = ifnull(removed_at, ?) WHERE id = ?",
                (to_milliseconds(now), forum_id),
            )
            threads = await hide_forum(connection, forum_id, now, KEPT_AFTER_END)
        self._directory.hide_forum(forum_id, threads)

    async def hide(self, forum_id: int, now: datetime) -> None:
        """Hide a forum whose channel was deleted, in use or not; it is erased in seven days."""
        async with self._database.transaction() as connection:
            threads = await hide_forum(connection, forum_id, now, KEPT_AFTER_DELETION)
        self._directory.hide_forum(forum_id, threads)

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


async def _get(connection: aiosqlite.Connection, forum_id: int) -> Forum | None:
    rows = await connection.execute_fetchall(f"{SELECT_FORUM} WHERE forum.id = ?", (forum_id,))
    return next((forum_from_row(row) for row in rows), None)


async def threads_of(connection: aiosqlite.Connection, forum_id: int) -> Sequence[tuple[int, int]]:
    """Give the (thread id, discussion id) of a forum's discussions that are not hidden alone."""
    rows = await connection.execute_fetchall(
        "SELECT thread_id, id FROM discussion"
        " WHERE forum_id = ? AND thread_id IS NOT NULL AND hidden_at IS NULL",
        (forum_id,),
    )
    return [(row["thread_id"], row["id"]) for row in rows]


async def hide_forum(
    connection: aiosqlite.Connection, forum_id: int, now: datetime, kept_for: timedelta
) -> Sequence[int]:
    """Hide a forum in the caller's transaction, to be erased after `kept_for`; give its threads.

    One that is hidden already is erased when the earlier of the two moments has come.
    """
    await connection.execute(
        "UPDATE forum SET hidden_at = ifnull(hidden_at, :now),"
        " erase_at = min(ifnull(erase_at, :due), :due) WHERE id = :id",
        {
            "id": forum_id,
            "now": to_milliseconds(now),
            "due": to_milliseconds(now + kept_for),
        },
    )
    await open_gap(connection, forum_id)
    return [thread_id for thread_id, _ in await threads_of(connection, forum_id)]
