"""Gaps: from some moment on, events may not have been received.

A gap ends when the forum's threads have been listed anew and what may have changed has been
read (`bot/store/reading.py`). Until then new posts get no number, since earlier ones may be
missing.
"""

from __future__ import annotations

import aiosqlite

from bot.store.database import Database


class Gaps:
    """Opens gaps wherever events may have been missed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def session_began(self, shard_id: int, shard_count: int) -> None:
        """Open a gap in all forums of a gateway shard: its new session knows nothing of before.

        A guild's shard is `(guild_id >> 22) % shard_count` (Discord's documentation, Gateway,
        "Sharding").
        """
        await self._interrupt("(guild_id >> 22) % ? = ?", shard_count, shard_id)

    async def everywhere_interrupted(self) -> None:
        """Open a gap in all forums."""
        await self._interrupt("1")

    async def server_interrupted(self, guild_id: int) -> None:
        """Open a gap in all forums of a server."""
        await self._interrupt("guild_id = ?", guild_id)

    async def forum_interrupted(self, forum_id: int, trouble: str | None) -> None:
        """Open a gap in a forum; `trouble` says in words for a host why it cannot be read now."""
        await self._interrupt("id = ?", forum_id, trouble=trouble)

    async def thread_interrupted(self, thread_id: int) -> None:
        """Note that the bot was put out of, or into, a thread: all of it is to be read again."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE discussion SET is_current = 0, read_after = 0, is_readable = 1"
                " WHERE thread_id = ?",
                (thread_id,),
            )

    async def _interrupt(self, condition: str, *values: int, trouble: str | None = None) -> None:
        # The transaction is the first thing awaited: those who record or read what comes after
        # the interruption queue up behind it.
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                f"UPDATE forum SET trouble = ? WHERE {condition} RETURNING id",  # noqa: S608 - constants
                (trouble, *values),
            )
            for row in list(rows):
                await open_gap(connection, row["id"])


async def open_gap(connection: aiosqlite.Connection, forum_id: int) -> None:
    """Note, in the caller's transaction, that events of this forum may be missed from now on."""
    await connection.execute(
        "UPDATE forum SET is_listed = 0, gaps = gaps + 1 WHERE id = ?", (forum_id,)
    )
    await connection.execute(
        "UPDATE discussion SET is_current = 0, known_to = max(known_to, ifnull("
        " (SELECT message_id FROM post WHERE post.discussion_id = discussion.id"
        "  AND number IS NOT NULL ORDER BY number DESC LIMIT 1), 0))"
        " WHERE forum_id = ? AND is_current = 1 AND thread_id IS NOT NULL",
        (forum_id,),
    )


async def settle(connection: aiosqlite.Connection, discussion_id: int) -> None:
    """Do `Discussions.settle` in the caller's transaction.

    The initial post comes first, then the order of Discord's ids; a number once given stays.
    """
    cursor = await connection.execute(
        "UPDATE post SET number = discussion.next_number + placed.place - 1"
        " FROM discussion, (SELECT id, row_number() OVER"
        "  (ORDER BY kind <> 'initial', message_id, id) AS place"
        "  FROM post WHERE discussion_id = :id AND number IS NULL) AS placed"
        " WHERE post.id = placed.id AND discussion.id = :id",
        {"id": discussion_id},
    )
    await connection.execute(
        "UPDATE discussion SET is_current = 1, next_number = next_number + ? WHERE id = ?",
        (cursor.rowcount, discussion_id),
    )
