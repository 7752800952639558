"""Old posts whose messages on Discord name another parent than is known now."""

from __future__ import annotations

import aiosqlite

from bot.store.importing.imported_rows import QueuedPost
from bot.store.rows import IS_ON_DISCORD


async def mark_outdated(connection: aiosqlite.Connection, *post_ids: int) -> None:
    """Note that the message of a post, if it has one, names another parent than is known now."""
    await connection.executemany(
        "INSERT INTO saved_post (post_id, line_changes) SELECT id, 1 FROM post"
        " WHERE id = ? AND message_id IS NOT NULL AND deleted_at IS NULL"
        " ON CONFLICT (post_id) DO UPDATE SET line_changes = line_changes + 1",
        [(post_id,) for post_id in post_ids],
    )


async def outdated_discussions(connection: aiosqlite.Connection) -> tuple[int, ...]:
    """Give the discussions with such posts, where something is to be done about them.

    An archived thread refuses edits: it waits until somebody opens it.
    """
    rows = await connection.execute_fetchall(
        "SELECT DISTINCT post.discussion_id FROM saved_post"  # noqa: S608 - constants
        " JOIN post ON post.id = saved_post.post_id"
        " JOIN discussion ON discussion.id = post.discussion_id"
        " JOIN forum ON forum.id = discussion.forum_id"
        " JOIN replay ON replay.discussion_id = discussion.id"
        " WHERE line_changes > 0 AND post.deleted_at IS NULL AND NOT is_archived"
        f" AND cancelled_at IS NULL AND {IS_ON_DISCORD}"
        " ORDER BY post.discussion_id"
    )
    return tuple(row["discussion_id"] for row in rows)


async def line_shown(connection: aiosqlite.Connection, shown: QueuedPost) -> None:
    """Note that the message of a post names the parent that was known when it was read.

    What has changed since then is still to be shown.
    """
    await connection.execute(
        "UPDATE saved_post SET line_changes = max(line_changes - ?, 0) WHERE post_id = ?",
        (shown.line_changes, shown.id),
    )
