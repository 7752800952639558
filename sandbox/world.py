"""Everything there is in this Discord, found by id, or refused with Discord's code."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox import intents
from sandbox.cdn import Cdn
from sandbox.errors import refused
from sandbox.gateway import Gateway
from sandbox.kinds import DIRECT
from sandbox.people import SandboxUser
from sandbox.permissions import can_view
from sandbox.snowflakes import Snowflakes
from sandbox.state import SandboxChannel, SandboxThread

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.clock import SandboxClock
    from sandbox.guild import SandboxGuild
    from sandbox.interactions import Interaction
    from sandbox.member import SandboxMember
    from sandbox.registry import CommandRegistry
    from sandbox.state import SandboxMessage, SandboxWebhook

# API documentation, "Application Resource", section "Application Flags".
_GUILD_MEMBERS_LIMITED = 1 << 15
_PRESENCE_LIMITED = 1 << 13
_MESSAGE_CONTENT_LIMITED = 1 << 19


@dataclass(slots=True)
class SandboxApplication:
    """The application in the developer portal, with its toggles for privileged intents."""

    id: int
    name: str
    message_content: bool = True
    guild_members: bool = False
    presences: bool = False

    @property
    def flags(self) -> int:
        """The application's public flags, as the portal's toggles make them."""
        return (
            (_MESSAGE_CONTENT_LIMITED if self.message_content else 0)
            | (_GUILD_MEMBERS_LIMITED if self.guild_members else 0)
            | (_PRESENCE_LIMITED if self.presences else 0)
        )

    @property
    def allowed_intents(self) -> int:
        """Every intent a session may ask for now."""
        refused_bits = (
            (0 if self.message_content else intents.MESSAGE_CONTENT)
            | (0 if self.guild_members else intents.GUILD_MEMBERS)
            | (0 if self.presences else intents.GUILD_PRESENCES)
        )
        return intents.KNOWN & ~refused_bits


class World:
    """The state that members, the REST routes and the gateway share."""

    def __init__(self, clock: SandboxClock, registry: CommandRegistry) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.token = f"sandbox.{secrets.token_urlsafe(24)}"
        self.bot = SandboxUser(self.snowflakes.next(), "Marginalia", bot=True)
        # Since 2016 an application and its bot user share one id.
        self.application = SandboxApplication(self.bot.id, self.bot.name)
        self.registry = registry
        self.users: dict[int, SandboxUser] = {self.bot.id: self.bot}
        self.channels: dict[int, SandboxChannel] = {}
        self.guilds: dict[int, SandboxGuild] = {}
        self.webhooks: dict[int, SandboxWebhook] = {}
        self.interactions: dict[int, Interaction] = {}
        self.interactions_by_token: dict[str, Interaction] = {}
        self.gateway = Gateway(self)
        self.cdn = Cdn(self)

    def now(self) -> datetime:
        """Return the sandbox's time, aware and in UTC."""
        return self.clock.now()

    def user(self, user_id: int) -> SandboxUser:
        """Return the user, or raise 10013."""
        user = self.users.get(user_id)
        if user is None:
            raise refused(10013)
        return user

    def guild(self, guild_id: int) -> SandboxGuild:
        """Return the guild if the bot is in it, or raise 10004."""
        guild = self.guilds.get(guild_id)
        if guild is None or guild.unavailable or not guild.has_bot:
            raise refused(10004)
        return guild

    def channel(self, channel_id: int) -> SandboxChannel:
        """Return the channel or thread; raise 10003 when there is none, 50001 when unseen."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise refused(10003)
        guild = channel.guild
        if guild is not None and (not guild.has_bot or not can_view(guild.me, channel)):
            raise refused(50001)
        return channel

    def thread(self, channel_id: int) -> SandboxThread:
        """Return the thread; raise 10003, 50001, or 50024 when it is another kind of channel."""
        channel = self.channel(channel_id)
        if not isinstance(channel, SandboxThread):
            raise refused(50024)
        return channel

    def message(self, channel: SandboxChannel, message_id: int) -> SandboxMessage:
        """Return the channel's message, or raise 10008; private answers are not found so."""
        message = channel.find(message_id)
        if message is None:
            raise refused(10008)
        return message

    def bot_in(self, channel: SandboxChannel) -> SandboxMember | None:
        """Return the bot as a member of the channel's guild; None in a DM."""
        return None if channel.guild is None else channel.guild.me

    def bot_sees(self, channel: SandboxChannel) -> bool:
        """Return whether the bot is told of what happens in `channel`."""
        guild = channel.guild
        if guild is None:
            return True
        return guild.has_bot and not guild.unavailable and can_view(guild.me, channel)

    def dm_with(self, user: SandboxUser) -> SandboxChannel:
        """Return the bot's DM channel with `user`, made when it is first needed."""
        if user.dm is None:
            channel = SandboxChannel(
                self.snowflakes.next(), DIRECT, user.name, None, recipient=user
            )
            user.dm = self.channels[channel.id] = channel
        return user.dm

    def shares_guild(self, user: SandboxUser) -> bool:
        """Return whether the bot and `user` are in some guild together."""
        return any(g.has_bot and user.id in g.members for g in self.guilds.values())

    async def dm_arrived(self, channel: SandboxChannel) -> None:
        """Wait until a message is put into `channel`."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        channel.arrivals.add(waiting)
        try:
            await waiting
        finally:
            channel.arrivals.discard(waiting)
