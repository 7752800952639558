"""When news is due to a person, and when nothing is to reach them, by the clocks of their zone.

Clocks go forward and back. An hour that comes twice counts the first time; one that is skipped
counts at the first moment after the gap, and so does an hour of a day that a zone skips.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import UserError
from bot.core.zones import load_zone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 24


@dataclass(frozen=True, slots=True)
class WeeklySchedule:
    """An hour of the week: `weekday` from 0 (Monday), `hour` from 0 to 23, in an IANA `zone`.

    What comes daily comes at the same hour. Raises `UserError` for values that no week, day or
    zone has.
    """

    weekday: int
    hour: int
    zone: str

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < len(WEEKDAYS):
            raise UserError("There is no such day of the week. Choose one from Monday to Sunday.")
        _require_hour(self.hour)
        load_zone(self.zone)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of a day in which nothing is sent: from `start` o'clock until `end` o'clock.

    Both are from 0 to 23, and may pass midnight. Raises `UserError` for hours that no day has,
    and for a beginning that is the end.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        _require_hour(self.start)
        _require_hour(self.end)
        if self.start == self.end:
            raise UserError(
                f"Quiet hours from {clock(self.start)} to {clock(self.end)} would have no end. "
                "Choose another hour for one of the two."
            )

    def cover(self, hour: int) -> bool:
        """Say whether the hour that begins at `hour` o'clock is quiet."""
        return (hour - self.start) % HOURS < (self.end - self.start) % HOURS


def next_weekly(schedule: WeeklySchedule, after: datetime) -> datetime:
    """Give the first moment strictly after `after` at which the schedule is due, in UTC.

    `after` must be aware; raises `ValueError` otherwise.
    """
    today = _local(after, schedule.zone).date()
    first = today - timedelta(days=today.weekday()) + timedelta(days=schedule.weekday)
    return _first_after(after, schedule, (first, first + timedelta(weeks=1)))


def next_daily(schedule: WeeklySchedule, after: datetime) -> datetime:
    """Give the first moment strictly after `after` at which the schedule's hour comes, in UTC.

    `after` must be aware; raises `ValueError` otherwise.
    """
    today = _local(after, schedule.zone).date()
    return _first_after(after, schedule, (today + timedelta(days=days) for days in range(3)))


def end_of_quiet(quiet: QuietHours | None, zone: str, moment: datetime) -> datetime:
    """Give when something may be sent that is ready at `moment`: then, or when quiet hours end.

    The hours are those of the IANA `zone`. `moment` must be aware; raises `ValueError` otherwise.
    """
    local = _local(moment, zone)
    if quiet is None or not quiet.cover(local.hour):
        return moment
    hours = (quiet.end - local.hour) % HOURS
    wall = local.replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(hours=hours)
    # Within an hour that comes twice, it is the second end that is ahead.
    ends = (_first_moment(wall, load_zone(zone), fold=fold) for fold in (0, 1))
    end = next(end for end in ends if end > moment)
    # Clocks may skip the end, and what was to follow, into the next quiet hour.
    return end_of_quiet(quiet, zone, end)


def clock(hour: int) -> str:
    """Give an hour as every language writes it: "18:00"."""
    return f"{hour:02}:00"


def _require_hour(hour: int) -> None:
    if not 0 <= hour < HOURS:
        raise UserError(f"There is no hour {hour} in a day. Choose one from 0 to 23.")


def _local(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} needs a time zone")
    return moment.astimezone(load_zone(zone))


def _first_after(after: datetime, schedule: WeeklySchedule, days: Iterable[date]) -> datetime:
    zone = load_zone(schedule.zone)
    moments = (_first_moment(datetime.combine(day, time(schedule.hour)), zone) for day in days)
    return next(moment for moment in moments if moment > after)


def _first_moment(wall: datetime, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """Give the first moment, in UTC, at which clocks in the zone show this time or a later one.

    With `fold` 1 it is the second such moment, where the time comes twice.
    """
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The time falls into a gap. Counted with the offset before it, it lies after; and vice versa.
    before, after = (wall.replace(tzinfo=zone, fold=each).astimezone(UTC) for each in (1, 0))
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after
