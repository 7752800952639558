"""The discussions: what they are called, where they lie, how far they have been read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.incoming import ThreadFacts
from bot.core.model import Discussion
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.gaps import settle
from bot.store.importing.threads import attach_if_asked_for
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """How far the threads of a forum have been read.

    `is_listed` says that all of them are known; then `discussions` is final, and
    `discussions_read` of them are current. `posts` counts those that are not deleted.
    `trouble` says in words for a host why the forum, or a part of it, cannot be read now.
    """

    is_listed: bool
    discussions: int
    discussions_read: int
    posts: int
    trouble: str | None


class Discussions:
    """Finds and follows discussions; keeps the directory in step.

    Those that are hidden, or whose forum is, are found by nobody here: see `Removals`.
    """

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def get(self, discussion_id: int) -> Discussion | None:
        """Give the discussion with that local id."""
        return await self._one("discussion.id = ?", discussion_id)

    async def by_thread(self, thread_id: int) -> Discussion | None:
        """Give the discussion that the thread is."""
        return await self._one("discussion.thread_id = ?", thread_id)

    async def of_forum(self, forum_id: int) -> tuple[Discussion, ...]:
        """Give the discussions of a forum, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE discussion.forum_id = ? AND {IS_VISIBLE}"
                " ORDER BY discussion.started_at, discussion.id",
                (forum_id,),
            )
        return tuple(discussion_from_row(row) for row in rows)

    async def matching(self, guild_id: int, words: str, limit: int = 25) -> tuple[Discussion, ...]:
        """Give a server's discussions whose title holds all the words, latest activity first.

        Upper and lower case are the same, in every alphabet.
        """
        wanted = words.casefold().split()
        async with self._database.reading() as connection:
            # Titles only, so that a keystroke in a large server costs one walk over them.
            rows = await connection.execute_fetchall(
                "SELECT discussion.id, discussion.title, ifnull((SELECT posted_at FROM post"  # noqa: S608 - constants
                " WHERE post.discussion_id = discussion.id ORDER BY mark DESC LIMIT 1),"
                " discussion.started_at) AS active_at"
                " FROM discussion JOIN forum ON forum.id = discussion.forum_id"
                f" WHERE discussion.guild_id = ? AND {IS_VISIBLE}"
                " ORDER BY active_at DESC, discussion.id DESC",
                (guild_id,),
            )
            found = [row["id"] for row in rows if _holds(row["title"], wanted)][:limit]
            return tuple([await _get(connection, discussion_id) for discussion_id in found])

    async def ensure(self, facts: ThreadFacts, now: datetime) -> Discussion | None:
        """Give the discussion of a thread, made where it is new, with these facts in it.

        A new one takes the next news mark and has its whole history before it. None where
        the thread was erased or is hidden, or its channel is no forum in use.
        """
        return (await self.ensure_all([facts], now))[0]

    async def ensure_all(
        self, threads: Sequence[ThreadFacts], now: datetime
    ) -> tuple[Discussion | None, ...]:
        """Do `ensure` for several threads in one commit."""
        async with self._database.transaction() as connection:
            ids = [await _write(connection, facts, now) for facts in threads]
            discussions = [None if id_ is None else await _get(connection, id_) for id_ in ids]
        for facts, discussion in zip(threads, discussions, strict=True):
            if discussion is not None:
                self._directory.put_discussion(facts.thread_id, discussion.id)
        return tuple(discussions)

    async def set_book(self, discussion_id: int, book_id: int | None) -> None:
        """Name the discussion's own book; None leaves it to its tags and its forum."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE discussion SET book_id = ? WHERE id = ?", (book_id, discussion_id)
            )

    async def progress(self, forum_id: int) -> ReadingProgress:
        """Say how far the forum's threads have been read; raises `LookupError` if it is none."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT forum.is_listed, forum.trouble, count(discussion.id) AS discussions,"
                " ifnull(sum(discussion.is_current), 0) AS discussions_read,"
                " ifnull(sum(discussion.post_count), 0) AS posts FROM forum"
                " LEFT JOIN discussion ON discussion.forum_id = forum.id"
                " AND discussion.hidden_at IS NULL WHERE forum.id = ? GROUP BY forum.id",
                (forum_id,),
            )
        for row in rows:
            return ReadingProgress(
                is_listed=bool(row["is_listed"]),
                discussions=row["discussions"],
                discussions_read=row["discussions_read"],
                posts=row["posts"],
                trouble=row["trouble"],
            )
        raise LookupError(f"no forum {forum_id}")

    async def settle(self, discussion_id: int) -> None:
        """Note that everything up to now is known: number what has no number, in order.

        The initial post comes first, then the order of Discord's ids. A number once given stays.
        """
        async with self._database.transaction() as connection:
            await settle(connection, discussion_id)

    async def _one(self, condition: str, value: int) -> Discussion | None:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE {condition} AND {IS_VISIBLE}", (value,)
            )
        return next((discussion_from_row(row) for row in rows), None)


