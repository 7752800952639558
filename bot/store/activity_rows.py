"""Reads what happened in discussions between news marks, each of them once."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from bot.core.activity import Activity, Reply
from bot.core.fan_out import Wanted
from bot.core.model import Post
from bot.core.selection import Arrival, Change
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row


@dataclass(frozen=True, slots=True)
class Window:
    """What is read of a discussion: the widest that anybody wants of it.

    The marks after `after`, up to and including `up_to`, and what was written since `since`, in
    milliseconds.
    """

    after: int
    up_to: int
    since: int


def widest_windows(wanted: Iterable[Wanted]) -> dict[int, Window]:
    """Give what is to be read of each discussion for all those digests, by its id."""
    after: dict[int, int] = {}
    up_to: dict[int, int] = {}
    since: dict[int, int] = {}
    for one in wanted:
        for part in one.parts:
            each = part.discussion_id
            if part.after < after.get(each, inf):
                after[each] = part.after
            if part.since < since.get(each, inf):
                since[each] = part.since
            if one.up_to > up_to.get(each, -inf):
                up_to[each] = one.up_to
    return {each: Window(after[each], up_to[each], since[each]) for each in after}


# CROSS JOIN keeps SQLite to the written order, which begins with the few windows.
_WINDOWS = """
WITH span (discussion_id, after, up_to, since) AS MATERIALIZED (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
           json_extract(value, '$[2]'), json_extract(value, '$[3]')
      FROM json_each(?)
)
"""

# Texts are read of those posts alone in which somebody may be named, or asked something.
_ARRIVALS = f"""{_WINDOWS}
SELECT post.discussion_id, post.id, post.mark, post.posted_at, post.author_id, author.user_id,
       answered.user_id, post.reply_count, post.kind = 'initial', post.number, post.is_imported,
       CASE WHEN instr(post.content, '<@')
              OR answered.user_id IS NOT NULL
             AND (instr(post.content, '?') OR instr(post.content, '？')
                  OR instr(post.content, '؟'))
            THEN post.content END
  FROM span
 CROSS JOIN post ON post.discussion_id = span.discussion_id
                AND post.mark > span.after AND post.mark <= span.up_to
  LEFT JOIN author ON author.id = post.author_id
  LEFT JOIN post AS parent ON parent.id = post.parent_id
  LEFT JOIN author AS answered ON answered.id = parent.author_id
 WHERE post.deleted_at IS NULL AND post.withheld_at IS NULL
   AND (post.is_imported OR post.posted_at >= span.since)
 ORDER BY post.discussion_id, post.number IS NULL, post.number, post.message_id
"""  # noqa: S608 - the constant above

_CHANGES = f"""{_WINDOWS}
SELECT post.discussion_id, post.id, post.mark, post.edit_mark,
       ifnull(post.edited_at, post.posted_at), author.user_id
  FROM span
 CROSS JOIN post ON post.discussion_id = span.discussion_id
                AND post.edit_mark > span.after AND post.edit_mark <= span.up_to
  LEFT JOIN author ON author.id = post.author_id
 WHERE post.deleted_at IS NULL AND post.withheld_at IS NULL
 ORDER BY post.discussion_id, post.edit_mark
"""  # noqa: S608 - the constant above

_REPLIES = """
SELECT post.parent_id, author.user_id, post.posted_at
  FROM json_each(?) AS answered
 CROSS JOIN post ON post.parent_id = answered.value
  JOIN author ON author.id = post.author_id
 WHERE author.user_id IS NOT NULL AND post.deleted_at IS NULL
"""

# A discussion that was brought back is news whenever it began.
_DISCUSSIONS = f"""
SELECT listed.*, discussion.mark,
       iif(EXISTS (SELECT 1 FROM replay WHERE replay.discussion_id = listed.id),
           NULL, discussion.started_at) AS began_at
  FROM ({SELECT_DISCUSSION}
         WHERE {IS_VISIBLE} AND discussion.id IN (SELECT value FROM json_each(?))) AS listed
  JOIN discussion ON discussion.id = listed.id
"""  # noqa: S608 - constants of bot.store.rows

_POSTS = f"""
SELECT {POST_COLUMNS} FROM {POST_TABLES}
 WHERE post.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - constants of bot.store.posts


def read_activities(
    connection: sqlite3.Connection, windows: Mapping[int, Window], readers: frozenset[int]
) -> dict[int, Activity]:
    """Give what happened in each discussion's window, for those readers; hidden ones have none."""
    spans = json.dumps(
        [(each, window.after, window.up_to, window.since) for each, window in windows.items()]
    )
    arrivals: defaultdict[int, list[Arrival]] = defaultdict(list)
    for row in _tuples(connection, _ARRIVALS, spans):
        arrivals[row[0]].append(Arrival._make(row))
    changes: defaultdict[int, list[Change]] = defaultdict(list)
    for row in _tuples(connection, _CHANGES, spans):
        changes[row[0]].append(Change._make(row))
    discussions = connection.execute(_DISCUSSIONS, (json.dumps(list(windows)),))
    activities = {
        row["id"]: Activity(
            discussion_from_row(row),
            row["mark"],
            row["began_at"],
            arrivals[row["id"]],
            changes[row["id"]],
        )
        for row in discussions
    }
    answered = {
        post_id: activity
        for activity in activities.values()
        for post_id in activity.answers_wanted(readers)
    }
    for row in _tuples(connection, _REPLIES, json.dumps(list(answered))):
        answered[row[0]].hear_of(Reply._make(row))
    return activities


def read_posts(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Post]:
    """Give those posts, and those that they answer, by their ids."""
    posts = _by_id(connection, ids)
    parents = {post.parent_id for post in posts.values()} - posts.keys() - {None}
    return posts | _by_id(connection, parents)


def _by_id(connection: sqlite3.Connection, ids: Iterable[int | None]) -> dict[int, Post]:
    rows = connection.execute(_POSTS, (json.dumps(list(ids)),))
    return {row["id"]: post_from_row(row) for row in rows}


def _tuples(connection: sqlite3.Connection, statement: str, argument: str) -> sqlite3.Cursor:
    # Thousands of short rows: tuples cost half of what named ones do.
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, (argument,))
