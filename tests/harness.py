"""What the tests share: the bot connected to a sandbox, a club to play in, and how to wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.client import HANDLER_TASKS, Marginalia, create_bot
from bot.settings import Settings
from sandbox.guild import SandboxGuild
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel

Settled = Callable[[], Awaitable[None]]

# No handler of an event takes as long as this; one that does is stuck.
SETTLE_SECONDS = 20.0
# Tests call what is due by hand; no tick comes by itself.
NEVER = 1_000_000.0

# How discord.py names the tasks of event handlers.
_EVENT_HANDLER = "discord.py: on_"


@dataclass(frozen=True, slots=True)
class Club:
    """A server with a set-up forum, a host (Manage Server) and three members."""

    guild: SandboxGuild
    forum: SandboxChannel
    host: SandboxMember
    ann: SandboxMember
    ben: SandboxMember
    cleo: SandboxMember


def settings_for(sandbox: Sandbox, database_path: Path, **chosen: object) -> Settings:
    """Give settings that reach this sandbox; the developer's own `.env` is not read."""
    values: dict[str, object] = {
        "discord_token": sandbox.token,
        "discord_api_url": sandbox.api_url,
        "database_path": database_path,
        "guild_ready_timeout": 0.05,
        "tick_seconds": NEVER,
    }
    return Settings.model_validate(values | chosen)


@asynccontextmanager
async def running_bot(
    sandbox: Sandbox, database_path: Path, **chosen: object
) -> AsyncIterator[Marginalia]:
    """Run a bot of one's own over the wire, ready, on that database; leaving closes it cleanly.

    Use it for what ends or restarts a bot; everything else uses the `bot` fixture. What `start`
    raises is raised here.
    """
    bot = create_bot(settings_for(sandbox, database_path, **chosen), clock=sandbox.clock)
    assert isinstance(bot, Marginalia)
    async with bot:
        running = asyncio.create_task(bot.start(sandbox.token), name="the bot")
        ready = asyncio.create_task(bot.wait_until_ready(), name="the bot is ready")
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        await settle(sandbox)
        yield bot
    await running


def lift_gateway_limit(bot: Marginalia) -> None:
    """Let a bot that many tests share ask the gateway as often as all of them together want to.

    discord.py keeps each connection to 110 questions a minute, which no single test comes near.
    """
    for shard in bot.shards.values():
        limiter = shard._parent.ws._rate_limiter  # noqa: SLF001 - there is no setting for it
        limiter.max = limiter.remaining = 1_000_000


async def settle(sandbox: Sandbox) -> None:
    """Wait until every event sent so far, and all that they led to, has been dealt with."""
    while True:
        await sandbox.delivered()
        handlers = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(_EVENT_HANDLER)
        }
        if not handlers:
            return
        _, stuck = await asyncio.wait(handlers, timeout=SETTLE_SECONDS)
        assert not stuck, f"event handlers that do not end: {stuck}"


async def commands_ended(sandbox: Sandbox) -> None:
    """Wait until every command and button that was used has done all it does, and settle."""
    await settle(sandbox)
    running = {task for task in asyncio.all_tasks() if task.get_name().startswith(HANDLER_TASKS)}
    if running:
        _, stuck = await asyncio.wait(running, timeout=SETTLE_SECONDS)
        assert not stuck, f"commands that do not end: {stuck}"
        await settle(sandbox)


async def found_club(bot: Marginalia, sandbox: Sandbox, guild: SandboxGuild) -> Club:
    """People a guild and set up its forum, as `/setup forum` would."""
    host_role = await guild.create_role("Host", permissions=MANAGE_GUILD)
    host = await guild.add_member("Hester", roles=[host_role])
    club = Club(
        guild=guild,
        forum=await guild.create_forum("novels", tags=["Spoilers", "Classics"]),
        host=host,
        ann=await guild.add_member("Ann"),
        ben=await guild.add_member("Ben"),
        cleo=await guild.add_member("Cleo"),
    )
    await settle(sandbox)
    await bot.app.forums.set_up(
        club.forum.id,
        guild.id,
        guild.name,
        club.forum.name,
        is_forum_channel=True,
        host_id=host.id,
        now=bot.clock.now(),
    )
    bot.dispatch("forum_set_up", club.forum.id)
    await settle(sandbox)
    return club
