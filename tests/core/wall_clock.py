"""The clock on a wall somewhere, watched from quarter to quarter of an hour.

It knows of schedules only what people expect of them, and nothing of how the bot computes them.
Every offset since 1990 is a multiple of fifteen minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)

ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Scoresbysund",
    "Africa/Casablanca",
    "Antarctica/Troll",
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
"""On both hemispheres, with half and quarter hours; a change of clocks by half an hour (Lord Howe),
by two (Troll), over midnight (Scoresbysund, Santiago); a day that was skipped (Apia)."""


def walked(zone_name: str, start: datetime) -> Iterator[tuple[datetime, list[datetime]]]:
    """Walk on from `start`, and give each moment with the times that clocks reach then.

    These are local times without a zone, every quarter that was not reached before: none while an
    hour comes a second time, several where clocks jump.
    """
    zone = ZoneInfo(zone_name)
    moment = start.replace(minute=0, second=0, microsecond=0)
    furthest = moment.astimezone(zone).replace(tzinfo=None)
    while True:
        moment += QUARTER
        wall = moment.astimezone(zone).replace(tzinfo=None)
        reached = []
        while furthest < wall:
            furthest += QUARTER
            reached.append(furthest)
        yield moment, reached
