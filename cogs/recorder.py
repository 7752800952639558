"""Hears what members say in discussions, and records it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.incoming import IncomingPost
from bot.core.ports import Clock
from bot.store.database import StorageUnavailableError
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.recording import Recording
from cogs._ancestors import record_ancestors
from cogs._convert import incoming_post, thread_facts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message belongs: a discussion and its thread."""

    discussion_id: int
    thread_id: int


class Recorder(commands.Cog):
    """Listens to raw events, for no messages are kept in memory."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        directory: Directory,
        discussions: Discussions,
        recording: Recording,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._directory = directory
        self._discussions = discussions
        self._recording = recording
        self._clock = clock
        self._sought_parents: set[int] = set()
        self._making_known = asyncio.Lock()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Record a new message."""
        await self._hear(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Record an edited message; updates of one never edited are link previews and pins."""
        if payload.message.edited_at is not None:
            await self._hear(payload.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take a deleted message's text away."""
        await self._delete(payload.guild_id, payload.channel_id, (payload.message_id,))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the texts of messages away that were deleted at once."""
        await self._delete(payload.guild_id, payload.channel_id, payload.message_ids)

    async def _hear(self, message: discord.Message) -> None:
        guild_id = None if message.guild is None else message.guild.id
        place = await self._place(guild_id, message.channel.id, message.id)
        post = None if place is None else _post(message, place)
        if place is None or post is None:
            return
        try:
            recorded = await self._recording.record(place.discussion_id, post)
            if recorded.unknown_parent is not None:
                await self._record_ancestors(place, message, recorded.unknown_parent)
        except StorageUnavailableError as error:
            # The recording reads the discussion again when it can.
            logger.warning("Message %d of thread %d: %s", message.id, place.thread_id, error)

    async def _record_ancestors(
        self, place: _Place, reply: discord.Message, parent_id: int
    ) -> None:
        """Record what a reply answers, and what that answers, up to a post that is known."""
        if parent_id in self._sought_parents:
            return
        self._sought_parents.add(parent_id)
        try:
            await record_ancestors(
                self._recording, place.discussion_id, place.thread_id, reply, parent_id
            )
        except discord.HTTPException as error:
            # It stays awaited: the next reading of the history may bring it.
            logger.warning("What message %d answers cannot be read: %s", reply.id, error)
        finally:
            self._sought_parents.discard(parent_id)

    async def _delete(
        self, guild_id: int | None, channel_id: int, message_ids: Collection[int]
    ) -> None:
        now = self._clock.now()
        by_discussion: dict[int, list[int]] = {}
        for message_id in message_ids:
            discussion_id = await self._discussion_of_deleted(guild_id, channel_id, message_id)
            if discussion_id is not None:
                by_discussion.setdefault(discussion_id, []).append(message_id)
        for discussion_id, deleted in by_discussion.items():
            await self._recording.delete(discussion_id, deleted, now)

    async def _discussion_of_deleted(
        self, guild_id: int | None, channel_id: int, message_id: int
    ) -> int | None:
        """Say in which discussion a deleted message is kept; it need not be followed any more.

        A thread made from a message has its id.
        """
        kept = self._directory.kept(channel_id) or self._directory.kept(message_id)
        if kept is not None:
            return kept
        place = await self._place(guild_id, channel_id, message_id)
        return None if place is None else place.discussion_id

    async def _place(self, guild_id: int | None, channel_id: int, message_id: int) -> _Place | None:
        """Say where a message belongs, or None where that is no discussion.

        Whatever happens in a thread whose discussion is not known yet makes it known: events are
        dealt with at the same time, and the thread's creation may come last.
        """
        discussion_id = self._directory.discussion(channel_id)
        if discussion_id is not None:
            return _Place(discussion_id, channel_id)
        if self._directory.is_forum(channel_id):
            # A thread made from a message has its id, and the message stays in the text channel.
            discussion_id = self._directory.discussion(message_id)
            return None if discussion_id is None else _Place(discussion_id, message_id)
        guild = None if guild_id is None else self._bot.get_guild(guild_id)
        if guild is None:
            return None
        thread = guild.get_channel_or_thread(channel_id) or await self._fetch(channel_id)
        if not isinstance(thread, discord.Thread) or not self._directory.is_forum(thread.parent_id):
            return None
        async with self._making_known:
            # Of a storm in a new thread, the first message makes it known.
            discussion_id = self._directory.discussion(channel_id)
            if discussion_id is None:
                facts = thread_facts(thread)
                discussion = await self._discussions.ensure(facts, self._clock.now())
                discussion_id = None if discussion is None else discussion.id
        return None if discussion_id is None else _Place(discussion_id, channel_id)

    async def _fetch(self, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
        # An archived thread is not in the cache, and yet its messages can be deleted.
        try:
            channel = await self._bot.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden):
            return None
        return None if isinstance(channel, discord.abc.PrivateChannel) else channel


def _post(message: discord.Message, place: _Place) -> IncomingPost | None:
    return incoming_post(
        message, thread_id=place.thread_id, is_initial=message.id == place.thread_id
    )


async def setup(bot: Marginalia) -> None:
    """Add the recorder."""
    app = bot.app
    await bot.add_cog(Recorder(bot, app.directory, app.discussions, app.recording, app.clock))
