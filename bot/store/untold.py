"""What people have not been told yet of the discussions they track, at some of the levels."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiosqlite

from bot.core.activity import news_since
from bot.core.level import Level
from bot.store.database import from_milliseconds, to_milliseconds
from bot.store.rows import IS_VISIBLE
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE

# So many posts within an hour are too many to tell of one by one.
BUSY_POSTS = 21
BUSY_TIME = timedelta(hours=1)
# For statements over `discussion`, with the values of `busy_values`.
IS_BUSY = """
(SELECT count(*)
   FROM (SELECT posted_at FROM post
          WHERE post.discussion_id = discussion.id
          ORDER BY mark DESC LIMIT :busy_posts)
  WHERE posted_at > :busy_since) = :busy_posts
"""

# MATERIALIZED keeps SQLite from reading the list of people anew for each row.
_TRACKED = f"""
{LEVELS_OF_PEOPLE},
asked (user_id, levels) AS MATERIALIZED (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:people)
),
tracked AS MATERIALIZED (
    SELECT in_force.user_id, discussion_id, level, since_mark, tracked_at
      FROM in_force
      JOIN asked ON asked.user_id = in_force.user_id
     WHERE instr(asked.levels, in_force.level)
)
"""  # noqa: S608 - a constant of the store

# Each discussion is looked at once, however many people track it.
_UNTOLD = f"""
{_TRACKED},
lively AS MATERIALIZED (
    SELECT discussion.id,
           max(ifnull((SELECT max(mark) FROM post WHERE post.discussion_id = discussion.id), 0),
               ifnull((SELECT max(edit_mark) FROM post
                        WHERE post.discussion_id = discussion.id AND edit_mark IS NOT NULL), 0)
           ) AS latest_mark,
           {IS_BUSY} AS is_busy
      FROM discussion
      JOIN forum ON forum.id = discussion.forum_id
     WHERE discussion.id IN (SELECT discussion_id FROM tracked) AND {IS_VISIBLE}
)
SELECT tracked.user_id, tracked.discussion_id, tracked.level, tracked.tracked_at, is_busy,
       max(tracked.since_mark, ifnull(told.mark, 0)) AS after_mark, told.busy_told_at
  FROM tracked
  JOIN lively ON lively.id = tracked.discussion_id
  LEFT JOIN told ON told.user_id = tracked.user_id AND told.discussion_id = tracked.discussion_id
 WHERE latest_mark > max(tracked.since_mark, ifnull(told.mark, 0))
 ORDER BY tracked.user_id, tracked.discussion_id
"""  # noqa: S608 - constants of the store


@dataclass(frozen=True, slots=True)
class UntoldPart:
    """A discussion with posts or edits that a person has not been told of.

    Those are the ones with news marks after `after`, written at `since` (in milliseconds) or
    later. `busy_told_at` is when they were last told of any, if they were told then that so much
    is written there; else None.
    """

    discussion_id: int
    level: Level
    after: int
    since: int
    is_busy: bool
    busy_told_at: datetime | None


async def untold(
    connection: aiosqlite.Connection, people: Mapping[int, Collection[Level]], now: datetime
) -> dict[int, list[UntoldPart]]:
    """Give by user id what those people have not been told of what they track at those levels.

    Whoever wrote it, and whether they may read it, is not asked here. People with nothing are
    left out.
    """
    rows = await connection.execute_fetchall(_UNTOLD, _asked(people) | busy_values(now))
    found: dict[int, list[UntoldPart]] = {}
    for row in rows:
        found.setdefault(row["user_id"], []).append(_part(row))
    return found


async def tracked_levels(
    connection: aiosqlite.Connection, people: Mapping[int, Collection[Level]]
) -> dict[int, set[Level]]:
    """Give by user id at which of those levels they track anything; not those who do not."""
    rows = await connection.execute_fetchall(
        f"{_TRACKED} SELECT DISTINCT user_id, level FROM tracked",  # noqa: S608 - a constant of this module
        _asked(people),
    )
    levels: dict[int, set[Level]] = {}
    for row in rows:
        levels.setdefault(row["user_id"], set()).add(Level(row["level"]))
    return levels


def busy_values(now: datetime) -> dict[str, int]:
    """Give what `IS_BUSY` is asked with."""
    return {"busy_posts": BUSY_POSTS, "busy_since": to_milliseconds(now - BUSY_TIME)}


def busy_until(told_at: datetime | None, now: datetime) -> datetime | None:
    """Say until when a busy discussion is kept back, where they were told so within the hour.

    `told_at` is when they were; None where they were not. A time that is still to come is one of
    a clock that was put back since: it keeps back nothing.
    """
    if told_at is None or not told_at <= now < told_at + BUSY_TIME:
        return None
    return told_at + BUSY_TIME


def _asked(people: Mapping[int, Collection[Level]]) -> dict[str, str | int]:
    return {
        "user_ids": json.dumps([*people]),
        "people": json.dumps([(user_id, ",".join(levels)) for user_id, levels in people.items()]),
    }


def _part(row: sqlite3.Row) -> UntoldPart:
    busy_told_at = row["busy_told_at"]
    return UntoldPart(
        discussion_id=row["discussion_id"],
        level=Level(row["level"]),
        after=row["after_mark"],
        since=news_since(row["tracked_at"]),
        is_busy=bool(row["is_busy"]),
        busy_told_at=None if busy_told_at is None else from_milliseconds(busy_told_at),
    )
