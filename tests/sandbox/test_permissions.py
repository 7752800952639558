"""Who sees and may do what, in channels, private threads, archives."""

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
    from tests.sandbox.conftest import RecordingBot


async def test_nothing_is_told_of_a_channel_the_bot_does_not_see(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    await guild.set_overwrite(text, guild.me, deny=permissions.VIEW_CHANNEL)
    await ann.post(text, "behind its back")
    await sandbox.delivered()
    assert bot.seen("message") == []
    with pytest.raises(discord.Forbidden) as refusal:
        await bot.fetch_channel(text.id)
    assert refusal.value.code == 50001


async def test_regaining_a_channel_syncs_its_active_threads_only(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    await guild.set_overwrite(forum, guild.me, deny=permissions.VIEW_CHANNEL)
    active = await ann.start_thread(forum, "Active", "a")
    archived = await ann.start_thread(forum, "Archived", "b")
    await ann.archive(archived)
    await sandbox.delivered()
    assert bot.get_channel(active.id) is None
    await guild.set_overwrite(forum, guild.me)
    await sandbox.delivered()
    assert [t.id for t in bot.seen("thread_join")] == [active.id]


async def test_a_role_that_goes_takes_its_sight_along(
    guild: SandboxGuild, ann: SandboxMember, text: SandboxChannel
) -> None:
    role = await guild.create_role("Reader")
    await guild.set_overwrite(text, guild.everyone, deny=permissions.VIEW_CHANNEL)
    await guild.set_overwrite(text, role, allow=permissions.VIEW_CHANNEL)
    with pytest.raises(SandboxRefused):
        await ann.post(text, "not yet")
    await ann.add_role(role)
    await ann.post(text, "now")
    await guild.delete_role(role)
    with pytest.raises(SandboxRefused):
        await ann.post(text, "no more")
    assert [m.content for m in text.messages] == ["now"]


async def test_history_is_empty_without_read_message_history(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    message = await ann.post(text, "said")
    await guild.set_overwrite(text, guild.me, deny=permissions.READ_MESSAGE_HISTORY)
    await sandbox.delivered()
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    assert await bot.http.logs_from(text.id, 100) == []
    with pytest.raises(discord.Forbidden) as refusal:
        await seen.fetch_message(message.id)
    assert refusal.value.code == 50013


async def test_a_private_thread_is_seen_by_its_members_and_moderators(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    ben: SandboxMember,
    text: SandboxChannel,
) -> None:
    without = permissions.BOT_DEFAULT & ~permissions.MANAGE_THREADS
    await guild.edit_role(guild.bot_role, permissions=without)
    thread = await ann.start_thread(text, "Two of us", private=True)
    await sandbox.delivered()
    assert bot.get_channel(thread.id) is None
    with pytest.raises(SandboxRefused) as unseen:
        await ben.post(thread, "may I?")
    assert unseen.value.code == 50001

    await ann.add_to_thread(thread, guild.me)
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    assert (await seen.fetch_member(ann.id)).id == ann.id
    with pytest.raises(discord.NotFound) as refusal:
        await seen.fetch_member(ben.id)
    assert refusal.value.code == 10007
    with pytest.raises(discord.NotFound) as nobody:
        await seen.fetch_member(1)
    assert nobody.value.code == 10013


async def test_archived_threads_are_listed_in_pages_latest_first(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    made = [await ann.start_thread(forum, f"T{n}", "x") for n in range(5)]
    for thread in made:
        await ann.archive(thread)
    await sandbox.delivered()
    seen = bot.get_channel(forum.id)
    assert isinstance(seen, discord.ForumChannel)
    page = await bot.http.get_public_archived_threads(forum.id, limit=2)
    assert page["has_more"] is True
    everything = [t.name async for t in seen.archived_threads(limit=None)]
    assert everything == ["T4", "T3", "T2", "T1", "T0"]


async def test_a_locked_thread_is_for_those_who_manage_threads(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Closed", "x")
    await guild.owner.lock(thread)
    with pytest.raises(SandboxRefused) as refusal:
        await ann.post(thread, "one more word")
    assert refusal.value.code == 160005
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    await seen.send("the bot may")
    assert thread.messages[-1].content == "the bot may"


async def test_what_an_archived_thread_refuses_and_what_opens_it(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Old", "x")
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    own = await seen.send("mine")
    await ann.archive(thread)
    with pytest.raises(discord.HTTPException) as edit:
        await own.edit(content="changed")
    assert edit.value.code == 50083
    with pytest.raises(discord.HTTPException) as reaction:
        await own.add_reaction("\N{BOOKS}")
    assert reaction.value.code == 50083
    await own.delete()
    assert thread.archived
    await seen.send("back again")
    assert not thread.archived


async def test_a_forum_that_requires_a_tag_refuses_posts_without(
    guild: SandboxGuild, ann: SandboxMember
) -> None:
    strict = await guild.create_forum("tagged", tags=["Novel"], require_tag=True)
    with pytest.raises(SandboxRefused) as refusal:
        await ann.start_thread(strict, "No tag", "x")
    assert refusal.value.code == 40067
    thread = await ann.start_thread(strict, "Tagged", "x", tags=["Novel"])
    assert thread.tags_applied == ("Novel",)


async def test_a_thread_from_a_message_has_its_id_and_leaves_it_in_the_channel(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    message = await ann.post(text, "let us discuss")
    thread = await ann.start_thread(text, "Discussion", message=message)
    await sandbox.delivered()
    assert thread.id == message.id
    assert [m.content for m in text.messages] == ["let us discuss"]
    (starter,) = [m for m in bot.seen("message") if m.channel.id == thread.id]
    assert starter.type is discord.MessageType.thread_starter_message
    assert starter.reference.message_id == message.id
    with pytest.raises(SandboxRefused) as refusal:
        await ann.start_thread(text, "Again", message=message)
    assert refusal.value.code == 160004


async def test_an_outage_is_not_a_removal(
    sandbox: Sandbox, bot: RecordingBot, guild: SandboxGuild
) -> None:
    await guild.become_unavailable()
    await sandbox.delivered()
    assert [g.id for g in bot.seen("guild_unavailable")] == [guild.id]
    await guild.become_available()
    await sandbox.delivered()
    assert [g.id for g in bot.seen("guild_available")] == [guild.id]
    assert [g.id for g in bot.seen("guild_join")] == [guild.id]
    await guild.remove_bot()
    await sandbox.delivered()
    assert [g.id for g in bot.seen("guild_remove")] == [guild.id]
    await guild.invite_bot()
    await sandbox.delivered()
    assert bot.get_guild(guild.id) is not None
