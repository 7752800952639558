"""The digests on their way: claimed, about to be sent, settled.

A digest is a row from the decision to send it to the proof that it arrived, so that a crash at
any moment neither loses nor doubles one. A claim is committed before anything is sent, and every
step after it looks first whether the row is still ours: another process may have taken it over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import aiosqlite

from bot.core.digest_record import DigestState
from bot.core.level import DigestKind
from bot.core.ports import Recipient
from bot.core.schedule import WeeklySchedule, end_of_quiet
from bot.store.channel_planning import channel_digest_failed, channel_digest_sent
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.due import tell_soon
from bot.store.outbox_parts import PartOutcome, note_outcomes
from bot.store.people import pause_person
from bot.store.person import Inbox, PauseReason, person_from_row

# Whoever claims a digest has this long to send and settle it before it may be taken up again.
LEASE = timedelta(minutes=5)
# Of what is claimed at once, notices of new posts may be so much where digests wait as well.
NOTICES_SHARE = 2 / 3

_CLAIMED_LATELY = "SELECT count(*) AS claims FROM outbox WHERE claimed_at > ? AND claimed_at <= ?"

_TURN = """
SELECT outbox.*, person.*, person.user_id AS person_id
  FROM outbox
  LEFT JOIN person ON person.user_id = outbox.user_id
 WHERE state IN ('waiting', 'sending') AND next_attempt_at <= :now
   AND (kind = 'notice' OR NOT :notices_alone)
 ORDER BY next_attempt_at, outbox.id
 LIMIT :limit
"""

_CLAIM = """
UPDATE outbox
   SET state = 'sending', attempts = attempts + 1, claimed_at = :now, next_attempt_at = :lease
 WHERE id = :id
"""

# Ends every statement that changes what was claimed.
_STILL_OURS = " WHERE id = :id AND attempts = :attempts AND state = 'sending'"

# A later mark is that of a discussion which they muted, and heard of again, since it was planned.
_GIVE_BACK = """
UPDATE told
   SET mark = outbox_part.after_mark, busy_told_at = NULL
  FROM outbox
  JOIN outbox_part ON outbox_part.outbox_id = outbox.id
 WHERE outbox.id = :id AND told.user_id = :user_id AND told.mark = outbox.up_to_mark
   AND told.discussion_id = outbox_part.discussion_id
