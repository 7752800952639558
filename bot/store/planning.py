"""Turns who is due into digests on their way.

What there is to tell is read from a snapshot, so that the writer is held only while it is written
down; what another process has planned meanwhile is left alone then. One transaction writes the
digests, what they cover of each discussion, what has been told of it, and when everyone is due
next: a crash leaves all of it done, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

import aiosqlite

from bot.core.digest_record import DigestState
from bot.core.level import Level
from bot.core.ports import Recipient
from bot.core.schedule import WeeklySchedule
from bot.store.channel_planning import plan_channel_digests, reschedule_channel_digests
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.due import put_clock_right, reschedule
from bot.store.outbox_rows import PlannedDigest, next_digest_id, put_digests
from bot.store.person import person_from_row
from bot.store.plans import (
    PAUSED,
    DuePerson,
    NextMoments,
    Plan,
    hears_now,
    levels_to_tell,
    make_plan,
)
from bot.store.retention import forget_digests_of, forget_old_digests
from bot.store.untold import tracked_levels, untold

# People in one transaction: few enough that recording posts never waits long for it.
PLAN_BATCH = 500

# Of `due JOIN person`: it is time, and nothing is on its way to them.
_IS_AWAITED = """
       due.at <= :now
   AND (person.paused_at IS NULL OR due.level <> 'every_post')
   AND NOT EXISTS (SELECT 1 FROM outbox
                    WHERE outbox.user_id = due.user_id AND outbox.state IN ('waiting', 'sending'))
"""

# `+` keeps SQLite from going through everybody in the order of their ids.
_DUE = f"""
SELECT person.*, json_group_object(due.level, due.at) AS due_at, min(due.at) AS due_since,
       EXISTS (SELECT 1 FROM due AS soon
                WHERE soon.user_id = due.user_id AND soon.level = 'every_post') AS hears_soon
  FROM due
  JOIN person ON person.user_id = due.user_id
 WHERE {_IS_AWAITED}
 GROUP BY +due.user_id
 ORDER BY due_since, due.user_id
 LIMIT :limit
"""  # noqa: S608 - the constant above

_STILL_DUE = f"""
SELECT due.user_id
  FROM json_each(:due) AS was
  JOIN person ON person.user_id = json_extract(was.value, '$[0]')
  JOIN due ON due.user_id = person.user_id
 WHERE {_IS_AWAITED}
 GROUP BY due.user_id
HAVING min(due.at) = json_extract(was.value, '$[1]')
"""  # noqa: S608 - the constant above

_PUT_PART = """
INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since, is_busy)
VALUES (?, ?, ?, ?, ?)
"""

# The discussion may have been erased since it was read.
_PUT_TOLD = """
INSERT INTO told (user_id, discussion_id, mark, busy_told_at)
SELECT ?, id, ?, ? FROM discussion WHERE id = ?
    ON CONFLICT DO UPDATE SET mark = max(mark, excluded.mark), busy_told_at = excluded.busy_told_at
"""


class Planning:
    """Plans digests; `default` gives the zone where a person's is gone from the tz database."""

    def __init__(self, database: Database, default: WeeklySchedule) -> None:
        self._database = database
        self._default = default
        self._latest: datetime | None = None

    async def put_clock_right(self, now: datetime) -> None:
        """Bring back what lies further ahead than it can, where the clock was put back.

        To be called at every tick: it reads much the first time, and when the clock shows less
        than the last time; otherwise it costs nothing.
        """
        if self._latest is None or now < self._latest:
            async with self._database.transaction() as connection:
                await put_clock_right(connection, now, self._default)
        self._latest = now

    async def reschedule(self, now: datetime) -> None:
        """Compute anew what is not due yet: since the last start zones may have other rules."""
        last: int | None = -1
        while last is not None:
            async with self._database.transaction() as connection:
                last = await reschedule(connection, now, self._default, last, PLAN_BATCH)
        async with self._database.transaction() as connection:
            await reschedule_channel_digests(connection, now, self._default)

    async def plan_channels(self, now: datetime) -> int:
        """Plan the digests of channels that are due, at most `PLAN_BATCH`; give how many were."""
        async with self._database.transaction() as connection:
            await forget_old_digests(connection, now, PLAN_BATCH)
            return await plan_channel_digests(connection, now, self._default, PLAN_BATCH)

    async def plan(self, now: datetime, limit: int = PLAN_BATCH) -> int:
        """Plan for up to `limit` people who are due, longest waiting first; give for how many.

        What they have not been told of, at the levels that are due, becomes one digest; each
        level then moves on to its next hour after `now`, so that a bot that was away sends once.
        Nobody is looked at while an earlier digest is on its way to them.
        """
        async with self._database.reading() as connection:
            due = await self._due(connection, now, limit)
            up_to = await _news_mark(connection)
            planned = await _plans(connection, due, now)
        if not planned:
            return 0
        async with self._database.transaction() as connection:
            return await _write(connection, planned, up_to, now)

    async def _due(
        self, connection: aiosqlite.Connection, now: datetime, limit: int
    ) -> list[DuePerson]:
        rows = await connection.execute_fetchall(
            _DUE, {"now": to_milliseconds(now), "limit": limit}
        )
        return [
            DuePerson(
                person=person_from_row(row, self._default),
                levels={
                    Level(level): from_milliseconds(at)
                    for level, at in json.loads(row["due_at"]).items()
                },
                hears_soon=bool(row["hears_soon"]),
            )
            for row in rows
        ]


