"""`/setup publish` and `/publish`: hosts publish forums, and members themselves."""

from __future__ import annotations

from bot.client import Marginalia
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from tests.harness import Club, Settled, commands_ended


async def published(bot: Marginalia, club: Club) -> list[int]:
    return [forum.id for forum in await bot.app.publication.forums(club.guild.id)]


async def publish(bot: Marginalia, club: Club) -> None:
    await bot.app.publication.publish_forum(club.forum.id, bot.clock.now())


async def test_a_host_publishes_a_forum_after_being_told_what_that_means(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    channel = await club.guild.create_text_channel("hosts")
    asked = await club.host.slash(channel, "setup publish", forum="novels")
    assert asked.ephemeral
    assert "who agree with `/publish me`" in asked.content
    assert await published(bot, club) == [], "not before it is confirmed"
    answer = await club.host.click(asked, "Publish it")
    await commands_ended(sandbox)
    assert "on the site when it is next built" in answer.content
    assert await published(bot, club) == [club.forum.id]

    taken = await club.host.slash(channel, "setup publish", forum="novels", publish=False)
    assert "not published any more" in taken.content
    assert await published(bot, club) == []


async def test_a_host_is_warned_where_not_everyone_in_the_server_can_read(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    assert bot.is_ready()
    channel = await club.guild.create_text_channel("hosts")
    open_to_all = await club.host.slash(channel, "setup publish", forum="novels")
    assert "Not everyone" not in open_to_all.content
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, club.host, allow=VIEW_CHANNEL)
    await settled()
    closed = await club.host.slash(channel, "setup publish", forum="novels")
    assert "Not everyone in this server can read" in closed.content


async def test_who_is_no_host_publishes_no_forum(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    channel = await club.guild.create_text_channel("lobby")
    refused = await club.ann.slash(channel, "setup publish", forum="novels")
    assert "Only a host" in refused.content
    asked = await club.host.slash(channel, "setup publish", forum="novels")
    for role in list(club.host.roles):
        await club.host.remove_role(role)
    refused = await club.host.click(asked, "Publish it")
    await commands_ended(sandbox)
    assert "Only a host" in refused.content
    assert await published(bot, club) == []


async def test_a_member_agrees_for_themselves_and_takes_it_back(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    await publish(bot, club)
    channel = await club.guild.create_text_channel("lobby")
    asked = await club.ann.slash(channel, "publish me")
    assert asked.ephemeral
    assert f"<#{club.forum.id}>" in asked.content
    assert await bot.app.publication.agreed(club.guild.id) == frozenset()
    answer = await club.ann.click(asked, "I agree")
    await commands_ended(sandbox)
    assert "`/publish stop`" in answer.content
    assert await bot.app.publication.agreed(club.guild.id) == {club.ann.id}
    again = await club.ann.slash(channel, "publish me")
    assert "agreed already" in again.content

    stopped = await club.ann.slash(channel, "publish stop")
    assert "gone from the site" in stopped.content
    assert await bot.app.publication.agreed(club.guild.id) == frozenset()
    nothing = await club.ann.slash(channel, "publish stop")
    assert "have not agreed" in nothing.content


async def test_where_nothing_is_published_there_is_nothing_to_agree_to(
    bot: Marginalia, club: Club
) -> None:
    assert bot.is_ready()
    channel = await club.guild.create_text_channel("lobby")
    answer = await club.ann.slash(channel, "publish me")
    assert "No forum of this server is published" in answer.content
