"""Who is a host now: with Manage Server, or with the role of `/setup hosts`."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.ports import CourierError
from bot.store.hosts import Hosts
from cogs._members import current_member

logger = logging.getLogger(__name__)


class HostRights:
    """Says who may do what only hosts do; unknown means no."""

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
        member = await current_member(self._bot, guild_id, user_id)
        if member is None or not await self._is_host(member, member.guild_permissions):
            return None
        return member

    async def require_host(
        self, interaction: discord.Interaction, guild_id: int | None = None
    ) -> None:
        """Raise `UserError` unless the person is a host."""
        if not await self.is_host(interaction, guild_id):
            raise UserError(
                "Only a host can do this: someone with the Manage Server permission, or with the "
                "role that was named with `/setup hosts`. Ask one of them."
            )

    async def _is_host(self, member: discord.Member, granted: discord.Permissions) -> bool:
        if granted.manage_guild or granted.administrator:
            return True
        host_role = await self._hosts.role(member.guild.id)
        return host_role is not None and any(role.id == host_role for role in member.roles)
