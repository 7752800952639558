"""A server's zone, and the people who follow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.schedule import WeeklySchedule
from bot.store.database import Database
from bot.store.people import People
from bot.store.server_zones import ServerZones
from tests.reading_room import ANN, BEN, FORUM, GUILD, SUNDAY_EVENING, ReadingRoom

OTHER_GUILD, OTHER_FORUM = 12, 22


@pytest.fixture
async def zones(room: ReadingRoom) -> ServerZones:
    await room.open_forum(OTHER_FORUM, OTHER_GUILD)
    return ServerZones(room.database, room.people)


async def zone_of(room: ReadingRoom, user_id: int = ANN) -> str:
    person = await room.people.get(user_id)
    assert person is not None
    return person.schedule.zone


async def test_a_server_has_no_zone_until_a_host_names_one(zones: ServerZones) -> None:
    assert await zones.get(GUILD) is None
    await zones.set(GUILD, "Readers", "Europe/Paris", datetime(2026, 11, 22, tzinfo=UTC))
    assert await zones.get(GUILD) == "Europe/Paris"
    assert await zones.get(OTHER_GUILD) is None
    assert await zones.get(999) is None


async def test_a_zone_can_be_named_before_anything_is_set_up(
    zones: ServerZones, room: ReadingRoom
) -> None:
    await zones.set(999, "Newcomers", "Asia/Tokyo", room.now)
    assert await zones.get(999) == "Asia/Tokyo"


async def test_a_zone_that_is_none_is_refused(zones: ServerZones, room: ReadingRoom) -> None:
    await zones.set(GUILD, "Readers", "Europe/Paris", room.now)
    with pytest.raises(UserError, match="Did you mean Europe/Berlin"):
        await zones.set(GUILD, "Readers", "Europe/Berln", room.now)
    assert await zones.get(GUILD) == "Europe/Paris"


async def test_who_first_tracks_in_a_server_is_told_by_its_clocks(
    zones: ServerZones, room: ReadingRoom
) -> None:
    await zones.set(GUILD, "Readers", "Asia/Kolkata", room.now)
    assert (await room.people.get_or_new(ANN, GUILD)).schedule.zone == "Asia/Kolkata"
    await room.tracking.track_forum(ANN, FORUM, room.now)
    assert await zone_of(room) == "Asia/Kolkata"
    # 18:00 in Kolkata is 12:30 UTC; it is noon of a Monday.
    assert await room.people.next_due(ANN) == {
        Level.DAILY: datetime(2026, 11, 23, 12, 30, tzinfo=UTC),
        Level.WEEKLY: datetime(2026, 11, 29, 12, 30, tzinfo=UTC),
    }


async def test_tracking_in_another_server_changes_no_zone(
    zones: ServerZones, room: ReadingRoom
) -> None:
    await zones.set(GUILD, "Readers", "Asia/Kolkata", room.now)
    await zones.set(OTHER_GUILD, "Others", "Europe/Paris", room.now)
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_forum(ANN, OTHER_FORUM, room.now)
    assert await zone_of(room) == "Asia/Kolkata"
    await zones.set(OTHER_GUILD, "Others", "Asia/Tokyo", room.now)
    assert await zone_of(room) == "Asia/Kolkata"


async def test_settings_chosen_before_anything_is_tracked_do_not_keep_the_server_s_zone_away(
    zones: ServerZones, room: ReadingRoom
) -> None:
    await zones.set(GUILD, "Readers", "Asia/Kolkata", room.now)
    await room.people.choose(ANN, now=room.now, hour=7)
    await room.people.choose(BEN, now=room.now, zone="Asia/Tokyo")
    for reader in (ANN, BEN):
        await room.tracking.track_forum(reader, FORUM, room.now)
    assert (await zone_of(room), await zone_of(room, BEN)) == ("Asia/Kolkata", "Asia/Tokyo")
    assert (await room.people.next_due(ANN))[Level.DAILY] == datetime(
        2026, 11, 24, 1, 30, tzinfo=UTC
    )


async def test_those_who_chose_no_zone_follow_a_change(
    zones: ServerZones, room: ReadingRoom
) -> None:
    for reader in (ANN, BEN):
        await room.tracking.track_forum(reader, FORUM, room.now)
    await room.people.choose(BEN, now=room.now, zone="UTC")

    await zones.set(GUILD, "Readers", "Asia/Kolkata", room.now)

    assert (await zone_of(room), await zone_of(room, BEN)) == ("Asia/Kolkata", "UTC")
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == datetime(
        2026, 11, 29, 12, 30, tzinfo=UTC
    )
    await zones.set(GUILD, "Readers", None, room.now)
    assert await zone_of(room) == "UTC"


async def test_a_digest_that_is_due_is_not_put_off_by_a_server_s_zone(
    zones: ServerZones, room: ReadingRoom
) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)
    due = (await room.people.next_due(ANN))[Level.WEEKLY]
    await zones.set(GUILD, "Readers", "Pacific/Auckland", due + timedelta(minutes=1))
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == due


async def test_another_default_zone_counts_from_the_next_start_for_those_who_chose_none(
    zones: ServerZones, room: ReadingRoom, database: Database
) -> None:
    for reader, forum in ((ANN, FORUM), (BEN, OTHER_FORUM)):
        await room.tracking.track_forum(reader, forum, room.now)
    await zones.set(OTHER_GUILD, "Others", "Asia/Tokyo", room.now)
    default = WeeklySchedule(SUNDAY_EVENING.weekday, SUNDAY_EVENING.hour, "Europe/Paris")

    await ServerZones(database, People(database, default)).follow(room.now)

    assert (await zone_of(room), await zone_of(room, BEN)) == ("Europe/Paris", "Asia/Tokyo")
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == datetime(2026, 11, 29, 17, tzinfo=UTC)
