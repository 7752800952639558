"""Follows the servers that the bot is in: joined, renamed, left."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.incoming import clean
from bot.core.ports import Clock
from bot.store.servers import Servers

logger = logging.getLogger(__name__)


class ServerListener(commands.Cog):
    """Hides what was kept of a server while the bot is not in it."""

    def __init__(self, bot: commands.AutoShardedBot, servers: Servers, clock: Clock) -> None:
        self._bot = bot
        self._servers = servers
        self._clock = clock

    @commands.Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Follow a server's name."""
        if before.name != after.name:
            await self._servers.rename(after.id, clean(after.name))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Show again what was kept of a server that has let the bot in again, and read on."""
        await self._servers.joined(guild.id, clean(guild.name))
        self._bot.dispatch("reading_rights_changed", guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Hide what was kept of a server that the bot was put out of.

        An outage is not told this way: discord.py calls `on_guild_unavailable` for it.
        """
        await self._servers.left(guild.id, self._clock.now())

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notice which servers were joined or left while the bot was away."""
        await self.tick()

    async def tick(self) -> None:
        """Compare what is stored with the servers that Discord has named.

        When the bot is ready it has all of them, those with an outage too.
        """
        if not self._bot.is_ready():
            return
        for server in await self._servers.all():
            guild = self._bot.get_guild(server.id)
            if guild is None and not server.has_left:
                logger.info("The bot is not in server %d any more", server.id)
                await self._servers.left(server.id, self._clock.now())
            elif guild is not None and server.has_left and not guild.unavailable:
                await self.on_guild_join(guild)


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it compare at every tick."""
    app = bot.app
    servers = ServerListener(bot, app.servers, app.clock)
    await bot.add_cog(servers)
    app.ticker.every(app.settings.tick_seconds, servers.tick, name="servers")
