"""Webhooks into channels, threads and forums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
import pytest_asyncio

from sandbox.state import Pinged

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import RecordingBot


@pytest_asyncio.fixture(loop_scope="session")
async def webhook(sandbox: Sandbox, bot: RecordingBot, forum: SandboxChannel) -> discord.Webhook:
    await sandbox.delivered()
    seen = bot.get_channel(forum.id)
    assert isinstance(seen, discord.ForumChannel)
    return await seen.create_webhook(name="Old posts")


async def test_a_webhook_posts_into_a_thread_under_any_name(
    sandbox: Sandbox,
    bot: RecordingBot,
    webhook: discord.Webhook,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Imported", "first")
    await ann.archive(thread)
    sent = await webhook.send(
        "long ago", username="jane_1998", thread=discord.Object(thread.id), wait=True
    )
    await sandbox.delivered()

    kept = thread.messages[-1]
    assert (kept.content, kept.author_name) == ("long ago", "jane_1998")
    assert not thread.archived
    told = bot.seen("message")[-1]
    assert told.webhook_id == webhook.id
    assert told.author.name == "jane_1998"

    await webhook.edit_message(sent.id, content="corrected", thread=discord.Object(thread.id))
    assert kept.content == "corrected"
    found = await webhook.fetch_message(sent.id, thread=discord.Object(thread.id))
    assert found.content == "corrected"
    with pytest.raises(discord.NotFound) as refusal:
        await webhook.fetch_message(sent.id)
    assert refusal.value.code == 10008
    await webhook.delete_message(sent.id, thread=discord.Object(thread.id))
    assert kept.deleted


async def test_a_webhook_starts_a_forum_post_by_name(
    webhook: discord.Webhook, guild: SandboxGuild
) -> None:
    sent = await webhook.send("first words", thread_name="Found in the attic", wait=True)
    (thread,) = guild.threads.values()
    assert thread.name == "Found in the attic"
    assert thread.messages[0].id == thread.id == sent.id


async def test_a_forums_webhook_needs_a_thread(webhook: discord.Webhook) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await webhook.send("where to?")
    assert (refusal.value.status, refusal.value.code) == (400, 220001)


async def test_only_a_forums_webhook_starts_threads(
    sandbox: Sandbox, bot: RecordingBot, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    webhook = await seen.create_webhook(name="Old posts")
    with pytest.raises(discord.HTTPException) as refusal:
        await webhook.send("x", thread_name="No forum")
    assert refusal.value.code == 220003


async def test_a_thread_of_another_channel_is_unknown_to_a_webhook(
    webhook: discord.Webhook, ann: SandboxMember, text: SandboxChannel
) -> None:
    elsewhere = await ann.start_thread(text, "Elsewhere")
    with pytest.raises(discord.NotFound) as refusal:
        await webhook.send("x", thread=discord.Object(elsewhere.id))
    assert refusal.value.code == 10003


@pytest.mark.parametrize("name", ["Discord friends", "clydesdale", "x" * 81, "  \n "])
async def test_names_discord_keeps_for_itself_are_refused(
    webhook: discord.Webhook, ann: SandboxMember, forum: SandboxChannel, name: str
) -> None:
    thread = await ann.start_thread(forum, "Imported", "first")
    with pytest.raises(discord.HTTPException) as refusal:
        await webhook.send("x", username=name, thread=discord.Object(thread.id))
    assert refusal.value.code == 50035
    assert "username" in refusal.value.text


async def test_white_space_in_a_name_is_tidied_as_discord_does(
    webhook: discord.Webhook, guild: SandboxGuild
) -> None:
    await webhook.send("x", username="  Jane \n Austen ", thread_name=" Persuasion ", wait=True)
    (thread,) = guild.threads.values()
    assert (thread.name, thread.messages[0].author_name) == ("Persuasion", "Jane Austen")


async def test_a_webhook_that_does_not_say_whom_pings_people_and_nothing_more(
    webhook: discord.Webhook, ann: SandboxMember, guild: SandboxGuild
) -> None:
    await webhook.send(f"@everyone {ann.mention}", thread_name="Loud", wait=True)
    (thread,) = guild.threads.values()
    pinged = thread.messages[0].pinged
    assert pinged == Pinged(users=frozenset({ann.id}))


async def test_a_deleted_webhook_is_unknown(webhook: discord.Webhook) -> None:
    await webhook.delete()
    with pytest.raises(discord.NotFound) as refusal:
        await webhook.send("x", thread_name="Nowhere")
    assert refusal.value.code == 10015


async def test_a_webhook_needs_manage_webhooks(
    sandbox: Sandbox, bot: RecordingBot, guild: SandboxGuild, forum: SandboxChannel
) -> None:
    await guild.edit_role(guild.bot_role, permissions=0)
    await sandbox.delivered()
    seen = bot.get_channel(forum.id)
    assert isinstance(seen, discord.ForumChannel)
    with pytest.raises(discord.Forbidden) as refusal:
        await seen.create_webhook(name="Old posts")
    assert refusal.value.code == 50013
