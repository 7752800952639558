"""What a new post brings along for the search index; triggers do the rest (migration 0004).

An entry's key is the second at which its post was written, or the next free one, so that the
index is in the order of time. What is indexed of a post depends on its own row alone, for the
index can only be told to forget an entry in the very words it was given.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.core.model import Attachment
from bot.core.search_words import indexed_text

MILLISECONDS = 1000


def search_place_of(forum_id: int, *, is_private: bool) -> str:
    """Give the label of those who may find a post: all readers of its forum, or not all."""
    return f"{'x' if is_private else 'f'}{forum_id}"


def free_keys(connection: sqlite3.Connection, moments: Sequence[int]) -> list[int]:
    """Give keys for posts of these moments, in milliseconds since 1970; all are different."""
    order = sorted(range(len(moments)), key=moments.__getitem__)
    keys = _free_keys(connection, [moments[index] // MILLISECONDS for index in order])
    of_index = dict(zip(order, keys, strict=True))
    return [of_index[index] for index in range(len(moments))]


def _free_keys(connection: sqlite3.Connection, seconds: Sequence[int]) -> list[int]:
    keys: list[int] = []
    for second in seconds:
        keys.append(max(second, keys[-1] + 1) if keys else second)
    while (taken := _first_taken(connection, keys)) is not None:
        place = keys.index(taken)
        free = _first_free(connection, taken)
        for index in range(place, len(keys)):
            keys[index] = max(keys[index], free)
            free = keys[index] + 1
    return keys


def text_of_columns(content: str, notes: str | None, attachments: str | None) -> str | None:
    """Give `indexed_text` of what the columns of a post hold: a function for migrations."""
    return indexed_text(
        content,
        json.loads(notes or "[]"),
        [Attachment(*fields) for fields in json.loads(attachments or "[]")],
    )


def _first_taken(connection: sqlite3.Connection, keys: Sequence[int]) -> int | None:
    found: int | None = connection.execute(
        "SELECT min(search_key) FROM post WHERE search_key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    ).fetchone()[0]
    return found


def _first_free(connection: sqlite3.Connection, taken: int) -> int:
    """Give the next key that is free.

    After a storm, one key a second, those taken run on for hours: counting them, in ever wider
    stretches, is the quickest way through.
    """
    first, width = taken, 1
    while _all_taken(connection, first, width):
        first += width
        width *= 2
    while width > 1:
        width //= 2
        if _all_taken(connection, first, width):
            first += width
    return first


def _all_taken(connection: sqlite3.Connection, first: int, width: int) -> bool:
    count: int = connection.execute(
        "SELECT count(*) FROM post WHERE search_key BETWEEN ? AND ?", (first, first + width - 1)
    ).fetchone()[0]
    return count == width
