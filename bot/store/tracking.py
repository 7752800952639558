"""Who tracks what: a discussion, a forum, or a book wherever it is discussed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import aiosqlite

from bot.core.errors import UserError
from bot.core.ports import ThreadReference
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.people import People
from bot.store.rows import IS_VISIBLE


class TrackedKind(StrEnum):
    """What can be tracked."""

    DISCUSSION = "discussion"
    FORUM = "forum"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Tracked:
    """One thing that a person tracks.

    `name` may be shown to the person only while they may read one of `places`: the discussion's
    thread, the forum's channel (as a thread of itself), or the channels of the book's forums.
    A discussion that is hidden has none.
    """

    id: int
    kind: TrackedKind
    subject_id: int
    name: str
    guild_id: int
    guild_name: str
    tracked_at: datetime
    places: tuple[ThreadReference, ...]


# What is tracked is looked up in the same statement: it may have been erased a moment ago.
_TRACK = {
    TrackedKind.DISCUSSION: (
        "INSERT INTO tracking (user_id, guild_id, discussion_id, since_mark, tracked_at)"
        " SELECT :user_id, guild_id, id, (SELECT value FROM news_mark), :now"
        " FROM discussion WHERE id = :subject_id AND hidden_at IS NULL"
        " ON CONFLICT DO NOTHING"
    ),
    TrackedKind.FORUM: (
        "INSERT INTO tracking (user_id, guild_id, forum_id, since_mark, tracked_at)"
        " SELECT :user_id, guild_id, id, (SELECT value FROM news_mark), :now"
        " FROM forum WHERE id = :subject_id AND hidden_at IS NULL AND removed_at IS NULL"
        " ON CONFLICT DO NOTHING"
    ),
    TrackedKind.BOOK: (
        "INSERT INTO tracking (user_id, guild_id, book_id, since_mark, tracked_at)"
        " SELECT :user_id, guild_id, id, (SELECT value FROM news_mark), :now"
        " FROM book WHERE id = :subject_id"
        " ON CONFLICT DO NOTHING"
    ),
}
_COUNT = {
    TrackedKind.DISCUSSION: (
        "SELECT count(*) AS members, count(*) FILTER (WHERE user_id = :user_id) AS own"
        " FROM tracking WHERE discussion_id = :subject_id"
    ),
    TrackedKind.FORUM: (
        "SELECT count(*) AS members, count(*) FILTER (WHERE user_id = :user_id) AS own"
        " FROM tracking WHERE forum_id = :subject_id"
    ),
    TrackedKind.BOOK: (
        "SELECT count(*) AS members, count(*) FILTER (WHERE user_id = :user_id) AS own"
        " FROM tracking WHERE book_id = :subject_id"
    ),
}


class Tracking:
    """Begins, ends and lists what people track. Tracking again is one tracking."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def track_discussion(self, user_id: int, discussion_id: int, now: datetime) -> int:
        """Track a discussion (its local id) and give how many members track it now.

        Raises `UserError` where it is no longer there. News from now on is theirs.
        """
        return await self._track(TrackedKind.DISCUSSION, user_id, discussion_id, now)

    async def track_forum(self, user_id: int, forum_id: int, now: datetime) -> int:
        """Track a forum, new discussions too; as `track_discussion`."""
        return await self._track(TrackedKind.FORUM, user_id, forum_id, now)

    async def track_book(self, user_id: int, book_id: int, now: datetime) -> int:
        """Track a book wherever it is discussed in its server; as `track_discussion`."""
        return await self._track(TrackedKind.BOOK, user_id, book_id, now)

    async def stop(self, user_id: int, tracking_ids: Collection[int]) -> int:
        """End those trackings, where they are the person's own, and give how many ended."""
        async with self._database.transaction() as connection:
            ended = 0
            for tracking_id in tracking_ids:
                cursor = await connection.execute(
                    "DELETE FROM tracking WHERE id = ? AND user_id = ?", (tracking_id, user_id)
                )
                ended += cursor.rowcount
        return ended

    async def count(self, kind: TrackedKind, subject_id: int) -> int:
        """Give how many members track the discussion, forum or book itself."""
        async with self._database.reading() as connection:
            (row,) = await connection.execute_fetchall(
                _COUNT[kind], {"user_id": None, "subject_id": subject_id}
            )
        members: int = row["members"]
        return members

    async def of_user(self, user_id: int) -> tuple[Tracked, ...]:
        """Give what the person tracks in every server, by server, then in order of tracking."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT tracking.*, guild.name AS guild_name,"
                " coalesce(discussion.title, forum.name, book.title) AS name,"
                " discussion.thread_id, discussion.is_private, discussion.hidden_at,"
                " discussion.forum_id AS thread_forum_id"
                " FROM tracking JOIN guild ON guild.id = tracking.guild_id"
                " LEFT JOIN discussion ON discussion.id = tracking.discussion_id"
                " LEFT JOIN forum ON forum.id = tracking.forum_id"
                " LEFT JOIN book ON book.id = tracking.book_id"
                " WHERE tracking.user_id = ?"
                " ORDER BY guild.name, tracking.guild_id, tracking.id",
                (user_id,),
            )
            rows = tuple(rows)
            books = [row["book_id"] for row in rows if row["book_id"] is not None]
            places = await _book_places(connection, books)
        return tuple(_tracked(row, places) for row in rows)

    async def book_places(
        self, book_ids: Collection[int]
    ) -> dict[int, tuple[ThreadReference, ...]]:
        """Give where each book is discussed: who may read one of these places may know of it.

        They are the channels of forums, each as a thread of itself, and private threads whose own
        book it is. A book that is nowhere in use is left out.
        """
        async with self._database.reading() as connection:
            return await _book_places(connection, book_ids)

    async def _track(self, kind: TrackedKind, user_id: int, subject_id: int, now: datetime) -> int:
        async with self._database.transaction() as connection:
            await self._people.enrol(connection, user_id, None, now)
            subject = {"user_id": user_id, "subject_id": subject_id}
            await connection.execute(_TRACK[kind], subject | {"now": to_milliseconds(now)})
            (row,) = await connection.execute_fetchall(_COUNT[kind], subject)
            if not row["own"]:
                raise UserError(
                    f"That {kind} is no longer there: it was removed a moment ago. "
                    "Choose another one from the list that appears while you type."
                )
            members: int = row["members"]
            return members


async def _book_places(
    connection: aiosqlite.Connection, book_ids: Iterable[int]
) -> dict[int, tuple[ThreadReference, ...]]:
    places: defaultdict[int, list[ThreadReference]] = defaultdict(list)
    for book_id in book_ids:
        rows = await connection.execute_fetchall(
            "SELECT id, guild_id FROM forum WHERE hidden_at IS NULL AND ("
            " book_id = :book_id"
            " OR id IN (SELECT forum_id FROM tag_book WHERE book_id = :book_id)"
            " OR id IN (SELECT forum_id FROM discussion WHERE book_id = :book_id"
            "            AND hidden_at IS NULL AND NOT is_private)"
            ") ORDER BY id",
            {"book_id": book_id},
        )
        places[book_id] += [_channel(row["guild_id"], row["id"]) for row in rows]
        private = await connection.execute_fetchall(
            "SELECT discussion.guild_id, forum_id, thread_id FROM discussion"  # noqa: S608 - constants
            " JOIN forum ON forum.id = forum_id"
            f" WHERE discussion.book_id = ? AND is_private AND {IS_VISIBLE}"
            " AND thread_id IS NOT NULL ORDER BY discussion.id",
            (book_id,),
        )
        places[book_id] += [
            ThreadReference(row["guild_id"], row["forum_id"], row["thread_id"], is_private=True)
            for row in private
        ]
    return {book_id: tuple(found) for book_id, found in places.items() if found}


def _tracked(row: sqlite3.Row, book_places: dict[int, tuple[ThreadReference, ...]]) -> Tracked:
    if row["discussion_id"] is not None:
        kind = TrackedKind.DISCUSSION
        subject_id = row["discussion_id"]
        places = _thread(row)
    elif row["forum_id"] is not None:
        kind = TrackedKind.FORUM
        subject_id = row["forum_id"]
        places = (_channel(row["guild_id"], subject_id),)
    else:
        kind = TrackedKind.BOOK
        subject_id = row["book_id"]
        places = book_places.get(subject_id, ())
    return Tracked(
        id=row["id"],
        kind=kind,
        subject_id=subject_id,
        name=row["name"],
        guild_id=row["guild_id"],
        guild_name=row["guild_name"],
        tracked_at=from_milliseconds(row["tracked_at"]),
        places=places,
    )


def _thread(row: sqlite3.Row) -> tuple[ThreadReference, ...]:
    # A hidden discussion is there for the hosts alone.
    if row["thread_id"] is None or row["hidden_at"] is not None:
        return ()
    return (
        ThreadReference(
            guild_id=row["guild_id"],
            forum_id=row["thread_forum_id"],
            thread_id=row["thread_id"],
            is_private=bool(row["is_private"]),
        ),
    )


def _channel(guild_id: int, channel_id: int) -> ThreadReference:
    return ThreadReference(
        guild_id=guild_id, forum_id=channel_id, thread_id=channel_id, is_private=False
    )
