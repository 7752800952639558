"""What the tests of digests have in common: two readers, a discussion, and the digests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.model import Discussion
from bot.digests import Digests
from tests.digests.scene import opened
from tests.reading_room import ANN, BEN, CLEO, ReadingRoom


@pytest.fixture
async def discussion(room: ReadingRoom) -> Discussion:
    """Ann and Ben track it, and Cleo has written in it."""
    discussion = await room.begin("The Sea, the Sea")
    for reader in (ANN, BEN):
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "The cousin is a liar")
    return discussion


@pytest.fixture
async def digests(room: ReadingRoom) -> AsyncIterator[Digests]:
    async with opened(room) as digests:
        yield digests
