"""A read in a reader's own thread: one moment, no loose end."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import suppress

import pytest

from bot.store.database import READERS, Database

ENDLESS = """
    WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number)
    SELECT max(value) FROM number
"""


def mark(connection: sqlite3.Connection) -> int:
    value: int = connection.execute("SELECT value FROM news_mark").fetchone()[0]
    return value


async def count_up(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("UPDATE news_mark SET value = value + 1")


async def test_a_read_sees_one_moment_however_much_is_written_meanwhile(
    database: Database,
) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def read_twice(connection: sqlite3.Connection) -> tuple[int, int]:
        first = mark(connection)
        has_begun.set()
        may_end.wait()
        return first, mark(connection)

    reading = asyncio.create_task(database.read(read_twice, longest_seconds=60))
    await asyncio.to_thread(has_begun.wait)
    await count_up(database)
    may_end.set()

    assert await reading == (0, 0)
    assert await database.read(mark, longest_seconds=60) == 1


async def test_a_read_that_takes_too_long_is_ended_and_the_reader_reads_on(
    database: Database,
) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(TimeoutError):
            await database.read(
                lambda connection: connection.execute(ENDLESS).fetchall(), longest_seconds=0.01
            )

    assert await database.read(mark, longest_seconds=60) == 0


async def test_a_read_that_is_interrupted_at_its_very_end_leaves_a_reader_that_reads_on(
    database: Database,
) -> None:
    async def read_under_fire() -> None:
        has_ended = threading.Event()
        firing: list[threading.Thread] = []

        def interrupt(connection: sqlite3.Connection) -> None:
            while not has_ended.is_set():
                connection.interrupt()

        def read(connection: sqlite3.Connection) -> int:
            firing.append(threading.Thread(target=interrupt, args=(connection,)))
            firing[0].start()
            return mark(connection)

        try:
            await database.read(read, longest_seconds=60)
        finally:
            has_ended.set()
            for thread in firing:
                await asyncio.to_thread(thread.join)

    for _ in range(50):
        with suppress(TimeoutError):
            await read_under_fire()

    for _ in range(READERS):
        assert await database.read(mark, longest_seconds=60) == 0


async def test_an_error_is_raised_and_the_reader_reads_on(database: Database) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await database.read(
                lambda connection: connection.execute("SELECT * FROM elsewhere").fetchall(),
                longest_seconds=60,
            )

    assert await database.read(mark, longest_seconds=60) == 0


async def test_who_gives_up_leaves_a_reader_that_reads_on(database: Database) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def wait(connection: sqlite3.Connection) -> int:
        has_begun.set()
        may_end.wait()
        return mark(connection)

    given_up = asyncio.create_task(database.read(wait, longest_seconds=60))
    await asyncio.to_thread(has_begun.wait)
    given_up.cancel()
    await asyncio.wait({given_up})
    may_end.set()

    assert given_up.cancelled()
    reads = [database.read(mark, longest_seconds=60) for _ in range(2 * READERS)]
    assert await asyncio.gather(*reads) == [0] * (2 * READERS)
