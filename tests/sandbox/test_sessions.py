"""The gateway's protocol, spoken by hand: what a client library would never send or show."""

from __future__ import annotations

import zlib
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox, intents
from sandbox.wire import decode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DEFAULT = intents.GUILDS | intents.GUILD_MESSAGES | intents.DIRECT_MESSAGES


@pytest_asyncio.fixture(loop_scope="session")
async def own_sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


class Client:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._inflate = zlib.decompressobj() if compressed else None

    async def receive(self) -> dict[str, Any]:
        message = await self.socket.receive(timeout=5)
        if self._inflate is not None:
            assert message.type is aiohttp.WSMsgType.BINARY
            assert message.data.endswith(b"\x00\x00\xff\xff")
            return dict(decode(self._inflate.decompress(message.data)))
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return dict(decode(message.data))

    async def event(self, name: str) -> dict[str, Any]:
        while (frame := await self.receive())["t"] != name:
            pass
        return frame

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, sandbox: Sandbox, asked: int = DEFAULT, **more: Any) -> None:
        await self.send(2, {"token": sandbox.token, "intents": asked, "properties": {}, **more})

    async def close_code(self) -> int | None:
        while not self.socket.closed:
            await self.socket.receive(timeout=5)
        return self.socket.close_code


@asynccontextmanager
async def connect(
    sandbox: Sandbox, query: str = "v=10&encoding=json", *, compressed: bool = False
) -> AsyncIterator[Client]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sandbox.gateway_url}?{query}") as socket,
    ):
        client = Client(socket, compressed=compressed)
        assert (await client.receive())["op"] == 10
        yield client


async def test_zlib_streams_are_understood(own_sandbox: Sandbox) -> None:
    query = "v=10&encoding=json&compress=zlib-stream"
    async with connect(own_sandbox, query, compressed=True) as client:
        await client.identify(own_sandbox)
        assert (await client.event("READY"))["d"]["user"]["id"] == str(own_sandbox.bot.id)


async def test_a_heartbeat_is_acknowledged(own_sandbox: Sandbox) -> None:
    async with connect(own_sandbox) as client:
        await client.send(1, None)
        assert (await client.receive())["op"] == 11


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": DEFAULT | 1 << 30}, 4013),
        ({"intents": DEFAULT | intents.GUILD_MEMBERS}, 4014),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_closes_the_socket(
    own_sandbox: Sandbox, identify: dict[str, Any], code: int
) -> None:
    body = {"token": own_sandbox.token, "intents": DEFAULT, "properties": {}, **identify}
    async with connect(own_sandbox) as client:
        await client.send(2, body)
        assert await client.close_code() == code


async def test_message_content_must_be_enabled_in_the_portal(own_sandbox: Sandbox) -> None:
    own_sandbox.application.message_content = False
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox, DEFAULT | intents.MESSAGE_CONTENT)
        assert await client.close_code() == 4014


async def test_nothing_may_come_before_identify(own_sandbox: Sandbox) -> None:
    async with connect(own_sandbox) as client:
        await client.send(8, {"guild_id": "1", "user_ids": ["1"]})
        assert await client.close_code() == 4003


async def test_a_frame_that_is_no_json_closes_the_socket(own_sandbox: Sandbox) -> None:
    async with connect(own_sandbox) as client:
        await client.socket.send_str("{")
        assert await client.close_code() == 4002


async def test_without_the_intent_content_is_empty_but_for_mentions(own_sandbox: Sandbox) -> None:
    guild = await own_sandbox.create_guild("Readers")
    text = await guild.create_text_channel("books")
    ann = await guild.add_member("Ann")
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        await client.event("GUILD_CREATE")
        await ann.post(text, "secret", embeds=[{"title": "t"}], poll=("Why?", ["So"]))
        told = (await client.event("MESSAGE_CREATE"))["d"]
        assert (told["content"], told["embeds"]) == ("", [])
        assert "poll" not in told
        await ann.post(text, f"{own_sandbox.bot.mention} hello")
        assert "hello" in (await client.event("MESSAGE_CREATE"))["d"]["content"]
        await ann.post(ann.dm, "in private")
        assert (await client.event("MESSAGE_CREATE"))["d"]["content"] == "in private"


async def test_only_events_of_the_intents_asked_for_are_sent(own_sandbox: Sandbox) -> None:
    guild = await own_sandbox.create_guild("Readers")
    text = await guild.create_text_channel("books")
    ann = await guild.add_member("Ann")
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox, intents.GUILDS)
        await client.event("GUILD_CREATE")
        await ann.post(text, "not asked for")
        ben = await guild.add_member("Ben")
        with own_sandbox.gateway.swallowing():
            thread = await ann.start_thread(text, "Quiet", private=True)
        await ann.add_to_thread(thread, ben)
        await guild.create_text_channel("more books")
        assert (await client.receive())["t"] == "CHANNEL_CREATE"


