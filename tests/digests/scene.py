"""Moments, and what a host would look up in the tables."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.digests import Digests
from bot.store.person import Person
from tests.reading_room import SUNDAY_EVENING, ReadingRoom

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MINUTE = timedelta(minutes=1)
# The machine may be busy: a tick is to wait for all that it sends.
PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def opened(
    room: ReadingRoom, *, a_minute: int = 1_000, patience_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[Digests]:
    """Give digests on the room's file; leaving ends what they are sending."""
    digests = Digests(room.database, SUNDAY_EVENING, a_minute, patience_seconds)
    try:
        yield digests
    finally:
        await digests.close()


async def rows(room: ReadingRoom, query: str, *values: int) -> list[sqlite3.Row]:
    async with room.database.reading() as connection:
        return list(await connection.execute_fetchall(query, values))


async def states(room: ReadingRoom, user_id: int) -> list[str]:
    """Give the states of a person's digests, the oldest first."""
    found = await rows(room, "SELECT state FROM outbox WHERE user_id = ? ORDER BY id", user_id)
    return [row["state"] for row in found]


async def until_states(room: ReadingRoom, user_id: int, expected: list[str]) -> None:
    """Wait until a person's digests are in these states, the oldest first."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await states(room, user_id) != expected:  # noqa: ASYNC110 - a file has no events
            await asyncio.sleep(0.01)


async def exclusions(room: ReadingRoom, user_id: int) -> list[str | None]:
    """Give why nothing was said of the parts of a person's digests, None where it was."""
    found = await rows(
        room,
        "SELECT exclusion FROM outbox JOIN outbox_part ON outbox_id = outbox.id"
        " WHERE user_id = ? ORDER BY outbox.id, discussion_id",
        user_id,
    )
    return [row["exclusion"] for row in found]


async def person_of(room: ReadingRoom, user_id: int) -> Person:
    person = await room.people.get(user_id)
    assert person is not None
    return person
