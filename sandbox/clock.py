"""The sandbox's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that starts at the real time, runs with the monotonic clock, and can be advanced."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = datetime.now(UTC) if start is None else start
        self._started = time.monotonic()
        self._advanced = timedelta()

    def now(self) -> datetime:
        """Return the sandbox's time, aware and in UTC."""
        elapsed = timedelta(seconds=time.monotonic() - self._started)
        return self._start + elapsed + self._advanced

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by `step`; raises ValueError for a negative one."""
        if step < timedelta():
            raise ValueError("the clock only moves forward")
        self._advanced += step
