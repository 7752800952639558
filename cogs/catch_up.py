"""Catches up: reads what was posted before the bot came, and whatever it missed since.

What is to be read is for the store to say (`bot/store/reading.py`), so that a crash goes on where
it was. Here is one reader a server, which reads until nothing is left.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.store.absences import Absences
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from bot.store.reading import Readings, UnlistedForum
from cogs._error_codes import UNKNOWN_CHANNEL
from cogs._history import History
from cogs._reading_rights import reading_trouble, unseen_trouble
from cogs._thread_listing import ThreadListing

logger = logging.getLogger(__name__)

SERVERS_AT_ONCE = 8
RETRY_PAUSE = timedelta(hours=1)
"""How long after a refusal Discord is asked again without any sign that rights have changed."""


class CatchUp(commands.Cog):
    """Reads when a server's state has come, when rights return, and when the tick says so."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        forums: Forums,
        gaps: Gaps,
        readings: Readings,
        absences: Absences,
        listing: ThreadListing,
        history: History,
        clock: Clock,
        sweep_days: int,
    ) -> None:
        self._bot = bot
        self._forums = forums
        self._gaps = gaps
        self._readings = readings
        self._absences = absences
        self._listing = listing
        self._history = history
        self._clock = clock
        self._sweep_days = sweep_days
        self._wanted: set[int] = set()
        self._readers: dict[int, asyncio.Task[None]] = {}
        self._retried_at = clock.now()
        self._seats = asyncio.Semaphore(SERVERS_AT_ONCE)

    async def cog_unload(self) -> None:
        """End what is being read: how far it came is stored."""
        readers = tuple(self._readers.values())
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up with a server whose state has come: after a new session, or an outage."""
        await self.on_reading_rights_changed(guild.id)

    @commands.Cog.listener()
    async def on_forum_set_up(self, forum_id: int) -> None:
        """Read the history of a forum that was just set up."""
        forum = await self._forums.get(forum_id)
        if forum is not None:
            await self.on_reading_rights_changed(forum.guild_id)

    @commands.Cog.listener()
    async def on_reading_rights_changed(self, guild_id: int) -> None:
        """Read what Discord may have refused before."""
        await self._readings.try_again(guild_id)
        await self.on_history_wanted(guild_id)

    @commands.Cog.listener()
    async def on_history_wanted(self, guild_id: int) -> None:
        """Read all that is to be read in a server now; return when it has been."""
        # Shielded: one who waits for the reader may go away without ending it.
        await asyncio.shield(self._wake(guild_id))

    async def tick(self) -> None:
        """Begin what is due of the sweep, and read whatever waits."""
        now = self._clock.now()
        await self._readings.sweep(now, self._sweep_days)
        if now - self._retried_at >= RETRY_PAUSE:
            self._retried_at = now
            for guild_id in await self._readings.troubled():
                await self._readings.try_again(guild_id)
        for guild_id in await self._readings.waiting():
            # Not awaited: one long history would keep every other server from the next tick. And
            # not begun twice: those who wait for it would become more with every tick.
            if guild_id not in self._readers:
                self._bot.dispatch("history_wanted", guild_id)

    def _wake(self, guild_id: int) -> asyncio.Task[None]:
        self._wanted.add(guild_id)
        reader = self._readers.get(guild_id)
        if reader is None:
            reader = asyncio.create_task(self._run(guild_id), name=f"reading server {guild_id}")
            self._readers[guild_id] = reader
        return reader

    async def _run(self, guild_id: int) -> None:
        try:
            async with self._seats:
                # Wanted again while it reads: there may be something it has looked past.
                while guild_id in self._wanted:
                    self._wanted.discard(guild_id)
                    await self._read_all(guild_id)
        except Exception:
            # The one place where a reading's error ends: what is left is read with the next tick.
            logger.exception("The history of server %d cannot be read now", guild_id)
        finally:
            del self._readers[guild_id]

    async def _read_all(self, guild_id: int) -> None:
        for forum in await self._readings.unlisted(guild_id):
            await self._list(guild_id, forum)
        while self._is_here(guild_id) and (reading := await self._readings.next(guild_id)):
            await self._history.read(reading)
        while self._is_here(guild_id) and (absent := await self._absences.next(guild_id)):
            if await self._history.ask(absent):
                self._bot.dispatch("posts_withheld")

    async def _list(self, guild_id: int, unlisted: UnlistedForum) -> None:
        guild = self._bot.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return
        channel = guild.get_channel(unlisted.forum_id)
        if not isinstance(channel, discord.ForumChannel | discord.TextChannel):
            await self._ask_for_channel(guild, unlisted.forum_id)
            return
        trouble = reading_trouble(channel)
        if trouble is None:
            try:
                await self._listing.list(channel, unlisted)
            except discord.Forbidden:
                # The rights in memory were not up to date.
                trouble = unseen_trouble(unlisted.forum_id)
            except discord.NotFound:
                # discord.py keeps channels that were deleted in an outage.
                await self._ask_for_channel(guild, unlisted.forum_id)
        if trouble is not None:
            await self._gaps.forum_interrupted(unlisted.forum_id, trouble)

    async def _ask_for_channel(self, guild: discord.Guild, forum_id: int) -> None:
        """Find out whether a channel that Discord does not show was deleted meanwhile."""
        try:
            await guild.fetch_channel(forum_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            await self._forums.hide(forum_id, self._clock.now())
            return
        except discord.Forbidden:
            logger.info("Channel %d is there, and the bot may not see it", forum_id)
        await self._gaps.forum_interrupted(forum_id, unseen_trouble(forum_id))

    def _is_here(self, guild_id: int) -> bool:
        guild = self._bot.get_guild(guild_id)
        return guild is not None and not guild.unavailable


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it look again at every tick."""
    app = bot.app
    settings = app.settings
    listing = ThreadListing(app.discussions, app.readings, app.clock, settings.catch_up_days)
    history = History(
        bot, app.recording, app.gaps, app.readings, app.absences, app.removals, app.clock
    )
    catch_up = CatchUp(
        bot,
        app.forums,
        app.gaps,
        app.readings,
        app.absences,
        listing,
        history,
        app.clock,
        settings.sweep_days,
    )
    await bot.add_cog(catch_up)
    app.ticker.every(settings.tick_seconds, catch_up.tick, name="catch up")
