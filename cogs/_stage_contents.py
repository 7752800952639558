"""What Discord has of the stage already: the bot's own threads and messages in a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import discord
from discord.ext import commands

from bot.core.ports import StagedMessage, StagedPost, StagedThread
from bot.core.sameness import is_same_text
from cogs._stage_channels import Channel
from cogs._stage_refusals import GONE
from cogs._webhooks import Webhooks


class StageContents:
    """Looks through a channel's threads, and a thread's history.

    `StageChannels` gave the channel, and so Read Message History is there: without it, Discord
    gives an empty history.
    """

    def __init__(self, bot: commands.AutoShardedBot, webhooks: Webhooks) -> None:
        self._bot = bot
        self._webhooks = webhooks

    async def threads(self, channel: Channel, name: str, since: datetime) -> Sequence[StagedThread]:
        """Give the bot's own threads of that name made since then, oldest first."""
        own = [
            staged
            async for thread in _threads(channel, since)
            if is_same_text(thread.name, name)
            and discord.utils.snowflake_time(thread.id) >= since
            and (staged := await self._own_thread(channel, thread)) is not None
        ]
        return sorted(own, key=lambda thread: thread.id)

    async def posted(self, channel: Channel, thread_id: int, after: int) -> Sequence[StagedMessage]:
        """Give the bot's own messages after that id, oldest first."""
        return [
            _staged(message)
            async for message in self._history(channel, thread_id, after)
            if self._webhooks.sent(message)
        ]

    async def others_wrote(self, channel: Channel, thread_id: int) -> bool:
        """Say whether the thread holds a message of anybody else's."""
        async for message in self._history(channel, thread_id, after=0):
            if not message.is_system() and not self._webhooks.sent(message):
                return True
        return False

    async def _history(
        self, channel: Channel, thread_id: int, after: int
    ) -> AsyncIterator[discord.Message]:
        """Give the messages of a thread after that id, oldest first; of one that is gone, none."""
        thread = self._bot.get_partial_messageable(thread_id, guild_id=channel.guild.id)
        history = thread.history(limit=None, after=discord.Object(after), oldest_first=True)
        try:
            async for message in history:
                yield message
        except discord.NotFound as error:
            if error.code not in GONE:
                raise

    async def _own_thread(self, channel: Channel, thread: discord.Thread) -> StagedThread | None:
        if isinstance(channel, discord.TextChannel):
            is_own = thread.owner_id == self._webhooks.own_id
            return StagedThread(thread.id, None) if is_own else None
        try:
            starter = await thread.fetch_message(thread.id)
        except discord.NotFound:
            return None
        if not self._webhooks.sent(starter):
            return None
        return StagedThread(thread.id, _staged(starter).post)


async def _threads(channel: Channel, since: datetime) -> AsyncIterator[discord.Thread]:
    """Give the channel's threads that may have been made since then, archived ones too."""
    for thread in await channel.guild.active_threads():
        if thread.parent_id == channel.id:
            yield thread
    # They come in the order in which they were archived, latest first.
    async for thread in channel.archived_threads(limit=None):
        if thread.archive_timestamp < since:
            break
        yield thread


def _staged(message: discord.Message) -> StagedMessage:
    return StagedMessage(message.id, StagedPost(message.author.name, message.content))
