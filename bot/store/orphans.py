"""Brings replies, which waited for what they answer, below it when it comes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import aiosqlite

from bot.store.subtrees import move_below, move_below_now


def adopt(connection: sqlite3.Connection, new_messages: Sequence[int]) -> None:
    """Give the new posts those that waited for them, with all that hangs below."""
    orphans = connection.execute(
        """
        SELECT orphan.id, parent.id AS parent_id,
               orphan.discussion_id = parent.discussion_id AS is_same_discussion
          FROM json_each(?) AS new
          JOIN post AS orphan ON orphan.awaited_id = new.value
          JOIN post AS parent ON parent.message_id = new.value
        """,
        (json.dumps(new_messages),),
    ).fetchall()
    for orphan in orphans:
        connection.execute("UPDATE post SET awaited_id = NULL WHERE id = ?", (orphan["id"],))
        if orphan["is_same_discussion"]:
            move_below_now(connection, orphan["id"], orphan["parent_id"])


async def adopt_replies_to(connection: aiosqlite.Connection, message_id: int, post_id: int) -> None:
    """Give an imported post the replies that waited for one of its messages.

    A member may answer it before its id is noted here.
    """
    orphans = await connection.execute_fetchall(
        "UPDATE post SET awaited_id = NULL WHERE awaited_id = ?"
        " RETURNING id, discussion_id = (SELECT discussion_id FROM post WHERE id = ?) AS is_near",
        (message_id, post_id),
    )
    for orphan in orphans:
        if orphan["is_near"]:
            await move_below(connection, orphan["id"], post_id)
