"""What the bot is told of threads and their members, and what locking closes: "Threads"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from sandbox import SandboxRefused, permissions

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import Caller, RecordingBot

PINNED = 1 << 1


async def test_an_unarchived_thread_comes_with_the_bots_membership(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    thread = await ann.start_thread(text, "Old", "x")
    await ann.add_to_thread(thread, ann.guild.me)
    await ann.archive(thread)
    await sandbox.delivered()
    assert bot.get_channel(thread.id) is None
    await ann.unarchive(thread)
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    assert seen.me is not None


async def test_the_bot_is_told_of_its_removal_from_a_thread_it_no_longer_sees(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    without = permissions.BOT_DEFAULT & ~permissions.MANAGE_THREADS
    await guild.edit_role(guild.bot_role, permissions=without)
    thread = await ann.start_thread(text, "Two of us", private=True)
    await ann.add_to_thread(thread, guild.me)
    await sandbox.delivered()
    assert bot.get_channel(thread.id) is not None
    await ann.remove_from_thread(thread, guild.me)
    await sandbox.delivered()
    assert [t.id for t in bot.seen("thread_remove")] == [thread.id]


async def test_who_is_brought_in_or_taken_out_by_another_is_said_in_the_thread(
    sandbox: Sandbox,
    bot: RecordingBot,
    ann: SandboxMember,
    ben: SandboxMember,
    text: SandboxChannel,
) -> None:
    thread = await ann.start_thread(text, "Guests", private=True)
    await ann.add_to_thread(thread, ben)
    await ann.add_to_thread(thread, ben)
    await ann.remove_from_thread(thread, ben)
    await sandbox.delivered()
    told = [m for m in bot.seen("message") if m.channel.id == thread.id]
    kinds = [discord.MessageType.recipient_add, discord.MessageType.recipient_remove]
    assert [m.type for m in told] == kinds
    assert [[u.id for u in m.mentions] for m in told] == [[ben.id], [ben.id]]
    assert set(thread.members) == {ann.id}


async def test_a_locked_threads_title_and_tags_are_closed_to_its_starter(
    call: Caller, guild: SandboxGuild, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Closed", "x")
    await guild.owner.lock(thread)
    for attempt in (ann.rename(thread, "Open"), ann.retag(thread, ["Spoilers"])):
        with pytest.raises(SandboxRefused) as refusal:
            await attempt
        assert refusal.value.code == 160005
    await guild.owner.rename(thread, "Closed for good")

    body = {"name": "The bot's", "message": {"content": "x"}}
    _, made = await call("POST", f"/channels/{forum.id}/threads", body)
    own = guild.threads[int(made["id"])]
    await guild.owner.lock(own)
    without = permissions.BOT_DEFAULT & ~permissions.MANAGE_THREADS
    await guild.edit_role(guild.bot_role, permissions=without)
    status, answer = await call("PATCH", f"/channels/{own.id}", {"name": "Renamed"})
    assert (status, answer["code"]) == (403, 160005)
    assert own.name == "The bot's"


async def test_an_archived_thread_takes_no_other_tags(
    ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Old", "x")
    await ann.archive(thread)
    with pytest.raises(SandboxRefused) as refusal:
        await ann.retag(thread, ["Spoilers"])
    assert refusal.value.code == 50083


async def test_archiving_a_pinned_thread_unpins_it(
    call: Caller, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Rules", "x")
    assert (await call("PATCH", f"/channels/{thread.id}", {"flags": PINNED}))[1]["flags"] == PINNED
    await ann.archive(thread)
    assert thread.flags == 0


async def test_an_edit_mentions_anew_and_pings_nobody(
    call: Caller, ann: SandboxMember, guild: SandboxGuild, text: SandboxChannel
) -> None:
    role = await guild.create_role("Readers", mentionable=True)
    _, sent = await call("POST", f"/channels/{text.id}/messages", {"content": role.mention})
    assert sent["mention_roles"] == [str(role.id)]
    path = f"/channels/{text.id}/messages/{sent['id']}"
    _, changed = await call("PATCH", path, {"content": ann.mention})
    assert changed["mention_roles"] == []
    assert [u["id"] for u in changed["mentions"]] == [str(ann.id)]
    assert not text.messages[0].pinged.users
