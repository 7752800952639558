"""What of an imported post may change while its discussion is being sent."""

from __future__ import annotations

from dataclasses import dataclass

import aiosqlite


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a post is deleted, and what it answers: the number of an old post, erased or not."""

    is_deleted: bool
    in_reply_to: int | None
    is_parent_deleted: bool


async def standing(connection: aiosqlite.Connection, post_id: int) -> Standing | None:
    """Give how a post stands now, or None where it is gone."""
    rows = await connection.execute_fetchall(
        "SELECT post.deleted_at IS NOT NULL AS is_deleted, parent.number AS in_reply_to,"
        " parent.deleted_at IS NOT NULL AND parent.is_imported AS is_parent_deleted"
        " FROM post LEFT JOIN post AS parent ON parent.id = post.parent_id WHERE post.id = ?",
        (post_id,),
    )
    for row in rows:
        return Standing(bool(row["is_deleted"]), row["in_reply_to"], bool(row["is_parent_deleted"]))
    return None
