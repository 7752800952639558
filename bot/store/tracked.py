"""What a person tracks, with where each thing may be named to them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import aiosqlite

from bot.core.level import Level
from bot.core.ports import ThreadReference
from bot.store.database import from_milliseconds
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
    A discussion that is hidden has none. `level` is None where it is as the person's settings say.
    """

    id: int
    kind: TrackedKind
    subject_id: int
    name: str
    guild_id: int
    guild_name: str
    tracked_at: datetime
    level: Level | None
    places: tuple[ThreadReference, ...]


async def tracked_by(connection: aiosqlite.Connection, user_id: int) -> tuple[Tracked, ...]:
    """Give what the person tracks in every server, by server, then in order of tracking."""
    rows = tuple(
        await connection.execute_fetchall(
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
    )
    books = [row["book_id"] for row in rows if row["book_id"] is not None]
    places = await places_of_books(connection, books)
    return tuple(_tracked(row, places) for row in rows)


async def places_of_books(
    connection: aiosqlite.Connection, book_ids: Iterable[int]
) -> dict[int, tuple[ThreadReference, ...]]:
    """Give where each book is discussed: who may read one of these places may know of it.

    They are the channels of forums, each as a thread of itself, and private threads whose own
    book it is. A book that is nowhere in use is left out.
    """
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
        level=None if row["level"] is None else Level(row["level"]),
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
