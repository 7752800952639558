"""`/removed`: hosts export or erase what was deleted, until it is erased by itself."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.client import Marginalia
from sandbox.permissions import MANAGE_THREADS, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from sandbox.wire import JsonObject
from tests.cogs.scenes import moderator, outage, set_up
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


async def test_a_host_gets_the_discussion_as_a_file_of_each_kind(
    bot: Marginalia, club: Club, deleted: SandboxThread
) -> None:
    assert deleted.name == "Emma ||dies||"
    channel = await club.guild.create_text_channel("hosts")
    named = await id_of(bot, club)
    files = []
    formats: tuple[JsonObject, ...] = ({}, {"format": "markdown"}, {"format": "json"})
    for option in formats:
        answer = await club.host.slash(channel, "removed export", discussion=named, **option)
        assert answer.ephemeral
        assert "dies" not in answer.content
        files += answer.message.attachments
    assert [file.filename for file in files] == ["emma.html", "emma.md", "emma.json"]
    page, paper, data = [file.content.decode() for file in files]
    assert "<p>Handsome.</p>" in page
    assert "discord.com" not in page, "the thread is gone"
    assert "\n\nClever.\n" in paper
    document = json.loads(data)
    assert document["schema"] == "marginalia.discussion/1"
    assert [post["content"] for post in document["posts"]] == ["Handsome.", "Clever."]


async def test_a_host_erases_it_at_once_after_confirming(
    bot: Marginalia, sandbox: Sandbox, club: Club, deleted: SandboxThread
) -> None:
    channel = await club.guild.create_text_channel("hosts")
    asked = await club.host.slash(channel, "removed erase", discussion=await id_of(bot, club))
    assert "2 posts" in asked.content
    assert len(await bot.app.removals.of_guild(club.guild.id)) == 1, "not before it is confirmed"
    answer = await club.host.click(asked, "Erase it")
    await commands_ended(sandbox)
    assert "erased for good" in answer.content
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


@pytest.mark.parametrize("is_channel_deleted", [False, True], ids=["thread", "channel"])
async def test_a_deleted_private_thread_is_shown_to_none_but_hosts_who_can_read_all_of_them(
    bot: Marginalia, club: Club, settled: Settled, *, is_channel_deleted: bool
) -> None:
    mo = await moderator(club)
    lobby = await club.guild.create_text_channel("lobby")
    await set_up(bot, club, lobby.id, is_forum=False)
    thread = await mo.start_thread(lobby, "Next year's books", "A secret", private=True)
    await mo.add_to_thread(thread, club.guild.me)
    await settled()
    if is_channel_deleted:
        await mo.delete_channel(lobby)
    else:
        await mo.delete_thread(thread)
    await settled()
    channel = await club.guild.create_text_channel("hosts")
    named = await id_of(bot, club)

    listed = await club.host.slash(channel, "removed list")
    exported = await club.host.slash(channel, "removed export", discussion=named)
    erased = await club.host.slash(channel, "removed erase", discussion=named)
    assert "1 discussion of places that you cannot read" in listed.content
    assert not exported.message.attachments
    for answer in (listed, exported, erased):
        assert "Next year" not in answer.content
    assert await club.host.autocomplete(channel, "removed export", "discussion", "") == []

    await club.host.add_role(await club.guild.create_role("Head", MANAGE_THREADS))
    listed = await club.host.slash(channel, "removed list")
    exported = await club.host.slash(channel, "removed export", discussion=named)
    assert "Next year" in listed.content
    assert exported.message.attachments


async def test_the_host_role_opens_no_channel_that_its_members_cannot_read(
    bot: Marginalia, club: Club, deleted: SandboxThread, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("hosts")
    role = await club.guild.create_role("Readers' committee")
    await club.ann.add_role(role)
    await bot.app.hosts.set_role(club.guild.id, club.guild.name, role.id)
    named = await id_of(bot, club)
    allowed = await club.ann.slash(channel, "removed export", discussion=named)
    assert allowed.message.attachments

    await club.guild.set_overwrite(club.forum, role, deny=VIEW_CHANNEL)
    await settled()
    refused = await club.ann.slash(channel, "removed export", discussion=named)
    assert not refused.message.attachments

    await (await moderator(club)).delete_channel(club.forum)
    await settled()
    gone = await club.ann.slash(channel, "removed export", discussion=named)
    assert not gone.message.attachments, "who could read there is not known any more"
    hosts = await club.host.slash(channel, "removed export", discussion=named)
    assert hosts.message.attachments
    assert deleted.id


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
    assert "no deleted or ended discussion" in answer.content
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
