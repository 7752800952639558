"""When a weekly digest is due, in the zone of the person it is for."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.core.errors import UserError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_COMMON_ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Warsaw",
    "Europe/Athens",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
# Entries of the database that are no places: the machine's own zone, and an error mark.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})


@dataclass(frozen=True, slots=True)
class WeeklySchedule:
    """An hour of the week: `weekday` from 0 (Monday), `hour` from 0 to 23, in an IANA `zone`.

    Raises `UserError` for values that no week, day or zone has.
    """

    weekday: int
    hour: int
    zone: str

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise UserError("There is no such day of the week. Choose one from Monday to Sunday.")
        if not 0 <= self.hour <= 23:
            raise UserError(f"There is no hour {self.hour} in a day. Choose one from 0 to 23.")
        load_zone(self.zone)


def next_occurrence(schedule: WeeklySchedule, after: datetime) -> datetime:
    """Give the first moment strictly after `after` at which the schedule is due, in UTC.

    An hour that comes twice because clocks go back counts the first time. Where clocks skip
    the hour, or a zone skips the day, the first moment after the gap counts. `after` must be
    aware; raises `ValueError` otherwise.
    """
    if after.tzinfo is None:
        raise ValueError("`after` needs a time zone")
    zone = load_zone(schedule.zone)
    today = after.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    moments = (
        _first_moment(
            datetime.combine(
                monday + timedelta(weeks=week, days=schedule.weekday), time(schedule.hour)
            ),
            zone,
        )
        for week in (0, 1)
    )
    return next(moment for moment in moments if moment > after)


def load_zone(name: str) -> ZoneInfo:
    """Give the time zone of an IANA name such as Europe/Paris.

    Raises `UserError`, with the nearest name where there is one, for any other text.
    """
    if name in _zone_names():
        return ZoneInfo(name)
    shown = name if len(name) <= 40 and name.isprintable() else "that"
    nearest = _nearest_zone(name)
    advice = f"Did you mean {nearest}?" if nearest else "Type a city to choose from the list."
    raise UserError(f"I know no time zone called “{shown}”. {advice}")


def matching_zones(words: str, limit: int = 25) -> tuple[str, ...]:
    """Give at most `limit` zone names that hold all the words, common ones first.

    Without words these are the common ones. Case, "_" and "/" do not matter.
    """
    wanted = _words(words)
    if not wanted:
        return _COMMON_ZONES[:limit]
    names = [*_COMMON_ZONES, *sorted(_zone_names() - set(_COMMON_ZONES))]
    matching = [name for name in names if all(word in " ".join(_words(name)) for word in wanted)]
    return tuple(matching[:limit])


def _first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Give the first moment, in UTC, at which clocks in the zone show this time or a later one."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The time falls into a gap: counted with the offset after the gap it lies before the gap.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


def _nearest_zone(name: str) -> str | None:
    by_folded = {zone.casefold(): zone for zone in sorted(_zone_names())}
    by_folded |= {zone.rpartition("/")[2].casefold(): zone for zone in sorted(_zone_names())}
    by_folded |= {zone.casefold(): zone for zone in _zone_names()}
    folded = name.strip().replace(" ", "_").casefold()[:60]
    near = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.75)
    return by_folded[near[0]] if near else None


def _words(text: str) -> list[str]:
    return text.casefold().replace("_", " ").replace("/", " ").split()