async def test_guilds_are_spread_over_shards_and_dms_go_to_the_first(own_sandbox: Sandbox) -> None:
    guilds = [await own_sandbox.create_guild(f"G{n}") for n in range(2)]
    while len({(g.id >> 22) % 2 for g in guilds}) < 2:
        own_sandbox.clock.advance(timedelta(milliseconds=1))
        guilds.append(await own_sandbox.create_guild("one more"))
    async with connect(own_sandbox) as first, connect(own_sandbox) as second:
        for number, client in enumerate((first, second)):
            await client.identify(own_sandbox, shard=[number, 2])
            ready = (await client.event("READY"))["d"]
            wanted = {str(g.id) for g in guilds if (g.id >> 22) % 2 == number}
            assert {g["id"] for g in ready["guilds"]} == wanted


async def test_a_resumed_session_gets_what_it_missed_in_order(own_sandbox: Sandbox) -> None:
    guild = await own_sandbox.create_guild("Readers")
    text = await guild.create_text_channel("books")
    ann = await guild.add_member("Ann")
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        ready = await client.event("READY")
        last = await client.event("GUILD_CREATE")
        await own_sandbox.gateway.drop(4000)
    await ann.post(text, "one")
    await ann.post(text, "two")
    session = {"token": own_sandbox.token, "session_id": ready["d"]["session_id"]}
    async with connect(own_sandbox) as client:
        await client.send(6, {**session, "seq": last["s"]})
        frames = [await client.receive() for _ in range(3)]
        assert [f["t"] for f in frames] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
        assert [f["s"] for f in frames] == [last["s"] + n for n in (1, 2, 3)]
    async with connect(own_sandbox) as client:
        await client.send(6, {**session, "session_id": "unknown", "seq": 1})
        frame = await client.receive()
        assert (frame["op"], frame["d"]) == (9, False)


async def test_a_client_that_closes_with_1000_gives_its_session_up(own_sandbox: Sandbox) -> None:
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        ready = await client.event("READY")
        await client.socket.close(code=1000)
    session = {"token": own_sandbox.token, "session_id": ready["d"]["session_id"], "seq": 1}
    async with connect(own_sandbox) as client:
        await client.send(6, session)
        assert (await client.receive())["op"] == 9


async def test_members_are_requested_by_id_without_the_privileged_intent(
    own_sandbox: Sandbox,
) -> None:
    guild = await own_sandbox.create_guild("Readers")
    ann = await guild.add_member("Ann")
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        await client.event("GUILD_CREATE")
        wanted = {"guild_id": str(guild.id), "user_ids": [str(ann.id), "1"], "limit": 0}
        await client.send(8, {**wanted, "nonce": "n"})
        chunk = (await client.event("GUILD_MEMBERS_CHUNK"))["d"]
        assert [m["user"]["id"] for m in chunk["members"]] == [str(ann.id)]
        assert (chunk["not_found"], chunk["nonce"]) == (["1"], "n")


async def test_a_refusing_gateway_takes_no_connection(own_sandbox: Sandbox) -> None:
    own_sandbox.gateway.refuse()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with connect(own_sandbox):
            pass


async def test_without_the_intent_the_message_answered_is_empty_too(own_sandbox: Sandbox) -> None:
    guild = await own_sandbox.create_guild("Readers")
    ann = await guild.add_member("Ann")
    text = await guild.create_text_channel("books")
    said = await ann.post(text, "in confidence", embeds=[{"title": "a page"}])
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        await client.event("GUILD_CREATE")
        await ann.reply(said, f"{own_sandbox.bot.mention}, look")
        told = (await client.event("MESSAGE_CREATE"))["d"]
    assert told["content"] == f"{own_sandbox.bot.mention}, look"
    answered = told["referenced_message"]
    assert (answered["id"], answered["author"]["id"]) == (str(said.id), str(ann.id))
    assert (answered["content"], answered["embeds"]) == ("", [])


async def test_a_guild_in_an_outage_is_told_of_as_such_on_connecting(own_sandbox: Sandbox) -> None:
    guild = await own_sandbox.create_guild("Readers")
    await guild.become_unavailable()
    async with connect(own_sandbox) as client:
        await client.identify(own_sandbox)
        gone = (await client.event("GUILD_DELETE"))["d"]
    assert gone == {"id": str(guild.id), "unavailable": True}
