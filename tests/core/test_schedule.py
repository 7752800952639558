from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.schedule import WeeklySchedule, next_weekly
from bot.core.zones import load_zone, matching_zones

ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)


def by_walking(schedule: WeeklySchedule, after: datetime) -> datetime:
    """Walk through time a quarter of an hour at a stride and watch the clock on the wall.

    An occurrence is the first moment at which the wall shows the wanted time of its day or,
    where that is skipped, whatever comes next. Every offset since 1990 is a multiple of 15 min.
    """
    zone = ZoneInfo(schedule.zone)
    moment = (after - timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    furthest = moment.astimezone(zone).replace(tzinfo=None)
    while True:
        moment += timedelta(minutes=15)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if wall <= furthest:
            continue
        passed = furthest + timedelta(minutes=15)
        while passed <= wall:
            due = passed.weekday() == schedule.weekday and passed.hour == schedule.hour
            if due and passed.minute == 0 and moment > after:
                return moment
            passed += timedelta(minutes=15)
        furthest = wall


@given(
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
    after=st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 -- hypothesis adds the zone
)
@example(4, 9, "Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC))
@example(4, 9, "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))
@example(6, 2, "Australia/Lord_Howe", datetime(2026, 10, 2, tzinfo=UTC))
@example(6, 1, "Australia/Lord_Howe", datetime(2026, 4, 1, tzinfo=UTC))
@example(6, 2, "Europe/Paris", datetime(2026, 3, 28, tzinfo=UTC))
@example(6, 2, "Europe/Paris", datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
@example(6, 0, "America/Santiago", datetime(2026, 9, 5, tzinfo=UTC))
@example(5, 23, "America/Santiago", datetime(2026, 4, 4, tzinfo=UTC))
def test_the_next_weekly_is_the_one_found_by_walking_through_time(
    weekday: int, hour: int, zone: str, after: datetime
) -> None:
    schedule = WeeklySchedule(weekday, hour, zone)
    assert next_weekly(schedule, after) == by_walking(schedule, after)


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        # Winter and summer: 18:00 on the wall is 17:00 or 16:00 in UTC.
        (WeeklySchedule(6, 18, "Europe/Paris"), "2026-01-05T00:00", "2026-01-11T17:00"),
        (WeeklySchedule(6, 18, "Europe/Paris"), "2026-07-06T00:00", "2026-07-12T16:00"),
        # Strictly after: the very moment gives the next week.
        (WeeklySchedule(6, 18, "Europe/Paris"), "2026-01-11T17:00", "2026-01-18T17:00"),
        # 02:00 does not exist on the last Sunday of March: 03:00 does.
        (WeeklySchedule(6, 2, "Europe/Paris"), "2026-03-28T00:00", "2026-03-29T01:00"),
        # 02:00 comes twice on the last Sunday of October: the first counts, and only that.
        (WeeklySchedule(6, 2, "Europe/Paris"), "2026-10-24T00:00", "2026-10-25T00:00"),
        (WeeklySchedule(6, 2, "Europe/Paris"), "2026-10-25T00:00", "2026-11-01T01:00"),
        (WeeklySchedule(6, 2, "Europe/Paris"), "2026-10-25T00:30", "2026-11-01T01:00"),
        # Lord Howe skips half an hour only.
        (WeeklySchedule(6, 2, "Australia/Lord_Howe"), "2026-10-02T00:00", "2026-10-03T15:30"),
        # Samoa had no 30 December 2011, a Friday.
        (WeeklySchedule(4, 9, "Pacific/Apia"), "2011-12-28T00:00", "2011-12-30T10:00"),
        (WeeklySchedule(0, 9, "Asia/Kathmandu"), "2026-11-22T00:00", "2026-11-23T03:15"),
    ],
)
def test_occurrences_across_changes_of_the_clock(
    schedule: WeeklySchedule, after: str, due: str
) -> None:
    found = next_weekly(schedule, datetime.fromisoformat(f"{after}+00:00"))
    assert found == datetime.fromisoformat(f"{due}+00:00")
    assert found.tzinfo is UTC


@given(
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from([zone for zone in ZONES if zone != "Pacific/Apia"]),
)
def test_a_year_has_one_occurrence_a_week(weekday: int, hour: int, zone: str) -> None:
    schedule = WeeklySchedule(weekday, hour, zone)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(52):
        following = next_weekly(schedule, moment)
        moment, before = following, moment
        if before.year > 2025 and before != datetime(2026, 1, 1, tzinfo=UTC):
            assert timedelta(days=6, hours=22) <= moment - before <= timedelta(days=7, hours=2)


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        next_weekly(WeeklySchedule(0, 0, "UTC"), datetime(2026, 1, 1))  # noqa: DTZ001 -- on purpose


@pytest.mark.parametrize(
    ("weekday", "hour", "zone", "words"),
    [
        (7, 0, "UTC", "Monday to Sunday"),
        (-1, 0, "UTC", "Monday to Sunday"),
        (0, 24, "UTC", "0 to 23"),
        (0, 0, "Mars/Olympus", "time zone"),
    ],
)
def test_a_schedule_that_cannot_be_says_what_can(
    weekday: int, hour: int, zone: str, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        WeeklySchedule(weekday, hour, zone)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("europe/paris", "Did you mean Europe/Paris?"),
        ("EUROPE/PARIS", "Did you mean Europe/Paris?"),
        ("Europe/Pariss", "Did you mean Europe/Paris?"),
        ("new york", "Did you mean America/New_York?"),
        ("utc", "Did you mean UTC?"),
        ("", "Type a city"),
        ("GMT+25", "time zone"),
        ("../etc/passwd", "Type a city"),
        ("/etc/localtime", "time zone"),
        ("localtime", "time zone"),
        ("a\x00b", "called “that”"),
        ("x" * 5000, "called “that”"),
    ],
)
def test_a_zone_that_is_unknown_is_refused_with_advice(name: str, advice: str) -> None:
    with pytest.raises(UserError) as refusal:
        load_zone(name)
    assert advice in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_a_known_zone_is_loaded() -> None:
    assert load_zone("Australia/Lord_Howe").key == "Australia/Lord_Howe"


def test_zones_are_found_by_words_with_common_ones_first() -> None:
    assert "America/New_York" in matching_zones("new york")
    assert matching_zones("EUROPE")[0] == "Europe/London"
    assert matching_zones("america york") == ("America/New_York",)
    assert matching_zones("no such place") == ()
    assert matching_zones("")[0] == "UTC"
    assert all(len(matching_zones(words)) <= 25 for words in ("", "a", "europe"))
    assert matching_zones("a", limit=3) == matching_zones("a")[:3]
    for zone in matching_zones("") + matching_zones("indian"):
        load_zone(zone)
