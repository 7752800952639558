"""What may be forwarded, sent raw: "Messages Resource", section "Message Reference Types"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox import SandboxRefused, permissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel, SandboxMessage
    from tests.sandbox.conftest import Caller


def forward_of(message: SandboxMessage) -> dict[str, Any]:
    where = {"channel_id": str(message.channel.id), "message_id": str(message.id)}
    return {"message_reference": {"type": 1, **where}}


@pytest.fixture
def without_content(sandbox: Sandbox) -> Iterator[None]:
    sandbox.application.message_content = False
    yield
    sandbox.application.message_content = True


async def test_the_bot_forwards_what_it_reads(
    call: Caller, ann: SandboxMember, text: SandboxChannel, guild: SandboxGuild
) -> None:
    said = await ann.post(text, "worth repeating")
    elsewhere = await guild.create_text_channel("elsewhere")
    status, sent = await call("POST", f"/channels/{elsewhere.id}/messages", forward_of(said))
    assert status == 200
    assert (sent["content"], sent["message_reference"]["type"]) == ("", 1)
    (snapshot,) = sent["message_snapshots"]
    assert snapshot["message"]["content"] == "worth repeating"
    assert "author" not in snapshot["message"]


async def test_a_forward_names_its_channel(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "worth repeating")
    body = forward_of(said)
    del body["message_reference"]["channel_id"]
    status, answer = await call("POST", f"/channels/{text.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    assert "channel_id" in answer["errors"]["message_reference"]


async def test_what_is_not_there_or_not_seen_is_not_forwarded(
    call: Caller, ann: SandboxMember, guild: SandboxGuild, text: SandboxChannel
) -> None:
    said = await ann.post(text, "worth repeating")
    elsewhere = await guild.create_text_channel("elsewhere")
    path = f"/channels/{elsewhere.id}/messages"
    await guild.set_overwrite(text, guild.me, deny=permissions.READ_MESSAGE_HISTORY)
    assert (await call("POST", path, forward_of(said)))[1]["code"] == 160014
    await guild.set_overwrite(text, guild.me, deny=permissions.VIEW_CHANNEL)
    assert (await call("POST", path, forward_of(said)))[1]["code"] == 50001
    await guild.set_overwrite(text, guild.me)
    await ann.delete(said)
    assert (await call("POST", path, forward_of(said)))[1]["code"] == 10008
    assert elsewhere.messages == ()


@pytest.mark.usefixtures("without_content")
async def test_what_the_bot_cannot_read_it_cannot_forward(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "in confidence")
    status, answer = await call("POST", f"/channels/{text.id}/messages", forward_of(said))
    assert (status, answer["code"]) == (400, 160014)


@pytest.mark.usefixtures("without_content")
async def test_a_reply_of_the_bots_does_not_show_it_what_it_answers(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    said = await ann.post(text, "in confidence")
    body = {"content": "noted", "message_reference": {"message_id": str(said.id)}}
    _, sent = await call("POST", f"/channels/{text.id}/messages", body)
    assert (sent["content"], sent["referenced_message"]["content"]) == ("noted", "")


async def test_polls_and_system_messages_are_not_forwarded(
    call: Caller, ann: SandboxMember, guild: SandboxGuild, text: SandboxChannel
) -> None:
    poll = await ann.post(text, poll=("Emma or Persuasion?", ["Emma", "Persuasion"]))
    await guild.owner.pin(poll)
    for message in text.messages:
        status, answer = await call("POST", f"/channels/{text.id}/messages", forward_of(message))
        assert (status, answer["code"]) == (400, 50035)
        with pytest.raises(SandboxRefused) as refusal:
            await ann.forward(message, text)
        assert refusal.value.code == 50035


async def test_a_message_in_a_channel_one_does_not_see_is_out_of_reach(
    ann: SandboxMember, ben: SandboxMember, guild: SandboxGuild, text: SandboxChannel
) -> None:
    said = await ann.post(text, "among ourselves")
    elsewhere = await guild.create_text_channel("elsewhere")
    await guild.set_overwrite(text, ben, deny=permissions.VIEW_CHANNEL)
    for attempt in (ben.forward(said, elsewhere), ben.reply(said, "!"), ben.react(said, "!")):
        with pytest.raises(SandboxRefused) as refusal:
            await attempt
        assert refusal.value.code == 50001


async def test_whether_a_message_exists_is_not_told_without_read_message_history(
    call: Caller, ann: SandboxMember, guild: SandboxGuild, text: SandboxChannel
) -> None:
    said = await ann.post(text, "x")
    await ann.delete(said)
    path = f"/channels/{text.id}/messages/{said.id}"
    assert (await call("GET", path))[1]["code"] == 10008
    await guild.set_overwrite(text, guild.me, deny=permissions.READ_MESSAGE_HISTORY)
    assert (await call("GET", path))[1]["code"] == 50013
