"""Keeps a task for every digest on its way, so that a slow one holds up nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta

from bot.core.ports import Courier
from bot.digests.attempts import Attempts, Moment, PreparedDigest
from bot.store.news import News
from bot.store.outbox import ClaimedDigest, Outbox
from bot.store.outbox_parts import OutboxParts

logger = logging.getLogger(__name__)

# Digests compiled together: their discussions are read once for all of them.
BATCH = 25
# Digests on their way at once. One that Discord never answers keeps its place for minutes.
MOST_IN_FLIGHT = 100
# How long a tick waits for what it began, while what takes longer goes on; and the end of the
# program, which breaks that off.
PATIENCE_SECONDS = 5.0
# Discord does not say for how long it wants fewer direct messages (its code 40003).
REST = timedelta(minutes=10)


class Sending:
    """Sends what is planned; a tick waits for it, and so does the end, for `patience_seconds`."""

    def __init__(
        self, outbox: Outbox, parts: OutboxParts, news: News, patience_seconds: float
    ) -> None:
        self._outbox = outbox
        self._attempts = Attempts(outbox, parts, news, self._rest)
        self._patience_seconds = patience_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight: set[int] = set()
        self._resting_until: datetime | None = None
        self._is_closed = False

    async def deliver(self, courier: Courier, now: datetime) -> int:
        """Begin to send the digests whose turn it is, and give how many.

        Waits for their end, but not longer than its patience.
        """
        if self._is_resting(now):
            return 0
        loop = asyncio.get_running_loop()
        began_at = loop.time()

        def moment() -> datetime:
            return now + timedelta(seconds=int(loop.time() - began_at))

        deadline = began_at + self._patience_seconds
        begun = 0
        while not self._is_closed:
            room = min(BATCH, MOST_IN_FLIGHT - len(self._in_flight))
            if not room:
                if await self._one_ended(deadline):
                    continue
                break
            claimed = await self._outbox.claim(moment(), room)
            # Closed meanwhile: what uses them is closed next, and they are taken up again later.
            if not claimed or self._is_closed:
                break
            begun += len(claimed)
            self._send(claimed, courier, moment)
        while await self._one_ended(deadline):
            pass
        return begun

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Begin nothing more, and wait a moment for what is on its way.

        What takes longer is broken off: the next start finds its row, and looks for it.
        """
        self._is_closed = True
        deadline = asyncio.get_running_loop().time() + self._patience_seconds
        while await self._one_ended(deadline):
            pass
        for task in self._tasks:
            task.cancel()
        await self.settled()

    def _send(self, claimed: Sequence[ClaimedDigest], courier: Courier, moment: Moment) -> None:
        self._in_flight.update(digest.id for digest in claimed)
        together = [digest for digest in claimed if not digest.may_have_arrived]
        for digest in claimed:
            if digest.may_have_arrived:
                self._begin(self._send_alone(digest, courier, moment))
        if together:
            self._begin(self._send_together(together, courier, moment))

    async def _send_alone(self, digest: ClaimedDigest, courier: Courier, moment: Moment) -> None:
        try:
            if digest.may_have_arrived and not await self._attempts.look(digest, courier, moment):
                return
            prepared = await self._attempts.prepare(digest, courier, moment)
            if prepared is not None:
                await self._attempts.send(prepared, courier, moment)
        finally:
            self._in_flight.discard(digest.id)

    async def _send_together(
        self, digests: Sequence[ClaimedDigest], courier: Courier, moment: Moment
    ) -> None:
        prepared: Sequence[PreparedDigest] | None = ()
        try:
            prepared = await self._attempts.prepare_together(digests, courier, moment)
        finally:
            going_on = digests if prepared is None else [each.claimed for each in prepared]
            self._in_flight -= {each.id for each in digests} - {each.id for each in going_on}
        if prepared is None:
            for digest in digests:
                self._begin(self._send_alone(digest, courier, moment))
            return
        for each in prepared:
            self._begin(self._send_one(each, courier, moment))

    async def _send_one(self, prepared: PreparedDigest, courier: Courier, moment: Moment) -> None:
        try:
            await self._attempts.send(prepared, courier, moment)
        finally:
            self._in_flight.discard(prepared.claimed.id)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work, name="digests on their way")
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The one place where a task's error ends: its row is taken up again after the lease.
            logger.error("Digests on their way were left", exc_info=error)

    async def _one_ended(self, deadline: float) -> bool:
        """Wait until one of the tasks has ended; say if one has before the deadline."""
        if not self._tasks:
            return False
        patience = deadline - asyncio.get_running_loop().time()
        ended, _ = await asyncio.wait(
            self._tasks, timeout=max(patience, 0.0), return_when=asyncio.FIRST_COMPLETED
        )
        return bool(ended)

    def _rest(self, now: datetime) -> None:
        logger.warning("Discord asks for fewer direct messages: none for %s", REST)
        self._resting_until = now + REST

    def _is_resting(self, now: datetime) -> bool:
        until = self._resting_until
        # A clock that was put back must not make it rest for hours.
        return until is not None and until - REST <= now < until
