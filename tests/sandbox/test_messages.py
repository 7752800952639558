"""Mentions, pins, previews, forwards, polls: what messages carry and what Discord sends unasked."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from sandbox import SandboxAttachment, SandboxRefused, permissions

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import Caller, RecordingBot


async def test_only_what_was_allowed_is_pinged(
    call: Caller, guild: SandboxGuild, ann: SandboxMember, text: SandboxChannel
) -> None:
    role = await guild.create_role("Readers", mentionable=True)
    await guild.edit_role(guild.bot_role, permissions=permissions.ALL)
    content = f"@everyone {ann.mention} {role.mention}"
    path = f"/channels/{text.id}/messages"
    await call("POST", path, {"content": content, "allowed_mentions": {"parse": []}})
    await call("POST", path, {"content": content})
    silent, loud = text.messages
    assert not silent.pinged.users
    assert not silent.pinged.roles
    assert not silent.pinged.everyone
    assert loud.pinged.users == {ann.id}
    assert loud.pinged.roles == {role.id}
    assert loud.pinged.everyone


async def test_everyone_is_pinged_only_by_who_may(ann: SandboxMember, text: SandboxChannel) -> None:
    assert not (await ann.post(text, "@everyone")).pinged.everyone


async def test_a_reply_pings_its_author_unless_told_not_to(
    ann: SandboxMember, ben: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "first")
    assert (await ben.reply(said, "second")).pinged.users == {ann.id}
    assert not (await ben.reply(said, "third", ping=False)).pinged.users


async def test_a_pin_is_an_update_an_event_and_a_system_message(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    said = await ann.post(text, "remember this")
    await guild.owner.pin(said)
    await sandbox.delivered()
    (update,) = bot.seen("raw_message_edit")
    assert update.data["pinned"] is True
    assert update.data["edited_timestamp"] is None
    assert bot.seen("guild_channel_pins_update")
    system = bot.seen("message")[-1]
    assert system.type is discord.MessageType.pins_add
    assert system.reference.message_id == said.id
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    assert [m.id async for m in seen.pins()] == [said.id]


async def test_a_link_preview_is_an_update_without_an_edit(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "https://example.org/")
    await sandbox.send_link_preview(said)
    await sandbox.delivered()
    (update,) = bot.seen("raw_message_edit")
    assert update.data["embeds"]
    assert update.data["edited_timestamp"] is None


async def test_a_forward_carries_a_snapshot_and_no_text(
    sandbox: Sandbox,
    bot: RecordingBot,
    ann: SandboxMember,
    forum: SandboxChannel,
    text: SandboxChannel,
) -> None:
    said = await ann.post(text, "worth repeating")
    thread = await ann.start_thread(forum, "Elsewhere", "x")
    await ann.forward(said, thread)
    await sandbox.delivered()
    told = bot.seen("message")[-1]
    assert told.content == ""
    assert told.type is discord.MessageType.default
    assert told.reference.type is discord.MessageReferenceType.forward
    assert told.message_snapshots[0].content == "worth repeating"


async def test_attachments_polls_stickers_and_voice_messages_arrive(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    picture = SandboxAttachment("map.png", b"1234", "image/png", description="A map")
    await ann.post(text, attachments=[picture])
    await ann.post(text, poll=("Next book?", ["Emma", "Persuasion"]))
    await ann.post(text, sticker="Owl")
    voice = SandboxAttachment("voice.ogg", b"1", "audio/ogg", duration_secs=2.5, waveform="AAAA")
    await ann.post(text, attachments=[voice], voice_message=True)
    await sandbox.delivered()
    file, poll, sticker, spoken = bot.seen("message")
    assert (file.attachments[0].filename, file.attachments[0].size) == ("map.png", 4)
    assert file.attachments[0].description == "A map"
    assert poll.poll.question == "Next book?"
    assert [a.text for a in poll.poll.answers] == ["Emma", "Persuasion"]
    assert sticker.stickers[0].name == "Owl"
    assert spoken.flags.voice
    assert spoken.attachments[0].duration == 2.5


async def test_the_bot_sends_a_file(
    sandbox: Sandbox, bot: RecordingBot, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    await seen.send("here", file=discord.File(io.BytesIO(b"abc"), "list.txt"))
    (sent,) = text.messages[-1].attachments
    assert (sent.filename, sent.content) == ("list.txt", b"abc")


async def test_a_reply_to_a_deleted_message_says_it_is_deleted(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "soon gone")
    reply = await ann.reply(said, "to what?")
    await ann.delete(said)
    _, shown = await call("GET", f"/channels/{text.id}/messages/{reply.id}")
    assert shown["type"] == 19
    assert shown["message_reference"]["message_id"] == str(said.id)
    assert shown["referenced_message"] is None


async def test_many_messages_are_deleted_in_one_event(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    said = [await ann.post(text, str(n)) for n in range(3)]
    with pytest.raises(SandboxRefused) as refusal:
        await ann.bulk_delete(said)
    assert refusal.value.code == 50013
    await guild.owner.bulk_delete(said)
    await sandbox.delivered()
    (event,) = bot.seen("raw_bulk_message_delete")
    assert event.message_ids == {m.id for m in said}
    assert text.messages == ()


async def test_history_around_a_message_has_both_sides(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = [await ann.post(text, str(n)) for n in range(9)]
    path = f"/channels/{text.id}/messages?around={said[4].id}&limit=5"
    _, shown = await call("GET", path)
    assert [m["content"] for m in shown] == ["6", "5", "4", "3", "2"]


async def test_silent_threads_are_archived_by_age_when_asked(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    silent = await ann.start_thread(forum, "Silent", "x")
    sandbox.clock.advance(timedelta(days=2))
    lively = await ann.start_thread(forum, "Lively", "x")
    await sandbox.archive_stale()
    await sandbox.delivered()
    assert silent.archived
    assert not lively.archived
    assert bot.get_channel(silent.id) is None


async def test_a_rename_is_told_and_leaves_a_system_message(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Before", "x")
    await ann.rename(thread, "After")
    await sandbox.delivered()
    assert bot.seen("raw_thread_update")[0].data["name"] == "After"
    assert thread.messages[-1].type == 4


async def test_a_deleted_channel_takes_its_threads_with_it(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Doomed", "x")
    other = await ann.start_thread(forum, "Deleted alone", "x")
    await guild.owner.delete_thread(other)
    await guild.owner.delete_channel(forum)
    await sandbox.delivered()
    # The second is discord.py's own conclusion from the deleted channel.
    assert [t.thread_id for t in bot.seen("raw_thread_delete")] == [other.id, thread.id]
    assert [c.id for c in bot.seen("guild_channel_delete")] == [forum.id]
    with pytest.raises(discord.NotFound) as refusal:
        await bot.fetch_channel(thread.id)
    assert refusal.value.code == 10003


async def test_what_members_may_do_to_threads_is_told(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    ben: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Chapter one", "x")
    await ann.retag(thread, ["Spoilers"])
    await guild.owner.lock(thread)
    await ann.archive(thread)
    with pytest.raises(SandboxRefused) as refusal:
        await ann.unarchive(thread)
    assert refusal.value.code == 50013
    await guild.owner.unlock(thread)
    await ann.unarchive(thread)
    await sandbox.delivered()
    told = [t.data for t in bot.seen("raw_thread_update")]
    states = [(t["thread_metadata"]["locked"], t["thread_metadata"]["archived"]) for t in told]
    assert states == [(False, False), (True, False), (True, True), (False, True), (False, False)]
    assert [len(t["applied_tags"]) for t in told] == [1] * 5
    with pytest.raises(SandboxRefused) as foreign:
        await ben.archive(thread)
    assert foreign.value.code == 50013
    await ann.join(thread)
    await ben.join(thread)
    await guild.owner.remove_from_thread(thread, ben)
    await ann.leave(thread)
    assert thread.members == {}
    await ann.archive(thread)
    with pytest.raises(SandboxRefused) as joining:
        await ben.join(thread)
    assert joining.value.code == 50083


async def test_hiding_a_preview_and_reacting_do_not_edit(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "https://example.org/", embeds=[{"type": "link", "title": "x"}])
    await ann.suppress_embeds(said)
    await ann.react(said, "\N{BOOKS}")
    await sandbox.delivered()
    (update,) = bot.seen("raw_message_edit")
    assert (update.data["embeds"], update.data["edited_timestamp"]) == ([], None)
    (reaction,) = bot.seen("raw_reaction_add")
    assert (reaction.message_id, str(reaction.emoji)) == (said.id, "\N{BOOKS}")
