"""What is known of the messages that a batch brings or answers, asked once for all of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

# Parts of an imported post, too, are what a reply may answer.
_KNOWN = """
    WITH wanted AS (SELECT value AS message_id FROM json_each(:messages))
    SELECT message_id, id, discussion_id, root_id, depth, awaited_id
      FROM wanted JOIN post USING (message_id)
    UNION ALL
    SELECT wanted.message_id, post.id, post.discussion_id, root_id, depth, awaited_id
      FROM wanted
      JOIN replayed_message USING (message_id)
      JOIN post ON post.id = replayed_message.post_id
     WHERE replayed_message.part > 0
"""


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A known post, and where it stands among the others."""

    post_id: int
    discussion_id: int
    root_id: int
    depth: int
    awaited_id: int | None


def known_messages(connection: sqlite3.Connection, messages: str) -> dict[int, KnownMessage]:
    """Give the posts that these messages are part of, by message id; `messages` is a JSON list."""
    return {
        row["message_id"]: KnownMessage(
            post_id=row["id"],
            discussion_id=row["discussion_id"],
            root_id=row["root_id"],
            depth=row["depth"],
            awaited_id=row["awaited_id"],
        )
        for row in connection.execute(_KNOWN, {"messages": messages})
    }


def tombstones(connection: sqlite3.Connection, messages: str) -> dict[int, int]:
    """Give when what must not come in again was erased, by message id."""
    rows = connection.execute(
        "SELECT id, erased_at FROM tombstone WHERE id IN (SELECT value FROM json_each(?))",
        (messages,),
    )
    return {row["id"]: row["erased_at"] for row in rows}
