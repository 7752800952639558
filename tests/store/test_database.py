"""One writer, separate readers: what holds when tasks, programs and disks collide."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.database import (
    Database,
    StorageUnavailableError,
    from_milliseconds,
    open_database,
    to_milliseconds,
)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path / "club.sqlite3") as database:
        yield database


async def guilds(database: Database) -> list[int]:
    async with database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT id FROM guild ORDER BY id")
    return [row["id"] for row in rows]


async def add(database: Database, guild_id: int) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO guild (id, name) VALUES (?, 'Readers')", (guild_id,))


async def test_one_tasks_failure_takes_nothing_of_anothers(opened: Database) -> None:
    async def fail(guild_id: int) -> None:
        async with opened.transaction() as connection:
            await connection.execute("INSERT INTO guild (id, name) VALUES (?, '')", (guild_id,))
            raise LookupError

    jobs = [add(opened, number) if number % 2 else fail(number) for number in range(20)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(result, LookupError) for result in results) == 10
    assert await guilds(opened) == list(range(1, 20, 2))


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_works(opened: Database) -> None:
    inside = asyncio.Event()

    async def wait_inside() -> None:
        async with opened.transaction() as connection:
            await connection.execute("INSERT INTO guild (id, name) VALUES (1, '')")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait_inside())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(opened, 2)
    assert await guilds(opened) == [2]


async def test_a_reader_sees_one_moment_and_never_writes(opened: Database) -> None:
    await add(opened, 1)
    async with opened.reading() as connection:
        before = await connection.execute_fetchall("SELECT id FROM guild")
        await add(opened, 2)
        after = await connection.execute_fetchall("SELECT id FROM guild")
        assert [tuple(row) for row in before] == [tuple(row) for row in after] == [(1,)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await connection.execute("DELETE FROM guild")
    assert await guilds(opened) == [1, 2]


async def test_a_full_disk_is_a_clear_error_and_keeps_nothing_half_written(
    opened: Database,
) -> None:
    async with opened.transaction() as connection:
        pages = await (await connection.execute("PRAGMA page_count")).fetchone()
    assert pages is not None
    async with opened.transaction() as connection:
        await connection.execute(f"PRAGMA max_page_count = {pages[0] + 1}")

    async def fill() -> None:
        async with opened.transaction() as connection:
            await connection.execute("INSERT INTO guild (id, name) VALUES (1, '')")
            await connection.execute("UPDATE guild SET name = ?", ("x" * 100_000,))

    with pytest.raises(StorageUnavailableError, match="disk is full"):
        await fill()
    assert await guilds(opened) == []
    await add(opened, 2)
    assert await guilds(opened) == [2]


async def test_a_file_held_by_another_program_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    async with open_database(path, busy_seconds=0.05) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailableError, match="another program holds it"):
                await add(database, 1)
            other.execute("ROLLBACK")
        await add(database, 2)
        assert await guilds(database) == [2]


async def test_a_deleted_text_is_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    async with open_database(path) as database:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO guild (id, name) VALUES (1, 'unforgettable')")
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM guild")
    assert b"unforgettable" not in await asyncio.to_thread(path.read_bytes)


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
        timezones=st.just(UTC),
    )
)
def test_times_come_back_to_the_millisecond(moment: datetime) -> None:
    stored = to_milliseconds(moment)
    assert from_milliseconds(stored) == moment.replace(
        microsecond=moment.microsecond // 1000 * 1000
    )
