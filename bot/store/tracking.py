"""Who tracks what, and how often they are told: a discussion, a forum, or a book."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.ports import ThreadReference
from bot.store.database import Database, to_milliseconds
from bot.store.level_changes import changing_levels, levels_of_person
from bot.store.people import People
from bot.store.tracked import Tracked, TrackedKind, places_of_books, tracked_by
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE, trackers

_GUILD_OF = {
    TrackedKind.DISCUSSION: "SELECT guild_id FROM discussion WHERE id = ? AND hidden_at IS NULL",
    TrackedKind.FORUM: (
        "SELECT guild_id FROM forum WHERE id = ? AND hidden_at IS NULL AND removed_at IS NULL"
    ),
    TrackedKind.BOOK: "SELECT guild_id FROM book WHERE id = ?",
}
_TRACK = {
    kind: (
        f"INSERT INTO tracking (user_id, guild_id, {kind}_id, since_mark, tracked_at, level)"  # noqa: S608 - a name of this file's
        " VALUES (:user_id, :guild_id, :subject_id, :since_mark, :tracked_at, :level)"
        " ON CONFLICT DO UPDATE SET"
        " level = iif(:follows, NULL, ifnull(excluded.level, nullif(level, 'muted')))"
    )
    for kind in TrackedKind
}
_COUNT = {
    kind: (
        "SELECT count(*) AS members FROM tracking"  # noqa: S608 - a name of this file's
        f" WHERE {kind}_id = ? AND level IS NOT 'muted'"
    )
    for kind in (TrackedKind.FORUM, TrackedKind.BOOK)
}
_LEVEL = {
    kind: (
        "SELECT ifnull(tracking.level, person.level) AS level"  # noqa: S608 - a name of this file's
        " FROM tracking JOIN person ON person.user_id = tracking.user_id"
        f" WHERE tracking.user_id = ? AND {kind}_id = ?"
    )
    for kind in (TrackedKind.FORUM, TrackedKind.BOOK)
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is tracked, by its local or Discord's id, and where."""

    kind: TrackedKind
    id: int
    guild_id: int


