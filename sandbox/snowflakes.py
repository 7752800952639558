"""Snowflakes: Discord's ids, which carry their time of creation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.clock import SandboxClock

# API documentation, "Reference", section "Snowflakes": milliseconds since the first second of 2015.
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
TIMESTAMP_SHIFT = 22


class Snowflakes:
    """Gives out ids that only ever grow, following the sandbox's clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return an id greater than all before it."""
        self._last = max(self._last + 1, snowflake_at(self._clock.now()))
        return self._last


def snowflake_at(moment: datetime) -> int:
    """Return the smallest id of the millisecond of `moment` (aware)."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return milliseconds << TIMESTAMP_SHIFT


def created_at(snowflake: int) -> datetime:
    """Return when `snowflake` was given out, aware and in UTC."""
    return EPOCH + timedelta(milliseconds=snowflake >> TIMESTAMP_SHIFT)
