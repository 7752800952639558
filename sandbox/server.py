"""The sandbox: a Discord on this machine's loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aiohttp import web

from sandbox import events, threads
from sandbox.cdn import FILE_ROUTE
from sandbox.clock import SandboxClock
from sandbox.connection import serve_gateway
from sandbox.faults import Faults
from sandbox.guild import SandboxGuild
from sandbox.registry import CommandRegistry
from sandbox.rest import Rest
from sandbox.routes import all_routes
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.cdn import Cdn
    from sandbox.gateway import Gateway
    from sandbox.people import SandboxUser
    from sandbox.rest import SandboxRequest
    from sandbox.state import SandboxMessage
    from sandbox.world import SandboxApplication

_HOST = "127.0.0.1"


class Sandbox:
    """A Discord with one application and its bot; `async with` listens on a free port.

    Members act through the objects it gives out (`create_guild` is where it begins); every event
    their acts cause is sent to the bot before the call returns, and `delivered` waits until the
    bot has read them. `gateway` and `faults` make trouble; `clock` moves time.

    `api_url` is what discord.py's `Route.BASE` is set to, and `gateway_url` its
    `DiscordWebSocket.DEFAULT_GATEWAY`, to which a client whose session is gone comes back.
    """

    def __init__(self, clock: SandboxClock | None = None) -> None:
        self.clock = SandboxClock() if clock is None else clock
        self.world = World(self.clock, CommandRegistry())
        self._routes = all_routes()
        self.faults = Faults(self._routes)
        self._rest = Rest(self.world, self.faults)
        self._runner: web.AppRunner | None = None
        self.api_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=25 * 1024 * 1024)
        app.router.add_get("/gateway", self._serve_gateway)
        app.router.add_get(FILE_ROUTE, self.cdn.serve)
        self._rest.install(app, self._routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, 0).start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://{_HOST}:{port}/api/v10"
        self.cdn.base = f"http://{_HOST}:{port}"
        self.gateway.url = f"ws://{_HOST}:{port}/gateway"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve_gateway(self, request: web.Request) -> web.StreamResponse:
        return await serve_gateway(self.world, request)

    @property
    def gateway(self) -> Gateway:
        """The gateway, with the levers to disturb it."""
        return self.world.gateway

    @property
    def cdn(self) -> Cdn:
        """Where the files of commands are fetched, with the lever to disturb it."""
        return self.world.cdn

    @property
    def gateway_url(self) -> str:
        """The address of the gateway's WebSocket."""
        return self.world.gateway.url

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def application(self) -> SandboxApplication:
        """The application in the developer portal."""
        return self.world.application

    @property
    def bot(self) -> SandboxUser:
        """The bot's user."""
        return self.world.bot

    @property
    def requests(self) -> list[SandboxRequest]:
        """Every REST request the bot made, oldest first."""
        return self._rest.requests

    @property
    def unknown_routes(self) -> list[tuple[str, str]]:
        """Method and path of each request that the sandbox had no route for."""
        return self._rest.unknown_routes

    @property
    def failures(self) -> list[Exception]:
        """What broke the sandbox itself; each was answered with 501 and logged."""
        return self._rest.failures

    @property
    def invalid_requests(self) -> int:
        """How many answers were 401, 403 or 429."""
        return self._rest.invalid_requests

    async def create_guild(self, name: str, bot_permissions: int | None = None) -> SandboxGuild:
        """Make a guild that the bot joins, its role with these bits (None: a sensible set)."""
        guild = SandboxGuild(self.world, name, bot_permissions)
        self.world.guilds[guild.id] = guild
        events.guild_joined(self.world, guild)
        return guild

    async def delivered(self) -> None:
        """Wait until the clients have parsed every event sent so far."""
        await self.gateway.delivered()

    async def send_link_preview(
        self, message: SandboxMessage, title: str = "A page", url: str = "https://example.org/"
    ) -> None:
        """Add a link's preview: MESSAGE_UPDATE with embeds, and no new edit time."""
        message.embeds = [*message.embeds, {"type": "link", "title": title, "url": url}]
        events.message_updated(self.world, message)

    async def archive_stale(self) -> None:
        """Archive every thread that was silent for longer than its auto-archive duration."""
        for guild in self.world.guilds.values():
            for thread in guild.active_threads():
                if threads.is_stale(thread, self.clock.now()):
                    threads.change(self.world, thread, archived=True)