class Tracking:
    """Begins, changes, ends and lists what people track. Tracking again is one tracking."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def track_discussion(
        self, user_id: int, discussion_id: int, now: datetime, level: Level | None = None
    ) -> int:
        """Track a discussion (its local id) and give how many members track it now.

        News from now on is theirs. Without a level it comes as often as their settings say;
        where it is tracked already, it stays as it is, and is muted no more. With `Level.MUTED`
        they hear nothing of it, though its forum be tracked. Raises `UserError` where it is no
        longer there.
        """
        return await self.track(TrackedKind.DISCUSSION, user_id, discussion_id, now, level)

    async def track_forum(
        self, user_id: int, forum_id: int, now: datetime, level: Level | None = None
    ) -> int:
        """Track a forum, new discussions too; as `track_discussion`."""
        return await self.track(TrackedKind.FORUM, user_id, forum_id, now, level)

    async def track_book(
        self, user_id: int, book_id: int, now: datetime, level: Level | None = None
    ) -> int:
        """Track a book wherever it is discussed in its server; as `track_discussion`."""
        return await self.track(TrackedKind.BOOK, user_id, book_id, now, level)

    async def track(
        self,
        kind: TrackedKind,
        user_id: int,
        subject_id: int,
        now: datetime,
        level: Level | None = None,
        *,
        follows_settings: bool = False,
    ) -> int:
        """Track a discussion, a forum or a book, as the methods of these names do.

        `follows_settings` takes the level away that it had: from now on it is told as often as
        the person's settings say.
        """
        async with self._database.transaction() as connection:
            # It may have been erased a moment ago.
            for row in await connection.execute_fetchall(_GUILD_OF[kind], (subject_id,)):
                subject = _Subject(kind, subject_id, row["guild_id"])
                await self._people.enrol(connection, user_id, subject.guild_id, now)
                async with changing_levels(connection, user_id, now):
                    await _write(
                        connection, user_id, subject, level, now, follows_settings=follows_settings
                    )
                return await _members(connection, kind, subject_id)
        raise UserError(
            f"That {kind} is no longer there: it was removed a moment ago. "
            "Choose another one from the list that appears while you type."
        )

    async def set_level_of_discussion(
        self, user_id: int, discussion_id: int, level: Level, now: datetime
    ) -> bool:
        """Change how often the person is told of one discussion, in whichever way they track it.

        It becomes a tracking of its own where it came with its forum or a book. Gives False, and
        changes nothing, where they do not track it in any way, be it that it is gone.
        """
        async with self._database.transaction() as connection:
            if discussion_id not in await levels_of_person(connection, user_id):
                return False
            (row,) = await connection.execute_fetchall(
                "SELECT guild_id FROM discussion WHERE id = ?", (discussion_id,)
            )
            subject = _Subject(TrackedKind.DISCUSSION, discussion_id, row["guild_id"])
            async with changing_levels(connection, user_id, now):
                await _write(connection, user_id, subject, level, now)
        return True

    async def set_everything(self, user_id: int, level: Level, now: datetime) -> bool:
        """Have everything that the person tracks told at one level; what is muted stays muted.

        It becomes the level of their settings, for what they will track, too. Gives False where
        they are not known.
        """
        async with (
            self._database.transaction() as connection,
            changing_levels(connection, user_id, now),
        ):
            cursor = await connection.execute(
                "UPDATE person SET level = ? WHERE user_id = ?", (level, user_id)
            )
            await connection.execute(
                "UPDATE tracking SET level = NULL WHERE user_id = ? AND level IS NOT 'muted'",
                (user_id,),
            )
        return cursor.rowcount > 0

    async def stop(self, user_id: int, tracking_ids: Collection[int], now: datetime) -> int:
        """End those trackings, where they are the person's own, and give how many ended."""
        async with (
            self._database.transaction() as connection,
            changing_levels(connection, user_id, now),
        ):
            cursor = await connection.execute(
                "DELETE FROM tracking WHERE user_id = ? AND id IN (SELECT value FROM json_each(?))",
                (user_id, json.dumps(list(tracking_ids))),
            )
        return cursor.rowcount

    async def count(self, kind: TrackedKind, subject_id: int) -> int:
        """Give how many members track it: a discussion in any way, a forum or a book itself.

        Whoever muted it does not count.
        """
        async with self._database.reading() as connection:
            return await _members(connection, kind, subject_id)

    async def level_of(self, user_id: int, kind: TrackedKind, subject_id: int) -> Level | None:
        """Give how often the person is told of it; None where they do not track it.

        Of a discussion it is what is in force, in whichever way they track it. Of a forum or a
        book it is the level of that tracking, else that of their settings.
        """
        async with self._database.reading() as connection:
            if kind is TrackedKind.DISCUSSION:
                return (await levels_of_person(connection, user_id)).get(subject_id)
            rows = await connection.execute_fetchall(_LEVEL[kind], (user_id, subject_id))
        return next((Level(row["level"]) for row in rows), None)

    async def levels(self, user_id: int) -> dict[int, Level]:
        """Give how often the person is told of each discussion that they track or muted.

        By local id, in whichever way they track it (`bot.store.trackings_in_force`).
        """
        async with self._database.reading() as connection:
            return await levels_of_person(connection, user_id)

    async def of_user(self, user_id: int) -> tuple[Tracked, ...]:
        """Give what the person tracks in every server, by server, then in order of tracking."""
        async with self._database.reading() as connection:
            return await tracked_by(connection, user_id)

    async def book_places(
        self, book_ids: Collection[int]
    ) -> dict[int, tuple[ThreadReference, ...]]:
        """Give where each book is discussed, as `places_of_books` does."""
        async with self._database.reading() as connection:
            return await places_of_books(connection, book_ids)


async def _write(
    connection: aiosqlite.Connection,
    user_id: int,
    subject: _Subject,
    level: Level | None,
    now: datetime,
    *,
    follows_settings: bool = False,
) -> None:
    """Make it a tracking, or change the level of that which is there.

    Without a level it keeps the one it has, but for "muted": to track is to hear of it.
    """
    since_mark, tracked_at = await _since(connection, user_id, subject, now)
    await connection.execute(
        _TRACK[subject.kind],
        {
            "user_id": user_id,
            "guild_id": subject.guild_id,
            "subject_id": subject.id,
            "since_mark": since_mark,
            "tracked_at": tracked_at,
            "level": level,
            "follows": follows_settings,
        },
    )


async def _since(
    connection: aiosqlite.Connection, user_id: int, subject: _Subject, now: datetime
) -> tuple[int, int]:
    """Give the mark and the time (in milliseconds) from which on its news is the person's.

    It is now; but a discussion that came with its forum or a book was theirs before, and what
    waits for their digest stays theirs when these are tracked no more.
    """
    if subject.kind is TrackedKind.DISCUSSION:
        for row in await connection.execute_fetchall(
            f"{LEVELS_OF_PEOPLE} SELECT since_mark, tracked_at FROM in_force"  # noqa: S608 - a constant
            " WHERE discussion_id = :discussion_id AND level <> 'muted'",
            {"user_ids": json.dumps([user_id]), "discussion_id": subject.id},
        ):
            return row["since_mark"], row["tracked_at"]
    (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    return row["value"], to_milliseconds(now)


async def _members(connection: aiosqlite.Connection, kind: TrackedKind, subject_id: int) -> int:
    if kind is TrackedKind.DISCUSSION:
        return await trackers(connection, subject_id)
    (row,) = await connection.execute_fetchall(_COUNT[kind], (subject_id,))
    members: int = row["members"]
    return members
