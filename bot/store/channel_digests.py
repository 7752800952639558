"""The weekly digests that hosts let a forum have in a channel, for those who want none in private.

One comes by the clocks of its server's zone; how it is planned: `channel_planning.py`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import UserError
from bot.core.schedule import WeeklySchedule, next_weekly
from bot.store.channel_planning import CHANNEL_DIGESTS, channel_schedule, take_back
from bot.store.database import Database, from_milliseconds, to_milliseconds

_SELECT = (
    "SELECT channel_digest.*, guild.zone,"  # noqa: S608 - a constant
    " latest.settled_at AS posted_at, latest.message_id"
    f" {CHANNEL_DIGESTS}"
    " LEFT JOIN outbox AS latest ON latest.id = (SELECT max(id) FROM outbox"
    "  WHERE outbox.forum_id = channel_digest.forum_id AND state = 'sent'"
    "  AND outbox.channel_id = channel_digest.channel_id)"
)


@dataclass(frozen=True, slots=True)
class ChannelDigest:
    """A forum's weekly digest in a channel.

    `next_at` is when it is next due; `trouble` says in words for a host why the last one was not
    posted. `posted_at` and `message_id` tell of the latest that was posted in this channel.
    """

    forum_id: int
    channel_id: int
    schedule: WeeklySchedule
    next_at: datetime
    trouble: str | None
    posted_at: datetime | None
    message_id: int | None


class ChannelDigests:
    """Keeps which forum has its digest where.

    `default` gives day and hour where a host names none, and the zone of a server without one.
    """

    def __init__(self, database: Database, default: WeeklySchedule) -> None:
        self._database = database
        self._default = default

    async def get(self, forum_id: int) -> ChannelDigest | None:
        """Give a forum's, or None where it has none."""
        return next(iter(await self._select("forum.id = ?", forum_id)), None)

    async def of_guild(self, guild_id: int) -> tuple[ChannelDigest, ...]:
        """Give those of a server's forums in use, by the forum's name."""
        return await self._select("guild.id = ? AND forum.hidden_at IS NULL", guild_id)

    async def put(
        self,
        forum_id: int,
        channel_id: int,
        *,
        weekday: int | None,
        hour: int | None,
        now: datetime,
    ) -> None:
        """Let a forum have its digest in that channel from the next such hour on.

        Without a `weekday` (0 is Monday) or an `hour` those it has are kept. A new digest tells
        of what is written from now on; one that gets another channel or hour goes on where it
        was, and what was on its way to the other channel is not posted there any more. Raises
        `UserError` for values that no week or day has, and where the forum has just ended.
        """
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild.zone, channel_digest.* FROM forum"
                " JOIN guild ON guild.id = forum.guild_id"
                " LEFT JOIN channel_digest ON channel_digest.forum_id = forum.id"
                " WHERE forum.id = ? AND forum.hidden_at IS NULL",
                (forum_id,),
            )
            before = next(iter(rows), None)
            if before is None:
                raise UserError("That forum has just ended. `/setup forum` takes it up again.")
            if before["channel_id"] is not None and before["channel_id"] != channel_id:
                await take_back(connection, forum_id, now)
            known = channel_schedule(before, self._default)
            schedule = WeeklySchedule(
                weekday=known.weekday if weekday is None else weekday,
                hour=known.hour if hour is None else hour,
                zone=known.zone,
            )
            await connection.execute(
                "INSERT INTO channel_digest"
                " (forum_id, channel_id, weekday, hour, next_at, seen_mark, set_at)"
                " SELECT ?, ?, ?, ?, ?, value, ? FROM news_mark WHERE true"
                " ON CONFLICT DO UPDATE SET channel_id = excluded.channel_id,"
                " weekday = excluded.weekday, hour = excluded.hour, next_at = excluded.next_at,"
                " trouble = NULL",
                (
                    forum_id,
                    channel_id,
                    schedule.weekday,
                    schedule.hour,
                    to_milliseconds(next_weekly(schedule, now)),
                    to_milliseconds(now),
                ),
            )

    async def end(self, forum_id: int, now: datetime) -> bool:
        """End a forum's digest, one that is on its way too; False where it had none."""
        async with self._database.transaction() as connection:
            await take_back(connection, forum_id, now)
            cursor = await connection.execute(
                "DELETE FROM channel_digest WHERE forum_id = ?", (forum_id,)
            )
        return cursor.rowcount > 0

    async def _select(self, condition: str, value: int) -> tuple[ChannelDigest, ...]:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{_SELECT} WHERE {condition} ORDER BY forum.name COLLATE NOCASE, forum.id",
                (value,),
            )
        return tuple(_channel_digest(row, self._default) for row in rows)


def _channel_digest(row: sqlite3.Row, default: WeeklySchedule) -> ChannelDigest:
    return ChannelDigest(
        forum_id=row["forum_id"],
        channel_id=row["channel_id"],
        schedule=channel_schedule(row, default),
        next_at=from_milliseconds(row["next_at"]),
        trouble=row["trouble"],
        posted_at=None if row["posted_at"] is None else from_milliseconds(row["posted_at"]),
        message_id=row["message_id"],
    )
