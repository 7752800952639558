"""Compares a page of Discord's history with the posts that are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aiosqlite

if TYPE_CHECKING:
    from bot.store.reading import HistoryPage, Reading


async def compare(
    connection: aiosqlite.Connection, reading: Reading, page: HistoryPage, last: int
) -> None:
    """Note as absent what should be on a page, up to the message `last`, and is not.

    What is there after all is absent, or withheld, no more.
    """
    values = {
        "id": reading.discussion_id,
        "thread": reading.thread_id,
        "after": reading.after,
        "last": last,
        "is_last": page.is_last,
        "horizon": reading.horizon,
        "present": json.dumps(page.message_ids),
    }
    await connection.execute(
        "INSERT INTO absence (message_id, discussion_id) SELECT message_id, discussion_id"
        " FROM post WHERE discussion_id = :id AND channel_id = :thread AND id <= :horizon"
        " AND message_id > :after AND (:is_last OR message_id <= :last)"
        " AND deleted_at IS NULL AND withheld_at IS NULL"
        " AND message_id NOT IN (SELECT value FROM json_each(:present))"
        " ON CONFLICT DO NOTHING",
        values,
    )
    # The further messages of long imported posts.
    await connection.execute(
        "INSERT INTO absence (message_id, discussion_id)"
        " SELECT replayed_message.message_id, discussion_id"
        " FROM replayed_message JOIN post ON post.id = post_id"
        " WHERE discussion_id = :id AND part > 0 AND post.id <= :horizon"
        " AND replayed_message.message_id > :after"
        " AND (:is_last OR replayed_message.message_id <= :last)"
        " AND deleted_at IS NULL AND withheld_at IS NULL"
        " AND replayed_message.message_id NOT IN (SELECT value FROM json_each(:present))"
        " ON CONFLICT DO NOTHING",
        values,
    )
    # What was missed once and is there after all.
    await connection.execute(
        "DELETE FROM absence WHERE message_id IN (SELECT value FROM json_each(:present))", values
    )
    await connection.execute(
        "UPDATE post SET withheld_at = NULL WHERE discussion_id = :id AND withheld_at IS NOT NULL"
        " AND message_id IN (SELECT value FROM json_each(:present))"
        # It takes but one of its messages to be gone.
        " AND NOT EXISTS (SELECT 1 FROM replayed_message WHERE post_id = post.id"
        "  AND replayed_message.message_id NOT IN (SELECT value FROM json_each(:present)))",
        values,
    )
