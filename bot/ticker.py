"""The tick: runs jobs every so often. What is due is for SQLite to say, never for the tick."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)


GRACE_SECONDS = 5.0
"""How long a run that is under way may take to end once the program ends."""


class Ticker:
    """Calls jobs at an interval, one run of each at a time; a run that fails is logged."""

    def __init__(self, scheduler: AsyncIOScheduler) -> None:
        self._scheduler = scheduler
        self._runs: set[asyncio.Task[None]] = set()
        self._jobs: dict[str, Callable[[], Coroutine[object, object, None]]] = {}

    def every(
        self, seconds: float, job: Callable[[], Coroutine[object, object, None]], *, name: str
    ) -> None:
        """Call `job` every `seconds` from now on, until `stop(name)` or the end of the program."""

        async def run() -> None:
            run = asyncio.create_task(job(), name=name)
            self._runs.add(run)
            # `wait` raises nothing of the run's: an end by `close` is no failure of the job.
            await asyncio.wait({run})
            self._runs.discard(run)
            if not run.cancelled() and (error := run.exception()) is not None:
                # The one place where a job's error ends: the next tick tries again.
                logger.error(
                    "The job %r failed; it is tried again in %g s", name, seconds, exc_info=error
                )

        self._jobs[name] = job
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

    async def run(self, name: str) -> None:
        """Call the job of that name now, and wait for its end; what it raises is raised here."""
        await self._jobs[name]()

    def stop(self, name: str) -> None:
        """End the job of that name."""
        del self._jobs[name]
        self._scheduler.remove_job(name)

    async def close(self) -> None:
        """Begin no further run, and wait for those under way: they use what is closed next.

        One that takes longer is cancelled: what is due is in SQLite, and done at the next start.
        """
        self._scheduler.pause()
        # A run that was begun a moment ago takes its first step.
        await asyncio.sleep(0)
        if self._runs:
            _, late = await asyncio.wait(self._runs, timeout=GRACE_SECONDS)
            for run in late:
                run.cancel()
            if late:
                await asyncio.wait(late)
        # Each run is awaited by a task of APScheduler's, which ends in the next step.
        await asyncio.sleep(0)
        self._scheduler.shutdown(wait=False)


@asynccontextmanager
async def open_ticker() -> AsyncIterator[Ticker]:
    """Start a ticker on the running loop; leaving the block ends its jobs, as `close` says."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.start()
    ticker = Ticker(scheduler)
    try:
        yield ticker
    finally:
        await ticker.close()
