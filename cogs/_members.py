"""The members of a server as Discord gives them at this moment."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from itertools import islice

import aiohttp
import discord
from discord.ext import commands

from bot.core.ports import CourierError
from cogs._no_answer import NO_ANSWER

# The most that Discord gives at once.
_MEMBERS_AT_ONCE = 100
# A server that has not answered by then has an outage: it must not hold up the others for long.
SECONDS_TO_ANSWER = 10.0

# No connection to the server's shard (RuntimeError), one that breaks, or no answer.
_NO_ANSWER_OF_GATEWAY = (
    TimeoutError,
    RuntimeError,
    OSError,
    discord.ClientException,
    discord.ConnectionClosed,
    aiohttp.ClientError,
)


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


async def current_members(
    bot: commands.AutoShardedBot,
    guild_id: int,
    user_ids: Collection[int],
    *,
    seconds_to_answer: float = SECONDS_TO_ANSWER,
) -> dict[int, discord.Member]:
    """Give those who are members of the server, with the roles of this moment, by their ids.

    They come through the gateway, a hundred at a time, and without the privileged intent that a
    list of all members takes (Discord's documentation, "Gateway Events", section "Request Guild
    Members"). So once they are here, all that the gateway told before of the server's roles and
    channels is known as well. Raises `CourierError` when Discord does not answer.
    """
    guild = bot.get_guild(guild_id)
    if guild is None or guild.unavailable:
        raise CourierError(f"Server {guild_id} is unavailable")
    members: dict[int, discord.Member] = {}
    left = iter(user_ids)
    while some := list(islice(left, _MEMBERS_AT_ONCE)):
        try:
            async with asyncio.timeout(seconds_to_answer):
                found = await guild.query_members(
                    user_ids=some, limit=_MEMBERS_AT_ONCE, cache=False
                )
        except _NO_ANSWER_OF_GATEWAY as error:
            raise CourierError(f"Server {guild_id} does not say who is in it") from error
        members.update((member.id, member) for member in found)
    return members
