"""The time zones that people choose: the IANA database, and how a name in it is found."""

from __future__ import annotations

import difflib
import re
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.core.errors import UserError

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
# Zones that are mere differences are known but not offered: their signs are not what people mean
# by them. Etc/GMT+2 lies two hours behind UTC (the tz database's file `etcetera`).
_OFFSET = re.compile(r"(?:Etc/)?(?:GMT|UTC|UT|Z)? ?[+−-]?\d{1,2}(?::?\d{2})?", re.IGNORECASE)


def load_zone(name: str) -> ZoneInfo:
    """Give the time zone of an IANA name such as Europe/Paris.

    Raises `UserError`, with the nearest name where there is one, for any other text.
    """
    if name in _zone_names():
        return ZoneInfo(name)
    called = f"called “{name}”" if len(name) <= 40 and name.isprintable() else "of that name"
    nearest = _nearest_zone(name)
    if nearest is not None:
        advice = f"Did you mean {nearest}?"
    elif _OFFSET.fullmatch(name.strip()):
        advice = (
            "A difference in hours does not say when clocks change: type a city to choose from "
            "the list."
        )
    else:
        advice = "Type a city to choose from the list."
    raise UserError(f"I know no time zone {called}. {advice}")


def matching_zones(words: str, limit: int = 25, *, nearby: str | None = None) -> tuple[str, ...]:
    """Give at most `limit` zone names that hold all the words, common ones first.

    Without words these are the common ones. Case, "_" and "/" do not matter. `nearby` is a zone
    that comes before all others, where it is one.
    """
    wanted = _words(words)
    first = [name for name in (nearby,) if name in _zone_names()]
    names = [*dict.fromkeys([*first, *_COMMON_ZONES, *(_offered_zones() if wanted else ())])]
    matching = [name for name in names if all(word in " ".join(_words(name)) for word in wanted)]
    return tuple(matching[:limit])


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


@cache
def _offered_zones() -> tuple[str, ...]:
    return tuple(sorted(name for name in _zone_names() if not _OFFSET.fullmatch(name)))


def _nearest_zone(name: str) -> str | None:
    if _OFFSET.fullmatch(name.strip()):
        return None
    by_folded = {zone.rpartition("/")[2].casefold(): zone for zone in _offered_zones()}
    by_folded |= {zone.casefold(): zone for zone in _offered_zones()}
    folded = name.strip().replace(" ", "_").casefold()[:60]
    near = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.75)
    return by_folded[near[0]] if near else None


def _words(text: str) -> list[str]:
    return text.casefold().replace("_", " ").replace("/", " ").split()
