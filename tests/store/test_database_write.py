"""One change of threads for many statements, and still one transaction."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot.store.database import Database


async def marks(database: Database) -> int:
    async with database.reading() as connection:
        (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    value: int = row["value"]
    return value


def count_up(connection: sqlite3.Connection) -> str:
    connection.execute("UPDATE news_mark SET value = value + 1")
    connection.execute("UPDATE news_mark SET value = value + 1")
    return "done"


async def test_what_is_written_is_committed_and_the_result_given(database: Database) -> None:
    assert await database.write(count_up) == "done"
    assert await marks(database) == 2


async def test_an_error_leaves_nothing_and_the_next_can_write(database: Database) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        count_up(connection)
        connection.execute("INSERT INTO news_mark VALUES (2, 0)")

    with pytest.raises(sqlite3.IntegrityError):
        await database.write(fail)

    assert await marks(database) == 0
    await database.write(count_up)
    assert await marks(database) == 2


async def test_a_cancelled_writer_writes_all_or_nothing_and_blocks_nobody(
    database: Database,
) -> None:
    writing = asyncio.create_task(database.write(count_up))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait({writing})

    await database.write(count_up)

    assert await marks(database) == 4


async def test_a_task_cancelled_while_its_transaction_begins_leaves_none_open(
    database: Database,
) -> None:
    async def body() -> None:
        async with database.transaction():
            pytest.fail("it was cancelled before")

    beginning = asyncio.create_task(body())
    await asyncio.sleep(0)
    beginning.cancel()
    await asyncio.wait({beginning})
    assert beginning.cancelled()

    async with database.transaction() as connection:
        await connection.execute("UPDATE news_mark SET value = 1")
    assert await marks(database) == 1
