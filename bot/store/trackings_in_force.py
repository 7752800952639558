"""How often a person is told of a discussion, where they track it in several ways at once.

One may track a discussion itself, its forum, and a book that is read in it. What is nearest to the
discussion decides, the discussion itself before its forum, and this before a book. Where it says
"as my settings say" (no level of its own), the first wider way with a level other than muted does;
where there is none, the person's settings. Two books of one discussion are equally near: then the
one that tells the most often decides, and it is muted where both are.

The two statements below begin with `WITH`, and give the rows `in_force` (user_id, discussion_id,
level, since_mark, tracked_at) to the `SELECT` that follows: one for each person and discussion
that they track or mute, hidden discussions too. `since_mark` and `tracked_at` are the first ones
of all ways that are not muted: from then on its news is theirs.
"""

from __future__ import annotations

import json

import aiosqlite

# The nearest way has the least place: tens say how near it is, and units how often it tells.
_UNITS = """
       CASE level WHEN 'every_post' THEN 0 WHEN 'daily' THEN 1 WHEN 'weekly' THEN 2
                  WHEN 'muted' THEN 4 ELSE 3 END
"""

_IN_FORCE = """
in_force (user_id, discussion_id, level, since_mark, tracked_at) AS (
    SELECT way.user_id, way.discussion_id,
           CASE WHEN min(place) % 10 = 4 THEN 'muted'
                ELSE ifnull(
                    CASE min(place) FILTER (WHERE place % 10 < 3) % 10
                         WHEN 0 THEN 'every_post' WHEN 1 THEN 'daily' WHEN 2 THEN 'weekly' END,
                    person.level
                )
           END,
           min(since_mark) FILTER (WHERE place % 10 < 4),
           min(tracked_at) FILTER (WHERE place % 10 < 4)
      FROM way
      JOIN person ON person.user_id = way.user_id
     GROUP BY way.user_id, way.discussion_id
)
"""

# CROSS JOIN keeps SQLite to the written order: it begins with the few rows that are asked for.
LEVELS_OF_PEOPLE = f"""
WITH own AS (
    SELECT user_id, discussion_id, forum_id, book_id, since_mark, tracked_at, {_UNITS} AS units
      FROM tracking
     WHERE user_id IN (SELECT value FROM json_each(:user_ids))
),
way (user_id, discussion_id, place, since_mark, tracked_at) AS (
    SELECT user_id, discussion_id, units, since_mark, tracked_at
      FROM own
     WHERE discussion_id IS NOT NULL
     UNION ALL
    SELECT user_id, discussion.id, 10 + units, since_mark, tracked_at
      FROM own
     CROSS JOIN discussion ON discussion.forum_id = own.forum_id
     UNION ALL
    SELECT user_id, discussion.id, 20 + units, since_mark, tracked_at
      FROM own
     CROSS JOIN discussion
             ON discussion.id IN (SELECT discussion_id FROM book_discussion
                                   WHERE book_discussion.book_id = own.book_id)
     WHERE own.book_id IS NOT NULL
),
{_IN_FORCE}
"""  # noqa: S608 - constants of this file
"""For all discussions of the people whose ids are in the JSON list `:user_ids`."""

LEVELS_OF_DISCUSSIONS = f"""
WITH asked AS (
    SELECT id, forum_id FROM discussion WHERE id IN (SELECT value FROM json_each(:discussion_ids))
),
way (user_id, discussion_id, place, since_mark, tracked_at) AS (
    SELECT user_id, asked.id, {_UNITS}, since_mark, tracked_at
      FROM asked
     CROSS JOIN tracking ON tracking.discussion_id = asked.id
     UNION ALL
    SELECT user_id, asked.id, 10 + {_UNITS}, since_mark, tracked_at
      FROM asked
     CROSS JOIN tracking ON tracking.forum_id = asked.forum_id
     UNION ALL
    SELECT user_id, asked.id, 20 + {_UNITS}, since_mark, tracked_at
      FROM asked
     CROSS JOIN tracking
             ON tracking.book_id IN (SELECT book_id FROM book_discussion
                                      WHERE book_discussion.discussion_id = asked.id)
),
{_IN_FORCE}
"""  # noqa: S608 - constants of this file
"""For all people who track the discussions whose local ids are in the list `:discussion_ids`."""


async def trackers(connection: aiosqlite.Connection, discussion_id: int) -> int:
    """Give how many people track a discussion, in whichever way; not those who muted it."""
    (row,) = await connection.execute_fetchall(
        f"{LEVELS_OF_DISCUSSIONS} SELECT count(*) AS members"  # noqa: S608 - a constant above
        " FROM in_force WHERE level <> 'muted'",
        {"discussion_ids": json.dumps([discussion_id])},
    )
    members: int = row["members"]
    return members
