"""`/setup timezone`, and how a server's zone reaches its members."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.state import SandboxChannel
from tests.harness import Club

COMMAND = "setup timezone"


async def test_a_host_names_the_zone_and_is_told_it(club: Club, lobby: SandboxChannel) -> None:
    before = await club.host.slash(lobby, COMMAND)
    named = await club.host.slash(lobby, COMMAND, timezone=" Asia/Kolkata ")
    after = await club.host.slash(lobby, COMMAND)
    taken_back = await club.host.slash(lobby, COMMAND, timezone="none")

    assert "no time zone of its own, so UTC counts" in before.content
    for answer in (named, after):
        assert answer.ephemeral
        assert "**Asia/Kolkata** is this server's time zone" in answer.content
    assert taken_back.content == before.content


async def test_who_is_no_host_may_not_name_the_zone(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.ann.slash(lobby, COMMAND, timezone="Asia/Kolkata")
    assert "Only a host" in answer.content
    assert await bot.app.server_zones.get(club.guild.id) is None


async def test_a_zone_that_is_none_is_refused_with_the_nearest(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(lobby, COMMAND, timezone="Asia/Kolkatta")
    assert "Did you mean Asia/Kolkata?" in answer.content
    assert await bot.app.server_zones.get(club.guild.id) is None


async def test_a_zone_that_is_gone_from_the_world_is_said(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    await club.host.slash(lobby, COMMAND, timezone="Asia/Kolkata")
    async with bot.app.database.transaction() as connection:
        await connection.execute(
            "UPDATE guild SET zone = 'Asia/Xanadu' WHERE id = ?", (club.guild.id,)
        )
    answer = await club.host.slash(lobby, COMMAND)
    assert "no Asia/Xanadu any more" in answer.content


async def test_the_server_s_zone_is_offered_first_and_can_be_taken_away(
    club: Club, lobby: SandboxChannel
) -> None:
    await club.host.slash(lobby, COMMAND, timezone="Asia/Kathmandu")

    offered = await club.host.autocomplete(lobby, COMMAND, "timezone", "")
    to_member = await club.ann.autocomplete(lobby, "digest settings", "timezone", "")
    in_message = await club.ann.autocomplete(club.ann.dm, "digest settings", "timezone", "")

    assert offered[0].value == to_member[0].value == "Asia/Kathmandu"
    assert offered[-1].value == "none"
    assert len(offered) == 25
    assert in_message[0].value == "UTC"


async def test_members_who_chose_none_are_told_by_the_server_s_clocks(
    club: Club, lobby: SandboxChannel
) -> None:
    await club.ann.slash(lobby, "track forum", forum=club.forum.name)
    await club.ben.slash(lobby, "digest settings", timezone="Europe/Paris")
    await club.host.slash(lobby, COMMAND, timezone="Asia/Kolkata")

    for member, zone in (
        (club.ann, "Asia/Kolkata"),
        (club.ben, "Europe/Paris"),
        (club.cleo, "Asia/Kolkata"),
    ):
        answer = await member.slash(lobby, "digest settings")
        assert f"at 18:00, {zone}" in answer.content, member.name


@pytest.mark.parametrize("zone", ["localtime", "Factory", "\x00", "../UTC"])
async def test_a_name_that_is_no_place_is_no_zone(
    club: Club, lobby: SandboxChannel, zone: str
) -> None:
    answer = await club.host.forge_slash(lobby, COMMAND, timezone=zone)
    assert "I know no time zone" in answer.content
