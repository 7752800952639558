"""Finds the threads of a forum: all of them at first, after a gap those that it concerns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import discord

from bot.core.incoming import ThreadFacts
from bot.core.ports import Clock
from bot.store.discussions import Discussions
from bot.store.reading import Readings, UnlistedForum
from cogs._convert import thread_facts
from cogs._reading_rights import ForumChannel

# A heartbeat notices a dead connection after a minute or so, and clocks differ.
GAP_MARGIN = timedelta(minutes=10)

_BATCH = 100


class ThreadListing:
    """Lists a forum's threads, so that the store knows which of them are to be read."""

    def __init__(
        self,
        discussions: Discussions,
        readings: Readings,
        clock: Clock,
        catch_up_days: int,
    ) -> None:
        self._discussions = discussions
        self._readings = readings
        self._clock = clock
        self._catch_up = timedelta(days=catch_up_days)

    async def list(self, channel: ForumChannel, forum: UnlistedForum) -> None:
        """List what was active at any time since the forum's gap began.

        Raises `discord.HTTPException` where Discord does not answer or refuses.
        """
        gap_began = None if forum.seen_at is None else forum.seen_at - GAP_MARGIN
        last_messages: dict[int, int | None] = {}
        batch: list[ThreadFacts] = []
        async for thread in _threads(channel, gap_began):
            last_messages[thread.id] = thread.last_message_id
            batch.append(thread_facts(thread))
            if len(batch) == _BATCH:
                await self._discussions.ensure_all(batch, self._clock.now())
                batch.clear()
        await self._discussions.ensure_all(batch, self._clock.now())
        compare_after = (
            0
            if gap_began is None
            else max(discord.utils.time_snowflake(gap_began - self._catch_up), 0)
        )
        await self._readings.listed(forum, last_messages, compare_after, self._clock.now())


async def _threads(
    channel: ForumChannel, gap_began: datetime | None
) -> AsyncIterator[discord.Thread]:
    for thread in await channel.guild.active_threads():
        if thread.parent_id == channel.id:
            yield thread
    # Newest archive first (Discord's documentation, "List Public Archived Threads"): the first
    # that was archived before the gap ends the list.
    async for thread in channel.archived_threads(limit=None):
        if gap_began is not None and thread.archive_timestamp < gap_began:
            break
        yield thread
    if isinstance(channel, discord.TextChannel):
        async for thread in _private_archived(channel, gap_began):
            yield thread


async def _private_archived(
    channel: discord.TextChannel, gap_began: datetime | None
) -> AsyncIterator[discord.Thread]:
    manages = channel.permissions_for(channel.guild.me).manage_threads
    # Without Manage Threads only those that the bot is in, and these are in order of their ids.
    async for thread in channel.archived_threads(private=True, joined=not manages, limit=None):
        if gap_began is not None and thread.archive_timestamp < gap_began:
            if manages:
                break
            continue
        yield thread
