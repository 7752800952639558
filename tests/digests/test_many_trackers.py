"""Ten thousand people who are due at the same hour, under the cap a minute."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.core.level import Level
from bot.store.database import to_milliseconds
from tests.digests.scene import MINUTE, SUNDAY, opened
from tests.mailbag import Mailbag, silence
from tests.reading_room import ANN, CLEO, GUILD, START, ReadingRoom

A_MINUTE = 60
TICK = timedelta(seconds=20)


@pytest.mark.slow
async def test_ten_thousand_are_served_steadily_each_once_and_notices_in_between(
    room: ReadingRoom,
) -> None:
    readers = range(1_000_000, 1_010_000)
    discussion = await room.begin("The Sea, the Sea")
    calm = await room.begin("The Bell")
    await room.tracking.track_discussion(ANN, calm.id, room.now, Level.EVERY_POST)
    async with room.database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO person (user_id, weekday, hour, zone) VALUES (?, 6, 18, 'UTC')",
            [(reader,) for reader in readers],
        )
        await connection.executemany(
            "INSERT INTO due (user_id, level, at) VALUES (?, 'weekly', ?)",
            [(reader, to_milliseconds(SUNDAY)) for reader in readers],
        )
        await connection.executemany(
            "INSERT INTO tracking (user_id, guild_id, discussion_id, since_mark, tracked_at)"
            " VALUES (?, ?, ?, 0, ?)",
            [(reader, GUILD, discussion.id, to_milliseconds(START)) for reader in readers],
        )
    await room.post(discussion, CLEO, "The cousin is a liar")
    mailbag = Mailbag()
    for reader in readers[::50]:
        mailbag.before[reader].append(silence)
    sent_at: list[tuple[int, int]] = []
    room.now = SUNDAY

    async with opened(room, a_minute=A_MINUTE) as digests:
        ticks = 0
        while len(mailbag.inboxes) - (not mailbag.inboxes[ANN]) < len(readers) + 1:
            if ticks == 30:
                await room.post(calm, CLEO, "In the middle of it")
            before = len(mailbag.attempts)
            await digests.tick(mailbag, room.now)
            sent_at += [(ticks, reader) for reader in mailbag.attempts[before:]]
            room.pass_time(TICK)
            ticks += 1
            assert ticks < 700

    assert {len(mailbag.inboxes[reader]) for reader in readers} == {1}
    assert len(mailbag.inboxes[ANN]) == 1
    (notice,) = [tick for tick, reader in sent_at if reader == ANN]
    assert notice - 30 <= MINUTE // TICK
    attempts = Counter(tick for tick, _ in sent_at)
    for tick in range(ticks):
        within_a_minute = sum(attempts[tick + later] for later in range(MINUTE // TICK))
        assert within_a_minute <= A_MINUTE
