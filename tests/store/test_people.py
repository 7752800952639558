"""How often and when people are told: what they choose, and what counts until they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.schedule import QuietHours, WeeklySchedule
from bot.store.database import Database
from bot.store.people import People
from bot.store.person import Inbox
from tests.reading_room import ANN, FORUM, START, SUNDAY_EVENING, ReadingRoom

DAY = timedelta(days=1)


@pytest.fixture
def people(database: Database) -> People:
    return People(database, SUNDAY_EVENING)


async def test_someone_who_never_tracked_is_not_known_and_would_follow_the_default(
    people: People,
) -> None:
    assert await people.get(ANN) is None
    assert await people.next_due(ANN) == {}
    assert (await people.get_or_new(ANN, None)).schedule == SUNDAY_EVENING
    assert await people.get(ANN) is None


async def test_who_begins_to_track_is_told_weekly_by_the_default_schedule(
    room: ReadingRoom,
) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)

    person = await room.people.get(ANN)

    assert person is not None
    assert person == await room.people.get_or_new(ANN, None)
    assert person.level is Level.WEEKLY
    assert person.schedule == SUNDAY_EVENING
    assert (person.has_chosen_zone, person.quiet, person.paused) == (False, None, None)
    assert person.inbox is Inbox.UNKNOWN
    # START is noon of a Monday.
    assert await room.people.next_due(ANN) == {
        Level.DAILY: datetime(2026, 11, 23, 18, tzinfo=UTC),
        Level.WEEKLY: datetime(2026, 11, 29, 18, tzinfo=UTC),
    }


async def test_tracking_more_leaves_everything_that_was_chosen(room: ReadingRoom) -> None:
    await room.people.choose(
        ANN, now=room.now, level=Level.DAILY, hour=7, zone="Asia/Tokyo", quiet=QuietHours(22, 6)
    )
    await room.tracking.track_forum(ANN, FORUM, room.now)
    before = (await room.people.get(ANN), await room.people.next_due(ANN))
    discussion = await room.begin("The Sea, the Sea")

    await room.tracking.track_discussion(ANN, discussion.id, room.pass_time(10 * DAY))

    assert (await room.people.get(ANN), await room.people.next_due(ANN)) == before


async def test_what_is_chosen_counts_from_its_next_hour_in_its_zone(people: People) -> None:
    person = await people.choose(ANN, now=START, weekday=0, hour=21, zone="Asia/Kolkata")

    assert person == await people.get(ANN)
    assert person.schedule == WeeklySchedule(weekday=0, hour=21, zone="Asia/Kolkata")
    assert person.has_chosen_zone
    # 21:00 in Kolkata is 15:30 UTC.
    evening = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert await people.next_due(ANN) == {Level.DAILY: evening, Level.WEEKLY: evening}


async def test_one_choice_leaves_the_others(people: People) -> None:
    await people.choose(ANN, now=START, level=Level.DAILY, quiet=QuietHours(22, 6))
    await people.choose(ANN, now=START, weekday=2)
    await people.choose(ANN, now=START, hour=9)

    person = await people.choose(ANN, now=START, zone="Europe/Paris")

    assert person.level is Level.DAILY
    assert person.schedule == WeeklySchedule(weekday=2, hour=9, zone="Europe/Paris")
    assert person.quiet == QuietHours(22, 6)
    assert (await people.choose(ANN, now=START, ends_quiet=True)).quiet is None


async def test_a_digest_that_is_due_is_not_put_off_by_another_schedule(people: People) -> None:
    await people.choose(ANN, now=START, weekday=6)
    due = await people.next_due(ANN)

    await people.choose(ANN, now=due[Level.DAILY], weekday=2, hour=9)

    coming = await people.next_due(ANN)
    assert coming[Level.DAILY] == due[Level.DAILY]
    assert coming[Level.WEEKLY] == datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "quiet"),
    [(3, QuietHours(22, 6)), (22, QuietHours(22, 6)), (None, QuietHours(17, 19))],
)
async def test_an_hour_within_quiet_hours_is_refused_and_changes_nothing(
    people: People, hour: int | None, quiet: QuietHours
) -> None:
    before = await people.choose(ANN, now=START, level=Level.DAILY)
    with pytest.raises(UserError, match="within your quiet hours"):
        await people.choose(ANN, now=START, level=Level.WEEKLY, hour=hour, quiet=quiet)
    assert await people.get(ANN) == before


async def test_an_hour_at_which_quiet_hours_end_is_taken(people: People) -> None:
    person = await people.choose(ANN, now=START, hour=6, quiet=QuietHours(22, 6))
    assert (person.schedule.hour, person.quiet) == (6, QuietHours(22, 6))


async def test_a_refused_choice_of_somebody_new_makes_nobody_known(people: People) -> None:
    with pytest.raises(UserError, match="time zone"):
        await people.choose(ANN, now=START, zone="Mars/Olympus")
    assert await people.get(ANN) is None


async def test_someone_whose_zone_is_gone_follows_the_default_zone_until_it_is_back(
    database: Database, people: People
) -> None:
    await people.choose(ANN, now=START, hour=7)
    async with database.transaction() as connection:
        await connection.execute("UPDATE person SET zone = 'Mars/Olympus', has_chosen_zone = 1")

    person = await people.choose(ANN, now=START, level=Level.DAILY)

    assert person.schedule == WeeklySchedule(weekday=6, hour=7, zone="UTC")
    assert person.lost_zone == "Mars/Olympus"
    person = await people.choose(ANN, now=START, zone="Europe/Paris")
    assert (person.schedule.zone, person.lost_zone) == ("Europe/Paris", None)


async def test_what_waits_for_a_week_is_due_at_once_for_who_wants_every_post(
    room: ReadingRoom,
) -> None:
    await room.begin("The Sea, the Sea")
    await room.tracking.track_forum(ANN, FORUM, room.now)

    await room.people.choose(ANN, now=room.now, level=Level.EVERY_POST)

    assert (await room.people.next_due(ANN))[Level.EVERY_POST] == room.now


async def test_the_state_of_an_inbox_is_kept(people: People) -> None:
    await people.choose(ANN, now=START, hour=7)

    await people.set_inbox(ANN, Inbox.CLOSED, START)

    person = await people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.CLOSED
