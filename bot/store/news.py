"""What is new for a person: others' posts and edits in what they track, between two news marks."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import aiosqlite

from bot.core.level import DigestKind
from bot.core.model import Digest, Discussion, DiscussionNews, EditedPost, NewPost, Post
from bot.core.ports import ThreadReference
from bot.store.database import Database
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row

# As many as the six thousand characters of a Discord message could ever show.
POSTS_SHOWN = 40
EDITED_SHOWN = 20

# A history that is read after someone began to track gives its old posts new marks, and they are
# no news. What was written this long before counts still: two clocks are never quite the same.
CLOCK_MARGIN = timedelta(minutes=1)

# The person's discussions with anything in the window, whoever wrote it.
_CANDIDATES = f"""
WITH own AS (
    SELECT discussion_id AS id, max(:after, min(since_mark)) AS after_mark,
           min(tracked_at) AS tracked_at
      FROM tracked_discussion
     WHERE user_id = :user_id
     GROUP BY discussion_id
)
SELECT own.id, own.after_mark, own.tracked_at,
       discussion.guild_id, discussion.forum_id, discussion.thread_id, discussion.is_private
  FROM own
  JOIN discussion ON discussion.id = own.id
  JOIN forum ON forum.id = discussion.forum_id
 WHERE {IS_VISIBLE}
   AND (EXISTS (SELECT 1 FROM post WHERE post.discussion_id = own.id
                   AND post.mark > own.after_mark AND post.mark <= :up_to)
        OR EXISTS (SELECT 1 FROM post WHERE post.discussion_id = own.id
                   AND post.edit_mark > own.after_mark AND post.edit_mark <= :up_to))
 ORDER BY own.id
"""  # noqa: S608 - a constant of bot.store.rows

_NEW_POSTS = """
SELECT post.id, post.discussion_id, post.author_id
  FROM json_each(:windows) AS entry
 CROSS JOIN post ON post.discussion_id = json_extract(entry.value, '$[0]')
                AND post.mark > json_extract(entry.value, '$[1]') AND post.mark <= :up_to
  LEFT JOIN author ON author.id = post.author_id
 WHERE post.deleted_at IS NULL AND post.withheld_at IS NULL
   AND author.user_id IS NOT :user_id AND NOT post.is_imported
   AND post.posted_at >= json_extract(entry.value, '$[2]')
 ORDER BY post.number IS NULL, post.number, post.message_id
"""

# Imported posts are old by nature: that they came is the news, and none of them by itself.
_IMPORTED_POSTS = """
SELECT post.discussion_id, count(*) AS posts
  FROM json_each(:windows) AS entry
 CROSS JOIN post ON post.discussion_id = json_extract(entry.value, '$[0]')
                AND post.mark > json_extract(entry.value, '$[1]') AND post.mark <= :up_to
  LEFT JOIN author ON author.id = post.author_id
 WHERE post.deleted_at IS NULL AND post.withheld_at IS NULL
   AND author.user_id IS NOT :user_id AND post.is_imported
 GROUP BY post.discussion_id
"""

_EDITED_POSTS = """
SELECT post.id, post.discussion_id
  FROM json_each(:windows) AS entry
 CROSS JOIN post ON post.discussion_id = json_extract(entry.value, '$[0]')
                AND post.edit_mark > json_extract(entry.value, '$[1]')
                AND post.edit_mark <= :up_to
  LEFT JOIN author ON author.id = post.author_id
 WHERE post.deleted_at IS NULL AND post.withheld_at IS NULL
   AND author.user_id IS NOT :user_id
   AND post.mark <= json_extract(entry.value, '$[1]')
 ORDER BY post.edit_mark
"""

_NEW_DISCUSSIONS = """
SELECT discussion.id
  FROM json_each(:windows) AS entry
  JOIN discussion ON discussion.id = json_extract(entry.value, '$[0]')
                 AND discussion.mark > json_extract(entry.value, '$[1]')
                 AND discussion.mark <= :up_to
 WHERE discussion.started_at >= json_extract(entry.value, '$[2]')
    OR EXISTS (SELECT 1 FROM replay WHERE replay.discussion_id = discussion.id)
"""

_POSTS = f"""
SELECT {POST_COLUMNS} FROM {POST_TABLES}
 WHERE post.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - constants of bot.store.posts

_DISCUSSIONS = f"""
{SELECT_DISCUSSION}
 WHERE {IS_VISIBLE} AND discussion.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - constants of bot.store.rows


@dataclass(frozen=True, slots=True)
class Candidate:
    """A discussion that may have news for a person, if they may read it.

    `thread` is what they must be able to read: the thread, or the forum's channel (as a thread
    of itself) while an imported discussion has no thread yet. `after` is the news mark, and
    `since` the time in milliseconds, from which on its news is theirs.
    """

    discussion_id: int
    thread: ThreadReference
    after: int
    since: int


@dataclass(frozen=True, slots=True)
class DigestPart:
    """What a digest covers of one discussion: the news marks after `after`.

    What was written before `since`, in milliseconds, is no news.
    """

    discussion_id: int
    after: int
    since: int
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A digest to be compiled, named by `key`, of discussions that its readers may read.

    It covers marks up to and including `up_to`; `reader_id` is None for a channel's.
    """

    key: int
    kind: DigestKind
    reader_id: int | None
    up_to: int
    parts: tuple[DigestPart, ...]


