"""Brings replies, which waited for what they answer, below it when it comes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence


def adopt(connection: sqlite3.Connection, new_messages: Sequence[int]) -> None:
    """Give the new posts those that waited for them, with all that hangs below."""
    orphans = connection.execute(
        """
        SELECT orphan.id, parent.id AS parent_id, orphan.deleted_at IS NULL AS is_living,
               orphan.discussion_id = parent.discussion_id AS is_same_discussion
          FROM json_each(?) AS new
          JOIN post AS orphan ON orphan.awaited_id = new.value
          JOIN post AS parent ON parent.message_id = new.value
        """,
        (json.dumps(new_messages),),
    ).fetchall()
    for orphan in orphans:
        connection.execute("UPDATE post SET awaited_id = NULL WHERE id = ?", (orphan["id"],))
        if not orphan["is_same_discussion"]:
            continue
        # One that waits is the root of what hangs below it. Its parent is read anew each time:
        # it may have been moved below another of the new posts just now.
        connection.execute(
            """
            UPDATE post
               SET root_id = parent.root_id, depth = post.depth + parent.depth + 1
              FROM (SELECT root_id, depth FROM post WHERE id = ?) AS parent
             WHERE post.root_id = ?
            """,
            (orphan["parent_id"], orphan["id"]),
        )
        connection.execute(
            "UPDATE post SET parent_id = ? WHERE id = ?", (orphan["parent_id"], orphan["id"])
        )
        connection.execute(
            "UPDATE post SET reply_count = reply_count + ? WHERE id = ?",
            (orphan["is_living"], orphan["parent_id"]),
        )
