"""JSON as it crosses the wire."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, TypeAlias

import orjson

_NEVER_KEPT = re.compile("[\0\ud800-\udfff]")

# What a peer sent or will be sent. Its shape is Discord's, known only after it was validated.
Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]


def encode(value: Json) -> bytes:
    """Return `value` as UTF-8 JSON."""
    return orjson.dumps(value)


def decode(text: bytes | str) -> Json:
    """Return the value that `text` spells; raises ValueError when it is not JSON."""
    return orjson.loads(text)


def timestamp(moment: datetime) -> str:
    """Return an aware UTC `moment` in Discord's ISO 8601 form."""
    return moment.isoformat()


def optional_timestamp(moment: datetime | None) -> str | None:
    """Return `timestamp(moment)`, or None for None."""
    return None if moment is None else moment.isoformat()


def is_moment(text: Json) -> bool:
    """Return whether `text` is a time in ISO 8601."""
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def clean_text(text: str) -> str:
    """Return `text` as Discord keeps it: no NUL, no lone surrogate, no outer white space.

    API documentation, "Create Message": Discord may strip certain characters from content, like
    invalid unicode characters.
    """
    return _NEVER_KEPT.sub("", text).strip()


def clean_name(text: str) -> str:
    """Return `text` as Discord keeps a name: no white space around it, single spaces within.

    API documentation, "Users Resource", section "Usernames and Nicknames".
    """
    return " ".join(clean_text(text).split())
