"""The gateway's sessions: who is connected, what they are sent, what is replayed to them.

API documentation, "Gateway" and "Gateway Events".
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandbox import intents as intent_bits
from sandbox import payloads
from sandbox.errors import SandboxTimeout
from sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.connection import Connection
    from sandbox.wire import JsonObject
    from sandbox.world import World

HEARTBEAT = 1
IDENTIFY = 2
PRESENCE_UPDATE = 3
RESUME = 6
RECONNECT = 7
REQUEST_GUILD_MEMBERS = 8
INVALID_SESSION = 9
HELLO = 10
HEARTBEAT_ACK = 11

HEARTBEAT_INTERVAL_MS = 41_250

# How many events wait for a session that is away; Discord keeps a few minutes' worth.
_REPLAY_LIMIT = 100_000


class Session:
    """What one IDENTIFY began: a shard's sequence of events, which outlives its connection."""

    def __init__(self, shard: tuple[int, int], intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = intents
        self.sequence = 0
        self.connection: Connection | None = None
        self._replay: deque[tuple[int, bytes]] = deque(maxlen=_REPLAY_LIMIT)

    def serves(self, guild_id: int | None) -> bool:
        """Return whether this shard is told of `guild_id` (None: of direct messages).

        "Gateway", section "Sharding": shard = (guild id >> 22) % number of shards; DMs go to 0.
        """
        index, count = self.shard
        return index == (0 if guild_id is None else (guild_id >> 22) % count)

    def send(self, event: str, body: bytes) -> None:
        """Give an event its number and send it, or keep it until the session is resumed."""
        self.sequence += 1
        frame = b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.sequence, event.encode(), body)
        self._replay.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.push(frame)

    def can_replay(self, sequence: int) -> bool:
        """Return whether everything after `sequence` is still kept."""
        if sequence == self.sequence:
            return True
        return sequence < self.sequence and self._replay[0][0] <= sequence + 1

    def replay(self, sequence: int) -> None:
        """Send again everything after `sequence`."""
        if self.connection is not None:
            for number, frame in self._replay:
                if number > sequence:
                    self.connection.push(frame)


