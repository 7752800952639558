"""Says hello once, where the bot was invited: how a host begins, and nothing more."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.client import Marginalia

logger = logging.getLogger(__name__)

HELLO = (
    "Hello! I keep book-club debates: each thread of a forum becomes a discussion that members can "
    "track, and what is new comes to them as often as they like.\n"
    "A host (with Manage Server) begins with `/setup forum`; `/help` tells the rest."
)


class Welcome(commands.Cog):
    """Greets a server that has just invited the bot."""

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello in the server's system channel, where the bot may write there."""
        channel = guild.system_channel
        if channel is None or not channel.permissions_for(guild.me).send_messages:
            return
        try:
            await channel.send(HELLO)
        except discord.HTTPException as error:
            logger.info("No hello in server %s: %s", guild.id, error)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    await bot.add_cog(Welcome())
