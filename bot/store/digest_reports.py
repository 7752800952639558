"""Reads for those who ask why: a person's last digests, and what became of one post in them.

Which posts each person was told of is not stored. It follows from a post's marks, and from what is
kept of a digest: which marks it covered of each discussion, and which posts it showed.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import aiosqlite

from bot.core.activity import news_since
from bot.core.digest_record import (
    DigestRecord,
    DigestState,
    NoticeCounts,
    PartRecord,
    PostRecord,
    Standing,
)
from bot.core.level import DigestKind, Exclusion, Level
from bot.core.ports import ThreadReference
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.rows import IS_VISIBLE
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE

LAST_DIGESTS = 4
# More than these have not covered one post, but where sending it failed week after week.
_OTHERS_SHOWN = 3

_LAST = (
    "SELECT * FROM outbox WHERE user_id = ? AND kind IN ('daily', 'weekly')"
    " ORDER BY id DESC LIMIT ?"
)

_NOTICES = (
    "SELECT count(*) FILTER (WHERE state = 'sent') AS sent,"
    " count(*) FILTER (WHERE state = 'failed') AS failed, max(id) AS last_id"
    " FROM outbox WHERE user_id = ? AND kind = 'notice' AND planned_at >= ?"
)

_PARTS = f"""
SELECT outbox_part.*, discussion.title, discussion.guild_id, discussion.forum_id,
       discussion.thread_id, discussion.is_private,
       discussion.id IS NOT NULL AND {IS_VISIBLE} AS is_there
  FROM outbox_part
  LEFT JOIN discussion ON discussion.id = outbox_part.discussion_id
  LEFT JOIN forum ON forum.id = discussion.forum_id
 WHERE outbox_id IN (SELECT value FROM json_each(:outbox_ids))
   AND (:discussion_id IS NULL OR outbox_part.discussion_id = :discussion_id)
 ORDER BY outbox_id, outbox_part.discussion_id
"""  # noqa: S608 - a constant of bot.store.rows

# `+` lets SQLite begin with the person's few rows instead of all that covered the discussion.
_COVERING = """
SELECT outbox.*
  FROM outbox
  JOIN outbox_part ON outbox_part.outbox_id = outbox.id
                  AND +outbox_part.discussion_id = :discussion_id
 WHERE user_id = :user_id
   AND (after_mark < :mark AND :mark <= up_to_mark
        OR after_mark < :edit_mark AND :edit_mark <= up_to_mark)
   AND outbox.id NOT IN (SELECT value FROM json_each(:known))
 ORDER BY outbox.id DESC
 LIMIT :limit
"""

_STANDING = f"""
{LEVELS_OF_PEOPLE}
SELECT in_force.level, in_force.since_mark, in_force.tracked_at, ifnull(told.mark, 0) AS told_mark
  FROM in_force
  LEFT JOIN told ON told.user_id = in_force.user_id
                AND told.discussion_id = in_force.discussion_id
 WHERE in_force.discussion_id = :discussion_id
"""  # noqa: S608 - a constant of bot.store.trackings_in_force


class DigestReports:
    """Tells what became of a person's digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_digests(self, user_id: int) -> tuple[DigestRecord, ...]:
        """Give the person's last digests, newest first, those without news among them."""
        async with self._database.reading() as connection:
            return await _last(connection, user_id, None)

    async def notices(self, user_id: int, since: datetime) -> NoticeCounts:
        """Count the person's notices that were planned since then."""
        async with self._database.reading() as connection:
            (row,) = await connection.execute_fetchall(_NOTICES, (user_id, to_milliseconds(since)))
            last = await connection.execute_fetchall(
                "SELECT * FROM outbox WHERE id = ?", (row["last_id"],)
            )
        return NoticeCounts(
            since=since,
            sent=row["sent"],
            failed=row["failed"],
            last=next((_record(each, ()) for each in last), None),
        )

    async def of_post(self, user_id: int, post_id: int) -> PostRecord | None:
        """Give what tells which of the person's digests had the post, or None where it is gone."""
        async with self._database.reading() as connection:
            posts = await connection.execute_fetchall(
                "SELECT discussion_id, title, post.mark, edit_mark,"
                " ifnull(deleted_at, withheld_at) AS gone_at FROM post"
                " JOIN discussion ON discussion.id = discussion_id WHERE post.id = ?",
                (post_id,),
            )
            for post in posts:
                return await _post_record(connection, user_id, post)
        return None


