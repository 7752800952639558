"""The role whose members may host, as it is named with `/setup hosts`."""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.store.hosts import Hosts
from cogs._forum_channel import server


class HostRole:
    """Names the host role of a server, or takes it back."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    async def name(self, interaction: discord.Interaction, role: discord.Role | None) -> None:
        """Name the role; None leaves it to Manage Server.

        Raises `UserError` for anyone without Manage Server, or hosts would name hosts.
        """
        guild = server(interaction)
        if not interaction.permissions.manage_guild:
            raise UserError("Naming the hosts needs the Manage Server permission.")
        if role is not None and role.is_default():
            raise UserError("With @everyone, every member would be a host. Choose another role.")
        await self._hosts.set_role(guild.id, guild.name, None if role is None else role.id)
        await interaction.response.send_message(
            "Hosts are now those with Manage Server alone."
            if role is None
            else f"Hosts are now those with Manage Server, and all who have {role.mention}.",
            ephemeral=True,
        )
