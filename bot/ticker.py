"""The tick: runs jobs every so often. What is due is for SQLite to say, never for the tick."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)


class Ticker:
    """Calls jobs at an interval, one run of each at a time; a run that fails is logged."""

    def __init__(self, scheduler: AsyncIOScheduler) -> None:
        self._scheduler = scheduler

    def every(self, seconds: float, job: Callable[[], Awaitable[None]], *, name: str) -> None:
        """Call `job` every `seconds` from now on, until `stop(name)` or the end of the program."""

        async def run() -> None:
            try:
                await job()
            except Exception:
                # The one place where a job's error ends: the next tick tries again.
                logger.exception("The job %r failed; it is tried again in %g s", name, seconds)

        # APScheduler 3 drops a run that is over 1 s late unless told otherwise.
        self._scheduler.add_job(
            run,
            "interval",
            seconds=seconds,
            id=name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def stop(self, name: str) -> None:
        """End the job of that name."""
        self._scheduler.remove_job(name)


@asynccontextmanager
async def open_ticker() -> AsyncIterator[Ticker]:
    """Start a ticker on the running loop; leaving the block ends its jobs."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.start()
    try:
        yield Ticker(scheduler)
    finally:
        scheduler.shutdown(wait=False)
