"""The digests on their way: planned, claimed, settled.

A digest is a row from the decision to send it to the proof that it arrived, so that a crash at
any moment neither loses nor doubles one. Planning writes the row and the person's `seen_mark`
in one transaction; a claim is committed before anything is sent.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.schedule import WeeklySchedule, next_weekly
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.people import person_from_row

# Whoever claims a digest has this long to settle it before it may be taken up again.
LEASE = timedelta(minutes=5)

# Settled digests are kept so long, for those who ask why one did not come.
SETTLED_KEPT_FOR = timedelta(days=90)

# Of the people given, those for whom there may be news; people without are passed over.
_PLAN = """
INSERT INTO outbox (user_id, after_mark, up_to_mark, planned_at, state, next_attempt_at)
SELECT person.user_id, person.seen_mark, news_mark.value, :now, 'waiting', :now
  FROM json_each(:user_ids) AS due
  JOIN person ON person.user_id = due.value
 CROSS JOIN news_mark
 WHERE EXISTS (
           SELECT 1
             FROM tracked_discussion AS tracked
             JOIN post ON post.discussion_id = tracked.discussion_id
                      AND post.mark > max(tracked.since_mark, person.seen_mark)
            WHERE tracked.user_id = person.user_id
            UNION ALL
           SELECT 1
             FROM tracked_discussion AS tracked
             JOIN post ON post.discussion_id = tracked.discussion_id
                      AND post.edit_mark > max(tracked.since_mark, person.seen_mark)
            WHERE tracked.user_id = person.user_id
       )
 ORDER BY due.key
"""

_CLAIM = """
UPDATE outbox
   SET state = 'sending', attempts = attempts + 1, claimed_at = :now, next_attempt_at = :lease
 WHERE id = (
           SELECT id
             FROM outbox
            WHERE state IN ('waiting', 'sending') AND next_attempt_at <= :now
            ORDER BY next_attempt_at, id
            LIMIT 1
       )
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The news marks that a digest covers: after `after`, up to and including `up_to`."""

    after: int
    up_to: int


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """A digest that is now ours to send; `attempts` counts this claim, from 1."""

    id: int
    user_id: int
    window: Window
    planned_at: datetime
    attempts: int

    @property
    def may_have_arrived(self) -> bool:
        """Whether Discord is to be asked first: an earlier attempt had no clear end."""
        return self.attempts > 1

    @property
    def token(self) -> str:
        """What marks the Discord message: at most 25 characters, the same at every attempt.

        The time keeps it apart from the digests of a database that was lost and begun anew.
        """
        return f"digest-{self.id}-{int(self.planned_at.timestamp()):x}"


class Outbox:
    """Plans, claims and settles digests; `default` gives the zone where a person's is gone."""

    def __init__(self, database: Database, default: WeeklySchedule) -> None:
        self._database = database
        self._default = default

    async def plan(self, now: datetime, limit: int) -> int:
        """Plan the digests of up to `limit` people who are due, longest waiting first.

        Each moves on to the next hour of their schedule after `now`, so that a bot that was
        away sends once. Nothing is planned for whom there is certainly no news, nor while an
        earlier digest is still on its way: the next one covers it. Gives how many were due.
        """
        async with self._database.transaction() as connection:
            due = tuple(
                await connection.execute_fetchall(
                    "SELECT user_id, weekday, hour, zone, EXISTS (SELECT 1 FROM outbox"
                    "  WHERE outbox.user_id = person.user_id"
                    "  AND state IN ('waiting', 'sending')) AS has_open"
                    " FROM person WHERE next_digest_at <= ?"
                    " ORDER BY next_digest_at, user_id LIMIT ?",
                    (to_milliseconds(now), limit),
                )
            )
            ready = json.dumps([row["user_id"] for row in due if not row["has_open"]])
            await connection.execute(
                "DELETE FROM outbox WHERE settled_at <= ?"
                " AND user_id IN (SELECT value FROM json_each(?))",
                (to_milliseconds(now - SETTLED_KEPT_FOR), ready),
            )
            await connection.execute(_PLAN, {"user_ids": ready, "now": to_milliseconds(now)})
            await connection.execute(
                "UPDATE person SET seen_mark = (SELECT value FROM news_mark)"
                " WHERE user_id IN (SELECT value FROM json_each(?))",
                (ready,),
            )
            await connection.executemany(
                "UPDATE person SET next_digest_at = ? WHERE user_id = ?",
                [
                    (
                        to_milliseconds(
                            next_weekly(person_from_row(row, self._default).schedule, now)
                        ),
                        row["user_id"],
                    )
                    for row in due
                ],
            )
        return len(due)

    async def claim(self, now: datetime) -> ClaimedDigest | None:
        """Take the digest that has waited longest for its (next) attempt, or None.

        It is ours for `LEASE`: a process that dies leaves it to be claimed again after that.
        """
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                _CLAIM, {"now": to_milliseconds(now), "lease": to_milliseconds(now + LEASE)}
            )
        return next((_claimed(row) for row in rows), None)

    async def sent(self, digest: ClaimedDigest, message_id: int, now: datetime) -> None:
        """Settle: it arrived, as that Discord message. The inbox is open."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE outbox SET state = 'sent', message_id = ?, settled_at = ?, reason = NULL"
                " WHERE id = ?",
                (message_id, to_milliseconds(now), digest.id),
            )
            await connection.execute(
                "UPDATE person SET inbox = 'open' WHERE user_id = ?", (digest.user_id,)
            )

    async def empty(self, digest: ClaimedDigest, now: datetime) -> None:
        """Settle: there was nothing to say, so nothing was sent."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE outbox SET state = 'empty', settled_at = ?, reason = NULL WHERE id = ?",
                (to_milliseconds(now), digest.id),
            )

    async def failed(
        self, digest: ClaimedDigest, reason: str, now: datetime, *, inbox_closed: bool
    ) -> None:
        """Settle: it could not be brought. Its news is left for the next digest."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE outbox SET state = 'failed', settled_at = ?, reason = ? WHERE id = ?",
                (to_milliseconds(now), reason, digest.id),
            )
            await connection.execute(
                "UPDATE person SET seen_mark = min(seen_mark, ?),"
                " inbox = iif(?, 'closed', inbox) WHERE user_id = ?",
                (digest.window.after, inbox_closed, digest.user_id),
            )

    async def postponed(self, digest: ClaimedDigest, reason: str, next_attempt: datetime) -> None:
        """Leave it for another attempt: whether it arrived is not known."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE outbox SET next_attempt_at = ?, reason = ? WHERE id = ?",
                (to_milliseconds(next_attempt), reason, digest.id),
            )

    async def next_window(self, user_id: int) -> Window | None:
        """Give what a digest sent now would cover: the one on its way, else all unseen news.

        None for someone who never tracked anything.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT ifnull(after_mark, seen_mark) AS after_mark,"
                " ifnull(up_to_mark, news_mark.value) AS up_to_mark"
                " FROM person CROSS JOIN news_mark LEFT JOIN outbox"
                "  ON outbox.user_id = person.user_id AND outbox.state IN ('waiting', 'sending')"
                " WHERE person.user_id = ?",
                (user_id,),
            )
        return next((_window(row) for row in rows), None)


def _claimed(row: sqlite3.Row) -> ClaimedDigest:
    return ClaimedDigest(
        id=row["id"],
        user_id=row["user_id"],
        window=_window(row),
        planned_at=from_milliseconds(row["planned_at"]),
        attempts=row["attempts"],
    )


def _window(row: sqlite3.Row) -> Window:
    return Window(after=row["after_mark"], up_to=row["up_to_mark"])
