"""A year of ticks for people in forty zones, compared with the clocks on their walls."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.level import Level
from bot.digests import Digests
from tests.digests.people_everywhere import Watch, readers_everywhere
from tests.digests.scene import PATIENCE_SECONDS
from tests.mailbag import Mailbag
from tests.reading_room import BEN, FORUM, SUNDAY_EVENING, ReadingRoom

TICK = timedelta(minutes=15)
# Often enough that each day of each zone has a post, and at ever different hours.
BETWEEN_POSTS = timedelta(hours=22)
# A post is found by the tick after it, and is told, with those of the seconds after it, by the
# tick after that one.
NOTICED = 2 * TICK


@pytest.mark.parametrize(
    ("start", "days"),
    [
        pytest.param(datetime(2026, 10, 24, tzinfo=UTC), 2, id="when Europe's clocks go back"),
        pytest.param(datetime(2027, 3, 27, tzinfo=UTC), 2, id="when Europe's clocks go forward"),
        pytest.param(datetime(2026, 11, 22, tzinfo=UTC), 366, id="a year", marks=pytest.mark.slow),
    ],
)
async def test_everyone_is_told_at_their_hour_and_of_every_post_once(
    room: ReadingRoom, start: datetime, days: int
) -> None:
    room.now = start
    end = start + timedelta(days=days)
    discussion = await room.begin("A long debate")
    readers = readers_everywhere()
    for reader in readers:
        await room.people.choose(
            reader.user_id,
            now=start,
            level=reader.level,
            weekday=reader.weekday,
            hour=reader.hour,
            zone=reader.zone,
            quiet=reader.quiet,
        )
        await room.tracking.track_forum(reader.user_id, FORUM, start)
    digests = Digests(
        room.database, SUNDAY_EVENING, 10 * len(readers), patience_seconds=PATIENCE_SECONDS
    )
    mailbag = Mailbag()
    arrived: defaultdict[int, list[datetime]] = defaultdict(list)
    written: list[datetime] = []

    while room.now < end:
        if not (room.now - start) % BETWEEN_POSTS:
            written.append(room.now)
            await room.post(discussion, BEN, f"Thought {len(written)}.")
        before = len(mailbag.attempts)
        await digests.tick(mailbag, room.pass_time(TICK))
        for user_id in mailbag.attempts[before:]:
            arrived[user_id].append(room.now)

    watch = Watch(start, end)
    for reader in readers:
        if reader.level is Level.EVERY_POST:
            expected = sorted({watch.heard(reader, at + NOTICED) for at in written})
        else:
            expected = watch.digests(reader)
        assert arrived[reader.user_id] == [at for at in expected if at <= end], reader
        told = "\n".join(mailbag.texts(reader.user_id))
        for number, at in enumerate(written, start=1):
            # What is written when a digest is planned is in it only if it was there before.
            is_told = any(at < moment for moment in arrived[reader.user_id])
            assert told.count(f"Thought {number}.") == is_told, (reader, at)