class News:
    """Compiles the news of what a person tracks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(self, user_id: int, after: int, up_to: int) -> tuple[Candidate, ...]:
        """Give the discussions with anything new in (`after`, `up_to`], for rights to be asked."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                _CANDIDATES, {"user_id": user_id, "after": after, "up_to": up_to}
            )
        return tuple(_candidate(row) for row in rows)

    async def compile(self, wanted: Sequence[Wanted]) -> dict[int, Digest]:
        """Compile all those digests, each discussion read once; by their keys."""
        digests: dict[int, Digest] = {}
        for one in wanted:
            windows = [(part.discussion_id, part.after, part.since) for part in one.parts]
            compiled = await self._compile(one.reader_id, windows, one.up_to)
            digests[one.key] = replace(compiled, kind=one.kind)
        return digests

    async def digest(
        self, user_id: int, after: int, up_to: int, candidates: Sequence[Candidate]
    ) -> Digest:
        """Compile what is new for the person in those discussions, the liveliest first.

        Posts that are deleted or withheld are not news, nor are the person's own.
        """
        return await self._compile(
            user_id,
            [(each.discussion_id, each.after, each.since) for each in candidates],
            up_to,
        )

    async def _compile(
        self, user_id: int | None, parts: Sequence[tuple[int, int, int]], up_to: int
    ) -> Digest:
        windows = json.dumps(parts)
        window = {"windows": windows, "up_to": up_to, "user_id": 0 if user_id is None else user_id}
        async with self._database.reading() as connection:
            new = _by_discussion(await connection.execute_fetchall(_NEW_POSTS, window))
            edited = _by_discussion(await connection.execute_fetchall(_EDITED_POSTS, window))
            imported = {
                row["discussion_id"]: row["posts"]
                for row in await connection.execute_fetchall(_IMPORTED_POSTS, window)
            }
            begun = {
                row["id"]
                for row in await connection.execute_fetchall(
                    _NEW_DISCUSSIONS, {"windows": windows, "up_to": up_to}
                )
            }
            shown = [row["id"] for rows in new.values() for row in rows[:POSTS_SHOWN]]
            shown += [row["id"] for rows in edited.values() for row in rows[:EDITED_SHOWN]]
            posts = await _load(connection, shown)
            parents = await _load(
                connection, {post.parent_id for post in posts.values()} - {None, *posts}
            )
            discussions = await connection.execute_fetchall(
                _DISCUSSIONS, (json.dumps([*new.keys() | edited.keys() | imported.keys()]),)
            )
        news = [
            _news(
                discussion,
                new[discussion.id],
                edited[discussion.id],
                posts | parents,
                imported_count=imported.get(discussion.id, 0),
                is_new=discussion.id in begun,
            )
            for discussion in map(discussion_from_row, discussions)
        ]
        news.sort(key=lambda each: (-each.new_post_count, each.discussion.id))
        return Digest(DigestKind.WEEKLY, user_id, up_to, tuple(news))


def _candidate(row: sqlite3.Row) -> Candidate:
    has_thread = row["thread_id"] is not None
    return Candidate(
        discussion_id=row["id"],
        thread=ThreadReference(
            guild_id=row["guild_id"],
            forum_id=row["forum_id"],
            thread_id=row["thread_id"] if has_thread else row["forum_id"],
            is_private=has_thread and bool(row["is_private"]),
        ),
        after=row["after_mark"],
        since=row["tracked_at"] - CLOCK_MARGIN // timedelta(milliseconds=1),
    )


def _by_discussion(rows: Iterable[sqlite3.Row]) -> defaultdict[int, list[sqlite3.Row]]:
    grouped: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        grouped[row["discussion_id"]].append(row)
    return grouped


async def _load(connection: aiosqlite.Connection, ids: Iterable[int | None]) -> dict[int, Post]:
    rows = await connection.execute_fetchall(_POSTS, (json.dumps(list(ids)),))
    return {row["id"]: post_from_row(row) for row in rows}


def _news(
    discussion: Discussion,
    new: Sequence[sqlite3.Row],
    edited: Sequence[sqlite3.Row],
    posts: dict[int, Post],
    *,
    imported_count: int,
    is_new: bool,
) -> DiscussionNews:
    shown = [posts[row["id"]] for row in new[:POSTS_SHOWN]]
    return DiscussionNews(
        discussion=discussion,
        is_new=is_new,
        new_post_count=len(new),
        author_count=len({row["author_id"] for row in new}),
        posts=tuple(
            NewPost(
                post=post,
                parent=None if post.parent_id is None else posts[post.parent_id],
            )
            for post in shown
        ),
        edited_count=len(edited),
        edited=tuple(EditedPost(posts[row["id"]]) for row in edited[:EDITED_SHOWN]),
        imported_count=imported_count,
    )
