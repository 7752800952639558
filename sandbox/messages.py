"""What happens to messages: sent, edited, deleted, by members, the bot and webhooks alike.

Who may do it is asked first, in `message_rights`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import events, message_payloads, threads
from sandbox.drafts import Draft, place_attachments, poll_as_shown
from sandbox.errors import refused
from sandbox.kinds import (
    DEFAULT,
    FORWARD,
    HAS_SNAPSHOT,
    REPLY,
    THREAD_STARTER_MESSAGE,
    USER_TYPES,
)
from sandbox.limits import Problems
from sandbox.mentions import resolve_mentions
from sandbox.snowflakes import created_at
from sandbox.state import SandboxMessage, SandboxThread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.people import SandboxUser
    from sandbox.state import Reference, SandboxChannel, SandboxWebhook
    from sandbox.wire import JsonObject
    from sandbox.world import World

_BULK_DELETE_AGE = timedelta(days=14)


def compose(
    world: World,
    channel: SandboxChannel,
    author: SandboxUser,
    draft: Draft,
    *,
    kind: int = DEFAULT,
    message_id: int | None = None,
    reference: Reference | None = None,
    answered: SandboxMessage | None = None,
    webhook: SandboxWebhook | None = None,
    webhook_name: str | None = None,
    webhook_avatar: str | None = None,
    interaction_metadata: JsonObject | None = None,
) -> SandboxMessage:
    """Make the message that `draft` becomes in `channel`, without putting it there."""
    forwards = reference is not None and reference.kind == FORWARD and answered is not None
    sender = channel.guild.members.get(author.id) if channel.guild and webhook is None else None
    mentioned, pinged = resolve_mentions(
        world,
        channel,
        draft.text,
        draft.allowed_mentions,
        sender=sender,
        answered=answered if kind == REPLY else None,
    )
    message = SandboxMessage(
        id=world.snowflakes.next() if message_id is None else message_id,
        channel=channel,
        author=author,
        content=draft.content,
        created_at=world.now(),
        type=kind,
        flags=draft.flags | (HAS_SNAPSHOT if forwards else 0),
        tts=draft.tts,
        embeds=draft.embeds,
        attachments=place_attachments(world, channel, draft.attachments),
        components=number_components(draft.components),
        stickers=draft.stickers,
        poll=None if draft.poll is None else poll_as_shown(world, draft.poll),
        reference=reference,
        nonce=draft.nonce,
        webhook=webhook,
        webhook_name=webhook_name,
        webhook_avatar=webhook_avatar,
        interaction_metadata=interaction_metadata,
        mentioned=mentioned,
        mentioned_roles=pinged.roles,
        mentions_everyone=pinged.everyone,
        pinged=pinged,
    )
    if forwards and answered is not None:
        message.snapshots = [message_payloads.message_snapshot(answered)]
    return message


def create(
    world: World,
    channel: SandboxChannel,
    author: SandboxUser,
    draft: Draft,
    *,
    kind: int = DEFAULT,
    message_id: int | None = None,
    reference: Reference | None = None,
    answered: SandboxMessage | None = None,
    interaction_metadata: JsonObject | None = None,
) -> SandboxMessage:
    """Send a person's or the bot's message."""
    message = compose(
        world,
        channel,
        author,
        draft,
        kind=kind,
        message_id=message_id,
        reference=reference,
        answered=answered,
        interaction_metadata=interaction_metadata,
    )
    place(world, message)
    return message


def place(world: World, message: SandboxMessage) -> None:
    """Put a message into its channel and tell of it.

    An archived thread comes back for it; its author and whom it mentions join the thread, unless
    it is a system message.
    """
    channel = message.channel
    if isinstance(channel, SandboxThread):
        if channel.archived:
            threads.change(world, channel, archived=False)
        speaks = message.type in (*USER_TYPES, THREAD_STARTER_MESSAGE) and message.webhook is None
        for person in (message.author, *message.mentioned) if speaks else message.mentioned:
            if channel.guild is not None and person.id in channel.guild.members:
                threads.join(world, channel, person.id)
        channel.total_sent += 1
    channel.add(message)
    events.message_created(world, message)


def number_components(components: list[JsonObject]) -> list[JsonObject]:
    """Return components with the ids Discord gives to those that have none."""
    count = 0

    def number(items: list[JsonObject]) -> list[JsonObject]:
        nonlocal count
        numbered = []
        for item in items:
            count += 1
            copy = {**item, "id": item.get("id") or count}
            if item.get("components"):
                copy["components"] = number(item["components"])
            if item.get("accessory"):
                copy["accessory"] = number([item["accessory"]])[0]
            numbered.append(copy)
        return numbered

    return number(components)


def draft_of(message: SandboxMessage) -> Draft:
    """Return what `message` holds now, to apply an edit to."""
    return Draft(
        content=message.content,
        embeds=message.embeds,
        attachments=list(message.attachments),
        components=message.components,
        stickers=message.stickers,
        poll=message.poll,
        flags=message.flags,
    )


def rewrite(world: World, message: SandboxMessage, draft: Draft) -> None:
    """Give `message` the draft's parts; mentions are read anew from its text ("Edit Message")."""
    channel = message.channel
    sender = channel.guild.members.get(message.author.id) if channel.guild else None
    message.content = draft.content
    message.embeds = draft.embeds
    message.attachments = place_attachments(world, channel, draft.attachments)
    message.components = number_components(draft.components)
    message.flags = draft.flags
    message.edited_at = world.now()
    answered = None
    if message.type == REPLY and message.reference and message.reference.message_id:
        answered = channel.find(message.reference.message_id)
    message.mentioned, now = resolve_mentions(
        world, channel, draft.text, draft.allowed_mentions, sender=sender, answered=answered
    )
    message.mentioned_roles, message.mentions_everyone = now.roles, now.everyone


def edit(world: World, message: SandboxMessage, draft: Draft, *, filled: bool = False) -> None:
    """Rewrite a message and tell of it; `filled` is a loading answer's first text, no edit."""
    rewrite(world, message, draft)
    if filled:
        message.edited_at = None
    events.message_updated(world, message)


def delete(world: World, message: SandboxMessage) -> None:
    """Take a message away."""
    message.channel.discard(message)
    events.message_deleted(world, message)


def bulk_delete(world: World, channel: SandboxChannel, ids: Sequence[int]) -> None:
    """Take 2 to 100 messages away at once; ids that are not there count but do nothing.

    Raises 50016 for another number, 50035 for a duplicate, 50034 for one over two weeks old.
    """
    if not 2 <= len(ids) <= 100:
        raise refused(50016)
    if len(set(ids)) != len(ids):
        problems = Problems()
        problems.add(("messages",), "SET_TYPE_ALREADY_CONTAINS_VALUE", "Duplicate message id")
        problems.raise_if_any()
    if any(world.now() - created_at(i) > _BULK_DELETE_AGE for i in ids):
        raise refused(50034)
    found = [message for i in ids if (message := channel.find(i)) is not None]
    for message in found:
        channel.discard(message)
    if found:
        events.messages_deleted(world, channel, [m.id for m in found])
