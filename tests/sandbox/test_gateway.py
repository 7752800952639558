"""Sessions: login, events, disconnection, resuming, starting anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import RecordingBot


async def test_a_forum_post_has_its_starter_under_the_threads_own_id(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Chapter one", "What a start", tags=["Spoilers"])
    await sandbox.delivered()

    (started,) = bot.seen("thread_create")
    (starter,) = bot.seen("message")
    assert started.name == "Chapter one"
    assert [tag.name for tag in started.applied_tags] == ["Spoilers"]
    assert starter.id == started.id == thread.id
    assert starter.content == "What a start"
    assert starter.channel.parent_id == forum.id


async def test_posts_replies_edits_and_deletions_are_told(
    sandbox: Sandbox,
    bot: RecordingBot,
    ann: SandboxMember,
    ben: SandboxMember,
    forum: SandboxChannel,
) -> None:
    thread = await ann.start_thread(forum, "Chapter one", "What a start")
    reply = await ben.reply(thread.messages[0], "I disagree")
    await ben.edit(reply, "I agree")
    await ben.delete(reply)
    await sandbox.delivered()

    _, told = bot.seen("message")
    assert told.content == "I disagree"
    assert told.reference.message_id == thread.id
    assert told.reference.resolved.content == "What a start"
    (edited,) = bot.seen("raw_message_edit")
    assert edited.data["content"] == "I agree"
    assert edited.data["edited_timestamp"] is not None
    (deleted,) = bot.seen("raw_message_delete")
    assert (deleted.message_id, deleted.channel_id) == (reply.id, thread.id)


async def test_history_is_paged_in_both_directions(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Long", "0")
    for number in range(1, 250):
        await ann.post(thread, str(number))
    await sandbox.delivered()

    seen = bot.get_channel(thread.id)
    newest_first = [m.content async for m in seen.history(limit=None)]  # type: ignore[union-attr]
    oldest_first = [
        m.content
        async for m in seen.history(limit=None, oldest_first=True)  # type: ignore[union-attr]
    ]
    assert oldest_first == [str(n) for n in range(250)]
    assert newest_first == oldest_first[::-1]


async def test_the_bots_own_messages_come_back_as_events(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Chapter one", "What a start")
    await sandbox.delivered()
    seen = bot.get_channel(thread.id)
    sent = await seen.send("Noted")  # type: ignore[union-attr]
    await sent.edit(content="Noted!")
    await sandbox.delivered()
    assert thread.messages[-1].content == "Noted!"
    assert thread.messages[-1].author.id == bot.user.id  # type: ignore[union-attr]
    await sent.delete()
    assert len(thread.messages) == 1


async def test_a_dropped_session_resumes_and_is_told_what_it_missed(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    sandbox.gateway.refuse()
    await sandbox.gateway.drop(1006)
    await ann.post(text, "said meanwhile")
    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    await sandbox.delivered()

    await bot.expect("resumed")
    assert [m.content for m in bot.seen("message")] == ["said meanwhile"]


@pytest.mark.parametrize("opcode", [7, 9])
async def test_a_client_asked_to_reconnect_resumes(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel, opcode: int
) -> None:
    await sandbox.delivered()
    identified = sandbox.gateway.identified
    if opcode == 7:
        await sandbox.gateway.ask_to_reconnect()
    else:
        await sandbox.gateway.invalidate(resumable=True)
    await ann.post(text, "said meanwhile")
    await sandbox.gateway.connected()
    await bot.expect("message")
    assert sandbox.gateway.identified == identified


async def test_swallowed_events_are_never_told(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    with sandbox.gateway.swallowing():
        await ann.post(text, "unheard")
        thread = await ann.start_thread(text, "Unseen", private=True)
    await ann.post(text, "heard")
    await sandbox.delivered()
    assert bot.get_channel(thread.id) is None
    assert [m.content for m in bot.seen("message")] == ["heard"]
    assert [m.content for m in text.messages] == ["unheard", "heard"]


@pytest.mark.slow
async def test_a_session_that_is_gone_begins_anew_without_what_it_missed(
    sandbox: Sandbox,
    bot: RecordingBot,
    guild: SandboxGuild,
    ann: SandboxMember,
    text: SandboxChannel,
) -> None:
    await sandbox.delivered()
    identified = sandbox.gateway.identified
    sandbox.gateway.refuse()
    await sandbox.gateway.drop(4000, resumable=False)
    await ann.post(text, "lost")
    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    await ann.post(text, "found")
    await bot.expect("message")
    await sandbox.delivered()

    assert sandbox.gateway.identified == identified + 1
    assert [m.content for m in bot.seen("message")] == ["found"]
    assert bot.get_guild(guild.id) is not None
