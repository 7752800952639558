"""The planning of digests in channels: into the outbox, like a person's.

One covers the forum's public discussions, from where the one before ended; one that could not be
posted leaves its news to the next. All works in the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import aiosqlite

from bot.core.activity import news_since
from bot.core.digest_record import DigestState
from bot.core.level import DigestKind
from bot.core.ports import Recipient
from bot.core.schedule import WeeklySchedule, next_weekly
from bot.store.database import to_milliseconds
from bot.store.outbox_rows import PlannedDigest, next_digest_id, put_digests
from bot.store.person import zone_in_use
from bot.store.rows import IS_VISIBLE

CHANNEL_DIGESTS = (
    "FROM channel_digest"
    " JOIN forum ON forum.id = channel_digest.forum_id"
    " JOIN guild ON guild.id = forum.guild_id"
)

# Further away is no week's digest: the clock was put back since it was computed.
FURTHEST = timedelta(days=8)

_DUE = f"""
SELECT channel_digest.*, guild.zone, news_mark.value AS news_mark,
       EXISTS (SELECT 1 FROM outbox WHERE outbox.forum_id = channel_digest.forum_id
                  AND state IN ('waiting', 'sending')) AS has_open
  {CHANNEL_DIGESTS}
 CROSS JOIN news_mark
 WHERE next_at <= :now AND forum.hidden_at IS NULL
 ORDER BY next_at, channel_digest.forum_id
 LIMIT :limit
"""  # noqa: S608 - a constant

_PARTS = f"""
INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since)
SELECT :outbox_id, discussion.id, :after, :since
  FROM discussion
  JOIN forum ON forum.id = discussion.forum_id
 WHERE discussion.forum_id = :forum_id AND NOT discussion.is_private AND {IS_VISIBLE}
   AND (EXISTS (SELECT 1 FROM post WHERE post.discussion_id = discussion.id
                   AND post.mark > :after)
        OR EXISTS (SELECT 1 FROM post WHERE post.discussion_id = discussion.id
                      AND post.edit_mark > :after))
"""  # noqa: S608 - a constant of bot.store.rows

# A digest that was moved or ended is nobody's any more: who has claimed it finds another attempt.
_TAKE_BACK = """
UPDATE outbox
   SET state = 'skipped', attempts = attempts + 1, settled_at = :now,
       reason = 'a host ended or moved it'
 WHERE forum_id = :forum_id AND state IN ('waiting', 'sending')
RETURNING id
"""

_LEAVE_TO_NEXT = """
UPDATE channel_digest
   SET seen_mark = min(seen_mark, ifnull((SELECT min(after_mark) FROM outbox_part
                                           WHERE outbox_id = :outbox_id), seen_mark))
 WHERE forum_id = :forum_id
"""


async def plan_channel_digests(
    connection: aiosqlite.Connection, now: datetime, default: WeeklySchedule, limit: int
) -> int:
    """Plan up to `limit` of those that are due, longest waiting first; give how many were.

    Each moves on to its next hour after `now`, so that a bot that was away posts once. While an
    earlier one is still on its way nothing is planned: the next one covers it. Without any news
    the row is settled at once, as quiet.
    """
    # The clock was put back since these were computed: they would come months from now, and what is
    # written meanwhile would be no news.
    await _reschedule(connection, now, default, after=now + FURTHEST)
    await connection.execute(
        "UPDATE channel_digest SET set_at = :now WHERE set_at > :now", {"now": to_milliseconds(now)}
    )
    due = tuple(
        await connection.execute_fetchall(_DUE, {"now": to_milliseconds(now), "limit": limit})
    )
    for row in due:
        if not row["has_open"]:
            await _plan(connection, row, now)
    await _move_on(connection, due, now, default)
    return len(due)


async def reschedule_channel_digests(
    connection: aiosqlite.Connection, now: datetime, default: WeeklySchedule
) -> None:
    """Compute anew when those that are not due yet are: a zone, or its rules, may have changed."""
    await _reschedule(connection, now, default, after=now)


async def channel_digest_sent(connection: aiosqlite.Connection, forum_id: int) -> None:
    """Note that a forum's digest was posted: nothing is in its way."""
    await connection.execute(
        "UPDATE channel_digest SET trouble = NULL WHERE forum_id = ?", (forum_id,)
    )


async def channel_digest_failed(
    connection: aiosqlite.Connection, outbox_id: int, forum_id: int, trouble: str
) -> None:
    """Note why a forum's digest could not be posted, and leave its news to the next one."""
    await connection.execute(_LEAVE_TO_NEXT, {"outbox_id": outbox_id, "forum_id": forum_id})
    await connection.execute(
        "UPDATE channel_digest SET trouble = ? WHERE forum_id = ?", (trouble, forum_id)
    )


async def take_back(connection: aiosqlite.Connection, forum_id: int, now: datetime) -> None:
    """Take back what is on its way to a forum's channel, and leave its news to the next one."""
    taken = await connection.execute_fetchall(
        _TAKE_BACK, {"forum_id": forum_id, "now": to_milliseconds(now)}
    )
    for row in taken:
        await connection.execute(_LEAVE_TO_NEXT, {"outbox_id": row["id"], "forum_id": forum_id})


def channel_schedule(row: sqlite3.Row, default: WeeklySchedule) -> WeeklySchedule:
    """Give the schedule of a row, the default's where it has no day and hour yet, or no zone."""
    schedule = default
    if row["weekday"] is not None:
        schedule = replace(default, weekday=row["weekday"], hour=row["hour"])
    if row["zone"] is None:
        return schedule
    zone, _ = zone_in_use(row["zone"], default)
    return replace(schedule, zone=zone)


async def _plan(connection: aiosqlite.Connection, row: sqlite3.Row, now: datetime) -> None:
    outbox_id = await next_digest_id(connection)
    digest = PlannedDigest(
        outbox_id,
        Recipient(channel_id=row["channel_id"]),
        DigestKind.CHANNEL,
        row["news_mark"],
        DigestState.WAITING,
        now,
        forum_id=row["forum_id"],
    )
    await put_digests(connection, [digest], now)
    parts = await connection.execute(
        _PARTS,
        {
            "outbox_id": outbox_id,
            "forum_id": row["forum_id"],
            "after": row["seen_mark"],
            "since": news_since(row["set_at"]),
        },
    )
    if not parts.rowcount:
        await connection.execute(
            "UPDATE outbox SET state = 'quiet', settled_at = ? WHERE id = ?",
            (to_milliseconds(now), outbox_id),
        )
    await connection.execute(
        "UPDATE channel_digest SET seen_mark = ? WHERE forum_id = ?",
        (row["news_mark"], row["forum_id"]),
    )


async def _reschedule(
    connection: aiosqlite.Connection, now: datetime, default: WeeklySchedule, *, after: datetime
) -> None:
    rows = await connection.execute_fetchall(
        f"SELECT channel_digest.*, guild.zone {CHANNEL_DIGESTS} WHERE next_at > ?",
        (to_milliseconds(after),),
    )
    await _move_on(connection, rows, now, default)


async def _move_on(
    connection: aiosqlite.Connection,
    rows: Iterable[sqlite3.Row],
    now: datetime,
    default: WeeklySchedule,
) -> None:
    await connection.executemany(
        "UPDATE channel_digest SET next_at = ? WHERE forum_id = ?",
        [
            (to_milliseconds(next_weekly(channel_schedule(row, default), now)), row["forum_id"])
            for row in rows
        ],
    )
