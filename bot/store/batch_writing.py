"""Writes a batch in the writer's thread: what each part of it changes in the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from bot.store.arrivals import record_arrivals
from bot.store.batch import Batch, BatchResult, Deletion
from bot.store.database import to_milliseconds
from bot.store.post_deletion import DELETE_POST

_POSTS_OF = """
    WITH deleted AS (SELECT value AS message_id FROM json_each(:messages))
    SELECT message_id, id, discussion_id, deleted_at
      FROM deleted JOIN post USING (message_id)
    UNION ALL
    SELECT deleted.message_id, post.id, discussion_id, deleted_at
      FROM deleted
      JOIN replayed_message USING (message_id)
      JOIN post ON post.id = replayed_message.post_id
     WHERE replayed_message.part > 0
"""


def write_batch(connection: sqlite3.Connection, batch: Batch) -> BatchResult:
    """Store a batch within the transaction that is open on the connection.

    Deletions come last, for they count against whatever came before or after them.
    """
    _read_again(connection, batch.missed)
    recorded = record_arrivals(connection, batch.arrivals)
    deleted = [_delete(connection, deletion) for deletion in batch.deletions]
    connection.executemany(
        "UPDATE post SET awaited_id = NULL WHERE awaited_id = ?",
        [(message_id,) for message_id in batch.missing_parents],
    )
    return BatchResult(recorded, deleted)


def _read_again(connection: sqlite3.Connection, discussion_ids: Collection[int]) -> None:
    connection.executemany(
        "UPDATE discussion SET is_current = 0, read_after = known_to WHERE id = ?",
        [(discussion_id,) for discussion_id in discussion_ids],
    )


def _delete(connection: sqlite3.Connection, deletion: Deletion) -> int:
    """Take texts away; an imported post goes as a whole when one of its messages does."""
    messages = json.dumps(deletion.message_ids)
    known = connection.execute(_POSTS_OF, {"messages": messages}).fetchall()
    at = to_milliseconds(deletion.at)
    # What is not known may still be on its way here.
    unknown = set(deletion.message_ids) - {row["message_id"] for row in known}
    connection.executemany(
        "INSERT INTO tombstone (id, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(message_id, at) for message_id in unknown],
    )
    connection.execute(
        "UPDATE replayed_message SET removed_at = ifnull(removed_at, ?)"
        " WHERE message_id IN (SELECT value FROM json_each(?))",
        (at, messages),
    )
    # Several of the messages may be one post.
    living = {
        row["id"]
        for row in known
        if row["deleted_at"] is None and row["discussion_id"] == deletion.discussion_id
    }
    for statement in DELETE_POST:
        connection.executemany(statement, [{"id": post_id, "now": at} for post_id in living])
    return len(living)
