"""Pinned messages ("Messages Resource", section "Pin Message")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import events, message_rights, messages
from sandbox.drafts import Draft
from sandbox.errors import refused
from sandbox.kinds import PINNED, USER_TYPES
from sandbox.permissions import PIN_MESSAGES, require
from sandbox.references import reference_to

if TYPE_CHECKING:
    from sandbox.people import SandboxUser
    from sandbox.state import SandboxMessage
    from sandbox.world import World

_MAX_PINS = 250


def pin(world: World, user: SandboxUser, message: SandboxMessage) -> None:
    """Pin a message: an update of it, the channel's event, and a system message.

    Raises 50013 without Pin Messages, 50021 for a system message, 30003 when 250 are pinned.
    """
    channel = message.channel
    _check_may_pin(user, message)
    if message.pinned_at is not None:
        return
    if sum(1 for m in channel.messages if m.pinned_at is not None) >= _MAX_PINS:
        raise refused(30003)
    message.pinned_at = channel.last_pin_at = world.now()
    events.message_updated(world, message)
    events.pins_updated(world, channel)
    messages.create(world, channel, user, Draft(), kind=PINNED, reference=reference_to(message))


def unpin(world: World, user: SandboxUser, message: SandboxMessage) -> None:
    """Take a pin away."""
    _check_may_pin(user, message)
    if message.pinned_at is not None:
        message.pinned_at = None
        events.message_updated(world, message)
        events.pins_updated(world, message.channel)


def _check_may_pin(user: SandboxUser, message: SandboxMessage) -> None:
    channel = message.channel
    if channel.guild is not None:
        require(channel.guild.members[user.id], channel, PIN_MESSAGES)
    message_rights.check_not_archived(channel)
    if message.type not in USER_TYPES:
        raise refused(50021)
