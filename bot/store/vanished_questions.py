"""What hosts must be told and asked: the ledger of questions about posts that vanished."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Database, from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class VanishedQuestion:
    """A question for a host: what is to become of many posts that vanished at once.

    `post_count` is how many are withheld now; `host_id` is whom to ask first; `is_told` says
    that the question has reached an inbox.
    """

    id: int
    guild_id: int
    forum_id: int
    discussion_id: int
    thread_id: int
    title: str
    is_private: bool
    host_id: int
    post_count: int
    raised_at: datetime
    is_told: bool


# A question whose posts all came back, or were deleted meanwhile, is none.
_SELECT = (
    "SELECT question.id, discussion.guild_id, question.forum_id, question.discussion_id,"
    " discussion.thread_id, discussion.title, discussion.is_private, forum.host_id,"
    " question.raised_at, question.told_at,"
    " (SELECT count(*) FROM post WHERE post.discussion_id = question.discussion_id"
    "  AND withheld_at IS NOT NULL) AS withheld_count"
    " FROM vanished_question AS question JOIN forum ON forum.id = question.forum_id"
    " JOIN discussion ON discussion.id = question.discussion_id"
    " WHERE question.decided_at IS NULL AND withheld_count > 0 AND "
)


class VanishedQuestions:
    """Gives the open questions, and notes who has been told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int) -> tuple[VanishedQuestion, ...]:
        """Give a server's open questions, oldest first, told or not."""
        return await self._select("discussion.guild_id = ? ORDER BY question.id", guild_id)

    async def open(self) -> tuple[VanishedQuestion, ...]:
        """Give all open questions of all servers, oldest first."""
        return await self._select("question.id > ? ORDER BY question.id", 0)

    async def get(self, question_id: int) -> VanishedQuestion | None:
        """Give a question while it is open."""
        return next(iter(await self._select("question.id = ?", question_id)), None)

    async def untold(self, now: datetime) -> tuple[VanishedQuestion, ...]:
        """Give the open questions that nobody has been told yet, and that are due to be."""
        return await self._select(
            "told_at IS NULL AND next_attempt_at <= ? ORDER BY question.id", to_milliseconds(now)
        )

    async def told(self, question_id: int, now: datetime) -> None:
        """Note that the question has reached a host."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE vanished_question SET told_at = ? WHERE id = ?",
                (to_milliseconds(now), question_id),
            )

    async def postpone(self, question_id: int, until: datetime) -> None:
        """Note that the host could not be told, and when to try again."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE vanished_question SET next_attempt_at = ? WHERE id = ?",
                (to_milliseconds(until), question_id),
            )

    async def _select(self, condition: str, value: int) -> tuple[VanishedQuestion, ...]:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(_SELECT + condition, (value,))
        return tuple(_question(row) for row in rows)


def _question(row: sqlite3.Row) -> VanishedQuestion:
    return VanishedQuestion(
        id=row["id"],
        guild_id=row["guild_id"],
        forum_id=row["forum_id"],
        discussion_id=row["discussion_id"],
        thread_id=row["thread_id"],
        title=row["title"],
        is_private=bool(row["is_private"]),
        host_id=row["host_id"],
        post_count=row["withheld_count"],
        raised_at=from_milliseconds(row["raised_at"]),
        is_told=row["told_at"] is not None,
    )
