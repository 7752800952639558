"""Follows what becomes of threads and channels: new, renamed, locked, deleted."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.incoming import ThreadFacts, clean
from bot.core.model import Discussion
from bot.core.ports import Clock
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from bot.store.removals import Removals
from cogs._convert import thread_facts


class Threads(commands.Cog):
    """Keeps forums and discussions as Discord's channels and threads are."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        directory: Directory,
        forums: Forums,
        discussions: Discussions,
        gaps: Gaps,
        removals: Removals,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._directory = directory
        self._forums = forums
        self._discussions = discussions
        self._gaps = gaps
        self._removals = removals
        self._clock = clock

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Begin a discussion. Its first post may lie in the parent channel: it is read in."""
        discussion = await self._follow(thread_facts(thread))
        # A thread of the bot's own is an old discussion, which is replayed first.
        if discussion is not None and thread.owner_id != thread.guild.me.id:
            self._bot.dispatch("discussion_begun", discussion.id)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Follow a thread that the bot sees again, or was put into."""
        if self._directory.discussion(thread.id) is not None and thread.is_private():
            # What happened while the bot was not in it was not sent.
            await self._gaps.thread_interrupted(thread.id)
            self._bot.dispatch("reading_rights_changed", thread.guild.id)
        await self._follow(thread_facts(thread))

    @commands.Cog.listener()
    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """Note that the bot was put out of a thread: what happens there is not sent any more."""
        if self._directory.discussion(thread.id) is not None:
            await self._gaps.thread_interrupted(thread.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Follow its name, its lock, its archiving and its tags."""
        await self._follow(_updated_facts(payload))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Hide the discussion of a deleted thread at once."""
        await self._removals.hide(payload.thread_id, self._clock.now())

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Follow a forum's name."""
        if before.name != after.name and self._directory.is_forum(after.id):
            await self._forums.rename(after.id, clean(after.name))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Hide a deleted forum at once with all its discussions, be it in use or not."""
        await self._forums.hide(channel.id, self._clock.now())

    async def _follow(self, facts: ThreadFacts) -> Discussion | None:
        if not self._directory.is_forum(facts.forum_id):
            return None
        discussion = await self._discussions.ensure(facts, self._clock.now())
        if discussion is not None and not discussion.is_current:
            self._bot.dispatch("history_wanted", facts.guild_id)
        return discussion


def _updated_facts(payload: discord.RawThreadUpdateEvent) -> ThreadFacts:
    # From the event itself: an archived thread is not in memory.
    state = payload.data["thread_metadata"]
    return ThreadFacts(
        thread_id=payload.thread_id,
        forum_id=payload.parent_id,
        guild_id=payload.guild_id,
        title=clean(payload.data["name"]),
        is_private=payload.thread_type is discord.ChannelType.private_thread,
        is_locked=state.get("locked", False),
        is_archived=state["archived"],
        tag_ids=frozenset(int(tag_id) for tag_id in payload.data.get("applied_tags", ())),
        started_at=discord.utils.snowflake_time(payload.thread_id),
    )


async def setup(bot: Marginalia) -> None:
    """Add the cog."""
    app = bot.app
    await bot.add_cog(
        Threads(
            bot,
            app.directory,
            app.forums,
            app.discussions,
            app.gaps,
            app.removals,
            app.clock,
        )
    )
