"""Notices when events may be missed, and opens a gap there, so that it is read afterwards."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.store.database import StorageUnavailableError
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from cogs._reading_rights import reading_trouble

# A role in which one of these changes may let the bot read from then on, or not any more.
_READING = discord.Permissions(view_channel=True, read_message_history=True, administrator=True)


class GapListener(commands.Cog):
    """Listens for lost sessions, outages and changed rights.

    When rights change, Discord sends no new session: what it did not send before, it never
    sends. So every change that touches the bot's reading opens a gap, even if it is undone at
    once; a gap in which nothing happened costs a few requests.
    """

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        directory: Directory,
        forums: Forums,
        gaps: Gaps,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._directory = directory
        self._forums = forums
        self._gaps = gaps
        self._clock = clock
        self._connected: set[int] = set()
        self._has_lost_events = False

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Open a gap in all servers of a shard that has a new session.

        discord.py tells it before the session's first event, so that no post of it is numbered
        before those that were missed.
        """
        self._connected.add(shard_id)
        await self._gaps.session_began(shard_id, self._bot.shard_count or 1)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Go on without a gap: Discord has sent what was missed."""
        self._connected.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that events are not certainly received from now on."""
        self._connected.discard(shard_id)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Open a gap for an outage; when it ends, discord.py calls `on_guild_available`."""
        await self._gaps.server_interrupted(guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Open a gap where rights on a forum were lost, or have come back."""
        if not self._directory.is_forum(after.id):
            return
        trouble = reading_trouble(after)
        if trouble is not None or reading_trouble(before) is not None:
            await self._gaps.forum_interrupted(after.id, trouble)
            self._bot.dispatch("reading_rights_changed", after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Open a gap where one of the bot's roles, or everyone's, reads more or less."""
        changed = before.permissions.value ^ after.permissions.value
        if changed & _READING.value and after in after.guild.me.roles:
            await self._gaps.server_interrupted(after.guild.id)
            self._bot.dispatch("reading_rights_changed", after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Open a gap where the bot was given or taken a role.

        Discord sends the bot its own updates without the Server Members intent ("Gateway",
        "Guild Members").
        """
        if after.id == after.guild.me.id and before.roles != after.roles:
            await self._gaps.server_interrupted(after.guild.id)
            self._bot.dispatch("reading_rights_changed", after.guild.id)

    @commands.Cog.listener()
    async def on_event_not_stored(self) -> None:
        """Note that something happened which the database could not take."""
        self._has_lost_events = True

    async def tick(self) -> None:
        """Note up to when the events of connected servers have certainly been received.

        Where one of them was not stored, all forums have a gap instead, from the last time that
        this was noted: what became of posts, threads, channels and rights is read anew.
        """
        if self._has_lost_events:
            self._has_lost_events = False
            try:
                await self._gaps.everywhere_interrupted()
            except StorageUnavailableError:
                self._has_lost_events = True
                raise
            for guild in self._bot.guilds:
                self._bot.dispatch("history_wanted", guild.id)
            return
        connected = [
            guild.id
            for guild in self._bot.guilds
            if guild.shard_id in self._connected and not guild.unavailable
        ]
        await self._forums.seen(connected, self._clock.now())


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it note at every tick that events come in."""
    app = bot.app
    gaps = GapListener(bot, app.directory, app.forums, app.gaps, app.clock)
    await bot.add_cog(gaps)
    app.ticker.every(app.settings.tick_seconds, gaps.tick, name="gaps")
