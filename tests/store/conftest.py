"""What the tests of storage have in common: a discussion, what records into it, what reads it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.database import Database
from bot.store.posts import Posts
from bot.store.recording import Recording, open_recording
from tests.store.archive import Archive, open_archive
from tests.store.thread import Club, found_club


class Warned(logging.Handler):
    """Becomes `heard` when the recording says that it cannot write."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()
        self.heard.set()


@pytest.fixture
def warned() -> Iterator[Warned]:
    handler = Warned()
    logger = logging.getLogger("bot.store.recording")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
async def recording(database: Database) -> AsyncIterator[Recording]:
    async with open_recording(database) as recording:
        yield recording


@pytest.fixture
async def club(database: Database) -> Club:
    return await found_club(database)


@pytest.fixture
async def discussion(club: Club) -> int:
    return await club.discussion()


@pytest.fixture
def posts(database: Database) -> Posts:
    return Posts(database)


@pytest.fixture
async def archive(database: Database, recording: Recording) -> Archive:
    return await open_archive(database, recording)
