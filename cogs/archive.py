"""Old discussions: what was imported is replayed into its thread, a little at each tick."""

from __future__ import annotations

from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Stage
from bot.replay import Replay
from bot.ticker import Ticker
from cogs._stage import DiscordStage

TICK_NAME = "replay"


class Archive(commands.Cog):
    """Keeps the replay of imported discussions going."""

    def __init__(self, replay: Replay, stage: Stage, ticker: Ticker, tick_seconds: float) -> None:
        self._replay = replay
        self._stage = stage
        self._ticker = ticker
        self._tick_seconds = tick_seconds

    async def cog_load(self) -> None:
        """Begin to tick."""
        self._ticker.every(self._tick_seconds, self.tick, name=TICK_NAME)

    async def cog_unload(self) -> None:
        """Tick no more."""
        self._ticker.stop(TICK_NAME)

    async def tick(self) -> None:
        """Take every pending import some messages further."""
        await self._replay.tick(self._stage)


async def setup(bot: Marginalia) -> None:
    """Add the cog."""
    app = bot.app
    stage = DiscordStage(bot)
    await bot.add_cog(Archive(app.replay, stage, app.ticker, app.settings.tick_seconds))
