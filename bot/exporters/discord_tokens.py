"""Says what mentions, emoji and timestamps stand for, in words and without any id."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.core.exported import Names
from bot.core.markdown import showable
from bot.core.tokens import TOKEN, readable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Not strftime's, which follow the machine's language.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ID = re.compile(r"[0-9]+")


def token_words(written: str, names: Names) -> str:
    """Give the words for a token such as `<@123>`; nobody known is "@someone"."""
    found = TOKEN.fullmatch(written)
    if found is None:
        raise ValueError(f"no token: {written!r}")
    moment = moment_of(written)
    if moment is not None:
        return shown_moment(moment)
    if found["user"] or found["channel"]:
        sign, known = ("@", names.users) if found["user"] else ("#", names.channels)
        name = known.get(int(_ID.findall(written)[0]))
        if name is not None:
            return sign + showable(name)
    return readable(found)


def moment_of(written: str) -> datetime | None:
    """Give the moment that a timestamp such as `<t:0:f>` means, or None where it means none."""
    found = TOKEN.fullmatch(written)
    if found is None or not found["time"]:
        return None
    try:
        return _EPOCH + timedelta(seconds=int(found["time"]))
    except OverflowError:
        return None


def shown_moment(moment: datetime) -> str:
    """Give a moment as files show it: "10 May 2006, 22:02 UTC"."""
    moment = moment.astimezone(UTC)
    month = _MONTHS[moment.month - 1]
    return f"{moment.day} {month} {moment.year}, {moment.hour:02}:{moment.minute:02} UTC"
