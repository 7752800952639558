"""One gateway socket: its handshake, its compression, the frames that come and go."""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import zstandard
from aiohttp import WSMsgType, web

from sandbox import gateway, intents, payloads
from sandbox.wire import decode, encode

if TYPE_CHECKING:
    from sandbox.gateway import Gateway, Session
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

# RFC 6455, section 7.4.1: the line went dead without a closing frame.
ABNORMAL_CLOSURE = 1006
# "Gateway", section "Sending Events": larger payloads close the connection with 4002.
_MAX_PAYLOAD_BYTES = 4096
# "Gateway Events", section "Request Guild Members".
_MAX_REQUESTED_MEMBERS = 100


class _Compressor(Protocol):
    def compress(self, data: bytes) -> bytes: ...


class _Zlib:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(1)

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class _Zstandard:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=1).compressobj()

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


_COMPRESSORS: dict[str, type[_Zlib | _Zstandard]] = {
    "zlib-stream": _Zlib,
    "zstd-stream": _Zstandard,
}


@dataclass(frozen=True, slots=True)
class _Ping:
    token: bytes


@dataclass(frozen=True, slots=True)
class _Close:
    code: int


class Connection:
    """A client's socket from HELLO to its closing."""

    def __init__(
        self,
        world: World,
        request: web.Request,
        socket: web.WebSocketResponse,
        compress: str | None,
    ) -> None:
        self._world = world
        self._gateway: Gateway = world.gateway
        self._request = request
        self._socket = socket
        self._compressor: _Compressor | None = _COMPRESSORS[compress]() if compress else None
        self._outgoing: deque[bytes | _Ping | _Close] = deque()
        self._wake = asyncio.Event()
        self._pings: dict[bytes, asyncio.Event] = {}
        self._ping_count = 0
        self.session: Session | None = None
        self.closed = asyncio.Event()
        self.closed_by_client_with: int | None = None

    # Out

    def push(self, frame: bytes) -> None:
        """Queue one frame."""
        self._outgoing.append(frame)
        self._wake.set()

    def push_op(self, op: int, data: Json) -> None:
        """Queue a frame that is not an event."""
        self.push(encode({"op": op, "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close with `code` after what is queued; 1006 cuts the line at once."""
        if code == ABNORMAL_CLOSURE:
            self._outgoing.clear()
        self._outgoing.append(_Close(code))
        self._wake.set()

    async def flushed(self) -> None:
        """Wait until the client has read everything queued so far, or is gone."""
        if self.closed.is_set():
            return
        self._ping_count += 1
        token = b"%d" % self._ping_count
        answered = self._pings[token] = asyncio.Event()
        self._outgoing.append(_Ping(token))
        self._wake.set()
        await answered.wait()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outgoing:
                item = self._outgoing.popleft()
                if isinstance(item, bytes):
                    if self._compressor is None:
                        await self._socket.send_str(item.decode())
                    else:
                        await self._socket.send_bytes(self._compressor.compress(item))
                elif isinstance(item, _Ping):
                    await self._socket.ping(item.token)
                else:
                    await self._hang_up(item.code)
                    return

    async def _hang_up(self, code: int) -> None:
        if code != ABNORMAL_CLOSURE:
            await self._socket.close(code=code)
        elif self._request.transport is not None:
            self._request.transport.abort()

    # In

    async def run(self) -> None:
        """Serve the socket until it closes."""
        self._gateway.add_connection(self)
        writer = asyncio.create_task(self._write())
        self.push_op(gateway.HELLO, {"heartbeat_interval": gateway.HEARTBEAT_INTERVAL_MS})
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
                elif message.type is WSMsgType.PONG:
                    answered = self._pings.pop(bytes(message.data), None)
                    if answered is not None:
                        answered.set()
                elif message.type is WSMsgType.PING:
                    await self._socket.pong(message.data)
                else:
                    self.close(4002)
            if not any(isinstance(item, _Close) for item in self._outgoing):
                self.closed_by_client_with = self._socket.close_code
        finally:
            self._gateway.remove_connection(self)
            self.closed.set()
            for answered in self._pings.values():
                answered.set()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def _receive(self, text: str) -> None:
        if len(text.encode()) > _MAX_PAYLOAD_BYTES:
            self.close(4002)
            return
        try:
            frame: JsonObject = decode(text)
            op: int = frame["op"]
            data: Json = frame.get("d")
        except (ValueError, TypeError, KeyError):
            self.close(4002)
            return
        if op == gateway.HEARTBEAT:
            self.push_op(gateway.HEARTBEAT_ACK, None)
        elif op == gateway.IDENTIFY:
            self._identify(data)
        elif op == gateway.RESUME:
            self._resume(data)
        elif op == gateway.PRESENCE_UPDATE:
            pass  # nobody in the sandbox looks at the bot's status
        elif self.session is None:
            self.close(4003)
        elif op == gateway.REQUEST_GUILD_MEMBERS:
            self._request_members(data)
        else:
            self.close(4001)

    def _identify(self, data: JsonObject) -> None:
        asked = data.get("intents")
        index, count = data.get("shard", (0, 1))
        if self.session is not None:
            self.close(4005)
        elif data.get("token") != self._world.token:
            self.close(4004)
        elif not 0 <= index < count:
            self.close(4010)
        elif not isinstance(asked, int) or asked & ~intents.KNOWN:
            self.close(4013)
        elif asked & ~self._world.application.allowed_intents:
            self.close(4014)
        else:
            self._gateway.identify(self, (index, count), asked)

    def _resume(self, data: JsonObject) -> None:
        if data.get("token") != self._world.token:
            self.close(4004)
        elif not self._gateway.resume(self, str(data.get("session_id")), int(data.get("seq") or 0)):
            self.push_op(gateway.INVALID_SESSION, data=False)

    def _request_members(self, data: JsonObject) -> None:
        """Answer op 8; without the Server Members intent only members asked for by id.

        Of a guild in an outage nothing is answered.
        """
        session = self.session
        guild = self._world.guilds.get(int(data["guild_id"]))
        if session is None or guild is None or not guild.connected:
            return
        wanted = data.get("user_ids")
        if wanted is None:
            query = str(data.get("query", "")).lower()
            if not query and not session.intents & intents.GUILD_MEMBERS:
                self.close(4014)
                return
            found = [m for m in guild.members.values() if m.name.lower().startswith(query)]
            found = found[: int(data.get("limit") or 0) or None]
            missing: list[str] = []
        else:
            ids = [int(i) for i in (wanted if isinstance(wanted, list) else [wanted])]
            ids = ids[:_MAX_REQUESTED_MEMBERS]
            found = [guild.members[i] for i in ids if i in guild.members]
            missing = [str(i) for i in ids if i not in guild.members]
        chunk: JsonObject = {
            "guild_id": str(guild.id),
            "members": [payloads.member(m) for m in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": missing,
        }
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        session.send("GUILD_MEMBERS_CHUNK", encode(chunk))


async def serve_gateway(world: World, request: web.Request) -> web.StreamResponse:
    """Take one gateway connection: `?v=10&encoding=json[&compress=zlib-stream|zstd-stream]`."""
    if world.gateway.refusing:
        return web.Response(status=503, text="the gateway is closed")
    compress = request.query.get("compress")
    if compress is not None and compress not in _COMPRESSORS:
        return web.Response(status=400, text=f"compress={compress} is not known")
    # The client's own pings and pongs are read here: a pong tells what the client has handled.
    socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=0)
    await socket.prepare(request)
    if request.query.get("v") != "10" or request.query.get("encoding", "json") != "json":
        await socket.close(code=4012)
        return socket
    await Connection(world, request, socket, compress).run()
    return socket
