"""What of Discord's history is to be read: after a set-up, after a gap, and by the sweep.

There is one mechanism for all of them. A forum that is not listed has its threads listed; a
discussion that is not current, or has `read_after`, is read forward from there, a page at a
time, oldest first. How far it came is a row, so that a crash goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.gaps import settle
from bot.store.history_comparison import compare


@dataclass(frozen=True, slots=True)
class UnlistedForum:
    """A forum whose threads are to be listed.

    `seen_at` is when its events were last certainly received; None where they never were.
    `gaps` counts the gaps so far: one that opens while it is listed makes the listing void.
    """

    forum_id: int
    gaps: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A discussion whose history is to be read after the message `after`.

    `horizon` is the newest post known before the reading: a post that came later cannot be
    missing from the page that was asked for before it.
    """

    discussion_id: int
    guild_id: int
    thread_id: int
    forum_id: int
    is_forum_channel: bool
    after: int
    horizon: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The ids of the messages that Discord gave, oldest first; `is_last`: there are no more."""

    message_ids: tuple[int, ...]
    is_last: bool


_TO_READ = (
    "discussion JOIN forum ON forum.id = discussion.forum_id"
    " WHERE (is_current = 0 OR read_after IS NOT NULL) AND is_readable = 1"
    " AND thread_id IS NOT NULL AND discussion.hidden_at IS NULL"
    " AND forum.is_listed = 1 AND forum.removed_at IS NULL AND forum.hidden_at IS NULL"
)


class Readings:
    """Says what is to be read next, and notes what has been."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def try_again(self, guild_id: int) -> None:
        """Forget what Discord refused in a server: the bot's rights there may have changed."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE forum SET trouble = NULL WHERE guild_id = ?", (guild_id,)
            )
            await connection.execute(
                "UPDATE discussion SET is_readable = 1 WHERE guild_id = ? AND is_readable = 0",
                (guild_id,),
            )

    async def troubled(self) -> tuple[int, ...]:
        """Give the servers in which Discord refused something, and the bot still is."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT DISTINCT guild_id FROM forum JOIN guild ON guild.id = guild_id"
                " WHERE trouble IS NOT NULL AND left_at IS NULL"
                " AND removed_at IS NULL AND hidden_at IS NULL"
            )
        return tuple(row["guild_id"] for row in rows)

    async def refused(self, discussion_id: int, trouble: str) -> None:
        """Note that Discord does not let the bot read a thread, in words for a host."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE discussion SET is_readable = 0, is_current = 0,"
                " read_after = ifnull(read_after, known_to) WHERE id = ?",
                (discussion_id,),
            )
            await connection.execute(
                "UPDATE forum SET trouble = ? WHERE id ="
                " (SELECT forum_id FROM discussion WHERE id = ?)",
                (trouble, discussion_id),
            )

    async def unlisted(self, guild_id: int) -> tuple[UnlistedForum, ...]:
        """Give the forums in use whose threads are to be listed, and that have no trouble."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT id, gaps, seen_at FROM forum WHERE guild_id = ? AND is_listed = 0"
                " AND trouble IS NULL AND removed_at IS NULL AND hidden_at IS NULL ORDER BY id",
                (guild_id,),
            )
        return tuple(
            UnlistedForum(
                forum_id=row["id"],
                gaps=row["gaps"],
                seen_at=None if row["seen_at"] is None else from_milliseconds(row["seen_at"]),
            )
            for row in rows
        )

    async def listed(
        self,
        forum: UnlistedForum,
        last_messages: Mapping[int, int | None],
        compare_after: int,
        now: datetime,
    ) -> None:
        """Note that the forum's threads are known, and which of them are to be read.

        `last_messages` holds each thread that was active at any time since the gap began, with
        the id of its last message as Discord tells it. They are read from what was known, and
        at least from `compare_after` (a message id), so that edits and deletions of that time
        show. One that has nothing new is current at once, and compared while it is. One that is
        not there was archived all the time, and nothing can have happened in it; if it was not,
        reading it shows what became of it.

        Nothing is noted where another gap has opened since the listing began, or the forum has
        ended: what was listed first may have changed unheard.
        """
        async with self._database.transaction() as connection:
            still = await connection.execute_fetchall(
                "SELECT 1 FROM forum WHERE id = ? AND gaps = ?", (forum.forum_id, forum.gaps)
            )
            if not list(still):
                return
            rows = await connection.execute_fetchall(
                "SELECT id, thread_id, known_to, is_archived, read_after FROM discussion"
                " WHERE forum_id = ? AND thread_id IS NOT NULL AND hidden_at IS NULL",
                (forum.forum_id,),
            )
            for row in rows:
                was_read = row["known_to"] > 0 and row["read_after"] is None
                if row["thread_id"] not in last_messages and row["is_archived"] and was_read:
                    await settle(connection, row["id"])
                    continue
                await connection.execute(
                    "UPDATE discussion SET is_readable = 1,"
                    " read_after = min(ifnull(read_after, known_to), ?) WHERE id = ?",
                    (compare_after, row["id"]),
                )
                last = last_messages.get(row["thread_id"])
                if last is not None and last <= row["known_to"]:
                    await settle(connection, row["id"])
            await connection.execute(
                "UPDATE forum SET is_listed = 1, seen_at = ?, trouble = NULL WHERE id = ?",
                (to_milliseconds(now), forum.forum_id),
            )

    async def waiting(self) -> tuple[int, ...]:
        """Give the servers in which something is to be listed, read or asked for."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild_id FROM forum WHERE is_listed = 0 AND trouble IS NULL"  # noqa: S608 - constants
                " AND removed_at IS NULL AND hidden_at IS NULL"
                f" UNION SELECT discussion.guild_id FROM {_TO_READ}"
                " UNION SELECT discussion.guild_id FROM absence"
                " JOIN discussion ON discussion.id = absence.discussion_id WHERE kept_at IS NULL"
            )
        return tuple(row["guild_id"] for row in rows)

    async def next(self, guild_id: int) -> Reading | None:
        """Give what is to be read next in a server: what is not current before what is compared."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion.id, discussion.guild_id, thread_id, forum_id, is_forum_channel,"  # noqa: S608 - constants
                " ifnull(read_after, known_to) AS after,"
                " (SELECT ifnull(max(id), 0) FROM post) AS horizon"
                f" FROM {_TO_READ} AND discussion.guild_id = ?"
                " ORDER BY is_current, thread_id DESC LIMIT 1",
                (guild_id,),
            )
        for row in rows:
            return Reading(
                discussion_id=row["id"],
                guild_id=row["guild_id"],
                thread_id=row["thread_id"],
                forum_id=row["forum_id"],
                is_forum_channel=bool(row["is_forum_channel"]),
                after=row["after"],
                horizon=row["horizon"],
            )
        return None

    async def advance(self, reading: Reading, page: HistoryPage) -> None:
        """Note a page whose posts have been recorded.

        Posts that should be on it and are not become absences (`bot/store/absences.py`). With
        the last page the discussion is current, and what had no number gets one. If a gap has
        opened since the page was asked for, the page counts for nothing: it is read again.
        """
        last = page.message_ids[-1] if page.message_ids else reading.after
        async with self._database.transaction() as connection:
            listed = await connection.execute_fetchall(
                "SELECT 1 FROM forum WHERE id = ? AND is_listed = 1", (reading.forum_id,)
            )
            if not list(listed):
                return
            await compare(connection, reading, page, last)
            await connection.execute(
                "UPDATE discussion SET known_to = max(known_to, ?), read_after = ? WHERE id = ?",
                (
                    max(last, reading.thread_id) if page.is_last else last,
                    None if page.is_last else last,
                    reading.discussion_id,
                ),
            )
            if page.is_last:
                await settle(connection, reading.discussion_id)

    async def sweep(self, now: datetime, sweep_days: int) -> int | None:
        """Have one discussion compared from its first message, where one is due for that.

        Gives its server. The one that waits longest comes first; each is due every `sweep_days`.
        """
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "UPDATE discussion SET swept_at = :now, read_after = 0 WHERE id = ("
                " SELECT discussion.id FROM discussion"
                " JOIN forum ON forum.id = discussion.forum_id"
                " JOIN guild ON guild.id = discussion.guild_id"
                " WHERE swept_at <= :due AND is_current = 1 AND read_after IS NULL"
                " AND thread_id IS NOT NULL AND discussion.hidden_at IS NULL"
                " AND forum.is_listed = 1 AND guild.left_at IS NULL"
                " ORDER BY swept_at LIMIT 1) RETURNING guild_id",
                {
                    "now": to_milliseconds(now),
                    "due": to_milliseconds(now - timedelta(days=sweep_days)),
                },
            )
        return next((row["guild_id"] for row in rows), None)
