"""What becomes of a digest when Discord has answered, or has not: settled, or tried again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.store.outbox import ClaimedDigest, Outbox
from bot.store.person import Inbox

logger = logging.getLogger(__name__)

# The gaps between attempts double from the first to the longest. After a week without a clear
# answer the digest is given up, and the next one covers its news.
FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=6)

# Someone who closed their inbox may open it again: the gaps grow to a day, for a week.
GAPS_WHILE_CLOSED = tuple(timedelta(hours=hours) for hours in (1, 3, 9, 24))
PAUSE_AFTER = timedelta(days=7)

# A machine that slept for weeks has waited, but hardly tried.
LEAST_ATTEMPTS = 5


class Settling:
    """Settles digests in the outbox, or leaves them for another attempt."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def try_again(
        self, digest: ClaimedDigest, reason: str, now: datetime, *, may_have_arrived: bool
    ) -> None:
        """Leave it for another attempt, later each time, until it is given up."""
        if now - digest.planned_at >= GIVE_UP_AFTER and digest.attempts >= LEAST_ATTEMPTS:
            await self._outbox.failed(digest, reason, now)
            logger.warning("Digest %d is given up: %s", digest.id, reason)
            return
        gap = min(FIRST_GAP * 2 ** min(digest.attempts - 1, 10), LONGEST_GAP)
        await self._outbox.postponed(digest, reason, now + gap, may_have_arrived=may_have_arrived)
        logger.warning("Digest %d is tried again in %s: %s", digest.id, gap, reason)

    async def inbox_is_closed(
        self, digest: ClaimedDigest, reason: str, now: datetime, *, may_have_arrived: bool
    ) -> None:
        """Leave it for another attempt; after a week of them the person's digests are paused.

        One may have arrived at an earlier attempt, before the inbox was closed.
        """
        if now - digest.planned_at >= PAUSE_AFTER and digest.attempts >= LEAST_ATTEMPTS:
            await self._outbox.inbox_stays_closed(digest, reason, now)
            logger.info("Digest %d is given up: the inbox stays closed", digest.id)
            return
        gap = GAPS_WHILE_CLOSED[min(digest.attempts, len(GAPS_WHILE_CLOSED)) - 1]
        await self._outbox.postponed(
            digest, reason, now + gap, may_have_arrived=may_have_arrived, inbox=Inbox.CLOSED
        )
        logger.info("Digest %d is tried again in %s: the inbox is closed", digest.id, gap)
