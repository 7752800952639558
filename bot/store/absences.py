"""Posts that are gone from Discord, and what follows from that.

Absence from the history is never a deletion by itself: without Read Message History, Discord
answers with an empty list. Only a post that Discord was asked for by its id, and said it does
not know, is gone; and if many are gone at once a host is asked before anything is erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.store.database import Database, to_milliseconds

# More than so many posts of a discussion gone at once, or more than this part of one that has
# at least `SHARE_FLOOR` posts, are withheld until a host decides. Below the floor a single
# deletion would already be an alarm.
ALARM_COUNT = 20
ALARM_PERCENT = 5
SHARE_FLOOR = 20


# The post of an absent message: a long imported one is several messages.
_POST_OF_ABSENCE = (
    "post.id = ifnull("
    "(SELECT id FROM post WHERE post.message_id = absence.message_id),"
    " (SELECT post_id FROM replayed_message"
    "   WHERE replayed_message.message_id = absence.message_id))"
)


@dataclass(frozen=True, slots=True)
class Absence:
    """A message that was not found where it should be; `channel_id` is where it lay."""

    message_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class AbsentPosts:
    """The absent posts of one discussion, to be asked for one by one."""

    discussion_id: int
    guild_id: int
    thread_id: int
    forum_id: int
    absences: tuple[Absence, ...]


def is_alarming(gone: int, living: int) -> bool:
    """Say whether so many gone of so many posts is for a host to judge."""
    return gone > ALARM_COUNT or (living >= SHARE_FLOOR and 100 * gone > ALARM_PERCENT * living)


class Absences:
    """Keeps what is absent and what is withheld."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, discussion_id: int, message_id: int) -> None:
        """Note one absent post of a discussion, where that post is known and not gone already."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO absence (message_id, discussion_id) SELECT message_id, discussion_id"
                " FROM post WHERE message_id = ? AND discussion_id = ?"
                " AND deleted_at IS NULL AND withheld_at IS NULL ON CONFLICT DO NOTHING",
                (message_id, discussion_id),
            )

    async def next(self, guild_id: int) -> AbsentPosts | None:
        """Give a discussion of a server that has been read to its end and has absent posts."""
        async with self._database.reading() as connection:
            rows = list(
                await connection.execute_fetchall(
                    "SELECT absence.message_id, absence.discussion_id, post.channel_id,"  # noqa: S608 - constants
                    " discussion.guild_id, discussion.thread_id, discussion.forum_id FROM absence"
                    f" JOIN post ON {_POST_OF_ABSENCE}"
                    " JOIN discussion ON discussion.id = absence.discussion_id"
                    " WHERE absence.kept_at IS NULL AND absence.discussion_id = ("
                    "  SELECT discussion.id FROM absence"
                    "  JOIN discussion ON discussion.id = absence.discussion_id"
                    "  JOIN forum ON forum.id = discussion.forum_id"
                    "  WHERE discussion.guild_id = ? AND kept_at IS NULL AND read_after IS NULL"
                    "  AND is_current = 1 AND discussion.hidden_at IS NULL"
                    "  AND forum.is_listed = 1 LIMIT 1)"
                    " ORDER BY absence.message_id",
                    (guild_id,),
                )
            )
        if not rows:
            return None
        return AbsentPosts(
            discussion_id=rows[0]["discussion_id"],
            guild_id=rows[0]["guild_id"],
            thread_id=rows[0]["thread_id"],
            forum_id=rows[0]["forum_id"],
            absences=tuple(Absence(row["message_id"], row["channel_id"]) for row in rows),
        )

    async def clear(self, discussion_id: int) -> None:
        """Forget what is absent: nothing is proved of it, or it has been dealt with."""
        async with self._database.transaction() as connection:
            await _clear(connection, discussion_id)

    async def withhold(self, discussion_id: int, gone: Collection[int], now: datetime) -> bool:
        """Hide the posts whose messages are gone if they are alarmingly many, and ask a host.

        Says whether they were; if not, nothing is changed: they are plain deletions.
        """
        async with self._database.transaction() as connection:
            posts = await connection.execute_fetchall(
                "SELECT id FROM post WHERE message_id IN (SELECT value FROM json_each(:gone))"
                " UNION SELECT post_id FROM replayed_message"
                "  WHERE message_id IN (SELECT value FROM json_each(:gone))",
                {"gone": json.dumps([*gone])},
            )
            ids = [row["id"] for row in posts]
            (row,) = await connection.execute_fetchall(
                "SELECT count(*) AS living FROM post WHERE discussion_id = ?"
                " AND deleted_at IS NULL AND withheld_at IS NULL",
                (discussion_id,),
            )
            if not is_alarming(len(ids), row["living"]):
                return False
            at = to_milliseconds(now)
            await connection.execute(
                "UPDATE post SET withheld_at = ? WHERE discussion_id = ? AND deleted_at IS NULL"
                " AND id IN (SELECT value FROM json_each(?))",
                (at, discussion_id, json.dumps(ids)),
            )
            await connection.execute(
                "INSERT INTO vanished_question"
                " (forum_id, discussion_id, raised_at, next_attempt_at)"
                " SELECT forum_id, id, :now, :now FROM discussion WHERE id = :id"
                " ON CONFLICT (discussion_id) WHERE decided_at IS NULL"
                " DO UPDATE SET raised_at = :now, told_at = NULL, next_attempt_at = :now",
                {"now": at, "id": discussion_id},
            )
            await _clear(connection, discussion_id)
        return True

    async def keep(self, question_id: int, now: datetime) -> int | None:
        """Show the withheld posts of a question again, for good; give how many.

        None where the question has been decided before. They are not asked for again.
        """
        async with self._database.transaction() as connection:
            discussion_id = await _decide(connection, question_id, now)
            if discussion_id is None:
                return None
            await connection.execute(
                "INSERT INTO absence (message_id, discussion_id, kept_at)"
                " SELECT message_id, discussion_id, :now FROM post"
                "  WHERE discussion_id = :id AND withheld_at IS NOT NULL"
                " UNION SELECT replayed_message.message_id, discussion_id, :now FROM post"
                "  JOIN replayed_message ON post_id = post.id"
                "  WHERE discussion_id = :id AND withheld_at IS NOT NULL"
                " ON CONFLICT DO UPDATE SET kept_at = excluded.kept_at",
                {"now": to_milliseconds(now), "id": discussion_id},
            )
            cursor = await connection.execute(
                "UPDATE post SET withheld_at = NULL"
                " WHERE discussion_id = ? AND withheld_at IS NOT NULL",
                (discussion_id,),
            )
            return cursor.rowcount

    async def decided(self, question_id: int, now: datetime) -> bool:
        """Note that a host has decided; say whether nobody had before."""
        async with self._database.transaction() as connection:
            return await _decide(connection, question_id, now) is not None

    async def withheld(self, discussion_id: int) -> tuple[int, ...]:
        """Give the messages of the withheld posts of a discussion."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT message_id FROM post WHERE discussion_id = ? AND withheld_at IS NOT NULL",
                (discussion_id,),
            )
        return tuple(row["message_id"] for row in rows)


async def _clear(connection: aiosqlite.Connection, discussion_id: int) -> None:
    await connection.execute(
        "DELETE FROM absence WHERE discussion_id = ? AND kept_at IS NULL", (discussion_id,)
    )


async def _decide(connection: aiosqlite.Connection, question_id: int, now: datetime) -> int | None:
    rows = await connection.execute_fetchall(
        "UPDATE vanished_question SET decided_at = ? WHERE id = ? AND decided_at IS NULL"
        " RETURNING discussion_id",
        (to_milliseconds(now), question_id),
    )
    return next((row["discussion_id"] for row in rows), None)
