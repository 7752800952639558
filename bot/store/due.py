"""When each person is next told at each level, and how a clock that jumped is put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import aiosqlite

from bot.core.level import Level
from bot.core.schedule import WeeklySchedule, next_daily, next_weekly
from bot.store.database import to_milliseconds
from bot.store.person import person_from_row

# Posts that come within so short a time of the first are told together. It is less than the time
# between two ticks, as they are by default: then a post is told within a minute.
GATHERING = timedelta(seconds=15)

# What is further away than its level allows was computed by a clock that has been put back since.
# A week of a zone that moves its clocks, or across the date line, is not seven days to the hour.
FURTHEST: Mapping[Level, timedelta] = {
    Level.WEEKLY: timedelta(days=8),
    Level.DAILY: timedelta(days=2),
    Level.EVERY_POST: timedelta(hours=2),
}
# The longest gap between two attempts is a day, and so are the longest quiet hours.
FURTHEST_ATTEMPT = timedelta(days=2)

_TOO_FAR = """
SELECT person.*, due.level AS due_level
  FROM due
  JOIN person ON person.user_id = due.user_id
 WHERE due.at > CASE due.level WHEN 'weekly' THEN :weekly WHEN 'daily' THEN :daily
                               ELSE :every_post END
"""

TELL_BY = """
INSERT INTO due (user_id, level, at) VALUES (:user_id, 'every_post', :at)
    ON CONFLICT DO UPDATE SET at = min(at, excluded.at)
"""
"""Has a person told of posts as they come at that time at the latest."""

_MOVE = "UPDATE due SET at = ? WHERE user_id = ? AND level = ?"


def next_moment(schedule: WeeklySchedule, level: Level, now: datetime) -> datetime:
    """Give when a person with that schedule is next told at a level, strictly after `now`.

    Of every post it is when those that come meanwhile have been gathered.
    """
    match level:
        case Level.WEEKLY:
            return next_weekly(schedule, now)
        case Level.DAILY:
            return next_daily(schedule, now)
        case _:
            return now + GATHERING


async def tell_soon(connection: aiosqlite.Connection, user_id: int, now: datetime) -> None:
    """Let a known person be told of what they want to hear of at once, if there is any.

    For the caller's transaction: when they choose that level, and when what they were told of
    did not reach them. Where there is nothing to tell the next tick takes it back.
    """
    await connection.execute(TELL_BY, {"user_id": user_id, "at": to_milliseconds(now)})


async def put_clock_right(
    connection: aiosqlite.Connection, now: datetime, default: WeeklySchedule
) -> None:
    """Bring back what lies further ahead than it can: the clock was put back since.

    `default` gives the zone where a person's is gone. Nothing is told twice by it: what has been
    told is known by marks, not by times.
    """
    limits = {level.value: to_milliseconds(now + far) for level, far in FURTHEST.items()}
    rows = await connection.execute_fetchall(_TOO_FAR, limits)
    moves = []
    for row in rows:
        level = Level(row["due_level"])
        at = next_moment(person_from_row(row, default).schedule, level, now)
        moves.append((to_milliseconds(at), row["user_id"], level))
    await connection.executemany(_MOVE, moves)
    # What was settled ahead of time would be kept until then.
    await connection.execute(
        "UPDATE outbox SET settled_at = :now WHERE settled_at > :now", {"now": to_milliseconds(now)}
    )
    # What is written from now on is news to those who began to track while the clock was ahead.
    await connection.execute(
        "UPDATE tracking SET tracked_at = :now WHERE tracked_at > :now",
        {"now": to_milliseconds(now)},
    )
    await connection.execute(
        "UPDATE outbox SET planned_at = min(planned_at, :now),"
        " next_attempt_at = iif(next_attempt_at > :furthest, :now, next_attempt_at)"
        " WHERE state IN ('waiting', 'sending')"
        " AND (planned_at > :now OR next_attempt_at > :furthest)",
        {"now": to_milliseconds(now), "furthest": to_milliseconds(now + FURTHEST_ATTEMPT)},
    )


async def reschedule(
    connection: aiosqlite.Connection, now: datetime, default: WeeklySchedule, after: int, limit: int
) -> int | None:
    """Compute anew when up to `limit` people are next told, from the rules that zones have now.

    The people are those with ids greater than `after`, in their order. Gives the last one's id,
    or None where there is none. What is due already stays due.
    """
    rows = tuple(
        await connection.execute_fetchall(
            "SELECT * FROM person WHERE user_id > ? ORDER BY user_id LIMIT ?", (after, limit)
        )
    )
    moves = []
    for row in rows:
        schedule = person_from_row(row, default).schedule
        for level in (Level.DAILY, Level.WEEKLY):
            at = to_milliseconds(next_moment(schedule, level, now))
            moves.append((at, row["user_id"], level, to_milliseconds(now)))
    await connection.executemany(f"{_MOVE} AND at > ?", moves)
    return rows[-1]["user_id"] if rows else None
