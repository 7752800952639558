from __future__ import annotations

import re

import pytest
from discord import AppCommandType

from bot.client import Marginalia
from sandbox.guild import SandboxGuild
from sandbox.permissions import SEND_MESSAGES
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel
from tests.harness import Club, Settled


async def test_members_are_told_what_they_can_do_and_hosts_are_told_more(
    club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()

    member = await club.ann.slash(lobby, "help")
    host = await club.host.slash(lobby, "help")

    assert member.ephemeral
    assert "/track discussion" in member.content
    assert "/setup" not in f"{member.content} {member.embeds}"
    assert host.content == member.content
    assert "/setup forum" in host.embeds[0]["description"]


async def test_help_works_in_a_direct_message_with_the_bot(club: Club) -> None:
    answer = await club.ann.slash(club.ann.dm, "help")

    assert "/digest settings" in answer.content


async def test_every_command_that_help_names_exists(bot: Marginalia, club: Club) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    answer = await club.host.slash(lobby, "help")
    known = {f"/{command.qualified_name}" for command in bot.tree.walk_commands()}
    menus = {menu.name for menu in bot.tree.get_commands(type=AppCommandType.message)}

    text = f"{answer.content}\n{answer.embeds[0]['description']}"

    named = set(re.findall(r"`(/[a-z ]+)`", text))
    assert {"/read", "/setup forum"} <= named <= known
    assert menus <= set(re.findall(r"\*\*([^*]+)\*\*", text))


@pytest.fixture
async def lobby(guild: SandboxGuild, settled: Settled) -> SandboxChannel:
    lobby = await guild.create_text_channel("lobby")
    guild.system_channel = lobby
    await guild.remove_bot()
    await settled()
    return lobby


async def test_a_server_that_invites_the_bot_is_told_the_first_step_once(
    sandbox: Sandbox, guild: SandboxGuild, lobby: SandboxChannel, settled: Settled
) -> None:
    await guild.invite_bot()
    await settled()
    await guild.become_unavailable()
    await guild.become_available()
    await sandbox.gateway.drop()
    await sandbox.gateway.connected()
    await settled()

    said = [message.content for message in guild.history(lobby)]
    assert len(said) == 1
    assert "/setup forum" in said[0]


async def test_where_the_bot_may_not_write_it_says_nothing(
    sandbox: Sandbox, guild: SandboxGuild, lobby: SandboxChannel, settled: Settled
) -> None:
    await guild.set_overwrite(lobby, guild.everyone, deny=SEND_MESSAGES)
    sent = len(sandbox.requests)

    await guild.invite_bot()
    await settled()

    assert not [each for each in sandbox.requests[sent:] if each.method == "POST"]
