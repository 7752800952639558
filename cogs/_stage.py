"""The stage on Discord: old posts are sent through one webhook of their forum's channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import discord
from discord.ext import commands

from bot.core.ports import StagedMessage, StagedPost, StagedThread, StageRefusedError
from cogs import _error_codes as codes
from cogs._stage_channels import Channel, StageChannels, tag_of
from cogs._stage_contents import StageContents
from cogs._stage_refusals import GONE, WEBHOOK_REPLACED, stage_answers, tag_required
from cogs._webhooks import Webhooks


class DiscordStage:
    """Implements `bot.core.ports.Stage`: nobody is pinged, nobody is notified."""

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot
        self._channels = StageChannels(bot)
        self._webhooks = Webhooks(bot)
        self._contents = StageContents(bot, self._webhooks)

    async def open_thread(
        self, forum_id: int, name: str, first: StagedPost, tag: str | None
    ) -> int:
        """Make a thread: a forum's begins with `first`, a text channel's begins empty."""
        with self._answers(forum_id):
            channel = await self._channels.of(forum_id)
            tags = [] if tag is None else [tag_of(channel, tag)]
            if isinstance(channel, discord.TextChannel):
                thread = await channel.create_thread(
                    name=name, type=discord.ChannelType.public_thread
                )
                return thread.id
            webhook = await self._webhooks.of(channel)
            try:
                starter = await webhook.send(
                    first.content,
                    username=first.author_name,
                    thread_name=name,
                    applied_tags=tags,
                    allowed_mentions=discord.AllowedMentions.none(),
                    suppress_embeds=True,
                    silent=True,
                    wait=True,
                )
            except discord.HTTPException as error:
                if error.code == codes.TAG_REQUIRED:
                    raise StageRefusedError(tag_required(channel)) from error
                raise
            # A forum post's starter has its thread's id.
            return starter.id

    async def post(self, forum_id: int, thread_id: int, post: StagedPost) -> int:
        """Send one message into the thread and give its id."""
        with self._answers(forum_id):
            webhook = await self._webhooks.of(await self._channels.of(forum_id))
            message = await webhook.send(
                post.content,
                username=post.author_name,
                thread=discord.Object(thread_id),
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
                silent=True,
                wait=True,
            )
            return message.id

    async def edit_post(self, forum_id: int, thread_id: int, message_id: int, content: str) -> None:
        """Give a message another text, unless it is gone or its thread is archived."""
        with self._answers(forum_id):
            webhook = await self._webhooks.of(await self._channels.of(forum_id))
            try:
                await webhook.edit_message(
                    message_id,
                    content=content,
                    thread=discord.Object(thread_id),
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except discord.HTTPException as error:
                if error.code not in {codes.ARCHIVED_THREAD, *GONE}:
                    raise

    async def threads(self, forum_id: int, name: str, since: datetime) -> Sequence[StagedThread]:
        """Give the stage's own threads of that name made since then, oldest first."""
        with self._answers(forum_id):
            return await self._contents.threads(await self._channels.of(forum_id), name, since)

    async def posted(self, forum_id: int, thread_id: int, after: int) -> Sequence[StagedMessage]:
        """Give the stage's own messages after that id, oldest first."""
        with self._answers(forum_id):
            channel = await self._channels.of(forum_id)
            return await self._contents.posted(channel, thread_id, after)

    async def others_wrote(self, forum_id: int, thread_id: int) -> bool:
        """Say whether the thread holds a message of anybody else's."""
        with self._answers(forum_id):
            channel = await self._channels.of(forum_id)
            return await self._contents.others_wrote(channel, thread_id)

    async def remove_post(self, forum_id: int, thread_id: int, message_id: int) -> None:
        """Remove a message of the stage's own; one that is gone already is no error."""
        with self._answers(forum_id):
            channel = await self._channels.of(forum_id)
            webhook = await self._webhooks.of(channel)
            try:
                await webhook.delete_message(message_id, thread=discord.Object(thread_id))
            except discord.NotFound as error:
                if error.code not in GONE:
                    raise
                # A webhook finds its own alone: an earlier one, since replaced, may have sent it.
                await self._remove_as_moderator(channel, thread_id, message_id)

    async def remove_thread(self, forum_id: int, thread_id: int) -> None:
        """Remove a thread of the stage's own; one that is gone already is no error."""
        with self._answers(forum_id):
            channel = await self._channels.of(forum_id)
            try:
                thread = self._bot.get_channel(thread_id) or await self._bot.fetch_channel(
                    thread_id
                )
                if isinstance(thread, discord.Thread):
                    await thread.delete()
            except discord.NotFound as error:
                if error.code not in GONE:
                    raise
            except discord.Forbidden as error:
                raise StageRefusedError(
                    f"I lack Manage Threads in #{channel.name}, so I cannot take a thread away. "
                    "Allow it under Edit Channel → Permissions, then try again."
                ) from error

    async def _remove_as_moderator(self, channel: Channel, thread_id: int, message_id: int) -> None:
        thread = self._bot.get_partial_messageable(thread_id, guild_id=channel.guild.id)
        try:
            message = await thread.fetch_message(message_id)
            await message.delete()
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
        except discord.Forbidden as error:
            raise StageRefusedError(
                f"The webhook that sent a message in #{channel.name} was removed, so I need "
                "Manage Messages there to take the message away. Allow it under Edit Channel → "
                "Permissions, or remove the message by hand."
            ) from error

    @contextmanager
    def _answers(self, forum_id: int) -> Iterator[None]:
        with stage_answers():
            try:
                yield
            except discord.HTTPException as error:
                if error.code in WEBHOOK_REPLACED:
                    self._webhooks.forget(forum_id)
                raise
