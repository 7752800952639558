"""The members of a server as Discord gives them at this moment."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.core.ports import CourierError
from cogs._no_answer import NO_ANSWER


async def current_member(
    bot: commands.AutoShardedBot, guild_id: int, user_id: int
) -> discord.Member | None:
    """Give the member with the roles of this moment; None where there is none to be found.

    Raises `CourierError` when Discord does not answer.
    """
    guild = bot.get_guild(guild_id)
    if guild is None:
        if not bot.is_ready():
            raise CourierError("The bot does not know its servers yet")
        return None
    if guild.unavailable:
        raise CourierError(f"Server {guild_id} is unavailable")
    try:
        return await guild.fetch_member(user_id)
    except (discord.NotFound, discord.Forbidden):
        return None
    except NO_ANSWER as error:
        raise CourierError(f"Discord does not answer for server {guild_id}") from error
