"""The stage on Discord: old posts are sent through one webhook of their forum's channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
import discord
from discord.ext import commands

from bot.core.permissions import missing
from bot.core.ports import StagedPost, StageError, StageRefusedError
from bot.core.sameness import is_same_text
from cogs import _error_codes as codes

WEBHOOK_NAME = "Marginalia"

_WEBHOOK_REPLACED = frozenset({codes.UNKNOWN_WEBHOOK, codes.INVALID_WEBHOOK_TOKEN})
_GONE = frozenset({codes.UNKNOWN_CHANNEL, codes.UNKNOWN_MESSAGE})
_REFUSALS = {
    codes.UNKNOWN_CHANNEL: (
        "The channel or the thread is not there any more, or I may not see it. Allow me to View "
        "Channel there, then import the page again."
    ),
    codes.TOO_MANY_WEBHOOKS: (
        "The channel has as many webhooks as Discord allows (15). Remove one under Edit Channel > "
        "Integrations > Webhooks, then import the page again."
    ),
    codes.TAG_REQUIRED: (
        "Posts in this forum must carry a tag, and an old discussion has none. Switch off "
        "“Require people to select tags when posting” under Edit Channel, import the page again, "
        "and switch it on afterwards."
    ),
    codes.THREAD_LOCKED: "The thread is locked. Unlock it, then import the page again.",
    codes.TOO_MANY_ACTIVE_THREADS: (
        "The server has as many active threads as Discord allows. Close some, then import the "
        "page again."
    ),
}
_NEEDED = frozenset({"view_channel", "read_message_history", "manage_webhooks"})
_NEEDED_IN_TEXT = _NEEDED | {"create_public_threads"}


class DiscordStage:
    """Implements `bot.core.ports.Stage`: nobody is pinged, nobody is notified.

    A webhook that the bot makes is its application's, and so its messages name the application:
    thus the recorder and `posted` tell them from what people say through webhooks of their own.
    """

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot
        self._by_channel: dict[int, discord.Webhook] = {}

    async def open_thread(self, forum_id: int, name: str, first: StagedPost) -> int:
        """Make a thread: a forum's begins with `first`, a text channel's begins empty."""
        async with self._answers(forum_id):
            channel = await self._channel(forum_id)
            webhook = await self._webhook(channel)
            if isinstance(channel, discord.TextChannel):
                thread = await channel.create_thread(
                    name=name, type=discord.ChannelType.public_thread
                )
                return thread.id
            starter = await webhook.send(
                first.content,
                username=first.author_name,
                thread_name=name,
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
                silent=True,
                wait=True,
            )
            # A forum post's starter has its thread's id.
            return starter.id

    async def post(self, forum_id: int, thread_id: int, post: StagedPost) -> int:
        """Send one message into the thread and give its id."""
        async with self._answers(forum_id):
            webhook = await self._webhook(await self._channel(forum_id))
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

    async def threads(self, forum_id: int, name: str, since: datetime) -> Sequence[int]:
        """Give the stage's own threads of that name made since then, oldest first."""
        async with self._answers(forum_id):
            channel = await self._channel(forum_id)
            return sorted(
                [
                    thread.id
                    for thread in await channel.guild.active_threads()
                    if thread.parent_id == forum_id
                    and is_same_text(thread.name, name)
                    and discord.utils.snowflake_time(thread.id) >= since
                    and await self._is_own(channel, thread)
                ]
            )

    async def posted(self, forum_id: int, thread_id: int, after: int) -> Sequence[tuple[int, str]]:
        """Give (id, content) of the stage's own messages after that id, oldest first."""
        async with self._answers(forum_id):
            # Asks for Read Message History: without it, Discord gives an empty history.
            channel = await self._channel(forum_id)
            thread = self._bot.get_partial_messageable(thread_id, guild_id=channel.guild.id)
            history = thread.history(limit=None, after=discord.Object(after), oldest_first=True)
            return [
                (message.id, message.content) async for message in history if self._said(message)
            ]

    async def remove_post(self, forum_id: int, thread_id: int, message_id: int) -> None:
        """Remove a message of the stage's own; one that is gone already is no error."""
        async with self._answers(forum_id):
            webhook = await self._webhook(await self._channel(forum_id))
            try:
                await webhook.delete_message(message_id, thread=discord.Object(thread_id))
            except discord.NotFound as error:
                if error.code not in _GONE:
                    raise

    async def remove_thread(self, forum_id: int, thread_id: int) -> None:
        """Remove a thread of the stage's own; one that is gone already is no error."""
        async with self._answers(forum_id):
            try:
                thread = self._bot.get_channel(thread_id) or await self._bot.fetch_channel(
                    thread_id
                )
                if isinstance(thread, discord.Thread):
                    await thread.delete()
            except discord.NotFound as error:
                if error.code not in _GONE:
                    raise

    async def _channel(self, forum_id: int) -> discord.ForumChannel | discord.TextChannel:
        channel = self._bot.get_channel(forum_id) or await self._bot.fetch_channel(forum_id)
        if not isinstance(channel, discord.ForumChannel | discord.TextChannel):
            raise StageRefusedError("Old discussions go into forum and text channels only.")
        granted = channel.permissions_for(channel.guild.me)
        needed = _NEEDED_IN_TEXT if isinstance(channel, discord.TextChannel) else _NEEDED
        lacking = [one.label for one in missing(granted.value) if one.name in needed]
        if lacking:
            raise StageRefusedError(
                f"I lack {', '.join(lacking)} in #{channel.name}. Allow it under Edit Channel > "
                "Permissions, then import the page again."
            )
        return channel

    async def _webhook(
        self, channel: discord.ForumChannel | discord.TextChannel
    ) -> discord.Webhook:
        webhook = self._by_channel.get(channel.id)
        if webhook is None:
            own = [hook for hook in await channel.webhooks() if self._may_use(hook)]
            webhook = own[0] if own else await channel.create_webhook(name=WEBHOOK_NAME)
            self._by_channel[channel.id] = webhook
        return webhook

    def _may_use(self, webhook: discord.Webhook) -> bool:
        made_by = None if webhook.user is None else webhook.user.id
        return made_by == self._own_id and webhook.token is not None

    def _said(self, message: discord.Message) -> bool:
        return message.webhook_id is not None and message.application_id == self._own_id

    async def _is_own(
        self, channel: discord.ForumChannel | discord.TextChannel, thread: discord.Thread
    ) -> bool:
        if isinstance(channel, discord.TextChannel):
            return thread.owner_id == self._own_id
        try:
            return self._said(await thread.fetch_message(thread.id))
        except discord.NotFound:
            return False

    @property
    def _own_id(self) -> int:
        if self._bot.user is None:
            raise StageError("The bot is not logged in yet.")
        return self._bot.user.id

    @asynccontextmanager
    async def _answers(self, forum_id: int) -> AsyncIterator[None]:
        """Turn what Discord answers instead of doing it into the port's two errors."""
        try:
            yield
        except discord.DiscordServerError as error:
            raise StageError(str(error)) from error
        except discord.HTTPException as error:
            if error.code in _WEBHOOK_REPLACED:
                # Someone removed it; the next run makes another.
                self._by_channel.pop(forum_id, None)
                raise StageError(str(error)) from error
            words = _REFUSALS.get(error.code, f"Discord refused it: {error.text}.")
            raise StageRefusedError(words) from error
        except (aiohttp.ClientError, OSError) as error:
            raise StageError(f"Discord cannot be reached: {error}") from error
