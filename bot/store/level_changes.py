"""What follows when a person is told more, or less, often of what they track."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import aiosqlite

from bot.core.level import Level
from bot.store.database import to_milliseconds
from bot.store.due import tell_soon
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE


@asynccontextmanager
async def changing_levels(
    connection: aiosqlite.Connection, user_id: int, now: datetime
) -> AsyncIterator[None]:
    """Put right, after the body has changed a person's levels, what depends on them.

    Of what was muted and is not any more, only what comes from now on is theirs. What waited for
    a digest, and is to be told post by post now, is due at once. Part of the caller's transaction.
    """
    muted_rows = await connection.execute_fetchall(
        "SELECT id FROM tracking WHERE user_id = ? AND level = 'muted'", (user_id,)
    )
    before = await levels_of_person(connection, user_id)
    yield
    after = await levels_of_person(connection, user_id)
    unmuted = [
        each for each, level in before.items() if level is Level.MUTED and _is_heard(after, each)
    ]
    await connection.execute(
        "UPDATE tracking SET since_mark = (SELECT value FROM news_mark), tracked_at = ?"
        " WHERE id IN (SELECT value FROM json_each(?)) AND level IS NOT 'muted'",
        (to_milliseconds(now), json.dumps([row["id"] for row in muted_rows])),
    )
    await connection.execute(
        "INSERT INTO told (user_id, discussion_id, mark)"
        " SELECT ?, entry.value, news_mark.value FROM json_each(?) AS entry"
        " CROSS JOIN news_mark WHERE true"
        " ON CONFLICT DO UPDATE SET mark = excluded.mark",
        (user_id, json.dumps(unmuted)),
    )
    if any(
        level is Level.EVERY_POST and before.get(each) in {Level.DAILY, Level.WEEKLY}
        for each, level in after.items()
    ):
        await tell_soon(connection, user_id, now)


async def levels_of_person(connection: aiosqlite.Connection, user_id: int) -> dict[int, Level]:
    """Give the level in force of each discussion that a person tracks or muted, by local id."""
    rows = await connection.execute_fetchall(
        f"{LEVELS_OF_PEOPLE} SELECT discussion_id, level FROM in_force",  # noqa: S608 - a constant
        {"user_ids": json.dumps([user_id])},
    )
    return {row["discussion_id"]: Level(row["level"]) for row in rows}


def _is_heard(levels: dict[int, Level], discussion_id: int) -> bool:
    return levels.get(discussion_id, Level.MUTED) is not Level.MUTED
