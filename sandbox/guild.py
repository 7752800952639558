"""A guild and what its owner does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import events, payloads, threads
from sandbox.errors import not_possible
from sandbox.kinds import ANNOUNCEMENTS, FORUM, TEXT
from sandbox.limits import MAX_FILE_BYTES
from sandbox.member import SandboxMember
from sandbox.people import SandboxRole, SandboxUser
from sandbox.permissions import BOT_DEFAULT, EVERYONE_DEFAULT, can_view
from sandbox.state import Overwrite, SandboxChannel, SandboxTag, SandboxThread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.state import SandboxMessage
    from sandbox.world import World


class SandboxGuild:
    """A guild; `owner` is a member who may do everything, `me` is the bot."""

    def __init__(self, world: World, name: str, bot_permissions: int | None) -> None:
        self._world = world
        self.id = world.snowflakes.next()
        self.name = name
        self.everyone = SandboxRole(self.id, "@everyone", EVERYONE_DEFAULT, 0)
        self.roles: dict[int, SandboxRole] = {self.id: self.everyone}
        self.channels: dict[int, SandboxChannel] = {}
        self.threads: dict[int, SandboxThread] = {}
        self.members: dict[int, SandboxMember] = {}
        self.permission_cache: dict[tuple[int, int], int] = {}
        self.system_channel: SandboxChannel | None = None
        self.largest_file = MAX_FILE_BYTES
        """What interactions in it say that a file may have, in bytes; boosts change it."""
        self.unavailable = False
        self.has_bot = True
        self._bot_permissions = BOT_DEFAULT if bot_permissions is None else bot_permissions
        owner = SandboxUser(world.snowflakes.next(), "Owner")
        world.users[owner.id] = owner
        self.owner_id = owner.id
        self.owner = SandboxMember(world, self, owner)
        self.members[owner.id] = self.owner
        self._admit_bot()

    def _admit_bot(self) -> None:
        role_id = self._world.snowflakes.next()
        bot = self._world.bot
        self.bot_role = SandboxRole(
            role_id, bot.name, self._bot_permissions, len(self.roles), bot_id=bot.id
        )
        self.roles[role_id] = self.bot_role
        self.me = SandboxMember(self._world, self, bot)
        self.me.roles = [self.bot_role]
        self.members[bot.id] = self.me
        self.has_bot = True
        self.permission_cache.clear()

    @property
    def connected(self) -> bool:
        """Whether the bot is in the guild and the guild is not in an outage."""
        return self.has_bot and not self.unavailable

    def active_threads(self) -> list[SandboxThread]:
        """Return the threads that are not archived, oldest first."""
        return [thread for thread in self.threads.values() if not thread.archived]

    def history(self, channel: SandboxChannel) -> tuple[SandboxMessage, ...]:
        """Return what is in a channel or thread now, oldest first."""
        return channel.messages

    async def create_role(
        self, name: str, permissions: int = 0, *, mentionable: bool = False
    ) -> SandboxRole:
        """Make a role above those there are."""
        role_id = self._world.snowflakes.next()
        role = SandboxRole(role_id, name, permissions, len(self.roles), mentionable=mentionable)
        self.roles[role_id] = role
        events.role_changed(self._world, "GUILD_ROLE_CREATE", self, role)
        return role

    async def edit_role(self, role: SandboxRole, *, permissions: int) -> None:
        """Give a role other permissions; the bot's own is `bot_role`."""
        with self.regaining():
            role.permissions = permissions
            self.permission_cache.clear()
            events.role_changed(self._world, "GUILD_ROLE_UPDATE", self, role)

    async def delete_role(self, role: SandboxRole) -> None:
        """Take a role away from everyone."""
        with self.regaining():
            del self.roles[role.id]
            for person in self.members.values():
                person.roles = [r for r in person.roles if r is not role]
            self.permission_cache.clear()
            events.role_changed(self._world, "GUILD_ROLE_DELETE", self, role)

    async def create_text_channel(self, name: str, *, topic: str = "") -> SandboxChannel:
        """Make a text channel."""
        return self._create_channel(SandboxChannel(self._next(), TEXT, name, self, topic=topic))

    async def create_forum(
        self, name: str, tags: Sequence[str] = (), *, require_tag: bool = False, topic: str = ""
    ) -> SandboxChannel:
        """Make a forum with the tags named."""
        made = [SandboxTag(self._next(), tag) for tag in tags]
        forum = SandboxChannel(
            self._next(), FORUM, name, self, topic=topic, tags=made, require_tag=require_tag
        )
        return self._create_channel(forum)

    def _next(self) -> int:
        return self._world.snowflakes.next()

    def _create_channel(self, channel: SandboxChannel) -> SandboxChannel:
        channel.position = len(self.channels)
        self.channels[channel.id] = channel
        self._world.channels[channel.id] = channel
        events.channel_changed(self._world, "CHANNEL_CREATE", channel)
        return channel

    async def set_overwrite(
        self,
        channel: SandboxChannel,
        target: SandboxRole | SandboxMember,
        allow: int = 0,
        deny: int = 0,
    ) -> None:
        """Allow or deny a role or member something in one channel; nothing at all removes it."""
        if isinstance(channel, SandboxThread):
            raise not_possible("a thread has its parent's permissions")
        with self.regaining():
            if allow or deny:
                kind = 0 if isinstance(target, SandboxRole) else 1
                channel.overwrites[target.id] = Overwrite(target.id, kind, allow, deny)
            else:
                channel.overwrites.pop(target.id, None)
            self.permission_cache.clear()
            events.channel_changed(self._world, "CHANNEL_UPDATE", channel)

    async def restrict_age(self, channel: SandboxChannel) -> None:
        """Let only grown-ups into a channel."""
        channel.is_age_restricted = True
        events.channel_changed(self._world, "CHANNEL_UPDATE", channel)

    async def turn_into_announcements(self, channel: SandboxChannel) -> None:
        """Turn a text channel into one whose messages other servers may follow."""
        channel.kind = ANNOUNCEMENTS
        events.channel_changed(self._world, "CHANNEL_UPDATE", channel)

    def regaining(self) -> Regaining:
        """Return the context in which permissions are changed, so that regained threads sync."""
        return Regaining(self._world, self)

    async def add_member(
        self, who: str | SandboxMember, roles: Sequence[SandboxRole] = ()
    ) -> SandboxMember:
        """Let somebody in: a new person by name, or one who is in another guild."""
        if isinstance(who, SandboxMember):
            user = who.user
        else:
            user = SandboxUser(self._next(), who)
            self._world.users[user.id] = user
        member = SandboxMember(self._world, self, user)
        member.roles = list(roles)
        self.members[user.id] = member
        self.permission_cache.clear()
        events.member_changed(self._world, "GUILD_MEMBER_ADD", self, user.id)
        return member

    async def remove_member(self, member: SandboxMember) -> None:
        """Kick somebody; they leave every thread too."""
        del self.members[member.id]
        self.permission_cache.clear()
        for thread in self.threads.values():
            threads.leave(self._world, thread, member.id)
        events.member_changed(self._world, "GUILD_MEMBER_REMOVE", self, member.id)

    async def rename(self, name: str) -> None:
        """Give the guild another name."""
        self.name = name
        events.guild_changed(self._world, "GUILD_UPDATE", self, payloads.guild(self))

    async def become_unavailable(self) -> None:
        """Begin an outage: the bot is told GUILD_DELETE with `unavailable`."""
        events.guild_left(self._world, self, unavailable=True)
        self.unavailable = True

    async def become_available(self) -> None:
        """End the outage: the bot is told GUILD_CREATE."""
        self.unavailable = False
        events.guild_joined(self._world, self, known=True)

    async def remove_bot(self) -> None:
        """Kick the bot: its role, its webhooks' use and its view are gone."""
        events.guild_left(self._world, self, unavailable=False)
        self.has_bot = False
        self.members.pop(self.me.id, None)
        self.roles.pop(self.bot_role.id, None)
        for thread in self.threads.values():
            thread.members.pop(self.me.id, None)
        self.permission_cache.clear()

    async def invite_bot(self, bot_permissions: int | None = None) -> None:
        """Let the bot in again."""
        if bot_permissions is not None:
            self._bot_permissions = bot_permissions
        self._admit_bot()
        events.guild_joined(self._world, self)


class Regaining:
    """Sends THREAD_LIST_SYNC for the channels that the bot sees after a change, and not before.

    "Threads", section "Gaining Access to Channels".
    """

    def __init__(self, world: World, guild: SandboxGuild) -> None:
        self._world = world
        self._guild = guild
        self._seen: set[int] = set()

    def _visible(self) -> set[int]:
        guild = self._guild
        if not guild.connected:
            return set()
        return {c.id for c in guild.channels.values() if can_view(guild.me, c)}

    def __enter__(self) -> None:
        self._seen = self._visible()

    def __exit__(self, *_exc: object) -> None:
        gained = [self._guild.channels[i] for i in self._visible() - self._seen]
        if gained:
            events.threads_synced(self._world, self._guild, gained)
