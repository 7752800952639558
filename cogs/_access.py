"""Who is a host, and who may read a thread now.

Rights are asked, never assumed: the roles are those of the member in the interaction, or of the
member just fetched, and what cannot be known is no.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
import discord
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.ports import CourierError, ThreadReference
from bot.store.hosts import Hosts

logger = logging.getLogger(__name__)

# What discord.py raises when a request got no clear answer, after its own retries. The refusals
# (`Forbidden`, `NotFound`) are HTTPExceptions too: catch those first.
NO_ANSWER = (discord.HTTPException, aiohttp.ClientError, OSError)

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
    """Decides on rights, for commands, buttons and digests alike."""

    def __init__(self, bot: commands.AutoShardedBot, hosts: Hosts) -> None:
        self._bot = bot
        self._hosts = hosts

    async def is_host(self, interaction: discord.Interaction, guild_id: int | None = None) -> bool:
        """Say whether the person is a host: Manage Server, or the role of `/setup hosts`.

        `guild_id` is the server in question where it is not the one the interaction comes from,
        as for a button in a direct message.
        """
        if guild_id is not None and guild_id != interaction.guild_id:
            return await self.is_host_of(guild_id, interaction.user.id)
        if not isinstance(interaction.user, discord.Member):
            return False
        # Discord computed these for this very interaction, the owner's included.
        return await self._is_host(interaction.user, interaction.permissions)

    async def is_host_of(self, guild_id: int, user_id: int) -> bool:
        """Say whether the person is a host of that server now; unknown means no."""
        try:
            return await self.host(guild_id, user_id) is not None
        except CourierError as error:
            logger.warning("Whether someone is a host is unknown, so they are not: %s", error)
            return False

    async def host(self, guild_id: int, user_id: int) -> discord.Member | None:
        """Give the person where they are a host of that server now.

        Raises `CourierError` when Discord does not answer.
        """
        member = await self.member(guild_id, user_id)
        if member is None or not await self._is_host(member, member.guild_permissions):
            return None
        return member

    async def member(self, guild_id: int, user_id: int) -> discord.Member | None:
        """Give the member with the roles of this moment; None where there is none to be found.

        Raises `CourierError` when Discord does not answer.
        """
        guild = self._bot.get_guild(guild_id)
        if guild is None:
            if not self._bot.is_ready():
                raise CourierError("The bot does not know its servers yet")
            return None
        if guild.unavailable:
            raise CourierError(f"Server {guild_id} is unavailable")
        try:
            return await guild.fetch_member(user_id)
        except (discord.NotFound, discord.Forbidden):
            return None
        except NO_ANSWER as error:
            raise CourierError(f"Discord does not answer for server {guild_id}") from error

    async def _is_host(self, member: discord.Member, granted: discord.Permissions) -> bool:
        if granted.manage_guild or granted.administrator:
            return True
        host_role = await self._hosts.role(member.guild.id)
        return host_role is not None and any(role.id == host_role for role in member.roles)

    async def require_host(
        self, interaction: discord.Interaction, guild_id: int | None = None
    ) -> None:
        """Raise `UserError` unless the person is a host."""
        if not await self.is_host(interaction, guild_id):
            raise UserError(
                "Only a host can do this: someone with the Manage Server permission, or with the "
                "role that was named with `/setup hosts`. Ask one of them."
            )

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
            return member is not None and await self._may_read(member, thread)
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
                members[thread.guild_id] = await self.member(thread.guild_id, user_id)
            member = members[thread.guild_id]
            if member is not None and await self._may_read(member, thread):
                readable.add(thread.thread_id)
        return frozenset(readable)

    async def _may_read(self, member: discord.Member, thread: ThreadReference) -> bool:
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
        return await self.member(guild_id, person.id)


def _reads(granted: discord.Permissions) -> bool:
    return granted.view_channel and granted.read_message_history


@contextmanager
def answer_expected() -> Iterator[None]:
    """Tell a person in words that Discord did not answer (`CourierError`)."""
    try:
        yield
    except CourierError as error:
        raise UserError(
            "Discord does not answer just now, so nothing was changed. Try again in a minute."
        ) from error
