"""Who is a host: asked at this moment, of the server that is meant."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.client import Marginalia
from cogs._hosts import HostRights
from sandbox.member import SandboxMember
from sandbox.permissions import ADMINISTRATOR
from sandbox.state import SandboxChannel
from tests.harness import Club


@pytest.fixture
def host_rights(bot: Marginalia) -> HostRights:
    return HostRights(bot, bot.app.hosts)


async def interaction_in(
    bot: Marginalia, member: SandboxMember, channel: SandboxChannel
) -> discord.Interaction:
    """What the bot hears when the member uses a command there now."""
    heard = asyncio.create_task(bot.wait_for("interaction"))
    await member.slash(channel, "help")
    interaction: discord.Interaction = await heard
    return interaction


async def test_who_asks_in_a_direct_message_is_a_host_where_they_are_one_now(
    bot: Marginalia, club: Club, host_rights: HostRights
) -> None:
    of_host = await interaction_in(bot, club.host, club.host.dm)
    of_ann = await interaction_in(bot, club.ann, club.ann.dm)
    assert await host_rights.is_host(of_host, club.guild.id)
    assert not await host_rights.is_host(of_host)
    assert not await host_rights.is_host(of_ann, club.guild.id)

    await club.host.remove_role(club.host.roles[0])
    assert not await host_rights.is_host(of_host, club.guild.id)


async def test_the_owner_is_a_host_and_administrators_are(
    bot: Marginalia, club: Club, host_rights: HostRights
) -> None:
    role = await club.guild.create_role("Administrators", permissions=ADMINISTRATOR)
    await club.cleo.add_role(role)
    lobby = await club.guild.create_text_channel("lobby")

    for member in (club.guild.owner, club.cleo):
        assert await host_rights.is_host(await interaction_in(bot, member, lobby))
    assert not await host_rights.is_host(await interaction_in(bot, club.ann, lobby))
