"""Keeps a task for every import that is to be brought to Discord, or taken back from there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from bot.core.ports import Clock, Stage, StageError, StageRefusedError
from bot.replay.bringing import Bringing
from bot.replay.taking_back import TakingBack
from bot.replay.threads import Threads
from bot.replay.upkeep import Upkeep
from bot.store.importing.replays import Replays, ReplayState

logger = logging.getLogger(__name__)

_UPKEEP = "upkeep of replays"


class Replay:
    """Replays what `Replays` holds on a stage: all imports at once, each as fast as Discord lets.

    What Discord refuses stops an import, with its reason kept for a host. Where Discord gives no
    clear answer its task ends, and a later tick begins another, which finds out and goes on.
    """

    def __init__(self, replays: Replays, clock: Clock) -> None:
        self._replays = replays
        threads = Threads(replays, clock)
        self._bringing = Bringing(replays, threads, clock)
        self._taking_back = TakingBack(replays, threads, clock)
        self._upkeep = Upkeep(replays, clock)
        self._tasks: dict[int | str, asyncio.Task[None]] = {}
        self._is_closed = False

    async def tick(self, stage: Stage) -> None:
        """Begin what is to be done and is not being done already, and return."""
        for discussion_id in await self._replays.pending():
            self._begin(discussion_id, self._run(discussion_id, stage))
        self._begin(_UPKEEP, self._upkeep.mend(stage))

    async def settled(self) -> None:
        """Wait until nothing is being done."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Break off what is being done, and begin nothing more: the next start goes on there."""
        self._is_closed = True
        for task in self._tasks.values():
            task.cancel()
        await self.settled()

    def _begin(self, key: int | str, work: Coroutine[object, object, None]) -> None:
        if self._is_closed or key in self._tasks:
            work.close()
            return
        self._tasks[key] = task = asyncio.create_task(work, name=f"replay: {key}")
        task.add_done_callback(lambda ended: self._end(key, ended))

    def _end(self, key: int | str, task: asyncio.Task[None]) -> None:
        del self._tasks[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            # The one place where a task's error ends: the next tick tries again.
            logger.error("The task %r failed; it is tried again", task.get_name(), exc_info=error)

    async def _run(self, discussion_id: int, stage: Stage) -> None:
        try:
            if await self._state(discussion_id) is ReplayState.RUNNING:
                async with self._noting_refusals(discussion_id, taking_back=False):
                    await self._bringing.bring(discussion_id, stage)
            if await self._state(discussion_id) is ReplayState.CANCELLED:
                async with self._noting_refusals(discussion_id, taking_back=True):
                    await self._taking_back.take_back(discussion_id, stage)
        except StageError as error:
            logger.warning("The replay of discussion %d waits: %s", discussion_id, error)
        except LookupError:
            if await self._state(discussion_id) is not None:
                raise
            logger.info("Discussion %d was erased while it was replayed", discussion_id)

    @asynccontextmanager
    async def _noting_refusals(
        self, discussion_id: int, *, taking_back: bool
    ) -> AsyncIterator[None]:
        try:
            yield
        except StageRefusedError as refusal:
            logger.warning("The replay of discussion %d stops: %s", discussion_id, refusal)
            await self._replays.fail(discussion_id, str(refusal), taking_back=taking_back)

    async def _state(self, discussion_id: int) -> ReplayState | None:
        """Give the state of an import, or None where there is none any more."""
        try:
            return (await self._replays.progress(discussion_id)).state
        except LookupError:
            return None


@asynccontextmanager
async def open_replay(replays: Replays, clock: Clock) -> AsyncIterator[Replay]:
    """Give a replay; leaving the block breaks off what it is doing."""
    replay = Replay(replays, clock)
    try:
        yield replay
    finally:
        await replay.close()
