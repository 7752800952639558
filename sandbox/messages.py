"""What happens to messages: sent, edited, deleted, pinned, by whomever.

Who may do it is asked first (`check_*`); what then follows is the same for members, the bot and
webhooks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import events, message_payloads, threads
from sandbox.drafts import Draft, place_attachments, poll_as_shown
from sandbox.errors import refused
from sandbox.limits import Problems
from sandbox.mentions import resolve_mentions
from sandbox.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    SEND_POLLS,
    SEND_TTS_MESSAGES,
    require,
)
from sandbox.snowflakes import created_at
from sandbox.state import (
    DEFAULT,
    FORUM,
    FORWARD,
    HAS_SNAPSHOT,
    IS_VOICE_MESSAGE,
    REPLY,
    THREAD_STARTER_MESSAGE,
    USER_TYPES,
    SandboxMessage,
    SandboxThread,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.member import SandboxMember
    from sandbox.state import Reference, SandboxChannel, SandboxUser, SandboxWebhook
    from sandbox.wire import JsonObject
    from sandbox.world import World

# Error 30046 exists, its number is not documented: a message over an hour old takes few edits.
LATE_EDIT_AGE = timedelta(hours=1)
LATE_EDITS = 5
_BULK_DELETE_AGE = timedelta(days=14)
# "Messages Resource", section "Message Types": what cannot be deleted.
_UNDELETABLE_TYPES = (1, 2, 3, 4, 5, 21)


def check_may_send(world: World, member: SandboxMember | None, channel: SandboxChannel) -> None:
    """Raise what Discord raises when `member` may not speak in `channel` (None: the bot, in DM)."""
    if channel.kind == FORUM:
        raise refused(40058)
    if member is None:
        recipient = channel.recipient
        if recipient is None or recipient.bot:
            raise refused(50007)
        if not world.shares_guild(recipient):
            raise refused(50278)
        if not recipient.inbox_open:
            raise refused(50007)
        return
    if isinstance(channel, SandboxThread):
        require(member, channel, SEND_MESSAGES_IN_THREADS)
        threads.check_not_locked(member, channel)
    else:
        require(member, channel, SEND_MESSAGES)


def check_parts(member: SandboxMember | None, channel: SandboxChannel, draft: Draft) -> None:
    """Raise 50013 when `draft` has a part for which `member` lacks the permission."""
    if member is None:
        return
    if draft.attachments:
        require(member, channel, ATTACH_FILES)
    if draft.embeds:
        require(member, channel, EMBED_LINKS)
    if draft.poll is not None:
        require(member, channel, SEND_POLLS)
    if draft.tts:
        require(member, channel, SEND_TTS_MESSAGES)


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


def check_may_edit(world: World, author: SandboxUser, message: SandboxMessage) -> None:
    """Raise 50005, 50083 or 30046 when `author` may not change the message now."""
    if message.author is not author or message.webhook is not None:
        raise refused(50005)
    if message.type not in USER_TYPES:
        raise refused(50021)
    if message.flags & IS_VOICE_MESSAGE:
        raise refused(50162)
    channel = message.channel
    check_not_archived(channel)
    if isinstance(channel, SandboxThread) and channel.guild is not None:
        threads.check_not_locked(channel.guild.members[author.id], channel)
    if author.bot and world.now() - message.created_at > LATE_EDIT_AGE:
        if message.late_edits >= LATE_EDITS:
            raise refused(30046)
        message.late_edits += 1


def check_not_archived(channel: SandboxChannel) -> None:
    """Raise 50083 in an archived thread, where nothing is edited, reacted to or pinned."""
    if isinstance(channel, SandboxThread) and channel.archived:
        raise refused(50083)


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


def check_may_delete(user: SandboxUser, message: SandboxMessage) -> None:
    """Raise 50021 for a system message, 50013 for another's without Manage Messages."""
    if message.type in _UNDELETABLE_TYPES:
        raise refused(50021)
    channel = message.channel
    if isinstance(channel, SandboxThread) and channel.archived and channel.guild is not None:
        threads.check_not_locked(channel.guild.members[user.id], channel)
    if message.author is user and message.webhook is None:
        return
    guild = message.channel.guild
    if guild is None:
        raise refused(50003)
    require(guild.members[user.id], message.channel, MANAGE_MESSAGES)


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
