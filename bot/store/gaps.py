"""Gaps: from some moment on, events may not have been received.

A gap ends when the forum's threads have been listed anew and what may have changed has been
read (`bot/store/reading.py`). Until then new posts get no number, since earlier ones may be
missing.
"""

from __future__ import annotations

import aiosqlite


async def open_gap(connection: aiosqlite.Connection, forum_id: int) -> None:
    """Note, in the caller's transaction, that events of this forum may be missed from now on."""
    await connection.execute("UPDATE forum SET is_listed = 0 WHERE id = ?", (forum_id,))
    await connection.execute(
        "UPDATE discussion SET is_current = 0, known_to = max(known_to, ifnull("
        " (SELECT message_id FROM post WHERE post.discussion_id = discussion.id"
        "  AND number IS NOT NULL ORDER BY number DESC LIMIT 1), 0))"
        " WHERE forum_id = ? AND is_current = 1 AND thread_id IS NOT NULL",
        (forum_id,),
    )


async def settle(connection: aiosqlite.Connection, discussion_id: int) -> None:
    """Do `Discussions.settle` in the caller's transaction.

    The initial post comes first, then the order of Discord's ids; a number once given stays.
    """
    cursor = await connection.execute(
        "UPDATE post SET number = discussion.next_number + placed.place - 1"
        " FROM discussion, (SELECT id, row_number() OVER"
        "  (ORDER BY kind <> 'initial', message_id, id) AS place"
        "  FROM post WHERE discussion_id = :id AND number IS NULL) AS placed"
        " WHERE post.id = placed.id AND discussion.id = :id",
        {"id": discussion_id},
    )
    await connection.execute(
        "UPDATE discussion SET is_current = 1, next_number = next_number + ? WHERE id = ?",
        (cursor.rowcount, discussion_id),
    )
