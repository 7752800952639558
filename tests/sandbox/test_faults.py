"""Refused, lost and limited requests, as an unmodified client lives through them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest

from tests.discord_address import discord_at

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import RecordingBot


async def test_a_rate_limit_is_waited_out(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    await user.create_dm()
    sandbox.faults.rate_limit("POST", "/channels/{}/messages", retry_after=0.2, times=2)
    before = time.monotonic()
    invalid = sandbox.invalid_requests
    await user.send("patience")
    assert time.monotonic() - before >= 0.4
    assert sandbox.invalid_requests == invalid + 2
    assert [m.content for m in ann.inbox] == ["patience"]


@pytest.mark.slow
async def test_an_answer_lost_after_a_webhooks_message_was_taken_sends_it_twice(
    sandbox: Sandbox, bot: RecordingBot, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    webhook = await seen.create_webhook(name="Old posts")
    sandbox.faults.lose_answer("POST", "/webhooks/{}/{}", status=502)
    await webhook.send("twice")
    assert [m.content for m in text.messages] == ["twice", "twice"]


@pytest.mark.slow
async def test_a_nonce_keeps_a_message_whose_answer_was_lost_from_being_sent_twice(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    await user.create_dm()
    sandbox.faults.lose_answer("POST", "/channels/{}/messages", status=502)
    await user.send("once")
    assert [m.content for m in ann.inbox] == ["once"]


@pytest.mark.slow
async def test_a_failure_before_the_message_was_taken_sends_it_once(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    await user.create_dm()
    sandbox.faults.fail("POST", "/channels/{}/messages", status=500)
    await user.send("once")
    assert [m.content for m in ann.inbox] == ["once"]


async def test_a_fault_may_name_one_channel(
    sandbox: Sandbox, bot: RecordingBot, text: SandboxChannel, ann: SandboxMember
) -> None:
    message = await ann.post(text, "here")
    await sandbox.delivered()
    sandbox.faults.fail("GET", f"/channels/{text.id}/messages/{message.id}", status=503)
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    with pytest.raises(discord.DiscordServerError):
        await seen.fetch_message(message.id)
    assert (await seen.fetch_message(message.id)).content == "here"


async def test_any_of_discords_refusals_can_be_planned(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    sandbox.faults.refuse("POST", "/users/@me/channels", 40003)
    with pytest.raises(discord.Forbidden) as refusal:
        await user.create_dm()
    assert refusal.value.code == 40003
    assert (await user.create_dm()).id == ann.dm.id


async def test_a_fault_no_request_could_meet_is_a_mistake(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="there is no route POST"):
        sandbox.faults.fail("POST", "/channels/{}/mesages")


async def test_an_answer_that_never_comes_ends_in_a_broken_connection(
    sandbox: Sandbox, ann: SandboxMember
) -> None:
    sandbox.faults.hang("POST", "/users/@me/channels")
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(
                f"{sandbox.api_url}/users/@me/channels", json={"recipient_id": str(ann.id)}
            )


async def test_webhooks_are_limited_to_five_in_two_seconds_when_asked(
    sandbox: Sandbox, bot: RecordingBot, text: SandboxChannel
) -> None:
    await sandbox.delivered()
    seen = bot.get_channel(text.id)
    assert isinstance(seen, discord.TextChannel)
    webhook = await seen.create_webhook(name="Old posts")
    url = f"{sandbox.api_url}/webhooks/{webhook.id}/{webhook.token}"
    sandbox.faults.real_rate_limits = True
    try:
        async with aiohttp.ClientSession() as session:
            answers = [await session.post(url, json={"content": str(n)}) for n in range(6)]
    finally:
        sandbox.faults.real_rate_limits = False
    assert [a.status for a in answers] == [204] * 5 + [429]
    assert answers[4].headers["X-RateLimit-Remaining"] == "0"
    assert 0 < float(answers[5].headers["Retry-After"]) <= 2
    assert len(text.messages) == 5


async def test_an_unknown_route_fails_loudly(sandbox: Sandbox, bot: RecordingBot) -> None:
    with pytest.raises(discord.DiscordServerError) as refusal:
        await bot.http.request(discord.http.Route("GET", "/voice/regions"))
    assert refusal.value.status == 501
    assert ("GET", "/voice/regions") in sandbox.unknown_routes


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        with discord_at(sandbox), pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    assert sandbox.requests[-1].status == 401
