"""Turns who is due into digests on their way.

What there is to tell is read from a snapshot, so that the writer is held only while it is written
down; what another process has planned meanwhile is left alone then. One transaction writes the
digests, what they cover of each discussion, what has been told of it, and when everyone is due
next: a crash leaves all of it done, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiosqlite

from bot.core.level import DigestKind, Level, kind_of_digest
from bot.core.schedule import WeeklySchedule, end_of_quiet
from bot.store.channel_planning import plan_channel_digests, reschedule_channel_digests
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.due import next_moment, put_clock_right, reschedule
from bot.store.person import Person, person_from_row
from bot.store.retention import forget_digests_of, forget_old_digests
from bot.store.untold import BUSY_TIME, UntoldPart, trackers_among, untold

# People in one transaction: few enough that recording posts never waits long for it.
PLAN_BATCH = 500
# What is due at the same hour is spread over so long, by the person's id.
SPREAD = timedelta(minutes=5)
PAUSED = "digests are paused"

_DUE = """
SELECT person.*, group_concat(due.level) AS due_levels, min(due.at) AS due_since
  FROM due
  JOIN person ON person.user_id = due.user_id
 WHERE due.at <= :now
   AND (person.paused_at IS NULL OR due.level <> 'every_post')
   AND NOT EXISTS (SELECT 1 FROM outbox
                    WHERE outbox.user_id = due.user_id AND outbox.state IN ('waiting', 'sending'))
 GROUP BY due.user_id
 ORDER BY due_since, due.user_id
 LIMIT :limit
"""

_STILL_DUE = """
SELECT due.user_id
  FROM json_each(:due) AS was
  JOIN due ON due.user_id = json_extract(was.value, '$[0]')
 WHERE due.at <= :now
   AND NOT EXISTS (SELECT 1 FROM outbox
                    WHERE outbox.user_id = due.user_id AND outbox.state IN ('waiting', 'sending'))
 GROUP BY due.user_id
HAVING min(due.at) = json_extract(was.value, '$[1]')
"""

_PUT_DIGEST = """
INSERT INTO outbox (id, user_id, kind, up_to_mark, token, planned_at, state, next_attempt_at,
                    settled_at, reason)
VALUES (:id, :user_id, :kind, :up_to, printf('digest-%d-%x', :id, :now / 1000), :now, :state,
        :next_attempt_at, :settled_at, :reason)
"""

_PUT_PART = """
INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since, is_busy)
VALUES (?, ?, ?, ?, ?)
"""

# The discussion may have been erased since it was read.
_PUT_TOLD = """
INSERT INTO told (user_id, discussion_id, mark, told_at)
SELECT :user_id, :discussion_id, :mark, :now
 WHERE EXISTS (SELECT 1 FROM discussion WHERE id = :discussion_id)
    ON CONFLICT DO UPDATE SET mark = max(mark, excluded.mark), told_at = excluded.told_at
"""


@dataclass(frozen=True, slots=True)
class _DuePerson:
    """Someone who is due at these levels, the first of them since `since`."""

    person: Person
    levels: frozenset[Level]
    since: datetime

    @property
    def kind(self) -> DigestKind:
        """What the message is that tells them."""
        return kind_of_digest(self.levels)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What becomes of a person who is due: a row of the outbox, or none.

    `moves` are when they are due next; a level without a moment is not due until there is news.
    """

    due: _DuePerson
    state: str | None
    next_attempt_at: datetime
    parts: Sequence[UntoldPart]
    moves: Mapping[Level, datetime | None]


class Planning:
    """Plans digests; `default` gives the zone where a person's is gone from the tz database."""

    def __init__(self, database: Database, default: WeeklySchedule) -> None:
        self._database = database
        self._default = default

    async def put_clock_right(self, now: datetime) -> None:
        """Bring back what lies further ahead than it can: the clock was put back since."""
        async with self._database.transaction() as connection:
            await put_clock_right(connection, now, self._default)

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
        """Plan for up to `limit` people who are due, longest waiting first; give how many were.

        What they have not been told of, at the levels that are due, becomes one digest; each
        level then moves on to its next hour after `now`, so that a bot that was away sends once.
        Nobody is looked at while an earlier digest is on its way to them.
        """
        async with self._database.reading() as connection:
            due = await self._due(connection, now, limit)
            up_to = await _news_mark(connection)
            planned = await _planned(connection, due, now)
        if planned:
            async with self._database.transaction() as connection:
                await _write(connection, planned, up_to, now)
        return len(due)

    async def _due(
        self, connection: aiosqlite.Connection, now: datetime, limit: int
    ) -> list[_DuePerson]:
        rows = await connection.execute_fetchall(
            _DUE, {"now": to_milliseconds(now), "limit": limit}
        )
        return [
            _DuePerson(
                person=person_from_row(row, self._default),
                levels=frozenset(map(Level, row["due_levels"].split(","))),
                since=from_milliseconds(row["due_since"]),
            )
            for row in rows
        ]


