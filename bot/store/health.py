"""What can be said about a database file from outside, without changing it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import UserError

BUSY_SECONDS = 2.0  # a commit of the running bot takes far less


@dataclass(frozen=True, slots=True)
class SetUpForum:
    """A forum that is in use, as the file has it."""

    id: int
    guild_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Health:
    """What was found: `faults` are SQLite's own words, none where the file is whole.

    `mode` are the permission bits of the file, `size` and `free` bytes of the file and of the
    disk it is on. `is_locked` says that another program kept it from being written for seconds.
    """

    version: int
    mode: int
    size: int
    free: int
    is_writable: bool
    is_locked: bool
    faults: tuple[str, ...]
    forums: tuple[SetUpForum, ...]


def schema_version(path: Path) -> int:
    """Give the schema's version, 0 for a file that is not there. Raises `UserError`."""
    if not path.exists():
        return 0
    with closing(_open(path)) as connection:
        return _version(connection, path)


def examine(path: Path) -> Health | None:
    """Look at the file, reading all of it; None where there is none yet.

    Raises `UserError` where it is no database.
    """
    if not path.exists():
        return None
    with closing(_open(path)) as connection:
        version = _version(connection, path)
        faults, forums = _contents(connection, version)
        status = path.stat()
        is_writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        return Health(
            version=version,
            mode=stat.S_IMODE(status.st_mode),
            size=status.st_size,
            free=shutil.disk_usage(path.parent).free,
            is_writable=is_writable,
            is_locked=is_writable and _is_locked(path),
            faults=faults,
            forums=forums,
        )


def _open(path: Path) -> sqlite3.Connection:
    if path.is_dir():
        # SQLite's own words for it are "disk I/O error".
        raise UserError(f"The database {path} is a folder: name a file in it.")
    try:
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS
        )
    except sqlite3.OperationalError as error:
        raise UserError(
            f"The database {path} cannot be opened: {error}. Let the bot's user read and "
            "write the file and its folder."
        ) from error


def _version(connection: sqlite3.Connection, path: Path) -> int:
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise UserError(
            f"{path} cannot be read as a database ({error}). Name the bot's own database, or a "
            "new file."
        ) from error
    return version


def _is_locked(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return True
    return False


def _contents(
    connection: sqlite3.Connection, version: int
) -> tuple[tuple[str, ...], tuple[SetUpForum, ...]]:
    """Give SQLite's complaints, and the forums in use as far as they can be read."""
    try:
        faults = tuple(row[0] for row in connection.execute("PRAGMA quick_check"))
        forums = connection.execute(
            "SELECT id, guild_id, name FROM forum"
            " WHERE removed_at IS NULL AND hidden_at IS NULL ORDER BY guild_id, name"
            if version
            else "SELECT 1, 1, '' WHERE 0"
        ).fetchall()
    except sqlite3.DatabaseError as error:
        return (str(error),), ()
    return () if faults == ("ok",) else faults, tuple(SetUpForum(*row) for row in forums)