"""


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """A digest that is now ours to send; `attempts` counts this claim, from 1.

    `may_have_arrived` says that an earlier attempt had no clear end, so that Discord is to be
    asked first; `is_paused`, that the person wants nothing to be sent. `token` marks the Discord
    message: at most 25 characters, the same at every attempt, and another one in a database that
    is begun anew. `forum_id` is that of a channel's digest.
    """

    id: int
    kind: DigestKind
    recipient: Recipient
    forum_id: int | None
    up_to: int
    token: str
    planned_at: datetime
    attempts: int
    may_have_arrived: bool
    is_paused: bool


class Outbox:
    """Claims and settles digests; `a_minute` is how many may be sent within a minute.

    `default` gives the zone where a person's is gone from the tz database.
    """

    def __init__(self, database: Database, default: WeeklySchedule, a_minute: int) -> None:
        self._database = database
        self._default = default
        self._a_minute = a_minute

    async def claim(self, now: datetime, limit: int) -> tuple[ClaimedDigest, ...]:
        """Take up to `limit` digests whose turn it is, as far as the last minute leaves room.

        Notices come first, but for a third of the places, and then what has waited longest. All
        are ours for `LEASE`: a process that dies leaves them to be claimed again after that. What
        would come into someone's quiet hours is put off to their end.
        """
        async with self._database.transaction() as connection:
            (row,) = await connection.execute_fetchall(
                _CLAIMED_LATELY,
                (to_milliseconds(now - timedelta(minutes=1)), to_milliseconds(now)),
            )
            room = min(limit, self._a_minute - row["claims"])
            notices = await self._take(
                connection, now, ceil(room * NOTICES_SHARE), notices_alone=True
            )
            others = await self._take(connection, now, room - len(notices), notices_alone=False)
        return (*notices, *others)

    async def about_to_send(
        self, digest: ClaimedDigest, outcomes: Iterable[PartOutcome], now: datetime
    ) -> bool:
        """Note what it says of each discussion, and have the whole `LEASE` to send it.

        False where it is not ours any more: then it must not be sent.
        """
        async with self._database.transaction() as connection:
            is_ours = await self._change(
                connection,
                digest,
                "next_attempt_at = :lease",
                {"lease": to_milliseconds(now + LEASE)},
            )
            if is_ours:
                await note_outcomes(connection, digest.id, outcomes)
        return is_ours

    async def sent(self, digest: ClaimedDigest, message_id: int, now: datetime) -> None:
        """Settle: it arrived, as that Discord message."""
        async with self._database.transaction() as connection:
            values = {"message_id": message_id, "now": to_milliseconds(now)}
            change = "state = 'sent', message_id = :message_id, settled_at = :now, reason = NULL"
            if not await self._change(connection, digest, change, values):
                return
            if digest.recipient.user_id is not None:
                await _set_inbox(connection, digest.recipient.user_id, Inbox.OPEN)
            if digest.forum_id is not None:
                await channel_digest_sent(connection, digest.forum_id)

    async def empty(
        self, digest: ClaimedDigest, outcomes: Iterable[PartOutcome], now: datetime
    ) -> None:
        """Settle: there was nothing to say, so nothing was sent."""
        async with self._database.transaction() as connection:
            change = "state = 'empty', settled_at = :now, reason = NULL"
            if await self._change(connection, digest, change, {"now": to_milliseconds(now)}):
                await note_outcomes(connection, digest.id, outcomes)

    async def failed(self, digest: ClaimedDigest, reason: str, now: datetime) -> None:
        """Settle: it could not be brought. Its news is left for the next digest."""
        async with self._database.transaction() as connection:
            await self._give_up(connection, digest, DigestState.FAILED, reason, now)

    async def inbox_stays_closed(self, digest: ClaimedDigest, reason: str, now: datetime) -> None:
        """Settle as `failed`, and send the person nothing until they want it again."""
        user_id = digest.recipient.user_id
        async with self._database.transaction() as connection:
            is_ours = await self._give_up(connection, digest, DigestState.FAILED, reason, now)
            if is_ours and user_id is not None:
                await _set_inbox(connection, user_id, Inbox.CLOSED)
                await pause_person(connection, user_id, PauseReason.INBOX, now)

    async def skipped(self, digest: ClaimedDigest, reason: str, now: datetime) -> None:
        """Settle: it is not to be sent, for a reason of the recipient's. Its news is left."""
        async with self._database.transaction() as connection:
            await self._give_up(connection, digest, DigestState.SKIPPED, reason, now)

    async def postponed(
        self,
        digest: ClaimedDigest,
        reason: str,
        next_attempt: datetime,
        *,
        may_have_arrived: bool,
        inbox: Inbox | None = None,
    ) -> None:
        """Leave it for another attempt; note what was found out about the inbox, if anything."""
        async with self._database.transaction() as connection:
            values: Mapping[str, str | int] = {
                "state": DigestState.SENDING if may_have_arrived else DigestState.WAITING,
                "reason": reason,
                "next_attempt_at": to_milliseconds(next_attempt),
            }
            change = "state = :state, reason = :reason, next_attempt_at = :next_attempt_at"
            is_ours = await self._change(connection, digest, change, values)
            if is_ours and inbox is not None and digest.recipient.user_id is not None:
                await _set_inbox(connection, digest.recipient.user_id, inbox)

    async def _take(
        self, connection: aiosqlite.Connection, now: datetime, room: int, *, notices_alone: bool
    ) -> list[ClaimedDigest]:
        taken: list[ClaimedDigest] = []
        while len(taken) < room:
            rows = await connection.execute_fetchall(
                _TURN,
                {
                    "now": to_milliseconds(now),
                    "limit": room - len(taken),
                    "notices_alone": notices_alone,
                },
            )
            turn = tuple(rows)
            if not turn:
                break
            for row in turn:
                quiet_until = self._quiet_until(row, now)
                if quiet_until > now:
                    await connection.execute(
                        "UPDATE outbox SET next_attempt_at = ? WHERE id = ?",
                        (to_milliseconds(quiet_until), row["id"]),
                    )
                    continue
                lease = to_milliseconds(now + LEASE)
                await connection.execute(
                    _CLAIM, {"id": row["id"], "now": to_milliseconds(now), "lease": lease}
                )
                taken.append(_claimed(row))
        return taken

    def _quiet_until(self, row: sqlite3.Row, now: datetime) -> datetime:
        if row["person_id"] is None:
            return now
        person = person_from_row(row, self._default)
        return end_of_quiet(person.quiet, person.schedule.zone, now)

    async def _give_up(
        self,
        connection: aiosqlite.Connection,
        digest: ClaimedDigest,
        state: DigestState,
        reason: str,
        now: datetime,
    ) -> bool:
        values: Mapping[str, str | int] = {
            "state": state,
            "now": to_milliseconds(now),
            "reason": reason,
        }
        change = "state = :state, settled_at = :now, reason = :reason"
        if not await self._change(connection, digest, change, values):
            return False
        user_id = digest.recipient.user_id
        if user_id is not None:
            await connection.execute(_GIVE_BACK, {"id": digest.id, "user_id": user_id})
            await tell_soon(connection, user_id, now)
        if digest.forum_id is not None:
            await channel_digest_failed(connection, digest.id, digest.forum_id, reason)
        return True

    async def _change(
        self,
        connection: aiosqlite.Connection,
        digest: ClaimedDigest,
        change: str,
        values: Mapping[str, str | int],
    ) -> bool:
        """Change the row while it is ours; say if it was."""
        cursor = await connection.execute(
            f"UPDATE outbox SET {change}{_STILL_OURS}",  # noqa: S608 - of this class
            {**values, "id": digest.id, "attempts": digest.attempts},
        )
        return cursor.rowcount == 1


async def _set_inbox(connection: aiosqlite.Connection, user_id: int, inbox: Inbox) -> None:
    await connection.execute("UPDATE person SET inbox = ? WHERE user_id = ?", (inbox, user_id))


def _claimed(row: sqlite3.Row) -> ClaimedDigest:
    return ClaimedDigest(
        id=row["id"],
        kind=DigestKind(row["kind"]),
        recipient=Recipient(user_id=row["user_id"], channel_id=row["channel_id"]),
        forum_id=row["forum_id"],
        up_to=row["up_to_mark"],
        token=row["token"],
        planned_at=from_milliseconds(row["planned_at"]),
        attempts=row["attempts"] + 1,
        may_have_arrived=row["state"] == DigestState.SENDING,
        is_paused=row["paused_at"] is not None,
    )
