"""A disk that is really full: a small one is made for it, which needs root on Linux."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.database import StorageUnavailableError, open_database
from bot.store.posts import Posts
from bot.store.recording import open_recording
from tests.store.conftest import Warned
from tests.store.thread import THREAD, found_club, message

POSTS = 400


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of two megabytes."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None or unmount is None:
        pytest.skip("making a file system needs root on Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    # S603: constants, and a folder of the test's own.
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no file system can be made here: {made.stderr.decode()}")
    yield disk
    subprocess.run([unmount, str(disk)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room for a single byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(b"." * size)
            except OSError:
                continue


@pytest.mark.slow
async def test_a_disk_that_is_full_loses_nothing_once_there_is_room(
    small_disk: Path, warned: Warned
) -> None:
    filler = small_disk / "filler"
    path = small_disk / "marginalia.sqlite3"
    async with open_database(path) as database:
        club = await found_club(database)
        discussion = await club.discussion()
        async with open_recording(database) as recording:
            await recording.record(discussion, message(THREAD, "Before."))
            await asyncio.to_thread(fill, filler)
            storing = [
                asyncio.create_task(recording.record(discussion, message(THREAD + n, "x" * 500)))
                for n in range(1, POSTS)
            ]
            await warned.heard.wait()
            assert "the disk is full; make room on it" in warned.text
            assert not any(task.done() for task in storing)
            # What is stored can be read all the while, and a command is refused in words.
            assert [post.content for post in await Posts(database).page(discussion)] == ["Before."]
            with pytest.raises(StorageUnavailableError, match="disk is full"):
                await club.discussion(THREAD + 10_000)
            await asyncio.to_thread(filler.unlink)
            await asyncio.gather(*storing)
        assert len(await Posts(database).page(discussion, limit=10_000)) == POSTS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