async def _get(connection: aiosqlite.Connection, discussion_id: int) -> Discussion:
    rows = await connection.execute_fetchall(
        f"{SELECT_DISCUSSION} WHERE discussion.id = ?", (discussion_id,)
    )
    (row,) = rows
    return discussion_from_row(row)


async def _write(connection: aiosqlite.Connection, facts: ThreadFacts, now: datetime) -> int | None:
    # Erased threads, and channels that are not or no longer in use, have no way back in.
    admitted = await connection.execute_fetchall(
        "SELECT 1 FROM forum WHERE id = :forum AND removed_at IS NULL AND hidden_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM tombstone WHERE id = :thread)",
        {"forum": facts.forum_id, "thread": facts.thread_id},
    )
    if not _first(admitted):
        return None
    known = _first(
        await connection.execute_fetchall(
            "SELECT id, hidden_at FROM discussion WHERE thread_id = ?", (facts.thread_id,)
        )
    )
    if known is not None and known["hidden_at"] is not None:
        return None
    discussion_id = await attach_if_asked_for(connection, facts) if known is None else known["id"]
    values = {
        "guild_id": facts.guild_id,
        "forum_id": facts.forum_id,
        "thread_id": facts.thread_id,
        "title": facts.title,
        "is_private": facts.is_private,
        "is_locked": facts.is_locked,
        "is_archived": facts.is_archived,
        "started_at": to_milliseconds(facts.started_at),
    }
    if discussion_id is None:
        (mark,) = await connection.execute_fetchall(
            "UPDATE news_mark SET value = value + 1 RETURNING value"
        )
        (made,) = await connection.execute_fetchall(
            "INSERT INTO discussion (guild_id, forum_id, thread_id, title, is_private, is_locked,"
            " is_archived, started_at, mark, swept_at) VALUES (:guild_id, :forum_id, :thread_id,"
            " :title, :is_private, :is_locked, :is_archived, :started_at, :mark, :now)"
            " RETURNING id",
            values | {"mark": mark["value"], "now": to_milliseconds(now)},
        )
        discussion_id = int(made["id"])
    else:
        await connection.execute(
            "UPDATE discussion SET title = :title, is_private = :is_private,"
            " is_locked = :is_locked, is_archived = :is_archived WHERE thread_id = :thread_id",
            values,
        )
    await connection.execute("DELETE FROM discussion_tag WHERE discussion_id = ?", (discussion_id,))
    await connection.executemany(
        "INSERT INTO discussion_tag (discussion_id, tag_id) VALUES (?, ?)",
        [(discussion_id, tag_id) for tag_id in facts.tag_ids],
    )
    return discussion_id


def _first(rows: Iterable[sqlite3.Row]) -> sqlite3.Row | None:
    return next(iter(rows), None)


def _holds(title: str, wanted: Iterable[str]) -> bool:
    folded = title.casefold()
    return all(word in folded for word in wanted)
