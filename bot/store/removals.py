"""Discussions that were deleted on Discord or are not followed any more: hidden, then erased.

There is one rule for both: what is hidden is for the hosts alone, who can export or erase it,
and is erased when its row says (`erase_at`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import aiosqlite

from bot.core.model import Discussion
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.rows import SELECT_DISCUSSION, discussion_from_row

KEPT_AFTER_DELETION = timedelta(days=7)
"""How long hosts can export or erase what was deleted on Discord."""

KEPT_AFTER_END = timedelta(days=30)
"""How long the same is kept of a forum that a host ended, or whose server the bot has left."""

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
                "UPDATE discussion SET hidden_at = ?, erase_at = ?"
                " WHERE thread_id = ? AND hidden_at IS NULL",
                (to_milliseconds(now), to_milliseconds(now + KEPT_AFTER_DELETION), thread_id),
            )
        self._directory.hide_discussion(thread_id)

    async def of_guild(self, guild_id: int) -> tuple[Discussion, ...]:
        """Give a server's hidden discussions, those first that are erased first."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE discussion.guild_id = ? AND {_IS_HIDDEN}"
                " ORDER BY erase_at, discussion.id",
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
            await bar_discussion(connection, discussion_id, now)
            erased, thread_id = await erase_discussion(connection, discussion_id)
        self._forget(thread_id)
        return erased

    async def erase_due(self, now: datetime) -> int:
        """Erase what has been hidden for long enough; give how many discussions that were.

        What was only not followed any more, and is still on Discord, is not barred from coming
        back: a host who sets its forum up anew wants it read anew.
        """
        async with self._database.reading() as connection:
            due = await _due(connection, now)
        erased = 0
        for discussion_id in due:
            # Each by itself: a long transaction would keep new posts waiting.
            erased += await self._erase_if_due(discussion_id, now)
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM forum WHERE erase_at <= ?"
                " AND NOT EXISTS (SELECT 1 FROM discussion WHERE forum_id = forum.id)",
                (to_milliseconds(now),),
            )
            await connection.execute(
                "DELETE FROM guild WHERE left_at <= ?"
                " AND NOT EXISTS (SELECT 1 FROM forum WHERE guild_id = guild.id)",
                (to_milliseconds(now - KEPT_AFTER_END),),
            )
        return erased

    async def _erase_if_due(self, discussion_id: int, now: datetime) -> bool:
        async with self._database.transaction() as connection:
            # It may have been taken up again a moment ago.
            due = await _due(connection, now, "discussion.id = :id", discussion_id)
            if discussion_id not in due:
                return False
            if due[discussion_id]:
                await bar_discussion(connection, discussion_id, now)
            _, thread_id = await erase_discussion(connection, discussion_id)
        self._forget(thread_id)
        return True

    def _forget(self, thread_id: int | None) -> None:
        if thread_id is not None:
            self._directory.drop_discussion(thread_id)


async def _due(
    connection: aiosqlite.Connection,
    now: datetime,
    condition: str = "1",
    discussion_id: int | None = None,
) -> dict[int, bool]:
    """Give the discussions to be erased, and of each whether its thread was deleted."""
    rows = await connection.execute_fetchall(
        "SELECT discussion.id, discussion.hidden_at IS NOT NULL AS is_deleted"  # noqa: S608 - constants
        " FROM discussion JOIN forum ON forum.id = discussion.forum_id"
        f" WHERE (discussion.erase_at <= :now OR forum.erase_at <= :now) AND {condition}",
        {"now": to_milliseconds(now), "id": discussion_id},
    )
    return {row["id"]: bool(row["is_deleted"]) for row in rows}


async def bar_discussion(
    connection: aiosqlite.Connection, discussion_id: int, now: datetime
) -> None:
    """Bar a discussion's thread and messages from ever coming back in."""
    await connection.execute(
        "INSERT INTO tombstone (id, erased_at)"
        " SELECT thread_id, :now FROM discussion WHERE id = :id AND thread_id IS NOT NULL"
        " UNION SELECT message_id, :now FROM post"
        "  WHERE discussion_id = :id AND message_id IS NOT NULL"
        " UNION SELECT replayed_message.message_id, :now FROM replayed_message"
        "  JOIN post ON post.id = replayed_message.post_id WHERE post.discussion_id = :id"
        " ON CONFLICT DO NOTHING",
        {"id": discussion_id, "now": to_milliseconds(now)},
    )


async def erase_discussion(
    connection: aiosqlite.Connection, discussion_id: int
) -> tuple[int, int | None]:
    """Erase the rows of a discussion; give how many posts that were, and its thread."""
    values = {"id": discussion_id}
    authors = await connection.execute_fetchall(
        "SELECT DISTINCT author_id FROM post WHERE discussion_id = :id AND author_id IS NOT NULL",
        values,
    )
    deleted = await connection.execute("DELETE FROM post WHERE discussion_id = :id", values)
    threads = await connection.execute_fetchall(
        "DELETE FROM discussion WHERE id = :id RETURNING thread_id", values
    )
    await connection.execute(
        "DELETE FROM import_board WHERE discussion_id = :id AND NOT is_undone", values
    )
    await forget_authors(connection, [row["author_id"] for row in authors])
    return deleted.rowcount, next((row["thread_id"] for row in threads), None)


async def forget_authors(connection: aiosqlite.Connection, author_ids: Iterable[int]) -> None:
    """Erase the names of those authors who have no posts any more."""
    await connection.executemany(
        "DELETE FROM author WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM post WHERE post.author_id = author.id)",
        [(author_id,) for author_id in author_ids],
    )
