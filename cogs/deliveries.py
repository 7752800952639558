"""The tick that plans what is due, and sends it."""

from __future__ import annotations

from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.digests import Digests
from bot.ticker import Ticker
from cogs._access import Access
from cogs._courier import DiscordCourier

_TICK = "digests"


class Deliveries(commands.Cog):
    """Looks, every so often, whether a digest or a notice is due."""

    def __init__(
        self,
        bot: Marginalia,
        digests: Digests,
        courier: DiscordCourier,
        clock: Clock,
        ticker: Ticker,
        tick_seconds: float,
    ) -> None:
        self._bot = bot
        self._digests = digests
        self._courier = courier
        self._clock = clock
        self._ticker = ticker
        self._tick_seconds = tick_seconds

    async def cog_load(self) -> None:
        """Begin to look."""
        self._ticker.every(self._tick_seconds, self._tick, name=_TICK)

    async def cog_unload(self) -> None:
        """Look no more, and end what is on its way while Discord can still be reached."""
        self._ticker.stop(_TICK)
        await self._digests.close()

    async def _tick(self) -> None:
        # Until the servers are known, nobody's rights are: an attempt would be in vain.
        if not self._bot.is_ready():
            return
        await self._digests.tick(self._courier, self._clock.now())


async def setup(bot: Marginalia) -> None:
    """Load the cog; its tick goes with it."""
    app = bot.app
    await bot.add_cog(
        Deliveries(
            bot,
            app.digests,
            DiscordCourier(bot, Access(bot)),
            bot.clock,
            app.ticker,
            bot.settings.tick_seconds,
        )
    )
