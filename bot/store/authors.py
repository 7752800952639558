"""Finds or makes the authors of posts, and keeps their names as they are now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.core.incoming import IncomingPost


def author_ids(
    connection: sqlite3.Connection, posts: Sequence[IncomingPost]
) -> dict[int | str, int]:
    """Give the local ids of the authors of these posts, by user id, or by name where it is None.

    Those who are not known are stored; a member's name is kept as the last of the posts has it.
    """
    names = {post.user_id: post.author_name for post in posts if post.user_id is not None}
    nameless = {post.author_name for post in posts if post.user_id is None}
    return _members(connection, names) | _names(connection, nameless)


def _members(connection: sqlite3.Connection, names: dict[int, str]) -> dict[int | str, int]:
    known = connection.execute(
        "SELECT id, user_id, name FROM author WHERE user_id IN (SELECT value FROM json_each(?))",
        (json.dumps([*names]),),
    ).fetchall()
    ids: dict[int | str, int] = {row["user_id"]: row["id"] for row in known}
    connection.executemany(
        "UPDATE author SET name = ? WHERE id = ?",
        [
            (names[row["user_id"]], row["id"])
            for row in known
            if names[row["user_id"]] != row["name"]
        ],
    )
    for user_id in names.keys() - ids.keys():
        ids[user_id] = _insert(connection, user_id, names[user_id])
    return ids


def _names(connection: sqlite3.Connection, names: set[str]) -> dict[int | str, int]:
    known = connection.execute(
        "SELECT id, name FROM author"
        " WHERE user_id IS NULL AND name IN (SELECT value FROM json_each(?))",
        (json.dumps([*names], ensure_ascii=False),),
    )
    ids: dict[int | str, int] = {row["name"]: row["id"] for row in known}
    for name in names - ids.keys():
        ids[name] = _insert(connection, None, name)
    return ids


def _insert(connection: sqlite3.Connection, user_id: int | None, name: str) -> int:
    inserted = connection.execute(
        "INSERT INTO author (user_id, name) VALUES (?, ?)", (user_id, name)
    ).lastrowid
    assert inserted is not None  # noqa: S101 - an INSERT that did not fail has a row
    return inserted
