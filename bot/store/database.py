"""The one SQLite file: one writer, separate readers.

Two tasks on one connection share a transaction, so that one task's rollback would take the
other's rows with it: hence one writer behind a lock. Readers have connections of their own,
so that a search never waits for, nor slows, what is being recorded (WAL mode).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.core.errors import UserError
from bot.store.migrate import migrate

READERS = 2
# Discord waits three seconds for the answer to a command: the error must be there before.
BUSY_SECONDS = 1.0
# A reader that stays open lets the write-ahead log grow; this is what it shrinks back to.
JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024
# What a large batch changes stays in memory until its commit; with SQLite's 2 MB, pages are written
# to the log and read back again and again. It is taken only as it is needed.
WRITER_CACHE_KIB = 16 * 1024

Written = TypeVar("Written")
Read = TypeVar("Read")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class StorageUnavailableError(UserError):
    """The database cannot be written now (locked, full, read-only); a later try may succeed."""


class Database:
    """Hands out the writer's transaction and the readers' snapshots."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]
    ) -> None:
        self.path = path
        self._writer = writer
        self._writing = asyncio.Lock()
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Run the body as one transaction of the one writer: all of it is committed, or none.

        Raises `StorageUnavailableError` when the file is locked by another program, the disk
        is full or it cannot be written; nothing of the body is kept then.
        """
        async with self._writing:
            with _storage_errors(self.path):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    await self._writer.commit()
                except BaseException:
                    # Shielded: a cancelled task must not leave its half for the next one. It
                    # may be cancelled while the transaction begins, in the writer's thread.
                    await asyncio.shield(self._writer.rollback())
                    raise

    async def write(self, body: Callable[[sqlite3.Connection], Written]) -> Written:
        """Run `body` as one transaction in the writer's own thread, and give what it gives.

        For what takes many statements: they cost one change of threads together. What `body`
        raises is raised here, and nothing of it is kept then. Errors as in `transaction`.
        """
        async with self._writing:
            with _storage_errors(self.path):
                # A cancelled task leaves no half: the function goes on to its own end there.
                return await in_thread_of(self._writer, partial(_write, body=body))

    async def read(
        self, body: Callable[[sqlite3.Connection], Read], *, longest_seconds: float
    ) -> Read:
        """Run `body` on one moment of the database, in a reader's own thread; give what it gives.

        For what is to be quick: it costs one change of threads, and none of the loop's time.
        Raises `TimeoutError` where it takes longer than `longest_seconds`.
        """
        reader = await self._readers.get()
        interrupting = asyncio.create_task(_interrupt_late(reader, longest_seconds))
        try:
            return await in_thread_of(reader, partial(_read, body=body))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TimeoutError(f"a read took longer than {longest_seconds} s") from error
        finally:
            interrupting.cancel()
            # Who is cancelled leaves the function going on there: the next one waits behind it.
            self._readers.put_nowait(reader)

    async def empty_log(self) -> None:
        """Bring all that was committed into the file, and empty the write-ahead log.

        The log keeps what was deleted until it is written over: only then the last trace of it
        is gone. Where somebody reads meanwhile, for longer than a write waits, the log stays as
        it is until the next call. Errors as in `transaction`.
        """
        async with self._writing:
            with _storage_errors(self.path):
                await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[aiosqlite.Connection]:
        """Give a reader that sees one moment of the database throughout the body.

        Keep the body short: a snapshot that is held open lets the write-ahead log grow.
        """
        reader = await self._readers.get()
        try:
            # Inside: who is cancelled while it begins, in the reader's thread, must end it too.
            await reader.execute("BEGIN")
            yield reader
        finally:
            try:
                await asyncio.shield(reader.rollback())
            finally:
                self._readers.put_nowait(reader)


def _read(connection: sqlite3.Connection, body: Callable[[sqlite3.Connection], Read]) -> Read:
    connection.execute("BEGIN")
    try:
        return body(connection)
    finally:
        _end_read(connection)


def _end_read(connection: sqlite3.Connection) -> None:
    # What interrupts a read that is too long may come upon its very end: then it goes on.
    while connection.in_transaction:
        try:
            connection.rollback()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise


async def _interrupt_late(connection: aiosqlite.Connection, seconds: float) -> None:
    # Again and again: SQLite forgets it where it comes between two statements.
    while True:
        await asyncio.sleep(seconds)
        await connection.interrupt()


async def in_thread_of(
    connection: aiosqlite.Connection, body: Callable[[sqlite3.Connection], Written]
) -> Written:
    """Run `body` in the connection's own thread, within what is open on it; give what it gives."""
    # aiosqlite has no public way to do this.
    written: Written = await connection._execute(  # type: ignore[no-untyped-call]  # noqa: SLF001
        body,
        connection._conn,  # noqa: SLF001
    )
    return written


def _write(
    connection: sqlite3.Connection, body: Callable[[sqlite3.Connection], Written]
) -> Written:
    connection.execute("BEGIN IMMEDIATE")
    try:
        written = body(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return written


@asynccontextmanager
async def open_database(
    path: Path, *, busy_seconds: float = BUSY_SECONDS
) -> AsyncIterator[Database]:
    """Open the file at `path`, made with mode 0600 where it is new, and migrate it.

    A write waits up to `busy_seconds` for another program that holds the file.

    Raises `UserError` where the file cannot be used: no such folder, not a database, or
    written by a newer version of this program.
    """
    await asyncio.to_thread(_create, path)
    await asyncio.to_thread(migrate, path)
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(_connect(path, busy_seconds))
        await writer.execute(f"PRAGMA journal_size_limit = {JOURNAL_SIZE_LIMIT}")
        await writer.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
        readers = []
        for _ in range(READERS):
            reader = await stack.enter_async_context(_connect(path, busy_seconds))
            await reader.execute("PRAGMA query_only = ON")
            readers.append(reader)
        yield Database(path, writer, readers)


@asynccontextmanager
async def _connect(path: Path, busy_seconds: float) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None, timeout=busy_seconds) as connection:
        connection.row_factory = sqlite3.Row
        # FULL: what was acknowledged survives a power cut. secure_delete: a deleted text is
        # overwritten in the file, not just unlinked.
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            await connection.execute(f"PRAGMA {pragma}")
        yield connection


def _create(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UserError(
            f"The database {path} cannot be opened: {error.strerror}. "
            "Check that its folder exists and that the bot may write there."
        ) from error


class _storage_errors:  # noqa: N801 - reads as the `with` statement it is
    """Turn SQLite's transient errors into `StorageUnavailableError`, with what to do."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if not isinstance(error, sqlite3.OperationalError):
            return
        advice = {
            sqlite3.SQLITE_BUSY: "another program holds it; close that program",
            sqlite3.SQLITE_LOCKED: "another program holds it; close that program",
            sqlite3.SQLITE_FULL: "the disk is full; make room on it",
            sqlite3.SQLITE_IOERR: "the disk does not answer as it should; check it",
            sqlite3.SQLITE_READONLY: "it is read-only; let the bot write it",
            sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check its folder's rights",
        }.get(error.sqlite_errorcode & 0xFF)
        if advice is not None:
            raise StorageUnavailableError(
                f"The database {self._path.name} cannot be written now: {advice}."
            ) from error


def to_milliseconds(moment: datetime) -> int:
    """Give an aware `datetime` as the milliseconds since 1970 that the tables hold."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """Give what a table holds as an aware `datetime` in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND
