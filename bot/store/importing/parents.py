"""What an old post answers, where a host says so: no page says otherwise from then on."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.model import Post
from bot.store.database import Database, to_milliseconds
from bot.store.importing.outdated_lines import mark_outdated
from bot.store.posts import SELECT_POST, post_from_row
from bot.store.subtrees import move_below


class Parents:
    """Keeps what hosts say that imported posts answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choose(
        self, post_id: int, parent_id: int | None, host_id: int, now: datetime
    ) -> None:
        """Say what an imported post answers; None: nothing is known.

        Raises `UserError` where the post is none of an import, and where the parent is not an
        earlier post of the same discussion.
        """
        async with self._database.transaction() as connection:
            await _check(connection, post_id, parent_id)
            await move_below(connection, post_id, parent_id)
            await connection.execute(
                "UPDATE saved_post SET reply_evidence = NULL WHERE post_id = ?", (post_id,)
            )
            await connection.execute(
                "INSERT INTO chosen_parent (post_id, host_id, chosen_at) VALUES (?, ?, ?)"
                " ON CONFLICT (post_id) DO UPDATE"
                " SET host_id = excluded.host_id, chosen_at = excluded.chosen_at",
                (post_id, host_id, to_milliseconds(now)),
            )
            await mark_outdated(connection, post_id)

    async def chosen_by(self, post_id: int) -> int | None:
        """Give the host who said what the post answers, or None where none did."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT host_id FROM chosen_parent WHERE post_id = ?", (post_id,)
            )
        return next((row["host_id"] for row in rows), None)

    async def evidence(self, post_id: int) -> str | None:
        """Say how a page told what the post answers: "link", "reply", "address", "quotation".

        None where nothing is known, or a host said it.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT reply_evidence FROM saved_post WHERE post_id = ?", (post_id,)
            )
        return next((row["reply_evidence"] for row in rows), None)

    async def candidates(self, post_id: int, limit: int) -> tuple[Post, ...]:
        """Give the posts that it may answer: the nearest earlier ones, the nearest first.

        Deleted and withheld ones are left out.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_POST} JOIN post AS chosen ON chosen.discussion_id = post.discussion_id"
                " WHERE chosen.id = ? AND post.number < chosen.number"
                " AND post.deleted_at IS NULL AND post.withheld_at IS NULL"
                " ORDER BY post.number DESC LIMIT ?",
                (post_id, limit),
            )
        return tuple(post_from_row(row) for row in rows)


async def _check(connection: aiosqlite.Connection, post_id: int, parent_id: int | None) -> None:
    posts = await connection.execute_fetchall(
        "SELECT is_imported, deleted_at FROM post WHERE id = ?", (post_id,)
    )
    if not any(row["is_imported"] for row in posts):
        raise UserError("This is no old post of an import: Discord itself knows what it answers.")
    if any(row["deleted_at"] is not None for row in posts):
        raise UserError("This post was deleted; what it answered is of no matter any more.")
    if parent_id is None:
        return
    earlier = await connection.execute_fetchall(
        "SELECT 1 FROM post JOIN post AS parent ON parent.discussion_id = post.discussion_id"
        " WHERE post.id = ? AND parent.id = ? AND parent.number < post.number",
        (post_id, parent_id),
    )
    if not list(earlier):
        raise UserError("A post can only answer an earlier post of its own discussion. Choose one.")
