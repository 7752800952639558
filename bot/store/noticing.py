"""Finds new posts for those who want to hear of every one, as it comes.

A mark says up to where posts have been looked at. It moves in the transaction that makes those
who are to hear of them due, so that a crash neither forgets nor repeats any.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.activity import news_since
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.due import GATHERING, TELL_BY
from bot.store.rows import IS_VISIBLE
from bot.store.trackings_in_force import LEVELS_OF_DISCUSSIONS
from bot.store.untold import IS_BUSY, busy_until, busy_values

_MARKS = """
SELECT noticed_mark.value AS noticed, news_mark.value AS newest FROM noticed_mark, news_mark
"""

# By discussion and author: how late the latest was written decides whether it is news to someone.
_NEW_POSTS = f"""
SELECT post.discussion_id, author.user_id AS author_id, max(posted_at) AS latest_at
  FROM discussion
  JOIN forum ON forum.id = discussion.forum_id
 CROSS JOIN post ON post.discussion_id = discussion.id
                AND post.mark > :noticed AND post.mark <= :newest
  LEFT JOIN author ON author.id = post.author_id
 WHERE {IS_VISIBLE} AND NOT post.is_imported AND post.deleted_at IS NULL
 GROUP BY post.discussion_id, author.user_id
"""  # noqa: S608 - a constant of bot.store.rows

_LISTENERS = f"""
{LEVELS_OF_DISCUSSIONS}
SELECT in_force.user_id, in_force.discussion_id, tracked_at, told.busy_told_at,
       {IS_BUSY} AS is_busy
  FROM in_force
  JOIN discussion ON discussion.id = in_force.discussion_id
  LEFT JOIN told ON told.user_id = in_force.user_id
                AND told.discussion_id = in_force.discussion_id
 WHERE in_force.level = 'every_post'
"""  # noqa: S608 - a constant of the store

_MOVE_MARK = "UPDATE noticed_mark SET value = :newest WHERE value = :noticed"

# One message at a time is on its way to a person, and a digest that only waits to be spread over
# some minutes must not hold up what is promised within one. Quiet hours are looked at once more
# when it is claimed.
_SEND_SPREAD_DIGESTS = """
UPDATE outbox
   SET next_attempt_at = min(next_attempt_at, :now)
 WHERE user_id IN (SELECT value FROM json_each(:user_ids)) AND state = 'waiting' AND attempts = 0
"""


@dataclass(frozen=True, slots=True)
class _NewPosts:
    """Posts that nobody has been told of as they came: by author, when the latest was written."""

    noticed: int
    newest: int
    latest_at: Mapping[int, Mapping[int | None, int]]


class Noticing:
    """Makes people due who want to hear of every post."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def notice(self, now: datetime) -> None:
        """Look at the posts that came since the last time, and make due who is to hear of them.

        They are due when what comes in a burst has been gathered; of a busy discussion an hour
        after they were last told of it, once they were told that it is busy. Posts of an import
        are left to the digests.
        """
        async with self._database.reading() as connection:
            new = await _new_posts(connection)
            listeners = await _listeners(connection, new, now)
        if new.newest == new.noticed:
            return
        async with self._database.transaction() as connection:
            moved = await connection.execute(
                _MOVE_MARK, {"noticed": new.noticed, "newest": new.newest}
            )
            # Another process on this file may have looked at them meanwhile.
            if moved.rowcount:
                await connection.executemany(
                    TELL_BY,
                    [
                        {"user_id": user_id, "at": to_milliseconds(at)}
                        for user_id, at in listeners.items()
                    ],
                )
                await connection.execute(
                    _SEND_SPREAD_DIGESTS,
                    {"user_ids": json.dumps([*listeners]), "now": to_milliseconds(now)},
                )


async def _new_posts(connection: aiosqlite.Connection) -> _NewPosts:
    (marks,) = await connection.execute_fetchall(_MARKS)
    noticed, newest = marks["noticed"], marks["newest"]
    latest_at: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    if noticed < newest:
        rows = await connection.execute_fetchall(_NEW_POSTS, {"noticed": noticed, "newest": newest})
        for row in rows:
            latest_at[row["discussion_id"]][row["author_id"]] = row["latest_at"]
    return _NewPosts(noticed, newest, latest_at)


async def _listeners(
    connection: aiosqlite.Connection, new: _NewPosts, now: datetime
) -> dict[int, datetime]:
    """Give when each person who is to hear of those posts is due, by user id."""
    due: dict[int, datetime] = {}
    rows = await connection.execute_fetchall(
        _LISTENERS, {"discussion_ids": json.dumps([*new.latest_at])} | busy_values(now)
    )
    for row in rows:
        user_id = row["user_id"]
        others = [
            at for author, at in new.latest_at[row["discussion_id"]].items() if author != user_id
        ]
        if max(others, default=-1) < news_since(row["tracked_at"]):
            continue
        at = now + GATHERING
        if row["is_busy"] and row["busy_told_at"] is not None:
            until = busy_until(from_milliseconds(row["busy_told_at"]), now)
            at = max(at, until or at)
        due[user_id] = min(at, due.get(user_id, at))
    return due
