"""Weeks of ticks, compared with a walk through time: every digest at its hour, every post once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.schedule import WeeklySchedule
from bot.digests import Digests
from bot.store.news import News
from bot.store.outbox import Outbox
from tests.mailbag import Mailbag
from tests.reading_room import BEN, FORUM, SUNDAY_EVENING, ReadingRoom

WEEK = timedelta(days=7)

# Where clocks change: by an hour, by half an hour, in both hemispheres; at half and quarter hours
# from UTC; and at an hour that is skipped (Berlin) or comes twice (New York).
SCHEDULES = [
    WeeklySchedule(6, 2, "Europe/Berlin"),
    WeeklySchedule(6, 1, "America/New_York"),
    WeeklySchedule(5, 9, "America/St_Johns"),
    WeeklySchedule(0, 0, "America/Santiago"),
    WeeklySchedule(2, 18, "Asia/Kolkata"),
    WeeklySchedule(3, 7, "Asia/Kathmandu"),
    WeeklySchedule(6, 2, "Australia/Lord_Howe"),
    WeeklySchedule(6, 23, "Pacific/Auckland"),
    WeeklySchedule(4, 12, "UTC"),
]
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def expected_moments(
    schedule: WeeklySchedule, start: datetime, end: datetime, step: timedelta
) -> list[datetime]:
    """Walk the ticks: the first one of a local day that is not before the hour."""
    zone = ZoneInfo(schedule.zone)
    moments: dict[date, datetime] = {}
    moment = start - timedelta(days=2)
    while moment <= end:
        local = moment.astimezone(zone)
        if local.weekday() == schedule.weekday and local.hour >= schedule.hour:
            moments.setdefault(local.date(), moment)
        moment += step
    return [moment for moment in moments.values() if moment > start]


@pytest.mark.parametrize(
    ("start", "weeks", "step"),
    [
        pytest.param(datetime(2026, 10, 21, tzinfo=UTC), 2, QUARTER, id="when clocks go back"),
        pytest.param(datetime(2027, 3, 10, tzinfo=UTC), 3, QUARTER, id="when clocks go forward"),
        pytest.param(
            datetime(2026, 11, 23, tzinfo=UTC), 52, HOUR, id="a year", marks=pytest.mark.slow
        ),
    ],
)
async def test_over_the_weeks_each_digest_comes_at_its_hour_and_tells_each_post_once(
    room: ReadingRoom, start: datetime, weeks: int, step: timedelta
) -> None:
    digests = Digests(Outbox(room.database, SUNDAY_EVENING), News(room.database))
    room.now = start
    readers = {10_000 + number: schedule for number, schedule in enumerate(SCHEDULES)}
    discussion = await room.begin("A long debate")
    for reader, schedule in readers.items():
        await room.people.set_schedule(reader, schedule, room.now)
        await room.tracking.track_forum(reader, FORUM, room.now)
    mailbag = Mailbag()
    arrived: dict[int, list[datetime]] = {reader: [] for reader in readers}
    written: list[tuple[datetime, str]] = []
    end = start + weeks * WEEK

    while room.now < end:
        if not (room.now - start) % timedelta(days=1):
            written.append((room.now, f"Thought {len(written)}."))
            await room.post(discussion, BEN, written[-1][1])
        before = len(mailbag.attempts)
        await digests.tick(mailbag, room.pass_time(step))
        for reader in mailbag.attempts[before:]:
            arrived[reader].append(room.now)

    for reader, schedule in readers.items():
        assert arrived[reader] == expected_moments(schedule, start, end, step)
        told = "\n".join(mailbag.texts(reader))
        for at, thought in written:
            assert told.count(thought) == (at < arrived[reader][-1])
