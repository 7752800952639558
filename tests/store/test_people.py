from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.schedule import WeeklySchedule
from bot.store.database import Database
from bot.store.people import Inbox, People
from tests.reading_room import (
    ANN,
    FORUM,
    START,
    SUNDAY_EVENING,
    ReadingRoom,
)


async def test_someone_who_never_tracked_is_not_known(room: ReadingRoom) -> None:
    assert await room.people.get(ANN) is None


async def test_who_begins_to_track_gets_the_default_schedule_and_has_seen_what_is_old(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.post(discussion, ANN, "An old post")
    await room.tracking.track_forum(ANN, FORUM, room.now)

    person = await room.people.get(ANN)

    assert person is not None
    assert person.schedule == SUNDAY_EVENING
    assert person.next_digest_at == datetime(2026, 11, 29, 18, tzinfo=UTC)
    assert person.seen_mark == await room.mark() > 0
    assert person.inbox is Inbox.UNKNOWN


async def test_tracking_more_leaves_the_schedule_and_what_was_seen(room: ReadingRoom) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)
    before = await room.people.get(ANN)
    discussion = await room.begin("The Sea, the Sea")

    await room.tracking.track_discussion(ANN, discussion.id, room.pass_time(timedelta(days=10)))

    assert await room.people.get(ANN) == before


async def test_a_chosen_schedule_counts_from_its_next_hour_in_its_zone(database: Database) -> None:
    people = People(database, SUNDAY_EVENING)
    chosen = WeeklySchedule(weekday=0, hour=21, zone="Asia/Kolkata")

    person = await people.set_schedule(ANN, chosen, START)

    assert person == await people.get(ANN)
    assert person.schedule == chosen
    # 21:00 in Kolkata is 15:30 UTC, and START is noon of that Monday.
    assert person.next_digest_at == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


async def test_a_digest_that_is_due_is_not_put_off_by_another_schedule(database: Database) -> None:
    people = People(database, SUNDAY_EVENING)
    due = (await people.set_schedule(ANN, SUNDAY_EVENING, START)).next_digest_at

    person = await people.set_schedule(
        ANN, WeeklySchedule(weekday=2, hour=9, zone="UTC"), due + timedelta(seconds=5)
    )

    assert person.next_digest_at == due
    assert person.schedule.weekday == 2


async def test_someone_whose_zone_is_gone_follows_the_default_zone(database: Database) -> None:
    people = People(database, SUNDAY_EVENING)
    await people.set_schedule(ANN, SUNDAY_EVENING, START)
    async with database.transaction() as connection:
        await connection.execute("UPDATE person SET zone = 'Mars/Olympus', hour = 7")

    person = await people.get(ANN)

    assert person is not None
    assert person.schedule == WeeklySchedule(weekday=6, hour=7, zone="UTC")


async def test_the_state_of_an_inbox_is_kept(database: Database) -> None:
    people = People(database, SUNDAY_EVENING)
    await people.set_schedule(ANN, SUNDAY_EVENING, START)

    await people.set_inbox(ANN, Inbox.CLOSED)

    person = await people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.CLOSED
