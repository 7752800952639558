"""Discussions that were removed on Discord: hidden at once, erased seven days later."""

from __future__ import annotations

from datetime import datetime, timedelta

import aiosqlite

from bot.core.model import Discussion
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.rows import SELECT_DISCUSSION, discussion_from_row

KEPT_FOR = timedelta(days=7)
"""How long hosts can export or erase what was removed."""

_IS_HIDDEN = "(discussion.hidden_at IS NOT NULL OR forum.hidden_at IS NOT NULL)"


class Removals:
    """Hides discussions, gives the hidden ones to hosts, and erases them."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def hide(self, thread_id: int, now: datetime) -> None:
        """Hide the discussion of a thread that was deleted: from now on only hosts see it."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE discussion SET hidden_at = ? WHERE thread_id = ? AND hidden_at IS NULL",
                (to_milliseconds(now), thread_id),
            )
        self._directory.drop_discussion(thread_id)

    async def of_guild(self, guild_id: int) -> tuple[Discussion, ...]:
        """Give a server's hidden discussions, those first that are erased first."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE discussion.guild_id = ? AND {_IS_HIDDEN}"
                " ORDER BY hidden_at, discussion.id",
                (guild_id,),
            )
        return tuple(discussion_from_row(row) for row in rows)

    async def get(self, guild_id: int, discussion_id: int) -> Discussion | None:
        """Give a hidden discussion of that server."""
        found = await self.of_guild(guild_id)
        return next((one for one in found if one.id == discussion_id), None)

    async def erase(self, discussion_id: int, now: datetime) -> int:
        """Erase a discussion for good and give how many posts went with it.

        Its posts, their revisions, who tracked it, and the names of authors who wrote nowhere
        else are gone. Its thread and messages are remembered by their ids alone, so that they
        have no way back in.
        """
        async with self._database.transaction() as connection:
            erased, thread_id = await _erase(connection, discussion_id, now)
        if thread_id is not None:
            self._directory.drop_discussion(thread_id)
        return erased

    async def erase_due(self, now: datetime) -> int:
        """Erase what has been hidden for seven days; give how many discussions that were."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion.id FROM discussion JOIN forum ON forum.id = discussion.forum_id"
                " WHERE discussion.hidden_at <= :due OR forum.hidden_at <= :due",
                {"due": to_milliseconds(now - KEPT_FOR)},
            )
        due = [row["id"] for row in rows]
        for discussion_id in due:
            # Each by itself: a long transaction would keep new posts waiting.
            await self.erase(discussion_id, now)
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM forum WHERE hidden_at <= ? AND NOT EXISTS"
                " (SELECT 1 FROM discussion WHERE forum_id = forum.id)",
                (to_milliseconds(now - KEPT_FOR),),
            )
        return len(due)


async def _erase(
    connection: aiosqlite.Connection, discussion_id: int, now: datetime
) -> tuple[int, int | None]:
    values = {"id": discussion_id, "now": to_milliseconds(now)}
    authors = await connection.execute_fetchall(
        "SELECT DISTINCT author_id FROM post WHERE discussion_id = :id AND author_id IS NOT NULL",
        values,
    )
    await connection.execute(
        "INSERT INTO tombstone (id, erased_at)"
        " SELECT thread_id, :now FROM discussion WHERE id = :id AND thread_id IS NOT NULL"
        " UNION SELECT message_id, :now FROM post"
        "  WHERE discussion_id = :id AND message_id IS NOT NULL"
        " UNION SELECT replayed_message.message_id, :now FROM replayed_message"
        "  JOIN post ON post.id = replayed_message.post_id WHERE post.discussion_id = :id"
        " ON CONFLICT DO NOTHING",
        values,
    )
    deleted = await connection.execute("DELETE FROM post WHERE discussion_id = :id", values)
    threads = await connection.execute_fetchall(
        "DELETE FROM discussion WHERE id = :id RETURNING thread_id", values
    )
    await connection.executemany(
        "DELETE FROM author WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM post WHERE post.author_id = author.id)",
        [(row["author_id"],) for row in authors],
    )
    return deleted.rowcount, next((row["thread_id"] for row in threads), None)
