"""Migrations against real files: whole or not at all, backed up, never twice."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from bot.core.errors import UserError
from bot.store.database import open_database
from bot.store.migrate import Migration, load_migrations, migrate

FIRST = Migration(
    1, "0001_notes.sql", "CREATE TABLE note (words TEXT); CREATE TABLE log (words TEXT);"
)
TRIGGER = Migration(
    2,
    "0002_trigger.sql",
    """
    -- A trigger's body has semicolons; so has this comment; and a 'string; too'.
    CREATE TRIGGER keep AFTER INSERT ON note BEGIN
        INSERT INTO log VALUES (new.words || '; kept');
        INSERT INTO log VALUES ('end; of it');
    END;
    INSERT INTO note VALUES ('first');
    """,
)
BROKEN = Migration(2, "0002_broken.sql", "CREATE TABLE half (x); INSERT INTO missing VALUES (1);")


def read(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def test_the_shipped_migrations_are_numbered_without_a_gap_and_say_why() -> None:
    shipped = load_migrations()
    assert [step.version for step in shipped] == list(range(1, len(shipped) + 1))
    assert all(step.sql.startswith("-- ") for step in shipped)


def test_a_new_file_gets_every_migration_once(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    assert [step.version for step in migrate(path)] == [step.version for step in load_migrations()]
    assert migrate(path) == ()
    assert read(path, "PRAGMA journal_mode") == [("wal",)]


def test_a_trigger_is_applied_whole(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    migrate(path, [FIRST, TRIGGER])
    assert read(path, "SELECT words FROM log") == [("first; kept",), ("end; of it",)]


def test_a_failing_migration_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    migrate(path, [FIRST])
    with pytest.raises(UserError, match="could not be migrated"):
        migrate(path, [FIRST, BROKEN])
    assert read(path, "PRAGMA user_version") == [(1,)]
    assert read(path, "SELECT name FROM sqlite_master WHERE name = 'half'") == []


def test_an_existing_database_is_copied_beside_itself_first(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    migrate(path, [FIRST])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO note VALUES ('years of words')")
    migrate(path, [FIRST, TRIGGER])
    copy = tmp_path / "club.sqlite3.before-0002"
    assert read(copy, "SELECT words FROM note") == [("years of words",)]
    assert read(copy, "PRAGMA user_version") == [(1,)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_one_who_comes_second_copies_nothing_that_the_first_has_migrated(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    migrate(path, [FIRST])
    second = Thread(target=migrate, args=(path, [FIRST, TRIGGER]))
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        first.execute("PRAGMA user_version = 2")
        second.start()
        second.join(0.5)
        assert second.is_alive(), "it waits for the first"
        first.execute("COMMIT")
    second.join()
    assert [file.name for file in tmp_path.iterdir() if "before" in file.name] == []


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    migrate(path, [FIRST, TRIGGER])
    with pytest.raises(UserError, match="newer version"):
        migrate(path, [FIRST])
    assert read(path, "PRAGMA user_version") == [(2,)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, this is a letter and not a database. " * 40)
    with pytest.raises(UserError, match="is not a database"):
        migrate(path)
    assert path.read_text().startswith("Dear reader")


def test_processes_that_start_at_once_do_not_both_migrate(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    program = (
        "import sys; from pathlib import Path; from bot.store.migrate import migrate;"
        "print(len(migrate(Path(sys.argv[1]))))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert sum(int(output) for output in outputs) == len(load_migrations())


async def test_the_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    async with open_database(path) as database:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO guild (id, name) VALUES (1, 'Readers')")
        files = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
        assert {file.name for file in files} >= {"club.sqlite3", "club.sqlite3-wal"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder exists"):
        async with open_database(tmp_path / "nowhere" / "club.sqlite3"):
            pass
