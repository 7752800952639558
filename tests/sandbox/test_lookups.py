"""What a client looks up: guilds, members, roles, threads, the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import RecordingBot


async def test_a_guild_its_channels_roles_and_members_are_found(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    role = await guild.create_role("Reader", permissions=8)
    await ann.add_role(role)
    await sandbox.delivered()
    seen = bot.get_guild(guild.id)
    assert seen is not None
    assert (await bot.fetch_guild(guild.id)).name == "Tuesday Readers"
    assert [c.id for c in await seen.fetch_channels()] == [forum.id]
    assert role.id in {r.id for r in await seen.fetch_roles()}
    member = await seen.fetch_member(ann.id)
    assert [r.id for r in member.roles] == [guild.id, role.id]
    assert member.guild_permissions.administrator
    (found,) = await seen.query_members(user_ids=[ann.id])
    assert found.id == ann.id


async def test_a_member_who_left_is_not_found(
    sandbox: Sandbox, bot: RecordingBot, guild: SandboxGuild, ann: SandboxMember
) -> None:
    await guild.remove_member(ann)
    await sandbox.delivered()
    seen = bot.get_guild(guild.id)
    assert seen is not None
    with pytest.raises(discord.NotFound) as refusal:
        await seen.fetch_member(ann.id)
    assert refusal.value.code == 10007


async def test_the_application_says_which_intents_are_on(
    sandbox: Sandbox, bot: RecordingBot
) -> None:
    application = await bot.application_info()
    assert application.id == sandbox.application.id
    assert application.flags.gateway_message_content_limited
    assert not application.flags.gateway_guild_members_limited


async def test_active_threads_are_listed_for_the_guild(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    active = await ann.start_thread(forum, "Active", "a")
    await ann.archive(await ann.start_thread(forum, "Archived", "b"))
    await sandbox.delivered()
    seen = bot.get_guild(guild.id)
    assert seen is not None
    assert [t.id for t in await seen.active_threads()] == [active.id]


async def test_the_bots_own_threads_start_as_members_do(
    sandbox: Sandbox, bot: RecordingBot, forum: SandboxChannel, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    in_forum, in_text = bot.get_channel(forum.id), bot.get_channel(text.id)
    assert isinstance(in_forum, discord.ForumChannel)
    assert isinstance(in_text, discord.TextChannel)
    made = await in_forum.create_thread(
        name="Imported", content="first", applied_tags=in_forum.available_tags
    )
    assert made.message.id == made.thread.id
    await made.thread.edit(name="Renamed", archived=True, locked=True)
    assert sandbox.world.channels[made.thread.id].name == "Renamed"
    with pytest.raises(discord.HTTPException) as refusal:
        await made.thread.edit(name="Again")
    assert refusal.value.code == 50083
    said = await in_text.send("let us discuss")
    thread = await said.create_thread(name="From a message")
    assert thread.id == said.id
    private = await in_text.create_thread(name="Just us")
    assert private.is_private()
    await thread.delete()
    with pytest.raises(discord.NotFound):
        await bot.fetch_channel(thread.id)


async def test_the_bot_joins_leaves_and_lists_thread_members(
    sandbox: Sandbox,
    bot: RecordingBot,
    ann: SandboxMember,
    ben: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Chapter one", "x")
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    assert isinstance(seen, discord.Thread)
    await seen.join()
    await seen.add_user(discord.Object(ben.id))
    assert set(thread.members) == {ann.id, ben.id, sandbox.bot.id}
    await seen.remove_user(discord.Object(ben.id))
    await seen.leave()
    assert set(thread.members) == {ann.id}
    with pytest.raises(discord.Forbidden) as refusal:
        await seen.fetch_members()
    assert refusal.value.code == 50001
