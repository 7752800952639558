"""The demo's club: a Discord on this machine, the real bot connected to it, and its members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.client import Marginalia, create_bot
from bot.core.digest_opening import TITLES
from bot.core.level import DigestKind
from bot.demo import story
from bot.settings import load_settings
from sandbox.clock import SandboxClock
from sandbox.guild import SandboxGuild
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage

TICK_SECONDS = 0.1
# Nothing here takes as long; what does has gone wrong.
PATIENCE_SECONDS = 20.0

_WEEK = timedelta(days=7)
# From Monday 19:00 to Sunday 18:00, the hour of those who have chosen none.
_TO_SUNDAY = timedelta(days=6, hours=-1)
_SUNDAY, _HOUR = 6, 18
_HANDLER = "discord.py: on_"


@dataclass(frozen=True, slots=True)
class Club:
    """Everyone and everything on the demo's stage; the clock is the sandbox's."""

    sandbox: Sandbox
    bot: Marginalia
    guild: SandboxGuild
    forum: SandboxChannel
    lobby: SandboxChannel
    members: Mapping[str, SandboxMember]
    began_at: datetime

    @property
    def app(self) -> App:
        """The bot's parts."""
        return self.bot.app

    @property
    def host(self) -> SandboxMember:
        """Who has Manage Server."""
        return self.members[story.HOST]

    @property
    def follower(self) -> SandboxMember:
        """Who tracks."""
        return self.members[story.FOLLOWER]

    @property
    def names(self) -> dict[int, str]:
        """What the members and channels are called, by their ids."""
        channels = {channel.id: channel.name for channel in (self.forum, self.lobby)}
        return channels | {member.id: name for name, member in self.members.items()}

    async def settle(self) -> None:
        """Wait until the bot has dealt with all that has happened so far."""
        while True:
            await self.sandbox.delivered()
            running = [one for one in asyncio.all_tasks() if one.get_name().startswith(_HANDLER)]
            if not running:
                return
            await asyncio.wait(running, timeout=PATIENCE_SECONDS)

    async def next_sunday(self) -> list[SandboxMessage]:
        """Move the clock to the digest's hour, and give the digests in the follower's inbox.

        The bot's own ticks send them. They have time for more than one: what comes by the day
        after is given as well.
        """
        self.sandbox.clock.advance(self.began_at + _TO_SUNDAY - self.sandbox.clock.now())
        await until(self._has_digest)
        self.sandbox.clock.advance(timedelta(days=1))
        await asyncio.sleep(5 * TICK_SECONDS)
        return self._digests()

    async def _has_digest(self) -> bool:
        return bool(self._digests())

    def _digests(self) -> list[SandboxMessage]:
        return [
            message
            for message in self.follower.inbox
            if message.embeds and message.embeds[0].get("title") == TITLES[DigestKind.WEEKLY]
        ]


@asynccontextmanager
async def open_club(database_path: Path, names: Iterable[str]) -> AsyncIterator[Club]:
    """Start the sandbox, connect the real bot to it over the wire, and let the members in."""
    began_at = _monday_evening(datetime.now(UTC))
    async with (
        Sandbox(SandboxClock(began_at)) as sandbox,
        _running_bot(sandbox, database_path) as bot,
    ):
        guild = await sandbox.create_guild(story.CLUB)
        hosts = await guild.create_role("Host", permissions=MANAGE_GUILD)
        members = {
            name: await guild.add_member(name, roles=[hosts] if name == story.HOST else [])
            for name in names
        }
        club = Club(
            sandbox=sandbox,
            bot=bot,
            guild=guild,
            forum=await guild.create_forum(story.FORUM),
            lobby=await guild.create_text_channel(story.LOBBY),
            members=members,
            began_at=began_at,
        )
        await club.settle()
        yield club


async def until(condition: Callable[[], Awaitable[bool]]) -> bool:
    """Wait until something is so, and say whether it became so in the time that it may take."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(TICK_SECONDS / 2)
    return True


@asynccontextmanager
async def _running_bot(sandbox: Sandbox, database_path: Path) -> AsyncIterator[Marginalia]:
    settings = load_settings(
        discord_token=sandbox.token,
        discord_api_url=sandbox.api_url,
        database_path=database_path,
        default_timezone="UTC",
        default_digest_weekday=_SUNDAY,
        default_digest_hour=_HOUR,
        guild_ready_timeout=0.05,
        tick_seconds=TICK_SECONDS,
    )
    bot = create_bot(settings, clock=sandbox.clock)
    if not isinstance(bot, Marginalia):
        raise TypeError("The demo shows the bot itself.")
    async with bot:
        running = asyncio.create_task(bot.start(sandbox.token), name="the bot")
        ready = asyncio.create_task(bot.wait_until_ready(), name="the bot is ready")
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        yield bot
    await running


def _monday_evening(now: datetime) -> datetime:
    """Give a Monday, 19:00 in UTC, one to two weeks ago."""
    day = now - _WEEK
    monday = day - timedelta(days=day.weekday())
    return monday.replace(hour=19, minute=0, second=0, microsecond=0)
