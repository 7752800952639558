"""Messages as the API's JSON objects ("Messages Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import payloads
from sandbox.kinds import CONTEXT_MENU_COMMAND, REPLY, THREAD_STARTER_MESSAGE
from sandbox.state import SandboxThread
from sandbox.wire import optional_timestamp, timestamp

if TYPE_CHECKING:
    from sandbox.state import SandboxAttachment, SandboxMessage
    from sandbox.wire import JsonObject
    from sandbox.world import World

# API documentation, "Message", section "Attachment Flags".
IS_SPOILER = 1 << 3

_ANSWERS_SOMETHING = (REPLY, THREAD_STARTER_MESSAGE, CONTEXT_MENU_COMMAND)


def attachment(file: SandboxAttachment) -> JsonObject:
    """Return an attachment object ("Messages Resource")."""
    body: JsonObject = {
        "id": str(file.id),
        "filename": file.filename,
        "size": len(file.content) if file.size is None else file.size,
        "url": file.url,
        "proxy_url": file.url.replace("cdn.discordapp.com", "media.discordapp.net"),
    }
    for name in ("content_type", "description", "duration_secs", "waveform"):
        value = getattr(file, name)
        if value is not None:
            body[name] = value
    if file.is_spoiler:
        body["flags"] = IS_SPOILER
    return body


def message(item: SandboxMessage, *, resolve: bool = True) -> JsonObject:
    """Return a message object ("Messages Resource") as REST answers it.

    `resolve` includes the message that it answers, one level deep; null says it was deleted.
    """
    body: JsonObject = {
        "id": str(item.id),
        "channel_id": str(item.channel.id),
        "author": _author(item),
        "content": item.content,
        "timestamp": timestamp(item.created_at),
        "edited_timestamp": optional_timestamp(item.edited_at),
        "tts": item.tts,
        "mention_everyone": item.mentions_everyone,
        "mentions": [payloads.user(u) for u in item.mentioned],
        "mention_roles": [str(r) for r in sorted(item.mentioned_roles)],
        "attachments": [attachment(a) for a in item.attachments],
        "embeds": item.embeds,
        "pinned": item.pinned_at is not None,
        "type": item.type,
        "flags": item.flags,
        "components": item.components,
    }
    body |= _optional_parts(item)
    if item.reference is not None:
        _add_reference(body, item, resolve=resolve)
    return body


def _optional_parts(item: SandboxMessage) -> JsonObject:
    """Return the fields that are there only when a message has them."""
    parts: JsonObject = {}
    if item.webhook is not None:
        parts["webhook_id"] = str(item.webhook.id)
        if item.webhook.application_id is not None:
            parts["application_id"] = str(item.webhook.application_id)
    if item.interaction_metadata is not None:
        parts["interaction_metadata"] = item.interaction_metadata
        parts["application_id"] = parts["webhook_id"] = str(item.author.id)
    if item.reactions:
        parts["reactions"] = [_reaction(emoji, who) for emoji, who in item.reactions.items()]
    if item.thread is not None:
        parts["thread"] = payloads.thread(item.thread)
    for name, value in (
        ("nonce", item.nonce),
        ("sticker_items", item.stickers or None),
        ("poll", item.poll),
        ("message_snapshots", item.snapshots or None),
    ):
        if value is not None:
            parts[name] = value
    return parts


def message_event(item: SandboxMessage) -> JsonObject:
    """Return the MESSAGE_CREATE or MESSAGE_UPDATE body: the message, its guild, its member."""
    body = message(item)
    guild_of = item.channel.guild
    if guild_of is not None:
        body["guild_id"] = str(guild_of.id)
        author = guild_of.members.get(item.author.id)
        if author is not None and item.webhook is None:
            body["member"] = payloads.member_without_user(author)
        for mention in body["mentions"]:
            mentioned = guild_of.members.get(int(mention["id"]))
            if mentioned is not None:
                mention["member"] = payloads.member_without_user(mentioned)
    return body


def without_content(world: World, item: SandboxMessage, body: JsonObject) -> JsonObject:
    """Return `body` as an application without the Message Content intent gets it.

    "Gateway", section "Message Content Intent". The message and the one it answers are judged
    each for itself.
    """
    lean = body if is_exempt(world, item) else _emptied(body)
    answered = _answered(item)
    if answered is not None and body.get("referenced_message") and not is_exempt(world, answered):
        lean = {**lean, "referenced_message": _emptied(body["referenced_message"])}
    return lean


def _emptied(body: JsonObject) -> JsonObject:
    lean = {**body, "content": "", "embeds": [], "attachments": [], "components": []}
    lean.pop("poll", None)
    if lean.get("message_snapshots"):
        lean["message_snapshots"] = [
            {"message": _emptied(s["message"])} for s in lean["message_snapshots"]
        ]
    return lean


def seen_by_bot(world: World, item: SandboxMessage, body: JsonObject) -> JsonObject:
    """Return `body` as REST shows it: the portal's toggle decides about content."""
    return body if world.application.message_content else without_content(world, item, body)


def content_is_open(world: World, item: SandboxMessage) -> bool:
    """Return whether REST shows the bot what is in `item`."""
    return world.application.message_content or is_exempt(world, item)


def is_exempt(world: World, item: SandboxMessage) -> bool:
    """Return whether the bot may read `item` without the intent: its own, DMs, mentions."""
    return (
        item.channel.guild is None
        or item.author is world.bot
        or world.bot in item.mentioned
        or (item.webhook is not None and item.webhook.application_id == world.application.id)
    )


def message_snapshot(item: SandboxMessage) -> JsonObject:
    """Return what a forward keeps of a message ("Message Snapshot Structure")."""
    body = message(item, resolve=False)
    kept = ("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags")
    names = (*kept, "mentions", "mention_roles", "sticker_items", "components")
    return {"message": {name: body[name] for name in names if name in body}}


def _author(item: SandboxMessage) -> JsonObject:
    if item.webhook is None:
        return payloads.user(item.author)
    return {
        "id": str(item.webhook.id),
        "username": item.author_name,
        "global_name": None,
        "discriminator": "0000",
        "avatar": item.webhook_avatar,
        "bot": True,
        "public_flags": 0,
    }


def _reaction(emoji: str, who: list[int]) -> JsonObject:
    name, _, emoji_id = emoji.partition(":")
    return {
        "emoji": {"id": emoji_id or None, "name": name},
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "burst_colors": [],
        "me": False,
        "me_burst": False,
    }


def _add_reference(body: JsonObject, item: SandboxMessage, *, resolve: bool) -> None:
    reference = item.reference
    if reference is None:
        return
    shown: JsonObject = {"type": reference.kind, "channel_id": str(reference.channel_id)}
    if reference.message_id is not None:
        shown["message_id"] = str(reference.message_id)
    if reference.guild_id is not None:
        shown["guild_id"] = str(reference.guild_id)
    body["message_reference"] = shown
    if resolve and item.type in _ANSWERS_SOMETHING and reference.message_id is not None:
        answered = _answered(item)
        body["referenced_message"] = None if answered is None else message(answered, resolve=False)


def _answered(item: SandboxMessage) -> SandboxMessage | None:
    """Return the message that `item` resolves, if it is still there."""
    if item.reference is None or item.reference.message_id is None:
        return None
    holder = item.channel
    if item.type == THREAD_STARTER_MESSAGE and isinstance(holder, SandboxThread):
        holder = holder.parent
    return holder.find(item.reference.message_id)
