"""The channels into which old discussions go, and what is needed there."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.core.ports import StageError, StageRefusedError
from cogs._replay_rights import missing_for_replay
from cogs._stage_refusals import tag_unknown

Channel = discord.ForumChannel | discord.TextChannel


class StageChannels:
    """Finds a forum's channel where the bot may do there what a replay needs."""

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot

    async def of(self, forum_id: int) -> Channel:
        """Give the channel.

        Raises `StageRefusedError` where it is of another kind or a right is missing, `StageError`
        where its server is not available, and `discord.HTTPException` where there is none.
        """
        channel = self._bot.get_channel(forum_id) or await self._bot.fetch_channel(forum_id)
        if not isinstance(channel, Channel):
            raise StageRefusedError("Old discussions go into forum and text channels only.")
        if channel.guild.unavailable:
            raise StageError(f"The server of #{channel.name} is not available now.")
        lacking = missing_for_replay(channel)
        if lacking:
            raise StageRefusedError(
                f"I lack {', '.join(lacking)} in #{channel.name}. Allow it under Edit Channel → "
                "Permissions, then try again with /imports."
            )
        return channel


def tag_of(channel: Channel, name: str) -> discord.ForumTag:
    """Give the channel's tag of that name. Raises `StageRefusedError`, naming those there are."""
    tags = channel.available_tags if isinstance(channel, discord.ForumChannel) else ()
    for tag in tags:
        if tag.name.casefold() == name.strip().casefold():
            return tag
    raise StageRefusedError(tag_unknown(channel, name))