class Gateway:
    """All sessions, and the levers a test pulls: drop, refuse, swallow.

    `shards` is how many GET /gateway/bot recommends; `identified` and `resumed` count what
    clients did.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._online = asyncio.Event()
        self._swallowing = 0
        self.refusing = False
        self.url = ""
        self.shards = 1
        self.identified = 0
        self.resumed = 0

    # What happens in the world

    def publish(
        self,
        event: str,
        data: JsonObject,
        *,
        intents: int = 0,
        guild_id: int | None = None,
        without_content: Callable[[], JsonObject] | None = None,
    ) -> None:
        """Tell every session that asked for one of `intents` (0: all) of an event.

        `without_content` makes the body for sessions without the Message Content intent. Each
        body is serialised once, however many sessions there are.
        """
        if self._swallowing:
            return
        full: bytes | None = None
        lean: bytes | None = None
        for session in self._sessions.values():
            if (intents and not session.intents & intents) or not session.serves(guild_id):
                continue
            if without_content is None or session.intents & intent_bits.MESSAGE_CONTENT:
                full = encode(data) if full is None else full
                session.send(event, full)
            else:
                lean = encode(without_content()) if lean is None else lean
                session.send(event, lean)

    def asked_for(self, intents: int) -> bool:
        """Return whether some session would be told of an event with these intents."""
        return not self._swallowing and any(s.intents & intents for s in self._sessions.values())

    # What connections report

    def add_connection(self, connection: Connection) -> None:
        """Note a socket that opened."""
        self._connections.add(connection)

    def remove_connection(self, connection: Connection) -> None:
        """Note a socket that closed; its session waits for a RESUME.

        "Gateway", section "Connection Lifecycle": a client that closes with 1000 or 1001 gives
        its session up.
        """
        self._connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if connection.closed_by_client_with in (1000, 1001):
                self._sessions.pop(session.id, None)
        if not any(s.connection for s in self._sessions.values()):
            self._online.clear()

    def identify(self, connection: Connection, shard: tuple[int, int], intents: int) -> None:
        """Begin a session: READY, then one GUILD_CREATE for each of the shard's guilds.

        Of a guild in an outage GUILD_DELETE tells ("was already unavailable", "Guild Delete").
        """
        world = self._world
        session = Session(shard, intents)
        session.connection = connection
        connection.session = session
        self._sessions[session.id] = session
        guilds = [g for g in world.guilds.values() if g.has_bot and session.serves(g.id)]
        session.send("READY", encode(payloads.ready(world, session, guilds)))
        if intents & intent_bits.GUILDS:
            for guild in guilds:
                if guild.unavailable:
                    session.send("GUILD_DELETE", encode(payloads.guild_outage(guild)))
                else:
                    body = payloads.guild_create(world, guild, intents)
                    session.send("GUILD_CREATE", encode(body))
        self.identified += 1
        self._online.set()

    def resume(self, connection: Connection, session_id: str, sequence: int) -> bool:
        """Take a session up again, replaying what it missed; False when it is gone."""
        session = self._sessions.get(session_id)
        if session is None or not session.can_replay(sequence):
            self._sessions.pop(session_id, None)
            return False
        if session.connection is not None:
            session.connection.close(4000)
        session.connection = connection
        connection.session = session
        session.replay(sequence)
        session.send("RESUMED", b"{}")
        self.resumed += 1
        self._online.set()
        return True

    # What a test does

    async def drop(self, code: int = 1006, *, resumable: bool = True) -> None:
        """Close every socket with `code` (1006: without a closing frame).

        With `resumable` false the sessions are forgotten: a RESUME is answered with op 9, false.
        """
        self._online.clear()
        if not resumable:
            self._sessions.clear()
        gone = [c.closed for c in self._connections]
        for connection in list(self._connections):
            if connection.session is not None:
                connection.session.connection = None
            connection.close(code)
        if gone:
            await asyncio.wait([asyncio.ensure_future(g.wait()) for g in gone])

    async def ask_to_reconnect(self) -> None:
        """Send op 7 to every socket."""
        self._online.clear()
        for connection in list(self._connections):
            connection.push_op(RECONNECT, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Send op 9 to every socket; unless `resumable`, forget the sessions."""
        self._online.clear()
        if not resumable:
            self._sessions.clear()
        for connection in list(self._connections):
            connection.push_op(INVALID_SESSION, resumable)

    def refuse(self) -> None:
        """Refuse every new connection until `accept`."""
        self.refusing = True

    def accept(self) -> None:
        """Let connections in again."""
        self.refusing = False

    @contextmanager
    def swallowing(self) -> Iterator[None]:
        """Send nothing of what happens meanwhile, nor replay it later."""
        self._swallowing += 1
        try:
            yield
        finally:
            self._swallowing -= 1

    async def connected(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - a test's patience
        """Wait until a session is READY or RESUMED; raise SandboxTimeout after `timeout` s."""
        try:
            async with asyncio.timeout(timeout):
                await self._online.wait()
        except TimeoutError:
            raise SandboxTimeout(f"no session was READY or RESUMED within {timeout} s") from None

    async def delivered(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - a test's patience
        """Wait until the clients have parsed every frame sent so far.

        A WebSocket ping (RFC 6455, section 5.5.2) follows the frames; a client that reads its
        socket in order answers it only after it has handled what came before. Unlike a heartbeat
        request (op 1), its answer does not use up the client's 120 gateway sends a minute.
        """
        try:
            async with asyncio.timeout(timeout):
                for connection in list(self._connections):
                    await connection.flushed()
        except TimeoutError:
            raise SandboxTimeout(f"a client did not read its events within {timeout} s") from None

    async def close(self) -> None:
        """Close every socket for good."""
        self.refusing = True
        await self.drop(1001, resumable=False)
