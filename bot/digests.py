"""The weekly digest, from the hour it is due to the proof that it arrived.

The tick plans who is due (rows in the outbox) and sends what is planned. What a digest says is
compiled at the moment of sending, from what the person may read then, so that a deletion or a
lost role counts; `preview` goes the same way.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.core.digest import DigestMessage, compose_digest
from bot.core.model import Digest
from bot.core.ports import Courier, CourierError, InboxClosedError
from bot.store.news import News
from bot.store.outbox import ClaimedDigest, Outbox, Window

logger = logging.getLogger(__name__)

# People planned in one transaction: small, so that recording posts never waits long for it.
PLAN_BATCH = 500
# Digests tried at the same time, and by each sender in one tick: a slow inbox holds up one sender,
# and the tick ends soon enough to plan for those who have become due meanwhile.
SENDERS = 4
DELIVERIES_A_SENDER = 50
# discord.py repeats a failing request for about half a minute, and waits out rate limits.
SECONDS_TO_DELIVER = 120.0
# The gaps between attempts double from the first to the longest. After a week without a clear
# answer the digest is given up, and the next one covers its news.
FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=6)


class Digests:
    """Plans, compiles and delivers digests."""

    def __init__(self, outbox: Outbox, news: News) -> None:
        self._outbox = outbox
        self._news = news

    async def tick(self, courier: Courier, now: datetime) -> None:
        """Plan for everyone who is due, then send what is waiting."""
        await self.plan(now)
        await self.deliver(courier, now)

    async def plan(self, now: datetime) -> int:
        """Put the digests of everyone who is due into the outbox; give how many were due."""
        total = 0
        while due := await self._outbox.plan(now, PLAN_BATCH):
            total += due
        return total

    async def deliver(self, courier: Courier, now: datetime) -> int:
        """Try the digests whose turn it is, and give how many attempts were made.

        What is too much for one tick is left to the next. One person's failure, of
        whichever kind, is noted in their row and holds up no one else.
        """
        async with asyncio.TaskGroup() as group:
            senders = [group.create_task(self._send_some(courier, now)) for _ in range(SENDERS)]
        return sum(sender.result() for sender in senders)

    async def compile(self, user_id: int, window: Window, courier: Courier) -> Digest:
        """Give what is new for the person, of what they may read at this moment.

        Raises `CourierError` when their rights cannot be learned.
        """
        candidates = await self._news.candidates(user_id, window.after, window.up_to)
        readable = await courier.readable(user_id, [candidate.thread for candidate in candidates])
        return await self._news.digest(
            user_id,
            window.after,
            window.up_to,
            [candidate for candidate in candidates if candidate.thread.thread_id in readable],
        )

    async def preview(self, user_id: int, courier: Courier) -> DigestMessage | None:
        """Give exactly what would be sent now, or None when nothing would be.

        Raises `CourierError` as `compile` does.
        """
        window = await self._outbox.next_window(user_id)
        if window is None:
            return None
        return await _compose(await self.compile(user_id, window, courier))

    async def _send_some(self, courier: Courier, now: datetime) -> int:
        for attempts in range(DELIVERIES_A_SENDER):
            digest = await self._outbox.claim(now)
            if digest is None:
                return attempts
            await self._attempt(digest, courier, now)
        return DELIVERIES_A_SENDER

    async def _attempt(self, digest: ClaimedDigest, courier: Courier, now: datetime) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_DELIVER):
                await self._send(digest, courier, now)
        except InboxClosedError as error:
            await self._outbox.failed(digest, str(error), now, inbox_closed=True)
            logger.info("Digest %d was not sent: the inbox is closed", digest.id)
        except (CourierError, TimeoutError) as error:
            await self._postpone(digest, str(error) or "Discord took too long to answer", now)
        except Exception as error:
            # One person's trouble, whatever it is, must not hold up the others' digests.
            logger.exception("Digest %d failed", digest.id)
            await self._postpone(digest, f"{type(error).__name__}: {error}", now)

    async def _send(self, digest: ClaimedDigest, courier: Courier, now: datetime) -> None:
        if digest.may_have_arrived:
            found = await courier.find(digest.user_id, digest.token)
            if found is not None:
                await self._outbox.sent(digest, found, now)
                return
        message = await _compose(await self.compile(digest.user_id, digest.window, courier))
        if message is None:
            await self._outbox.empty(digest, now)
            return
        message_id = await courier.deliver(digest.user_id, message, digest.token)
        await self._outbox.sent(digest, message_id, now)

    async def _postpone(self, digest: ClaimedDigest, reason: str, now: datetime) -> None:
        if now - digest.planned_at >= GIVE_UP_AFTER:
            await self._outbox.failed(digest, reason, now, inbox_closed=False)
            logger.warning("Digest %d is given up: %s", digest.id, reason)
            return
        gap = min(FIRST_GAP * 2 ** min(digest.attempts - 1, 10), LONGEST_GAP)
        await self._outbox.postponed(digest, reason, now + gap)
        logger.warning("Digest %d is tried again in %s: %s", digest.id, gap, reason)


async def _compose(digest: Digest) -> DigestMessage | None:
    # Shortening a full week's texts takes long enough to hold up the posts that come meanwhile.
    return await asyncio.to_thread(compose_digest, digest)
