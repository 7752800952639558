"""Who may do what where: API documentation, "Permissions"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.errors import refused
from sandbox.state import SandboxThread

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
SEND_TTS_MESSAGES = 1 << 12
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_EXTERNAL_EMOJIS = 1 << 18
CHANGE_NICKNAME = 1 << 26
MANAGE_WEBHOOKS = 1 << 29
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
SEND_VOICE_MESSAGES = 1 << 46
SEND_POLLS = 1 << 49
PIN_MESSAGES = 1 << 51
ALL = (1 << 53) - 1

EVERYONE_DEFAULT = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS
    | SEND_VOICE_MESSAGES
    | SEND_POLLS
)
"""What a new guild lets everyone do."""

BOT_DEFAULT = (
    EVERYONE_DEFAULT
    | MANAGE_MESSAGES
    | MANAGE_WEBHOOKS
    | MANAGE_THREADS
    | PIN_MESSAGES
    | USE_EXTERNAL_EMOJIS
)
"""What the bot's role gets when a guild is made without saying."""


def guild_permissions(member: SandboxMember) -> int:
    """Return the bits `member` has in the guild, before any channel's overwrites."""
    guild = member.guild
    if guild.owner_id == member.id:
        return ALL
    bits = guild.everyone.permissions
    for role in member.roles:
        bits |= role.permissions
    return ALL if bits & ADMINISTRATOR else bits


def permissions_in(member: SandboxMember, channel: SandboxChannel) -> int:
    """Return the bits `member` has in `channel`.

    A thread has its parent's permissions ("Inherited Permissions"); a private one is seen by its
    members and by those who may manage threads ("Threads", section "Private Threads"). Without
    View Channel nothing else is left ("Implicit Permissions").
    """
    cache = member.guild.permission_cache
    key = (member.id, channel.id)
    bits = cache.get(key)
    if bits is None:
        bits = cache[key] = _compute(member, channel)
    return bits


def _compute(member: SandboxMember, channel: SandboxChannel) -> int:
    holder = channel
    if isinstance(channel, SandboxThread):
        holder = channel.parent
    bits = _with_overwrites(member, holder)
    if not bits & VIEW_CHANNEL:
        return 0
    if isinstance(channel, SandboxThread) and channel.private:
        if member.id not in channel.members and not bits & MANAGE_THREADS:
            return 0
    elif not isinstance(channel, SandboxThread) and not bits & SEND_MESSAGES:
        bits &= ~(MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS)
    return bits


def _with_overwrites(member: SandboxMember, channel: SandboxChannel) -> int:
    bits = guild_permissions(member)
    if bits & ADMINISTRATOR:
        return bits
    everyone = channel.overwrites.get(member.guild.id)
    if everyone is not None:
        bits = bits & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role in member.roles:
        overwrite = channel.overwrites.get(role.id)
        if overwrite is not None:
            allow |= overwrite.allow
            deny |= overwrite.deny
    bits = bits & ~deny | allow
    own = channel.overwrites.get(member.id)
    return bits if own is None else bits & ~own.deny | own.allow


def can_view(member: SandboxMember, channel: SandboxChannel) -> bool:
    """Return whether `member` sees `channel`."""
    return bool(permissions_in(member, channel) & VIEW_CHANNEL)


def require(member: SandboxMember, channel: SandboxChannel, bits: int) -> None:
    """Raise 50001 when `member` does not see `channel`, 50013 when one of `bits` is missing."""
    held = permissions_in(member, channel)
    if not held & VIEW_CHANNEL:
        raise refused(50001)
    if held & bits != bits:
        raise refused(50013)
