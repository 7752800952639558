"""Reads the history of a thread, a page at a time, and asks for what is not in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import discord
from discord.ext import commands

from bot.core.ports import Clock
from bot.store.absences import Absence, Absences, AbsentPosts
from bot.store.gaps import Gaps
from bot.store.reading import HistoryPage, Reading, Readings
from bot.store.recording import Recording
from bot.store.removals import Removals
from cogs._ancestors import record_ancestors
from cogs._convert import incoming_post
from cogs._error_codes import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from cogs._reading_rights import reading_trouble, unseen_trouble

logger = logging.getLogger(__name__)

PAGE_SIZE = 100
"""The most that Discord gives at once ("Get Channel Messages")."""

_REFUSED = (
    "Discord does not let me read the thread <#{}>: check that my role has View Channel and Read "
    "Message History there, and add me to it if it is private."
)


class History:
    """Reads what `Readings` says is to be read, and asks for what `Absences` says is absent."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        recording: Recording,
        gaps: Gaps,
        readings: Readings,
        absences: Absences,
        removals: Removals,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._recording = recording
        self._gaps = gaps
        self._readings = readings
        self._absences = absences
        self._removals = removals
        self._clock = clock

    async def read(self, reading: Reading) -> None:
        """Read one page and record it; note how far it came, and what is missing from it.

        Without Read Message History the page is an empty one: losing it opens a gap, in which
        the page counts for nothing, and what is missing from it is asked for (`ask`).
        Raises `discord.HTTPException` where Discord does not answer; nothing is noted then.
        """
        try:
            if not reading.is_forum_channel and reading.after < reading.thread_id:
                await self._read_starter(reading)
            messages = await self._page(reading)
        except discord.Forbidden:
            trouble = _REFUSED.format(reading.thread_id)
            await self._readings.refused(reading.discussion_id, trouble)
            return
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            await self._removals.hide(reading.thread_id, self._clock.now())
            return
        await self._record(reading, messages)
        await self._readings.advance(
            reading,
            HistoryPage(
                message_ids=tuple(message.id for message in messages),
                is_last=len(messages) < PAGE_SIZE,
            ),
        )

    async def ask(self, absent: AbsentPosts) -> bool:
        """Ask Discord for each absent post, and delete or withhold those that it does not know.

        Says whether they were withheld, so that a host is to be asked. Raises
        `discord.HTTPException` where Discord does not answer: then nothing has changed.
        """
        if not await self._may_read(absent.forum_id):
            return False
        try:
            gone = [
                absence.message_id
                for absence in absent.absences
                if await self._is_gone(absent.guild_id, absence)
            ]
        except discord.Forbidden:
            # The rights in memory were not up to date: nothing is proved of any of them.
            trouble = _REFUSED.format(absent.thread_id)
            await self._readings.refused(absent.discussion_id, trouble)
            return False
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            await self._removals.hide(absent.thread_id, self._clock.now())
            return False
        now = self._clock.now()
        if await self._absences.withhold(absent.discussion_id, gone, now):
            return True
        await self._recording.delete(absent.discussion_id, gone, now)
        await self._absences.clear(absent.discussion_id)
        return False

    async def _may_read(self, forum_id: int) -> bool:
        channel = self._bot.get_channel(forum_id)
        trouble = (
            reading_trouble(channel)
            if isinstance(channel, discord.abc.GuildChannel)
            else unseen_trouble(forum_id)
        )
        if trouble is not None:
            await self._gaps.forum_interrupted(forum_id, trouble)
        return trouble is None

    async def _read_starter(self, reading: Reading) -> None:
        """Read the message that a thread of a text channel was made from; it lies in the channel.

        A thread that was made without one has none, which Discord answers like a deleted one.
        """
        channel = self._bot.get_partial_messageable(reading.forum_id, guild_id=reading.guild_id)
        try:
            starter = await channel.fetch_message(reading.thread_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            await self._absences.note(reading.discussion_id, reading.thread_id)
            return
        await self._record(reading, [starter])

    async def _page(self, reading: Reading) -> Sequence[discord.Message]:
        thread = self._bot.get_partial_messageable(reading.thread_id, guild_id=reading.guild_id)
        after = discord.Object(reading.after)
        return [
            message
            async for message in thread.history(limit=PAGE_SIZE, after=after, oldest_first=True)
        ]

    async def _record(self, reading: Reading, messages: Sequence[discord.Message]) -> None:
        told = [
            (message, post)
            for message in messages
            if (
                post := incoming_post(
                    message,
                    thread_id=reading.thread_id,
                    is_initial=message.id == reading.thread_id,
                )
            )
        ]
        recorded = await asyncio.gather(
            *(
                self._recording.record(reading.discussion_id, post, after_gap=True)
                for _, post in told
            )
        )
        parents = {
            outcome.unknown_parent: message
            for (message, _), outcome in zip(told, recorded, strict=True)
            if outcome.unknown_parent is not None
        }
        for parent_id, reply in parents.items():
            try:
                await record_ancestors(
                    self._recording, reading.discussion_id, reading.thread_id, reply, parent_id
                )
            except discord.HTTPException as error:
                # It stays awaited; the rest of the history does not wait for it.
                logger.warning("What message %d answers cannot be read: %s", reply.id, error)

    async def _is_gone(self, guild_id: int, absence: Absence) -> bool:
        channel = self._bot.get_partial_messageable(absence.channel_id, guild_id=guild_id)
        try:
            await channel.fetch_message(absence.message_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            return True
        return False
