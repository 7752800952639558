"""Who may read a thread now.

Rights are asked, never assumed: the roles are those of the member in the interaction, or of the
member just fetched, and what cannot be known is no.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.core.ports import CourierError, ThreadReference
from cogs._members import current_member
from cogs._no_answer import NO_ANSWER

logger = logging.getLogger(__name__)

# How many private threads are asked for at a time: Discord takes fifty requests a second.
_ASKED_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class ReadableForums:
    """Whose threads a member may read at this moment: for one answer, and never kept.

    `public` are the ids of the channels whose threads they may read, but for the private ones;
    in those of `private`, some of the same, they may read these too. In the others they may
    read the private threads that they are in, which `Access.readable_threads` asks for.
    """

    public: frozenset[int]
    private: frozenset[int]


class Access:
    """Says what may be read, for commands, buttons and digests alike."""

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot

    async def may_read(
        self, asker: discord.Interaction | discord.Member, thread: ThreadReference
    ) -> bool:
        """Say whether the person may read the thread now; unknown means no.

        They need View Channel and Read Message History on the channel that the thread lies in;
        for a private thread they must also be in it, or have Manage Threads (Discord's
        documentation, "Threads", section "Private Threads").
        """
        try:
            member = await self._member(asker, thread.guild_id)
            return member is not None and await self.lets_read(member, thread)
        except CourierError as error:
            logger.warning("Whether a thread may be read is unknown, so it is hidden: %s", error)
            return False

    async def readable_forums(
        self,
        asker: discord.Interaction | discord.Member,
        guild_id: int,
        forum_ids: Collection[int],
    ) -> ReadableForums:
        """Say which of a server's channels the person may read now, and what of them.

        It costs no request for a member of that server: their roles came with the interaction.
        """
        try:
            member = await self._member(asker, guild_id)
        except CourierError as error:
            logger.warning("Which forums may be read is unknown, so they are hidden: %s", error)
            member = None
        if member is None:
            return ReadableForums(frozenset(), frozenset())
        granted = {each: self._granted(member, guild_id, each) for each in forum_ids}
        public = frozenset(each for each in forum_ids if _reads(granted[each]))
        return ReadableForums(public, frozenset(e for e in public if granted[e].manage_threads))

    async def readable_threads(
        self, asker: discord.Interaction | discord.Member, threads: Iterable[ThreadReference]
    ) -> frozenset[int]:
        """Give the ids of those threads of one or more servers that the person may read now.

        For lists and search: what cannot be known is left out. Each private thread that they
        may not read anyway costs a request, so give no more than are to be shown.
        """
        turns = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def readable(thread: ThreadReference) -> bool:
            async with turns:
                return await self.may_read(asker, thread)

        asked = list(threads)
        answers = await asyncio.gather(*map(readable, asked))
        return frozenset(
            thread.thread_id for thread, answer in zip(asked, answers, strict=True) if answer
        )

    def could_read(self, interaction: discord.Interaction, thread: ThreadReference) -> bool:
        """Say whether the person could have read a thread that was deleted; unknown means no.

        Who was in a private thread is not known any more: it takes Manage Threads, with which one
        reads them all. Where the channel is gone as well, so are its own permissions: then it
        takes Manage Server, for the host role alone says nothing of what its members may read.
        """
        guild, member = interaction.guild, interaction.user
        if guild is None or guild.id != thread.guild_id or not isinstance(member, discord.Member):
            return False
        channel = guild.get_channel(thread.forum_id)
        if channel is None:
            granted = member.guild_permissions
            could_view = granted.manage_guild
        else:
            granted = channel.permissions_for(member)
            could_view = granted.view_channel and granted.read_message_history
        return could_view and (granted.manage_threads or not thread.is_private)

    async def readable(self, user_id: int, threads: Sequence[ThreadReference]) -> frozenset[int]:
        """Give the ids of those threads that the person may read at this moment.

        Each server is asked once for the member. Raises `CourierError` when Discord does not
        answer: then nothing is known, and the question is to be asked again.
        """
        members: dict[int, discord.Member | None] = {}
        readable: set[int] = set()
        for thread in threads:
            if thread.guild_id not in members:
                members[thread.guild_id] = await current_member(self._bot, thread.guild_id, user_id)
            member = members[thread.guild_id]
            if member is not None and await self.lets_read(member, thread):
                readable.add(thread.thread_id)
        return frozenset(readable)

    async def lets_read(self, member: discord.Member, thread: ThreadReference) -> bool:
        """Say whether a member with the roles of this moment may read the thread now.

        Costs a request for a private thread alone. Raises `CourierError` when Discord does not
        say who is in that.
        """
        granted = self._granted(member, thread.guild_id, thread.forum_id)
        if not _reads(granted):
            return False
        if not thread.is_private or granted.manage_threads:
            return True
        return await self._is_in_thread(thread.thread_id, member.id)

    def _granted(self, member: discord.Member, guild_id: int, forum_id: int) -> discord.Permissions:
        """Give the member's permissions in a channel; none where the bot does not see it."""
        guild = self._bot.get_guild(guild_id)
        channel = None if guild is None else guild.get_channel(forum_id)
        return discord.Permissions.none() if channel is None else channel.permissions_for(member)

    async def _is_in_thread(self, thread_id: int, user_id: int) -> bool:
        try:
            # An archived thread is not in the cache, and the id is all that is needed.
            await self._bot.http.get_thread_member(thread_id, user_id)
        except (discord.NotFound, discord.Forbidden):
            return False
        except NO_ANSWER as error:
            raise CourierError(f"Discord does not say who is in thread {thread_id}") from error
        return True

    async def _member(
        self, asker: discord.Interaction | discord.Member, guild_id: int
    ) -> discord.Member | None:
        """Give the asker as a member of that server, with the roles of this moment."""
        person = asker.user if isinstance(asker, discord.Interaction) else asker
        if isinstance(person, discord.Member) and person.guild.id == guild_id:
            return person
        # Asked in a direct message, or about another server.
        return await current_member(self._bot, guild_id, person.id)


def _reads(granted: discord.Permissions) -> bool:
    return granted.view_channel and granted.read_message_history
