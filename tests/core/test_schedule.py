from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.schedule import QuietHours, WeeklySchedule, end_of_quiet, next_daily, next_weekly
from tests.core.wall_clock import QUARTER, ZONES, walked

MOMENTS = st.datetimes(
    datetime(2005, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2035, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    timezones=st.just(UTC),
)
HOURS = st.integers(0, 23)


def by_walking(schedule: WeeklySchedule, after: datetime, days: range) -> datetime:
    """Give the first moment after `after` at which clocks reach the hour on one of these days.

    The walk begins so early that what has been reached before `after` is known.
    """
    return next(
        moment
        for moment, reached in walked(schedule.zone, after - timedelta(days=9))
        if moment > after
        and any(
            wall.weekday() in days and (wall.hour, wall.minute) == (schedule.hour, 0)
            for wall in reached
        )
    )


@given(st.integers(0, 6), HOURS, st.sampled_from(ZONES), MOMENTS)
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
    assert next_weekly(schedule, after) == by_walking(schedule, after, range(weekday, weekday + 1))


@given(HOURS, st.sampled_from(ZONES), MOMENTS)
@example(9, "Pacific/Apia", datetime(2011, 12, 30, 9, tzinfo=UTC))
@example(9, "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))
@example(23, "America/Scoresbysund", datetime(2026, 3, 28, 12, tzinfo=UTC))
@example(2, "Antarctica/Troll", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example(0, "America/Santiago", datetime(2026, 9, 5, 20, tzinfo=UTC))
@example(2, "Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
def test_the_next_day_s_hour_is_the_one_found_by_walking_through_time(
    hour: int, zone: str, after: datetime
) -> None:
    schedule = WeeklySchedule(0, hour, zone)
    assert next_daily(schedule, after) == by_walking(schedule, after, range(7))


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours:
    start = draw(HOURS)
    return QuietHours(start, (start + draw(st.integers(1, 23))) % 24)


def heard_hours(quiet: QuietHours) -> set[int]:
    """Count the hours from the end of the quiet to its beginning."""
    heard, hour = set(), quiet.end
    while hour != quiet.start:
        heard.add(hour)
        hour = (hour + 1) % 24
    return heard


@given(quiet_hours(), st.sampled_from(ZONES), MOMENTS)
@example(QuietHours(22, 2), "Europe/Paris", datetime(2026, 3, 28, 23, tzinfo=UTC))
@example(QuietHours(22, 2), "Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(QuietHours(22, 3), "Europe/Paris", datetime(2026, 10, 24, 23, tzinfo=UTC))
@example(QuietHours(22, 2), "Europe/Paris", datetime(2026, 10, 24, 23, tzinfo=UTC))
@example(QuietHours(22, 2), "Antarctica/Troll", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example(QuietHours(20, 0), "America/Santiago", datetime(2026, 9, 5, 23, tzinfo=UTC))
@example(QuietHours(3, 2), "Europe/Paris", datetime(2026, 3, 28, 12, tzinfo=UTC))
@example(QuietHours(23, 9), "Pacific/Apia", datetime(2011, 12, 30, 9, 30, tzinfo=UTC))
def test_quiet_hours_end_at_the_first_quarter_that_is_not_quiet(
    quiet: QuietHours, zone: str, moment: datetime
) -> None:
    def heard(at: datetime) -> bool:
        return at.astimezone(ZoneInfo(zone)).hour in heard_hours(quiet)

    end = end_of_quiet(quiet, zone, moment)

    if heard(moment):
        assert end == moment
    else:
        quarter = moment.replace(minute=0, second=0, microsecond=0)
        assert end == next(at for at in quarters_after(quarter) if at > moment and heard(at))


def quarters_after(moment: datetime) -> Iterator[datetime]:
    while True:
        moment += QUARTER
        yield moment


def test_without_quiet_hours_no_moment_is_quiet() -> None:
    moment = datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert end_of_quiet(None, "Europe/Paris", moment) == moment


@pytest.mark.parametrize(
    ("quiet", "covered"),
    [
        (QuietHours(22, 7), {22, 23, 0, 1, 2, 3, 4, 5, 6}),
        (QuietHours(9, 11), {9, 10}),
        (QuietHours(0, 1), {0}),
        (QuietHours(1, 0), set(range(1, 24))),
    ],
)
def test_quiet_hours_cover_from_their_beginning_until_their_end(
    quiet: QuietHours, covered: set[int]
) -> None:
    assert {hour for hour in range(24) if quiet.cover(hour)} == covered


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(24, 7, "no hour 24"), (22, -1, "no hour -1"), (8, 8, "from 08:00 to 08:00")],
)
def test_quiet_hours_that_cannot_be_say_what_can(start: int, end: int, words: str) -> None:
    with pytest.raises(UserError, match=words):
        QuietHours(start, end)


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
    hour=HOURS,
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
    with pytest.raises(ValueError, match="zone"):
        end_of_quiet(None, "UTC", datetime(2026, 1, 1))  # noqa: DTZ001 -- on purpose


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