async def _post_record(
    connection: aiosqlite.Connection, user_id: int, post: sqlite3.Row
) -> PostRecord:
    discussion_id, gone_at = post["discussion_id"], post["gone_at"]
    digests = await _last(connection, user_id, discussion_id)
    others = await connection.execute_fetchall(
        _COVERING,
        {
            "user_id": user_id,
            "discussion_id": discussion_id,
            "mark": post["mark"],
            "edit_mark": post["edit_mark"],
            "known": json.dumps([digest.id for digest in digests]),
            "limit": _OTHERS_SHOWN,
        },
    )
    standings = tuple(
        await connection.execute_fetchall(
            _STANDING, {"user_ids": json.dumps([user_id]), "discussion_id": discussion_id}
        )
    )
    return PostRecord(
        title=post["title"],
        mark=post["mark"],
        edit_mark=post["edit_mark"],
        is_muted=any(row["level"] == Level.MUTED for row in standings),
        standing=next((_standing(row) for row in standings if row["level"] != Level.MUTED), None),
        digests=digests,
        others=await _records(connection, others, discussion_id),
        gone_at=None if gone_at is None else from_milliseconds(gone_at),
    )


async def _last(
    connection: aiosqlite.Connection, user_id: int, discussion_id: int | None
) -> tuple[DigestRecord, ...]:
    rows = await connection.execute_fetchall(_LAST, (user_id, LAST_DIGESTS))
    return await _records(connection, rows, discussion_id)


async def _records(
    connection: aiosqlite.Connection, rows: Iterable[sqlite3.Row], discussion_id: int | None
) -> tuple[DigestRecord, ...]:
    """Read the records with their parts, all of them or that of one discussion."""
    rows = tuple(rows)
    found = await connection.execute_fetchall(
        _PARTS,
        {"outbox_ids": json.dumps([row["id"] for row in rows]), "discussion_id": discussion_id},
    )
    parts: defaultdict[int, list[PartRecord]] = defaultdict(list)
    for part in found:
        parts[part["outbox_id"]].append(_part(part))
    return tuple(_record(row, parts[row["id"]]) for row in rows)


def _record(row: sqlite3.Row, parts: Iterable[PartRecord]) -> DigestRecord:
    settled_at = row["settled_at"]
    return DigestRecord(
        id=row["id"],
        kind=DigestKind(row["kind"]),
        up_to=row["up_to_mark"],
        planned_at=from_milliseconds(row["planned_at"]),
        state=DigestState(row["state"]),
        next_attempt_at=from_milliseconds(row["next_attempt_at"]),
        settled_at=None if settled_at is None else from_milliseconds(settled_at),
        message_id=row["message_id"],
        reason=row["reason"],
        parts=tuple(parts),
    )


def _part(row: sqlite3.Row) -> PartRecord:
    exclusion, shown = row["exclusion"], row["shown"]
    return PartRecord(
        discussion_id=row["discussion_id"],
        title=row["title"] if row["is_there"] else None,
        thread=_thread(row) if row["is_there"] else None,
        after=row["after_mark"],
        since=from_milliseconds(row["since"]),
        exclusion=None if exclusion is None else Exclusion(exclusion),
        shown=None if shown is None else frozenset(json.loads(shown)),
    )


def _thread(row: sqlite3.Row) -> ThreadReference:
    return ThreadReference.of_discussion(
        row["guild_id"], row["forum_id"], row["thread_id"], is_private=bool(row["is_private"])
    )


def _standing(row: sqlite3.Row) -> Standing:
    return Standing(
        level=Level(row["level"]),
        since_mark=row["since_mark"],
        since=from_milliseconds(news_since(row["tracked_at"])),
        told_mark=row["told_mark"],
    )
