"""How threads begin and channels end, whoever does it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import events, messages, threads
from sandbox.drafts import Draft
from sandbox.errors import refused
from sandbox.kinds import (
    CHANNEL_NAME_CHANGE,
    HAS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    RECIPIENT_ADD,
    RECIPIENT_REMOVE,
    THREAD_CREATED,
    THREAD_STARTER_MESSAGE,
)
from sandbox.state import Reference, SandboxThread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.people import SandboxUser
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.world import World

# "Threads", section "New Message Types": how old "is still TBD", the value "very small".
_OLDER_MESSAGE = timedelta(minutes=5)


def start_forum_post(
    world: World,
    forum: SandboxChannel,
    name: str,
    owner: SandboxUser,
    draft: Draft,
    tags: Sequence[int],
    *,
    auto_archive_minutes: int | None = None,
) -> SandboxThread:
    """Start a forum's post; its first message has the thread's own id."""
    thread = threads.open_thread(
        world,
        forum,
        PUBLIC_THREAD,
        name,
        owner.id,
        tags=tags,
        auto_archive_minutes=auto_archive_minutes,
    )
    forum.last_message_id = thread.id
    events.thread_created(world, thread)
    messages.create(world, thread, owner, draft, message_id=thread.id)
    return thread


def start_from_message(
    world: World,
    message: SandboxMessage,
    name: str,
    owner: SandboxUser,
    *,
    auto_archive_minutes: int | None = None,
) -> SandboxThread:
    """Start a text channel message's thread, which gets its id; the message stays where it is.

    Raises 160004 when it already has one. Inside lies a message of type 21 that refers to it.
    """
    parent = message.channel
    if message.thread is not None:
        raise refused(160004)
    thread = threads.open_thread(
        world,
        parent,
        PUBLIC_THREAD,
        name,
        owner.id,
        thread_id=message.id,
        auto_archive_minutes=auto_archive_minutes,
    )
    message.thread = thread
    message.flags |= HAS_THREAD
    events.thread_created(world, thread)
    events.message_updated(world, message)
    guild_id = None if parent.guild is None else parent.guild.id
    reference = Reference(message.id, parent.id, guild_id)
    messages.create(
        world, thread, message.author, Draft(), kind=THREAD_STARTER_MESSAGE, reference=reference
    )
    if world.now() - message.created_at > _OLDER_MESSAGE:
        _announce(world, parent, thread, owner)
    return thread


def start_without_message(
    world: World,
    parent: SandboxChannel,
    name: str,
    owner: SandboxUser,
    *,
    private: bool,
    auto_archive_minutes: int | None = None,
) -> SandboxThread:
    """Start a text channel's thread from nothing; a public one is announced by a type 18."""
    kind = PRIVATE_THREAD if private else PUBLIC_THREAD
    thread = threads.open_thread(
        world, parent, kind, name, owner.id, auto_archive_minutes=auto_archive_minutes
    )
    events.thread_created(world, thread)
    if not private:
        _announce(world, parent, thread, owner)
    return thread


def _announce(
    world: World, parent: SandboxChannel, thread: SandboxThread, owner: SandboxUser
) -> None:
    guild_id = None if parent.guild is None else parent.guild.id
    reference = Reference(None, thread.id, guild_id)
    draft = Draft(content=thread.name)
    messages.create(world, parent, owner, draft, kind=THREAD_CREATED, reference=reference)


def announce_name(world: World, thread: SandboxThread, user: SandboxUser) -> None:
    """Say in a thread that it was renamed: a message of type 4 ("Threads")."""
    draft = Draft(content=thread.name)
    messages.create(world, thread, user, draft, kind=CHANNEL_NAME_CHANGE)


def add_to_thread(
    world: World, thread: SandboxThread, user: SandboxUser, added: SandboxUser
) -> None:
    """Let `user` bring somebody into a thread; a message of type 1 says so ("Threads")."""
    if added.id not in thread.members:
        threads.join(world, thread, added.id)
        _tell_of(world, thread, user, added, RECIPIENT_ADD)


def remove_from_thread(
    world: World, thread: SandboxThread, user: SandboxUser, removed: SandboxUser
) -> None:
    """Let `user` take somebody out of a thread; a message of type 2 says so ("Threads")."""
    if removed.id in thread.members:
        _tell_of(world, thread, user, removed, RECIPIENT_REMOVE)
        threads.leave(world, thread, removed.id)


def _tell_of(
    world: World, thread: SandboxThread, user: SandboxUser, whom: SandboxUser, kind: int
) -> None:
    if whom is not user:
        message = messages.compose(world, thread, user, Draft(), kind=kind)
        message.mentioned = (whom,)
        messages.place(world, message)


def delete_channel(world: World, channel: SandboxChannel) -> None:
    """Take a channel away with its threads and webhooks; only CHANNEL_DELETE is sent."""
    guild = channel.guild
    if guild is None:
        raise refused(50003)
    events.channel_changed(world, "CHANNEL_DELETE", channel)
    for thread in [t for t in guild.threads.values() if t.parent is channel]:
        del guild.threads[thread.id]
        world.channels.pop(thread.id, None)
    for webhook_id in channel.webhooks:
        world.webhooks.pop(webhook_id, None)
    del guild.channels[channel.id]
    world.channels.pop(channel.id, None)
