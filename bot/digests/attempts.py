"""One attempt at a claimed digest: is it there already, what does it say now, send it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.core.ports import (
    ChannelClosedError,
    Courier,
    CourierError,
    InboxClosedError,
    TooFastError,
)
from bot.digests.compiling import CompiledDigest, DigestToCompile, compile_digests, compose
from bot.digests.settling import Settling
from bot.store.database import StorageUnavailableError
from bot.store.news import News
from bot.store.outbox import ClaimedDigest, Outbox
from bot.store.outbox_parts import OutboxParts
from bot.store.plans import PAUSED

logger = logging.getLogger(__name__)

# discord.py repeats a failing request for about half a minute, and waits out rate limits. What to
# say is found out, and sent, in so long each: well below the lease, which is renewed in between.
SECONDS_FOR_A_STEP = 120.0

RIGHTS_UNKNOWN = "Discord does not say just now what you may read"

Moment = Callable[[], datetime]
"""Gives the present moment."""


class RightsUnknownError(CourierError):
    """Discord does not say what someone may read: nothing can be told yet."""


@dataclass(frozen=True, slots=True)
class PreparedDigest:
    """A digest that is ready to be put into words; None where rights cannot be learned."""

    claimed: ClaimedDigest
    compiled: CompiledDigest | None


@dataclass(slots=True)
class _Outcome:
    """Whether the message may be on Discord, if the attempt were to end at this moment."""

    may_have_arrived: bool


class Attempts:
    """Takes claimed digests a step further; each step's trouble is noted in its digest's row.

    `slow_down` is called when Discord asks for fewer messages.
    """

    def __init__(
        self, outbox: Outbox, parts: OutboxParts, news: News, slow_down: Callable[[datetime], None]
    ) -> None:
        self._outbox = outbox
        self._parts = parts
        self._news = news
        self._settling = Settling(outbox)
        self._slow_down = slow_down

    async def look(self, digest: ClaimedDigest, courier: Courier, moment: Moment) -> bool:
        """Look whether it has arrived at an earlier attempt; say if it is still to be sent."""
        async with self._noting_trouble(digest, moment), asyncio.timeout(SECONDS_FOR_A_STEP):
            found = await courier.find(digest.recipient, digest.token)
            if found is None:
                return True
            await self._outbox.sent(digest, found, moment())
        return False

    async def prepare_together(
        self, digests: Sequence[ClaimedDigest], courier: Courier, moment: Moment
    ) -> list[PreparedDigest] | None:
        """Find out together what those digests have to say, but for those that end here.

        Gives None where one of them has trouble that is not its own alone: it must not hold up
        the others, so that each is to be prepared by itself.
        """
        try:
            return await self._prepare(digests, courier, moment)
        except Exception:
            # Whatever it is: each one's own trouble is noted when it is prepared by itself.
            logger.exception("Of %d digests one cannot be compiled: each by itself", len(digests))
            return None

    async def prepare(
        self, digest: ClaimedDigest, courier: Courier, moment: Moment
    ) -> PreparedDigest | None:
        """Find out what a digest has to say; None where it ends here, or its trouble is noted."""
        async with self._noting_trouble(digest, moment) as outcome:
            outcome.may_have_arrived = False
            return next(iter(await self._prepare([digest], courier, moment)), None)
        return None

    async def send(self, prepared: PreparedDigest, courier: Courier, moment: Moment) -> None:
        """Put a digest into words, and send them."""
        digest = prepared.claimed
        async with (
            self._noting_trouble(digest, moment) as outcome,
            asyncio.timeout(SECONDS_FOR_A_STEP),
        ):
            outcome.may_have_arrived = False
            if prepared.compiled is None:
                raise RightsUnknownError(RIGHTS_UNKNOWN)
            message, outcomes = await compose(prepared.compiled)
            if message is None:
                await self._outbox.empty(digest, outcomes, moment())
                return
            await _require_fit_channel(digest, courier)
            if not await self._outbox.about_to_send(digest, outcomes, moment()):
                logger.warning("Digest %d was taken over: it is left", digest.id)
                return
            outcome.may_have_arrived = True
            try:
                message_id = await courier.deliver(digest.recipient, message, digest.token)
            except InboxClosedError:
                outcome.may_have_arrived = False
                raise
            await self._outbox.sent(digest, message_id, moment())

    async def _prepare(
        self, digests: Sequence[ClaimedDigest], courier: Courier, moment: Moment
    ) -> list[PreparedDigest]:
        async with asyncio.timeout(SECONDS_FOR_A_STEP):
            for digest in digests:
                if digest.is_paused:
                    await self._outbox.skipped(digest, PAUSED, moment())
            awaited = [digest for digest in digests if not digest.is_paused]
            coverages = await self._parts.of(
                {digest.id: digest.recipient.user_id for digest in awaited}
            )
            asked = [
                DigestToCompile(
                    digest.id,
                    digest.kind,
                    digest.recipient.user_id,
                    digest.up_to,
                    coverages[digest.id],
                )
                for digest in awaited
            ]
            compiled = await compile_digests(asked, self._news, courier)
        return [PreparedDigest(digest, compiled[digest.id]) for digest in awaited]

    @asynccontextmanager
    async def _noting_trouble(
        self, digest: ClaimedDigest, moment: Moment
    ) -> AsyncIterator[_Outcome]:
        outcome = _Outcome(digest.may_have_arrived)
        try:
            yield outcome
        except InboxClosedError as error:
            await self._settling.inbox_is_closed(
                digest, str(error), moment(), may_have_arrived=outcome.may_have_arrived
            )
        except ChannelClosedError as error:
            await self._outbox.failed(digest, str(error), moment())
        except StorageUnavailableError as error:
            # Nothing can be noted now: when its lease is over it is looked for, and tried again.
            logger.warning("Digest %d waits: %s", digest.id, error)
        except (CourierError, TimeoutError) as error:
            if isinstance(error, TooFastError):
                self._slow_down(moment())
            logger.warning("Digest %d got no clear answer: %s", digest.id, error)
            await self._try_again(digest, _reason(error), moment, outcome)
        except Exception as error:
            # One person's trouble, whatever it is, must not hold up the others' digests.
            logger.exception("Digest %d failed", digest.id)
            await self._try_again(digest, _reason(error), moment, outcome)

    async def _try_again(
        self, digest: ClaimedDigest, reason: str, moment: Moment, outcome: _Outcome
    ) -> None:
        await self._settling.try_again(
            digest, reason, moment(), may_have_arrived=outcome.may_have_arrived
        )


def _reason(error: Exception) -> str:
    """Put a trouble into words for whom it keeps waiting: `/digest why` shows them."""
    match error:
        case RightsUnknownError():
            return RIGHTS_UNKNOWN
        case CourierError():
            return "Discord gives no clear answer"
        case TimeoutError():
            return "Discord takes too long to answer"
        case _:
            return "something went wrong on my side"


async def _require_fit_channel(digest: ClaimedDigest, courier: Courier) -> None:
    """Raise `ChannelClosedError` where others than a forum's readers would see its digest."""
    channel_id = digest.recipient.channel_id
    if channel_id is None or digest.forum_id is None:
        return
    trouble = await courier.channel_may_show(channel_id, digest.forum_id)
    if trouble is not None:
        raise ChannelClosedError(trouble)
