"""What a message may answer or forward: "Messages Resource", section "Message Reference Object"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import message_payloads
from sandbox.errors import refused
from sandbox.kinds import FORWARD, USER_TYPES
from sandbox.limits import Problems
from sandbox.permissions import READ_MESSAGE_HISTORY, permissions_in
from sandbox.state import Reference

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.wire import JsonObject
    from sandbox.world import World


def read_reference(
    world: World, member: SandboxMember | None, channel: SandboxChannel, body: JsonObject
) -> tuple[Reference | None, SandboxMessage | None]:
    """Return the reference the bot's request makes, and the message it answers or forwards."""
    if int(body.get("type") or 0) == FORWARD:
        return _read_forward(world, body)
    return read_reply(member, channel, body)


def read_reply(
    member: SandboxMember | None, channel: SandboxChannel, body: JsonObject
) -> tuple[Reference | None, SandboxMessage | None]:
    """Return the reference of a reply, and the message it answers.

    A reply stays in its channel and needs Read Message History (160002). An unknown message is
    error 50035, unless `fail_if_not_exists` is false: then it is sent without.
    """
    if member is not None and not permissions_in(member, channel) & READ_MESSAGE_HISTORY:
        raise refused(160002)
    problems = Problems()
    path = ("message_reference",)
    if int(body.get("channel_id") or channel.id) != channel.id:
        problems.add(
            path,
            "REPLIES_CANNOT_REPLY_ACROSS_CHANNEL",
            "Cannot reply to a message in a different channel",
        )
    answered = channel.find(int(body.get("message_id") or 0))
    if answered is None:
        if body.get("fail_if_not_exists") is False:
            return None, None
        problems.add(path, "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    elif answered.type not in USER_TYPES:
        problems.add(
            path, "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message"
        )
    problems.raise_if_any()
    return (None, None) if answered is None else (reference_to(answered), answered)


def _read_forward(world: World, body: JsonObject) -> tuple[Reference, SandboxMessage]:
    """Return the reference of a forward, and what it forwards ("Message Reference Types").

    Its channel must be named (50035) and seen (50001); what the bot cannot read it cannot forward
    (160014); polls and system messages are not supported (50035).
    """
    problems = Problems()
    for name in ("message_id", "channel_id"):
        if not body.get(name):
            problems.required(("message_reference", name))
    problems.raise_if_any()
    source = world.channel(int(body["channel_id"]))
    seat = world.bot_in(source)
    if seat is not None and not permissions_in(seat, source) & READ_MESSAGE_HISTORY:
        raise refused(160014)
    forwarded = world.message(source, int(body["message_id"]))
    if not message_payloads.content_is_open(world, forwarded):
        raise refused(160014)
    check_may_be_forwarded(forwarded)
    return reference_to(forwarded, FORWARD), forwarded


def check_may_be_forwarded(message: SandboxMessage) -> None:
    """Raise 50035 for a message that is not "basic": a system message, or one with a poll."""
    if message.type not in USER_TYPES or message.poll is not None:
        problems = Problems()
        problems.add(
            ("message_reference",),
            "MESSAGE_REFERENCE_NOT_SUPPORTED",
            "This message cannot be forwarded",
        )
        problems.raise_if_any()


def reference_to(message: SandboxMessage, kind: int = 0) -> Reference:
    """Return the reference that points to `message`: an answer to it, or a forward."""
    guild = message.channel.guild
    guild_id = None if guild is None else guild.id
    return Reference(message.id, message.channel.id, guild_id, kind)
