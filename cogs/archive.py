"""Old discussions: what was imported is replayed into its thread, and mended there."""

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

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        replay: Replay,
        stage: Stage,
        ticker: Ticker,
        tick_seconds: float,
    ) -> None:
        self._bot = bot
        self._replay = replay
        self._stage = stage
        self._ticker = ticker
        self._tick_seconds = tick_seconds

    async def cog_load(self) -> None:
        """Begin to tick."""
        self._ticker.every(self._tick_seconds, self.tick, name=TICK_NAME)

    async def cog_unload(self) -> None:
        """Tick no more, and break off what is being sent while Discord can still be reached."""
        self._ticker.stop(TICK_NAME)
        await self._replay.close()

    @commands.Cog.listener()
    async def on_replay_wanted(self) -> None:
        """Begin at once: somebody imported, resumed, cancelled, erased or chose something."""
        await self.tick()

    async def tick(self) -> None:
        """Begin what is to be sent, removed or mended and is not under way already."""
        if self._bot.is_ready():
            await self._replay.tick(self._stage)


async def setup(bot: Marginalia) -> None:
    """Add the cog."""
    app = bot.app
    stage = DiscordStage(bot)
    await bot.add_cog(Archive(bot, app.replay, stage, app.ticker, app.settings.tick_seconds))