async def _news_mark(connection: aiosqlite.Connection) -> int:
    (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    mark: int = row["value"]
    return mark


async def _planned(
    connection: aiosqlite.Connection, due: Sequence[_DuePerson], now: datetime
) -> list[_Planned]:
    """Decide what becomes of everyone who is due."""
    awake = {
        each.person.user_id: each.levels
        for each in due
        if each.person.paused is None and not _is_quiet(each, now)
    }
    parts = await untold(connection, awake, now)
    without = {each.person.user_id: each.levels for each in due if each.person.user_id not in parts}
    trackers = await trackers_among(connection, without)
    schedules = _Moments(now)
    return [
        _plan_one(
            each,
            parts.get(each.person.user_id, []),
            schedules,
            is_tracker=each.person.user_id in trackers,
        )
        for each in due
    ]


class _Moments:
    """When schedules come next after `now`: many people have the same one."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[tuple[WeeklySchedule, Level], datetime] = {}

    def after_now(self, schedule: WeeklySchedule, level: Level) -> datetime:
        key = schedule, level
        if key not in self._known:
            self._known[key] = next_moment(schedule, level, self.now)
        return self._known[key]


def _plan_one(
    due: _DuePerson, parts: Sequence[UntoldPart], moments: _Moments, *, is_tracker: bool
) -> _Planned:
    person, now = due.person, moments.now
    moves: dict[Level, datetime | None] = {
        level: moments.after_now(person.schedule, level)
        for level in due.levels - {Level.EVERY_POST}
    }
    told = [part for part in parts if _busy_until(part, now) is None]
    if Level.EVERY_POST in due.levels:
        waiting = [until for part in parts if (until := _busy_until(part, now)) is not None]
        moves[Level.EVERY_POST] = min(waiting, default=None)
    if person.paused is None and _is_quiet(due, now):
        moves[Level.EVERY_POST] = end_of_quiet(person.quiet, person.schedule.zone, now)
    state = None
    if told:
        state = "waiting"
    elif due.kind is not DigestKind.NOTICE and (is_tracker or parts):
        state = "quiet" if person.paused is None else "skipped"
    return _Planned(due, state, _first_attempt(due, now), told, moves)


def _is_quiet(due: _DuePerson, now: datetime) -> bool:
    """Say whether all that is due are posts as they come, and it is no hour for them."""
    quiet, zone = due.person.quiet, due.person.schedule.zone
    return due.levels == {Level.EVERY_POST} and end_of_quiet(quiet, zone, now) > now


def _busy_until(part: UntoldPart, now: datetime) -> datetime | None:
    """Say until when a busy discussion is kept back, where it was told of within the hour.

    A time that is still to come is one of a clock that was put back since: it keeps back nothing.
    """
    if part.level is not Level.EVERY_POST or not part.is_busy or part.told_at is None:
        return None
    until = part.told_at + BUSY_TIME
    return until if part.told_at <= now < until else None


def _first_attempt(due: _DuePerson, now: datetime) -> datetime:
    if due.kind is DigestKind.NOTICE:
        return now
    # The time of an id's making, in milliseconds, is what stands above its lowest 22 bits
    # (Discord's documentation, "API Reference", section "Snowflakes").
    made = timedelta(milliseconds=due.person.user_id >> 22)
    ready = max(now, due.since + made % SPREAD)
    return end_of_quiet(due.person.quiet, due.person.schedule.zone, ready)


async def _write(
    connection: aiosqlite.Connection, planned: Sequence[_Planned], up_to: int, now: datetime
) -> None:
    still_due = await _still_due(connection, planned, now)
    planned = [each for each in planned if each.due.person.user_id in still_due]
    await forget_digests_of(connection, still_due, now)
    at = to_milliseconds(now)
    rows, parts, told = [], [], []
    for digest_id, each in enumerate(
        (each for each in planned if each.state is not None), await _next_id(connection)
    ):
        user_id, is_settled = each.due.person.user_id, each.state != "waiting"
        rows.append(
            {
                "id": digest_id,
                "user_id": user_id,
                "kind": each.due.kind,
                "up_to": up_to,
                "now": at,
                "state": each.state,
                "next_attempt_at": to_milliseconds(each.next_attempt_at),
                "settled_at": at if is_settled else None,
                "reason": PAUSED if each.state == "skipped" else None,
            }
        )
        for part in each.parts:
            is_busy = part.is_busy and part.level is Level.EVERY_POST
            parts.append((digest_id, part.discussion_id, part.after, part.since, is_busy))
            told.append(
                {
                    "user_id": user_id,
                    "discussion_id": part.discussion_id,
                    "mark": up_to,
                    "now": at,
                }
            )
    await connection.executemany(_PUT_DIGEST, rows)
    await connection.executemany(_PUT_PART, parts)
    await connection.executemany(_PUT_TOLD, told)
    await _move(connection, planned)


async def _still_due(
    connection: aiosqlite.Connection, planned: Sequence[_Planned], now: datetime
) -> set[int]:
    """Give the ids of those whom no other process has planned for since they were read."""
    due = [(each.due.person.user_id, to_milliseconds(each.due.since)) for each in planned]
    rows = await connection.execute_fetchall(
        _STILL_DUE, {"due": json.dumps(due), "now": to_milliseconds(now)}
    )
    return {row["user_id"] for row in rows}


async def _next_id(connection: aiosqlite.Connection) -> int:
    rows = await connection.execute_fetchall(
        "SELECT seq + 1 AS next_id FROM sqlite_sequence WHERE name = 'outbox'"
    )
    return next((row["next_id"] for row in rows), 1)


async def _move(connection: aiosqlite.Connection, planned: Collection[_Planned]) -> None:
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
