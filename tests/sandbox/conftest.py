"""One unmodified discord.py client for a worker, connected to the sandbox over the wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from sandbox import Sandbox
from tests.discord_address import discord_at
from tests.sandbox import reading_list

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel


class RecordingBot(commands.AutoShardedBot):
    """Writes down every event it is told of; `expect` waits for one."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(
            "!",
            intents=intents,
            help_command=None,
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.1,
        )
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._changed = asyncio.Event()

    async def setup_hook(self) -> None:
        self.tree.add_command(reading_list.ReadingList())
        self.tree.add_command(reading_list.here)
        self.tree.add_command(reading_list.manage)
        self.tree.add_command(reading_list.quote)
        self.add_view(reading_list.Shelf())
        await self.tree.sync()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if not event.startswith("socket"):
            self.events.append((event, args))
            self._changed.set()
        super().dispatch(event, *args, **kwargs)

    def seen(self, event: str) -> list[Any]:
        return [args[0] if args else None for name, args in self.events if name == event]

    async def expect(self, event: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        async with asyncio.timeout(20):
            while True:
                for found in self.seen(event):
                    if fits(found):
                        return found
                self._changed.clear()
                await self._changed.wait()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def connected_bot(sandbox: Sandbox) -> AsyncIterator[RecordingBot]:
    bot = RecordingBot()
    async with bot:
        with discord_at(sandbox):
            running = asyncio.create_task(bot.start(sandbox.token))
            await sandbox.gateway.connected()
            await bot.wait_until_ready()
        yield bot
        await bot.close()
        await asyncio.wait([running])


@pytest.fixture
def bot(connected_bot: RecordingBot, sandbox: Sandbox) -> Iterator[RecordingBot]:
    connected_bot.events.clear()
    with discord_at(sandbox):
        yield connected_bot


class Caller:
    """Makes raw requests with the bot's token, such as discord.py would never make."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session

    async def __call__(
        self, method: str, path: str, body: Any = None, *, text: str | None = None
    ) -> tuple[int, Any]:
        """Return the status and the JSON answered; `text` is sent instead of JSON."""
        url = self._sandbox.api_url + path
        data = text if text is not None else None
        async with self._session.request(method, url, json=body, data=data) as response:
            return response.status, await response.json() if response.status != 204 else None


@pytest_asyncio.fixture(loop_scope="session")
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield Caller(sandbox, session)


@pytest_asyncio.fixture(loop_scope="session")
async def guild(sandbox: Sandbox) -> SandboxGuild:
    return await sandbox.create_guild("Tuesday Readers")


@pytest_asyncio.fixture(loop_scope="session")
async def ann(guild: SandboxGuild) -> SandboxMember:
    return await guild.add_member("Ann")


@pytest_asyncio.fixture(loop_scope="session")
async def ben(guild: SandboxGuild) -> SandboxMember:
    return await guild.add_member("Ben")


@pytest_asyncio.fixture(loop_scope="session")
async def forum(guild: SandboxGuild) -> SandboxChannel:
    return await guild.create_forum("novels", tags=["Spoilers"])


@pytest_asyncio.fixture(loop_scope="session")
async def text(guild: SandboxGuild) -> SandboxChannel:
    return await guild.create_text_channel("books")