async def _news_mark(connection: aiosqlite.Connection) -> int:
    (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    mark: int = row["value"]
    return mark


async def _plans(
    connection: aiosqlite.Connection, due: Sequence[DuePerson], now: datetime
) -> list[Plan]:
    """Decide what becomes of everyone who is due."""
    awake = {each.person.user_id: levels_to_tell(each) for each in due if hears_now(each, now)}
    parts = await untold(connection, awake, now)
    levels_of_others = {
        each.person.user_id: each.levels for each in due if each.person.user_id not in parts
    }
    tracked = await tracked_levels(connection, levels_of_others)
    moments = NextMoments(now)
    return [
        make_plan(
            each,
            parts.get(each.person.user_id, ()),
            tracked.get(each.person.user_id, frozenset()),
            moments,
        )
        for each in due
    ]


async def _write(
    connection: aiosqlite.Connection, planned: Sequence[Plan], up_to: int, now: datetime
) -> int:
    """Write down what was decided, but for those whom another process has planned for since."""
    still_due = await _still_due(connection, planned, now)
    planned = [each for each in planned if each.due.person.user_id in still_due]
    await forget_digests_of(connection, still_due, now)
    at = to_milliseconds(now)
    digests: list[PlannedDigest] = []
    parts, told = [], []
    next_id = await next_digest_id(connection)
    for each in planned:
        if each.state is None:
            continue
        user_id, digest_id = each.due.person.user_id, next_id + len(digests)
        digests.append(
            PlannedDigest(
                digest_id,
                Recipient(user_id=user_id),
                each.kind,
                up_to,
                each.state,
                each.next_attempt_at,
                reason=PAUSED if each.state is DigestState.SKIPPED else None,
            )
        )
        for part in each.parts:
            is_busy = part.is_busy and part.level is Level.EVERY_POST
            parts.append((digest_id, part.discussion_id, part.after, part.since, is_busy))
            told.append((user_id, up_to, at if is_busy else None, part.discussion_id))
    await put_digests(connection, digests, now)
    await connection.executemany(_PUT_PART, parts)
    await connection.executemany(_PUT_TOLD, told)
    await _move(connection, planned)
    return len(planned)


async def _still_due(
    connection: aiosqlite.Connection, planned: Sequence[Plan], now: datetime
) -> set[int]:
    """Give the ids of those whom no other process has planned for since they were read."""
    due = [(each.due.person.user_id, to_milliseconds(each.due.since)) for each in planned]
    rows = await connection.execute_fetchall(
        _STILL_DUE, {"due": json.dumps(due), "now": to_milliseconds(now)}
    )
    return {row["user_id"] for row in rows}


async def _move(connection: aiosqlite.Connection, planned: Collection[Plan]) -> None:
    moves = [
        (each.due.person.user_id, level, at) for each in planned for level, at in each.moves.items()
    ]
    await connection.executemany(
        "UPDATE due SET at = ? WHERE user_id = ? AND level = ?",
        [(to_milliseconds(at), user_id, level) for user_id, level, at in moves if at is not None],
    )
    await connection.executemany(
        "DELETE FROM due WHERE user_id = ? AND level = ?",
        [(user_id, level) for user_id, level, at in moves if at is None],
    )
