"""What the tests of storage in trouble have in common."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest


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
