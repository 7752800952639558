"""Records what Discord says: posts, their edits and their deletions.

Batches form by themselves: what arrives while one is being committed waits in memory and is
committed with the next, in one transaction. No timer is involved: a lone post is stored at once,
and a storm costs few commits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.core.incoming import IncomingPost
from bot.store.batch import Arrival, Batch, Deletion, Outcome, Recorded
from bot.store.batch_writing import write_batch
from bot.store.database import Database, StorageUnavailableError

__all__ = ["Outcome", "Recorded", "Recording", "open_recording"]

logger = logging.getLogger(__name__)

# A larger transaction would keep those who wait for it waiting noticeably.
BATCH_LIMIT = 2_000
# What may wait while the database cannot be written: some 200 MB, with the waiting tasks.
WAITING_LIMIT = 50_000
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
# How long a closing recording goes on trying to store what it still holds.
CLOSING_SECONDS = 10.0

Result = TypeVar("Result")


class Recording:
    """Takes posts, edits and deletions, and stores them in batches.

    While the database cannot be written (locked, full), everything waits in memory and is tried
    again with growing pauses, which the log tells. When too much waits, further posts are
    refused and their discussions marked to be read again from Discord's history: those posts
    come late, and are not lost.
    """

    def __init__(self, database: Database, waiting_limit: int) -> None:
        self._database = database
        self._waiting_limit = waiting_limit
        self._waiting: deque[_Waiting] = deque()
        self._size = 0
        self._missed: set[int] = set()
        self._arrived = asyncio.Event()
        self._closing = asyncio.Event()
        self._give_up_at = float("inf")

    async def record(
        self, discussion_id: int, post: IncomingPost, *, after_gap: bool = False
    ) -> Recorded:
        """Store what a message is now, and say after the commit what that changed.

        It may be told any number of times and in any order: a new post, a later text of a known
        one, an earlier text of a known one, or nothing new. `after_gap` says that it was learned
        from the history, so that there may have been texts in between which nobody saw.

        Raises `StorageUnavailableError` when too much waits to be stored already; the discussion
        is read again then. Cancelling the caller does not take the post back.
        """
        if self._size >= self._waiting_limit:
            self._missed.add(discussion_id)
            raise StorageUnavailableError(
                f"{self._size} posts wait to be stored already; the database cannot be written. "
                "The discussion is read again from Discord when it can."
            )
        waiting = self._open()
        waiting.batch.arrivals.append(Arrival(discussion_id, post, after_gap))
        # Each has a future of its own: who is cancelled cancels nothing but that.
        recorded: asyncio.Future[Recorded | Exception]
        recorded = asyncio.get_running_loop().create_future()
        waiting.recorded.append(recorded)
        return _result(await recorded)

    async def delete(self, discussion_id: int, message_ids: Collection[int], at: datetime) -> int:
        """Take the texts of messages away for good; give how many posts lost theirs.

        The posts keep their place. A message that is not known is remembered, so that it comes
        in without its text if it ever comes.
        """
        waiting = self._open()
        waiting.batch.deletions.append(Deletion(discussion_id, tuple(message_ids), at))
        index = len(waiting.batch.deletions) - 1
        return _result((await asyncio.shield(waiting.stored)).deleted[index])

    async def parent_unknown(self, message_id: int) -> None:
        """Note that a message which posts answer does not exist: it is no longer waited for."""
        waiting = self._open()
        waiting.batch.missing_parents.append(message_id)
        await asyncio.shield(waiting.stored)

    async def run(self) -> None:
        """Store what arrives, until `close`."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                waiting = self._waiting.popleft()
                await self._store(waiting)
                self._size -= waiting.batch.size
            if self._closing.is_set():
                return

    def close(self) -> None:
        """Let `run` end once everything is stored, or cannot be within `CLOSING_SECONDS`."""
        self._give_up_at = asyncio.get_running_loop().time() + CLOSING_SECONDS
        self._closing.set()
        self._arrived.set()

    def _open(self) -> _Waiting:
        if self._closing.is_set():
            raise StorageUnavailableError("The bot is closing; nothing more is recorded.")
        if not self._waiting or self._waiting[-1].batch.size >= BATCH_LIMIT:
            self._waiting.append(_Waiting(asyncio.get_running_loop().create_future()))
            self._arrived.set()
        self._size += 1
        return self._waiting[-1]

    async def _store(self, waiting: _Waiting) -> None:
        waiting.batch.missed.update(self._missed)
        self._missed.clear()
        try:
            results = await self._write(waiting.batch)
        except StorageUnavailableError as error:
            logger.critical("%s %d were not stored.", error, waiting.batch.size)
            results = _Results.all_failed(waiting.batch, error)
        except Exception:
            logger.exception("A batch of %d cannot be stored; each by itself", waiting.batch.size)
            results = await self._store_singly(waiting.batch)
        waiting.stored.set_result(results)
        for recorded, result in zip(waiting.recorded, results.recorded, strict=True):
            if not recorded.cancelled():
                recorded.set_result(result)

    async def _store_singly(self, batch: Batch) -> _Results:
        """Store what can be stored, so that one bad post does not take its neighbours along."""
        results = _Results([], [])
        for single in batch.singles():
            try:
                results.add(await self._write(single))
            except Exception as error:
                # Whatever it is, it is raised to the one who brought the post.
                logger.exception("One of a batch cannot be stored")
                results.add(_Results.all_failed(single, error))
        return results

    async def _write(self, batch: Batch) -> _Results:
        """Write as often as it takes; give up only when the bot is closing."""
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await self._database.write(partial(write_batch, batch=batch))
            except StorageUnavailableError as error:
                if loop.time() + pause > self._give_up_at:
                    raise
                logger.warning("%s %d wait; next try in %.1f s.", error, self._size, pause)
            else:
                return _Results(list(result.recorded), list(result.deleted))
            if self._closing.is_set():
                await asyncio.sleep(pause)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


@asynccontextmanager
async def open_recording(
    database: Database, *, waiting_limit: int = WAITING_LIMIT
) -> AsyncIterator[Recording]:
    """Give a recording at work; leaving the block stores what it still holds."""
    recording = Recording(database, waiting_limit)
    running = asyncio.create_task(recording.run(), name="recording")
    try:
        yield recording
    finally:
        recording.close()
        await running


@dataclass(slots=True)
class _Results:
    """What became of each of a batch: its result, or the error that kept it out."""

    recorded: list[Recorded | Exception]
    deleted: list[int | Exception]

    @classmethod
    def all_failed(cls, batch: Batch, error: Exception) -> _Results:
        return cls([error] * len(batch.arrivals), [error] * len(batch.deletions))

    def add(self, others: _Results) -> None:
        self.recorded += others.recorded
        self.deleted += others.deleted


@dataclass(slots=True)
class _Waiting:
    """A batch and those who wait for it."""

    stored: asyncio.Future[_Results]
    batch: Batch = field(default_factory=Batch)
    recorded: list[asyncio.Future[Recorded | Exception]] = field(default_factory=list)


def _result(result: Result | Exception) -> Result:
    if isinstance(result, Exception):
        raise result
    return result
