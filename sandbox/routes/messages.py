"""Messages of channels and threads ("Messages Resource")."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sandbox import events, message_payloads, message_rights, messages, pins
from sandbox.drafts import read_changes, read_draft
from sandbox.errors import refused
from sandbox.kinds import DEFAULT, REPLY, SUPPRESS_EMBEDS
from sandbox.limits import invalid
from sandbox.permissions import (
    ADD_REACTIONS,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    permissions_in,
    require,
)
from sandbox.references import read_reference
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

# How long a nonce is remembered; the documentation says "the past few minutes".
_NONCE_MEMORY = timedelta(minutes=5)
# "Get Channel Messages": mutually exclusive.
_ANCHORS = ("around", "before", "after")


def _shown(world: World, message: SandboxMessage) -> JsonObject:
    return message_payloads.seen_by_bot(world, message, message_payloads.message(message))


def _reads_history(world: World, channel: SandboxChannel) -> bool:
    bot = world.bot_in(channel)
    return bot is None or bool(permissions_in(bot, channel) & READ_MESSAGE_HISTORY)


def _existing(call: Call) -> SandboxMessage:
    """Return the path's message, or raise 10008."""
    channel = call.world.channel(call.id("channel_id"))
    return call.world.message(channel, call.id("message_id"))


async def _list(call: Call) -> Json:
    world = call.world
    channel = world.channel(call.id("channel_id"))
    limit = call.query_limit(50, 100)
    around, before, after = (call.query_id(name) for name in _ANCHORS)
    if sum(anchor is not None for anchor in (around, before, after)) > 1:
        raise invalid(_ANCHORS[:1], "BASE_TYPE_EXCLUSIVE", f"Only one of {_ANCHORS} may be passed.")
    if not _reads_history(world, channel):
        return []
    if around is not None:
        newer = channel.after(around - 1, limit // 2 + 1)
        found = newer + channel.before(around, max(0, limit - len(newer)))
    elif after is not None:
        found = channel.after(after, limit)
    else:
        found = channel.before(before, limit)
    return [_shown(world, m) for m in found]


async def _get(call: Call) -> Json:
    """Get Channel Message: without Read Message History 50013, whether or not it exists."""
    channel = call.world.channel(call.id("channel_id"))
    bot = call.world.bot_in(channel)
    if bot is not None:
        require(bot, channel, READ_MESSAGE_HISTORY)
    return _shown(call.world, _existing(call))


async def _create(call: Call) -> Json:
    world = call.world
    channel = world.channel(call.id("channel_id"))
    bot = world.bot_in(channel)
    message_rights.check_may_send(world, bot, channel)
    draft = read_draft(call.body, call.files)
    message_rights.check_parts(bot, channel, draft)
    reference = answered = None
    if draft.reference is not None:
        reference, answered = read_reference(world, bot, channel, draft.reference)
    if draft.enforce_nonce and draft.nonce is not None:
        sent = _sent_with_nonce(world, channel, draft.nonce)
        if sent is not None:
            return _shown(world, sent)
    kind = REPLY if reference is not None and reference.kind == 0 else DEFAULT
    message = messages.create(
        world, channel, world.bot, draft, kind=kind, reference=reference, answered=answered
    )
    return _shown(world, message)


def _sent_with_nonce(
    world: World, channel: SandboxChannel, nonce: str | int
) -> SandboxMessage | None:
    """Return the bot's message of the past few minutes that has this nonce."""
    for message in channel.before(None, 100):
        if world.now() - message.created_at > _NONCE_MEMORY:
            return None
        sent_with = None if message.author is not world.bot else message.nonce
        if sent_with is not None and str(sent_with) == str(nonce):
            return message
    return None


async def _edit(call: Call) -> Json:
    world = call.world
    message = _existing(call)
    if message.author is not world.bot or message.webhook is not None:
        return _suppress(call, message)
    message_rights.check_may_edit(world, world.bot, message)
    draft = read_changes(call.body, messages.draft_of(message), call.files)
    messages.edit(world, message, draft)
    return _shown(world, message)


def _suppress(call: Call, message: SandboxMessage) -> Json:
    """Change another's flags, all that Manage Messages allows ("Edit Message")."""
    if set(call.body) - {"flags"} or "flags" not in call.body:
        raise refused(50005)
    bot = call.world.bot_in(message.channel)
    if bot is None:
        raise refused(50003)
    require(bot, message.channel, MANAGE_MESSAGES)
    wanted = int(call.body["flags"]) & SUPPRESS_EMBEDS
    message.flags = message.flags & ~SUPPRESS_EMBEDS | wanted
    events.message_updated(call.world, message)
    return _shown(call.world, message)


async def _delete(call: Call) -> Json:
    message = _existing(call)
    message_rights.check_may_delete(call.world.bot, message)
    messages.delete(call.world, message)


async def _bulk_delete(call: Call) -> Json:
    world = call.world
    channel = world.channel(call.id("channel_id"))
    bot = world.bot_in(channel)
    if bot is None:
        raise refused(50003)
    require(bot, channel, MANAGE_MESSAGES)
    messages.bulk_delete(world, channel, [int(i) for i in call.body.get("messages") or []])


def _pinned(world: World, channel: SandboxChannel) -> list[SandboxMessage]:
    """Return the pinned messages, latest pin first; none without Read Message History."""
    if not _reads_history(world, channel):
        return []
    found = [(m.pinned_at, m) for m in channel.messages if m.pinned_at is not None]
    return [m for _, m in sorted(found, key=lambda pair: pair[0], reverse=True)]


async def _list_pins(call: Call) -> Json:
    world = call.world
    channel = world.channel(call.id("channel_id"))
    limit = call.query_limit(50, 50)
    found = _pinned(world, channel)
    before = call.query_moment("before")
    if before is not None:
        found = [m for m in found if m.pinned_at is not None and m.pinned_at < before]
    items = [
        {"pinned_at": m.pinned_at.isoformat(), "message": _shown(world, m)}
        for m in found[:limit]
        if m.pinned_at is not None
    ]
    return {"items": items, "has_more": len(found) > limit}


async def _list_pins_as_messages(call: Call) -> Json:
    channel = call.world.channel(call.id("channel_id"))
    return [_shown(call.world, m) for m in _pinned(call.world, channel)[:50]]


async def _pin(call: Call) -> Json:
    pins.pin(call.world, call.world.bot, _existing(call))


async def _unpin(call: Call) -> Json:
    pins.unpin(call.world, call.world.bot, _existing(call))


async def _react(call: Call) -> Json:
    world = call.world
    message = _existing(call)
    emoji = unquote(call.text("emoji"))
    bot = world.bot_in(message.channel)
    message_rights.check_not_archived(message.channel)
    if bot is not None:
        require(bot, message.channel, READ_MESSAGE_HISTORY)
        if emoji not in message.reactions:
            require(bot, message.channel, ADD_REACTIONS)
    who = message.reactions.setdefault(emoji, [])
    if world.bot.id not in who:
        who.append(world.bot.id)
        events.reaction_changed(
            world, "MESSAGE_REACTION_ADD", message, world.bot.id, {"id": None, "name": emoji}
        )


async def _unreact(call: Call) -> Json:
    world = call.world
    message = _existing(call)
    message_rights.check_not_archived(message.channel)
    emoji = unquote(call.text("emoji"))
    who = message.reactions.get(emoji, [])
    if world.bot.id in who:
        who.remove(world.bot.id)
        if not who:
            del message.reactions[emoji]
        events.reaction_changed(
            world, "MESSAGE_REACTION_REMOVE", message, world.bot.id, {"id": None, "name": emoji}
        )


def routes() -> list[Route]:
    """Return the routes of this module."""
    base = "/channels/{channel_id}/messages"
    one = base + "/{message_id}"
    return [
        Route("GET", base, _list),
        Route("POST", base, _create),
        Route("POST", base + "/bulk-delete", _bulk_delete),
        Route("GET", base + "/pins", _list_pins),
        Route("PUT", base + "/pins/{message_id}", _pin),
        Route("DELETE", base + "/pins/{message_id}", _unpin),
        Route("GET", "/channels/{channel_id}/pins", _list_pins_as_messages),
        Route("PUT", "/channels/{channel_id}/pins/{message_id}", _pin),
        Route("DELETE", "/channels/{channel_id}/pins/{message_id}", _unpin),
        Route("GET", one, _get),
        Route("PATCH", one, _edit),
        Route("DELETE", one, _delete),
        Route("PUT", one + "/reactions/{emoji}/@me", _react),
        Route("DELETE", one + "/reactions/{emoji}/@me", _unreact),
    ]
