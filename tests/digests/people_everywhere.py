"""People in forty zones, and when each of them is to be told: found by watching their clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.level import Level
from bot.core.schedule import QuietHours
from tests.core.wall_clock import walked

# A weekday and an hour for the people of each zone. Where clocks change it is mostly an hour that
# is skipped or comes twice, by an hour, by half of one (Lord Howe) or by two (Troll), or on
# another day (Scoresbysund, Cairo).
PLACES: Mapping[str, tuple[int, int]] = {
    "UTC": (4, 12),
    "Africa/Cairo": (4, 0),
    "Africa/Casablanca": (6, 2),
    "Africa/Johannesburg": (1, 7),
    "Africa/Lagos": (5, 20),
    "America/Argentina/Buenos_Aires": (2, 23),
    "America/Bogota": (3, 5),
    "America/Caracas": (0, 0),
    "America/Chicago": (6, 2),
    "America/Denver": (6, 1),
    "America/Halifax": (6, 3),
    "America/Havana": (6, 0),
    "America/Los_Angeles": (6, 2),
    "America/New_York": (6, 1),
    "America/Santiago": (6, 0),
    "America/Sao_Paulo": (0, 18),
    "America/Scoresbysund": (5, 23),
    "America/St_Johns": (6, 2),
    "Antarctica/Troll": (6, 2),
    "Asia/Beirut": (6, 0),
    "Asia/Jerusalem": (4, 2),
    "Asia/Kabul": (5, 6),
    "Asia/Kathmandu": (3, 7),
    "Asia/Kolkata": (2, 18),
    "Asia/Tehran": (4, 21),
    "Asia/Tokyo": (1, 8),
    "Asia/Yangon": (0, 15),
    "Atlantic/Azores": (6, 0),
    "Australia/Adelaide": (6, 2),
    "Australia/Darwin": (5, 13),
    "Australia/Eucla": (2, 10),
    "Australia/Lord_Howe": (6, 2),
    "Australia/Sydney": (6, 2),
    "Europe/Athens": (6, 3),
    "Europe/Berlin": (6, 2),
    "Europe/London": (6, 1),
    "Pacific/Auckland": (6, 2),
    "Pacific/Chatham": (6, 3),
    "Pacific/Kiritimati": (3, 22),
    "Pacific/Marquesas": (4, 4),
    "Pacific/Norfolk": (6, 2),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who is told at this level, weekday and hour, by the clocks of their zone."""

    user_id: int
    level: Level
    weekday: int
    hour: int
    zone: str
    quiet: QuietHours | None


def readers_everywhere() -> list[Reader]:
    """Give three people of each place, told weekly, daily and of every post.

    The quiet hours of the latter two begin when the hour of their digest has passed: where clocks
    skip that hour, it comes when the quiet is over.
    """
    readers = []
    for number, (zone, (weekday, hour)) in enumerate(PLACES.items()):
        quiet = QuietHours((hour + 1) % 24, (hour + 9) % 24)
        readers += [
            Reader(1_000 + number, Level.WEEKLY, weekday, hour, zone, None),
            Reader(2_000 + number, Level.DAILY, weekday, hour, zone, quiet),
            Reader(3_000 + number, Level.EVERY_POST, weekday, hour, zone, quiet),
        ]
    return readers


class Watch:
    """The clocks of every place, watched from quarter to quarter of an hour."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._walks = {zone: list(_walk(zone, start, end)) for zone in PLACES}

    def digests(self, reader: Reader) -> list[datetime]:
        """Give when the reader's weekly or daily digests are to come."""
        return [
            self.heard(reader, moment)
            for moment, reached in self._walks[reader.zone]
            if any(
                (wall.hour, wall.minute) == (reader.hour, 0)
                and (reader.level is Level.DAILY or wall.weekday() == reader.weekday)
                for wall in reached
            )
        ]

    def heard(self, reader: Reader, moment: datetime) -> datetime:
        """Give the first quarter from that moment on at which it is not quiet."""
        zone = ZoneInfo(reader.zone)
        while _is_quiet(reader.quiet, moment.astimezone(zone).hour):
            moment += timedelta(minutes=15)
        return moment


def _walk(
    zone: str, start: datetime, end: datetime
) -> Iterator[tuple[datetime, Sequence[datetime]]]:
    # What clocks showed in the days before is known: an hour that comes twice may just have ended.
    for moment, reached in walked(zone, start - timedelta(days=2)):
        if moment > end:
            return
        if moment > start:
            yield moment, reached


def _is_quiet(quiet: QuietHours | None, hour: int) -> bool:
    """Count the hours one by one from the beginning of the quiet to its end."""
    if quiet is None:
        return False
    counted = quiet.start
    while counted != quiet.end:
        if counted == hour:
            return True
        counted = (counted + 1) % 24
    return False
