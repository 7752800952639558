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
