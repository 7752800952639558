"""`/removed`: hosts export or erase what was deleted, until it is erased by itself."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.client import Marginalia
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.cogs.scenes import moderator, outage
from tests.harness import Club, Settled, commands_ended


@pytest.fixture
async def deleted(bot: Marginalia, club: Club, settled: Settled) -> SandboxThread:
    """A thread of two posts that was deleted."""
    assert bot.is_ready()
    mo = await moderator(club)
    thread = await club.ann.start_thread(club.forum, "Emma ||dies||", "Handsome.")
    await club.ben.post(thread, "Clever.")
    await settled()
    await mo.delete_thread(thread)
    await settled()
    return thread


async def id_of(bot: Marginalia, club: Club) -> str:
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    return str(hidden.id)


async def test_a_host_sees_what_was_deleted_and_when_it_is_erased(
    bot: Marginalia, club: Club, deleted: SandboxThread
) -> None:
    channel = await club.guild.create_text_channel("hosts")
    answer = await club.host.slash(channel, "removed list")
    assert answer.ephemeral
    assert "2 posts" in answer.content
    assert "▮▮▮" in answer.content
    assert "dies" not in answer.content
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    assert hidden.thread_id == deleted.id
    assert hidden.hidden_at is not None
    due = int((hidden.hidden_at + timedelta(days=7)).timestamp())
    assert f"<t:{due}:R>" in answer.content


async def test_nothing_deleted_is_said_in_words(bot: Marginalia, club: Club) -> None:
    assert bot.is_ready()
    channel = await club.guild.create_text_channel("hosts")
    answer = await club.host.slash(channel, "removed list")
    assert "Nothing" in answer.content


async def test_a_host_gets_the_discussion_as_a_file(
    bot: Marginalia, club: Club, deleted: SandboxThread
) -> None:
    assert deleted.name == "Emma ||dies||"
    channel = await club.guild.create_text_channel("hosts")
    answer = await club.host.slash(channel, "removed export", discussion=await id_of(bot, club))
    assert answer.ephemeral
    (file,) = answer.message.attachments
    document = json.loads(file.content)
    assert document["schema"] == "marginalia.discussion/1"
    assert [post["content"] for post in document["posts"]] == ["Handsome.", "Clever."]


async def test_a_host_erases_it_at_once_after_confirming(
    bot: Marginalia, sandbox: Sandbox, club: Club, deleted: SandboxThread
) -> None:
    channel = await club.guild.create_text_channel("hosts")
    asked = await club.host.slash(channel, "removed erase", discussion=await id_of(bot, club))
    assert len(await bot.app.removals.of_guild(club.guild.id)) == 1, "not before it is confirmed"
    answer = await club.host.click(asked, "Erase it")
    await commands_ended(sandbox)
    assert "2 posts" in answer.content
    assert await bot.app.removals.of_guild(club.guild.id) == ()
    assert await bot.app.posts.by_message(deleted.id) is None


async def test_a_title_is_offered_to_hosts_and_to_nobody_else(
    bot: Marginalia, club: Club, deleted: SandboxThread
) -> None:
    assert deleted.name == "Emma ||dies||"
    channel = await club.guild.create_text_channel("hosts")
    (offered,) = await club.host.autocomplete(channel, "removed erase", "discussion", "emma")
    assert (offered.name, offered.value) == ("Emma ▮▮▮", await id_of(bot, club))
    assert await club.host.autocomplete(channel, "removed export", "discussion", "villette") == []
    assert await club.ann.autocomplete(channel, "removed export", "discussion", "emma") == []


@pytest.mark.parametrize("command", ["list", "export", "erase"])
async def test_one_who_is_no_host_learns_and_does_nothing(
    bot: Marginalia, club: Club, deleted: SandboxThread, command: str
) -> None:
    assert deleted.name == "Emma ||dies||"
    channel = await club.guild.create_text_channel("hosts")
    if command == "list":
        answer = await club.ann.slash(channel, "removed list")
    else:
        named = await id_of(bot, club)
        answer = await club.ann.slash(channel, f"removed {command}", discussion=named)
    assert "Only a host" in answer.content
    assert "Emma" not in answer.content


@pytest.mark.parametrize("named", ["Emma", "0", "999999", "²", "-1"])
async def test_what_is_not_there_is_refused_with_what_to_do(
    bot: Marginalia, club: Club, named: str
) -> None:
    assert bot.is_ready()
    channel = await club.guild.create_text_channel("hosts")
    answer = await club.host.slash(channel, "removed export", discussion=named)
    assert "/removed list" in answer.content


async def test_another_servers_deleted_discussion_is_not_there(
    bot: Marginalia, sandbox: Sandbox, club: Club, deleted: SandboxThread, settled: Settled
) -> None:
    assert deleted.name == "Emma ||dies||"
    elsewhere = await sandbox.create_guild("Thursday Readers")
    stranger = await elsewhere.add_member(club.host, roles=[])
    role = await elsewhere.create_role("Host", permissions=1 << 5)
    await stranger.add_role(role)
    channel = await elsewhere.create_text_channel("hosts")
    await settled()
    answer = await stranger.slash(channel, "removed export", discussion=await id_of(bot, club))
    assert "no deleted discussion" in answer.content
    await elsewhere.remove_bot()


async def test_it_is_erased_seven_days_later_by_itself(
    bot: Marginalia, sandbox: Sandbox, club: Club, deleted: SandboxThread
) -> None:
    await bot.app.ticker.run("removal")
    assert len(await bot.app.removals.of_guild(club.guild.id)) == 1
    sandbox.clock.advance(timedelta(days=7, minutes=1))
    await bot.app.ticker.run("removal")
    assert await bot.app.removals.of_guild(club.guild.id) == ()
    assert await bot.app.posts.by_message(deleted.id) is None


async def test_the_list_asks_what_a_host_has_not_decided_yet(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    club.host.close_inbox()
    thread = await club.ann.start_thread(club.forum, "Emma", "Well?")
    messages = [await club.ben.post(thread, f"Reason {number}") for number in range(25)]
    async with outage(sandbox, club, settled):
        for message in messages[:10]:
            await club.ben.delete(message)
    channel = await club.guild.create_text_channel("hosts")
    answer = await club.host.slash(channel, "removed list")
    await commands_ended(sandbox)
    _, asked = answer.messages
    assert asked.ephemeral
    await club.host.click(asked, "Keep them")
    await commands_ended(sandbox)
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert len([p for p in await bot.app.posts.page(discussion.id, limit=99) if p.content]) == 26
