"""What the rest of the bot calls: plan, deliver, preview."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.core.digest import DigestMessage
from bot.core.ports import Courier, CourierError
from bot.core.schedule import WeeklySchedule
from bot.digests.attempts import RIGHTS_UNKNOWN
from bot.digests.compiling import DigestToCompile, compile_digests, compose
from bot.digests.sending import PATIENCE_SECONDS, Sending
from bot.store.database import Database
from bot.store.news import News
from bot.store.noticing import Noticing
from bot.store.outbox import Outbox
from bot.store.outbox_parts import OutboxParts
from bot.store.planning import Planning


class Digests:
    """Plans, compiles and delivers digests."""

    def __init__(
        self,
        database: Database,
        default: WeeklySchedule,
        a_minute: int,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._planning = Planning(database, default)
        self._noticing = Noticing(database)
        self._parts = OutboxParts(database)
        self._news = News(database)
        self._sending = Sending(
            Outbox(database, default, a_minute), self._parts, self._news, patience_seconds
        )

    async def tick(self, courier: Courier, now: datetime) -> None:
        """Plan for everyone who is due, then send what is waiting.

        What is planned already is sent though planning fails; then that is raised.
        """
        try:
            await self.plan(now)
        except Exception:
            await self.deliver(courier, now)
            raise
        await self.deliver(courier, now)

    async def plan(self, now: datetime) -> int:
        """Put the digests of everyone who is due into the outbox; give how many were due."""
        await self._planning.put_clock_right(now)
        await self._noticing.notice(now)
        total = 0
        while due := await self._planning.plan(now):
            total += due
        return total + await self._planning.plan_channels(now)

    async def deliver(self, courier: Courier, now: datetime) -> int:
        """Begin to send the digests whose turn it is, and give how many.

        Waits a moment for their end. One person's failure, of whichever kind, is noted in their
        row and holds up no one else.
        """
        return await self._sending.deliver(courier, now)

    async def preview(self, user_id: int, courier: Courier, now: datetime) -> DigestMessage | None:
        """Give exactly what would be sent now, or None when nothing would be.

        Raises `CourierError` when the person's rights cannot be learned.
        """
        previewed = await self._parts.previewed(user_id, now)
        if previewed is None:
            return None
        asked = DigestToCompile(
            user_id, previewed.kind, user_id, previewed.up_to, previewed.coverage
        )
        compiled = (await compile_digests([asked], self._news, courier))[user_id]
        if compiled is None:
            raise CourierError(RIGHTS_UNKNOWN)
        message, _ = await compose(compiled)
        return message

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self._sending.settled()

    async def start(self, now: datetime) -> None:
        """Compute anew when everyone is due, by the rules that their zones have now."""
        await self._planning.reschedule(now)

    async def close(self) -> None:
        """Begin nothing more, and end what is on its way, or leave it to the next start."""
        await self._sending.close()


@asynccontextmanager
async def open_digests(
    database: Database, default: WeeklySchedule, a_minute: int, now: datetime
) -> AsyncIterator[Digests]:
    """Give digests that are in step with the present rules of zones; leaving ends what is sent.

    `a_minute` is how many may be sent within a minute.
    """
    digests = Digests(database, default, a_minute)
    await digests.start(now)
    try:
        yield digests
    finally:
        await digests.close()
