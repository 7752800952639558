"""`/digest stats`: what a host is told of their server's digests."""

from __future__ import annotations

from sandbox.permissions import VIEW_CHANNEL
from sandbox.state import SandboxChannel
from tests.cogs.scenes import text_of
from tests.harness import Club, Settled


async def track_the_forum(club: Club, lobby: SandboxChannel, people: int) -> None:
    """Have so many new members track the club's forum."""
    for number in range(people):
        member = await club.guild.add_member(f"Reader {number}")
        await member.slash(lobby, "track forum", forum=str(club.forum.id))


async def test_a_host_sees_how_many_and_of_nobody(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await settled()
    await track_the_forum(club, lobby, 7)
    await club.ann.slash(lobby, "track forum", forum=str(club.forum.id), level="daily")

    answer = await club.host.slash(lobby, "digest stats")

    assert answer.ephemeral
    words = text_of(answer)
    assert "**8 members** track something here." in words
    assert "once a day: fewer than 3" in words
    assert "once a week: more than 5" in words
    assert "Their direct messages are closed: fewer than 3" in words
    assert "Reader" not in words


async def test_where_few_track_a_host_sees_no_more_than_that(
    club: Club, lobby: SandboxChannel
) -> None:
    await club.ann.slash(lobby, "track forum", forum=str(club.forum.id))

    words = text_of(await club.host.slash(lobby, "digest stats"))

    assert words.startswith("**1 member** tracks something here.")
    assert "Paused" not in words


async def test_it_shows_the_digests_of_channels_but_of_forums_that_the_host_may_not_read(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.host.slash(
        lobby, "digest channel", forum=str(club.forum.id), channel=lobby, day=0, hour=9
    )

    words = text_of(await club.host.slash(lobby, "digest stats"))
    assert f"The digest of <#{club.forum.id}> is posted in <#{lobby.id}> every Monday" in words

    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await settled()
    words = text_of(await club.host.slash(lobby, "digest stats"))
    assert str(club.forum.id) not in words


async def test_it_is_for_hosts_in_their_server(club: Club, lobby: SandboxChannel) -> None:
    assert "Only a host can do this" in (await club.ann.slash(lobby, "digest stats")).content

    await club.host.slash(lobby, "track forum", forum=str(club.forum.id))
    assert "only in a server" in (await club.host.slash(club.host.dm, "digest stats")).content
