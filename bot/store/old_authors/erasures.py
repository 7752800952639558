"""Erases old posts for those who wrote them: no import brings them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.imported import plain_title
from bot.store.database import Database, to_milliseconds
from bot.store.old_authors.erasure_markers import numbers_meant, put_markers
from bot.store.post_deletion import DELETE_POST
from bot.store.removals import forget_authors

_FORGET_NAME = (
    "UPDATE saved_post SET author = NULL, line_changes = 0 WHERE post_id = ?",
    "UPDATE post SET author_id = NULL WHERE id = ?",
)


class Erasures:
    """Erases what members have claimed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def erase_claimed(
        self, guild_id: int, user_id: int, now: datetime, post_id: int | None = None
    ) -> int:
        """Erase a member's claimed posts in a server, or just one of them; give how many.

        The one goes wherever it is in the server: its pages may have been imported into several
        forums. Their text, revisions and names are gone; they keep their place, and a marker bars
        every import from bringing them back. So it is with those that were deleted before, which
        do not count. What of them is on Discord is among the leftovers
        (`bot/store/importing/leftovers.py`). Raises `UserError` where the one post is not theirs.
        """
        async with self._database.transaction() as connection:
            rows = list(
                await connection.execute_fetchall(
                    "SELECT post.id, post.discussion_id, post.number, post.posted_at,"
                    " post.author_id, post.deleted_at, replay.title FROM author"
                    " JOIN post ON post.author_id = author.id"
                    " JOIN saved_post ON saved_post.post_id = post.id"
                    " JOIN discussion ON discussion.id = post.discussion_id"
                    " JOIN replay ON replay.discussion_id = discussion.id"
                    " WHERE author.user_id = :user AND discussion.guild_id = :guild"
                    " AND saved_post.author IS NOT NULL",
                    {"user": user_id, "guild": guild_id},
                )
            )
            if post_id is not None:
                rows = _copies(rows, post_id)
            await put_markers(
                connection,
                guild_id,
                [(row["title"], row["number"], row["posted_at"]) for row in rows],
            )
            living = [row["id"] for row in rows if row["deleted_at"] is None]
            await _erase(connection, living, now)
            for statement in _FORGET_NAME:
                await connection.executemany(statement, [(row["id"],) for row in rows])
            await forget_authors(connection, {row["author_id"] for row in rows})
        return len(living)


def _copies(rows: Sequence[sqlite3.Row], post_id: int) -> list[sqlite3.Row]:
    """Give the rows of a post and of its copies; raises `UserError` where it is not among them."""
    chosen = next((row for row in rows if row["id"] == post_id), None)
    if chosen is None:
        raise UserError(
            "This is no old post of yours here. Claim it first with /claim posts; a host "
            "confirms it."
        )
    title = plain_title(chosen["title"])
    discussions: dict[int, list[sqlite3.Row]] = {}
    for row in rows:
        if plain_title(row["title"]) == title:
            discussions.setdefault(row["discussion_id"], []).append(row)
    copies: list[sqlite3.Row] = []
    for posts in discussions.values():
        meant = numbers_meant(
            [(chosen["number"], chosen["posted_at"])],
            [(row["number"], row["posted_at"]) for row in posts],
        )
        copies += [row for row in posts if row["number"] in meant]
    return copies


async def _erase(connection: aiosqlite.Connection, post_ids: list[int], now: datetime) -> None:
    each = [{"id": post_id, "now": to_milliseconds(now)} for post_id in post_ids]
    for statement in DELETE_POST:
        await connection.executemany(statement, each)
