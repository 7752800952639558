"""From when on somebody means, as they type it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.core.errors import UserError

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LENGTH = re.compile(r"(\d{1,4})? ?(day|week|month|year)s?(?: ago)?", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def parse_since(typed: str, now: datetime) -> datetime:
    """Give the moment that "2026-11-01", "2026-11", "2026" or "3 weeks" means, in UTC.

    A month is thirty days, a year 365. Raises `UserError` where it cannot be read.
    """
    text = typed.strip()
    try:
        if date := _DATE.fullmatch(text):
            year, month, day = (int(part or 1) for part in date.groups())
            return datetime(year, month, day, tzinfo=UTC)
        if length := _LENGTH.fullmatch(text):
            return now - timedelta(days=int(length[1] or 1) * _DAYS[length[2].lower()])
    except (ValueError, OverflowError):
        # There is no 30th of February, and no year 0: said below, as of everything unreadable.
        pass
    raise UserError(
        "I cannot read from when on you mean. Type a date, a month or a year, such as `2026-11-01`,"
        " `2026-11` or `2026`; or how far back, such as `3 weeks`."
    )
