"""A database that another program holds, or that cannot be read: nobody misses or repeats one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.digests import Digests
from bot.store.database import StorageUnavailableError, open_database
from bot.store.outbox import LEASE
from tests.digests.scene import MINUTE, SUNDAY, WEEK, states, until_states
from tests.mailbag import Held, Mailbag
from tests.reading_room import ANN, BEN, CLEO, SUNDAY_EVENING, ReadingRoom


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let another program write to the file all the while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.usefixtures("discussion")
@pytest.mark.parametrize("is_taken", [True, False])
async def test_what_cannot_be_settled_is_looked_for_and_comes_once(
    room: ReadingRoom, *, is_taken: bool
) -> None:
    mailbag = Mailbag()
    answer = Held()
    (mailbag.after if is_taken else mailbag.before)[ANN].append(answer)
    async with open_database(room.database.path, busy_seconds=0.05) as database:
        digests = Digests(database, SUNDAY_EVENING, a_minute=1_000)
        ticking = asyncio.create_task(digests.tick(mailbag, SUNDAY))
        await answer.begun.wait()
        # Nothing else is to be written while the other program waits for its turn.
        await until_states(room, BEN, ["sent"])
        with held(room.database.path):
            answer.let()
            await ticking
        assert await states(room, ANN) == ["sending"]

        await digests.tick(mailbag, SUNDAY + LEASE)
        await digests.close()

    assert await states(room, ANN) == ["sent"]
    assert len(mailbag.texts(ANN)) == 1


@pytest.mark.usefixtures("discussion")
async def test_what_cannot_be_planned_or_claimed_is_told_by_a_later_tick(room: ReadingRoom) -> None:
    mailbag = Mailbag()
    async with open_database(room.database.path, busy_seconds=0.05) as database:
        digests = Digests(database, SUNDAY_EVENING, a_minute=1_000)
        with held(room.database.path), pytest.raises(StorageUnavailableError):
            await digests.tick(mailbag, SUNDAY)
        await digests.plan(SUNDAY + MINUTE)
        with held(room.database.path), pytest.raises(StorageUnavailableError):
            await digests.deliver(mailbag, SUNDAY + MINUTE)
        assert not mailbag.attempts

        await digests.tick(mailbag, SUNDAY + 2 * MINUTE)
        await digests.close()

    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


async def test_what_is_planned_is_sent_though_nothing_more_can_be_planned(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag(unknown={discussion.thread_id or 0})
    await digests.tick(mailbag, SUNDAY)
    mailbag.unknown.clear()
    await room.tracking.track_discussion(CLEO, discussion.id, room.now, Level.DAILY)
    async with room.database.transaction() as connection:
        # A moment that no clock knows.
        await connection.execute("UPDATE due SET at = ? WHERE user_id = ?", (-(10**17), CLEO))

    with pytest.raises(OverflowError):
        await digests.tick(mailbag, SUNDAY + WEEK)

    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1
