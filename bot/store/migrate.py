"""Brings a database file up to the newest schema.

A migration is a numbered SQL file in `migrations/`. Each is applied in one transaction, with
`PRAGMA user_version` set inside it, so that a file is always at a whole version. Why this is
not a library: docs/decisions/0003-migrations.md.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.core.errors import UserError
from bot.store.search_index import text_of_columns

BUSY_SECONDS = 60.0  # another process may be migrating: wait for it

_FILE_NAME = re.compile(r"(\d{4})_\w+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """A numbered step of the schema; `sql` may hold triggers."""

    version: int
    name: str
    sql: str


def load_migrations() -> tuple[Migration, ...]:
    """Give the shipped migrations in order; their numbers run from 1 without a gap."""
    entries = sorted(files("migrations").iterdir(), key=lambda entry: entry.name)
    return tuple(
        Migration(int(match[1]), entry.name, entry.read_text(encoding="utf-8"))
        for entry in entries
        if (match := _FILE_NAME.fullmatch(entry.name))
    )


def migrate(path: Path, migrations: Sequence[Migration] | None = None) -> tuple[Migration, ...]:
    """Apply what the file at `path` lacks, and give what was applied.

    A database that holds something is copied beside itself before its schema changes
    (`NAME.before-0002`). Processes that start at once wait for each other. Raises
    `UserError` when the file is no database, or was written by a newer version; it is
    untouched then. An error in a migration leaves the file at the version before it.
    """
    shipped = load_migrations() if migrations is None else tuple(migrations)
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            # What the index holds of posts in some scripts is no matter for SQL: migration 0004.
            database.create_function("indexed_text", 3, text_of_columns, deterministic=True)
            version = _version(database)
            if version > len(shipped):
                raise UserError(
                    f"The database {path} was written by a newer version of this program "
                    f"(schema {version}; this one knows up to {len(shipped)}). "
                    "Install that version or a later one; nothing was changed."
                )
            if 0 < version < len(shipped):
                _back_up(database, path, len(shipped))
            applied = tuple(step for step in shipped if _apply(database, step))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise UserError(
                f"{path} is not a database. Name the bot's own database, or a new file."
            ) from error
        raise UserError(f"The database {path} could not be migrated: {error}.") from error
    return applied


def _version(database: sqlite3.Connection) -> int:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def _apply(database: sqlite3.Connection, migration: Migration) -> bool:
    # The version is read again under the lock: another process may have been first.
    database.execute("BEGIN IMMEDIATE")
    try:
        if _version(database) >= migration.version:
            database.execute("ROLLBACK")
            return False
        for statement in _statements(migration.sql):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {migration.version}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return True


def _statements(sql: str) -> Iterator[str]:
    # Not `executescript`, which commits what is pending; a trigger's body holds semicolons,
    # and SQLite itself knows where such a statement ends.
    statement = ""
    for piece in re.split(r"(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _back_up(database: sqlite3.Connection, path: Path, newest: int) -> None:
    # Under the lock, and by the version read under it: a process that comes second must not put
    # what the first has migrated in the place of the copy.
    database.execute("BEGIN IMMEDIATE")
    try:
        if _version(database) == newest:
            return
        copy_path = path.with_name(f"{path.name}.before-{_version(database) + 1:04}")
        os.close(os.open(copy_path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy_path)) as copy:
            source.backup(copy)
    finally:
        database.execute("ROLLBACK")
