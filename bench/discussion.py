"""A file with one discussion as large as wanted, in the bot's own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from bot.store.migrate import migrate

SENTENCE = (
    "She had been a friend and companion such as few possessed: intelligent, useful, gentle. "
)
TEXT = (SENTENCE * 8)[:650]

DISCUSSION = """
    PRAGMA foreign_keys = ON;
    INSERT INTO guild (id, name) VALUES (1, 'Tuesday Readers');
    INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)
    VALUES (1, 1, 'novels', 1, 1, 0);
    INSERT INTO discussion (id, guild_id, forum_id, title, started_at, mark)
    VALUES (1, 1, 1, 'Emma', 0, 0);
"""

# A post's local id, number and message id are the same; it answers an earlier one or none.
POST = """
    INSERT INTO post (id, message_id, number, mark, discussion_id, channel_id, author_id, kind,
                      parent_id, root_id, depth, content, posted_at)
    VALUES (:id, :id, :id, :id, 1, 1, :author_id, :kind, :parent_id, :root_id, :depth, :content, 0)
"""


def write_discussion(
    path: Path, count: int, answered_by: Callable[[int], int | None], *, readers: int = 40
) -> None:
    """Write a new file with a discussion of so many posts, numbered from 1.

    `answered_by` gives the post that a post answers; None makes it a post of its own.
    """
    path.touch()
    migrate(path)
    places: dict[int, tuple[int, int]] = {}
    with sqlite3.connect(path) as connection:
        connection.executescript(DISCUSSION)
        connection.executemany(
            "INSERT INTO author (id, user_id, name) VALUES (?, ?, ?)",
            [(reader, reader, f"Reader {reader}") for reader in range(1, readers + 1)],
        )
        for post_id in range(1, count + 1):
            parent_id = answered_by(post_id)
            root_id, depth = (post_id, -1) if parent_id is None else places[parent_id]
            places[post_id] = root_id, depth + 1
            connection.execute(
                POST,
                {
                    "id": post_id,
                    "author_id": post_id % readers + 1,
                    "kind": "post" if parent_id is None else "reply",
                    "parent_id": parent_id,
                    "root_id": root_id,
                    "depth": depth + 1,
                    "content": f"{post_id} {TEXT}",
                },
            )
        connection.execute(
            "UPDATE discussion SET next_number = ?, post_count = ?", (count + 1, count)
        )
        connection.execute("PRAGMA optimize")
    connection.close()
