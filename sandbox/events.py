"""What the bot is told when something happens: "Gateway Events".

An event about a thread or a message goes out only if the bot sees the channel; a channel's own
events go out always, as clients need them to know what they lost or gained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import intents, message_payloads, payloads
from sandbox.permissions import can_view
from sandbox.state import SandboxThread
from sandbox.wire import optional_timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.guild import SandboxGuild
    from sandbox.people import SandboxRole
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.wire import JsonObject
    from sandbox.world import World


def _guild_id(channel: SandboxChannel) -> int | None:
    return None if channel.guild is None else channel.guild.id


def _message_intent(channel: SandboxChannel) -> int:
    return intents.DIRECT_MESSAGES if channel.guild is None else intents.GUILD_MESSAGES


def _publish_message(world: World, event: str, message: SandboxMessage) -> None:
    channel = message.channel
    needed = _message_intent(channel)
    if message.ephemeral or not world.gateway.asked_for(needed) or not world.bot_sees(channel):
        return
    body = message_payloads.message_event(message)
    world.gateway.publish(
        event,
        body,
        intents=needed,
        guild_id=_guild_id(channel),
        without_content=lambda: message_payloads.without_content(world, message, body),
    )


def message_created(world: World, message: SandboxMessage) -> None:
    """Send MESSAGE_CREATE."""
    _publish_message(world, "MESSAGE_CREATE", message)


def message_updated(world: World, message: SandboxMessage) -> None:
    """Send MESSAGE_UPDATE, which carries the whole message."""
    _publish_message(world, "MESSAGE_UPDATE", message)


def message_deleted(world: World, message: SandboxMessage) -> None:
    """Send MESSAGE_DELETE, which carries ids only."""
    channel = message.channel
    if message.ephemeral or not world.bot_sees(channel):
        return
    body: JsonObject = {"id": str(message.id), "channel_id": str(channel.id)}
    _publish_in_channel(world, "MESSAGE_DELETE", channel, body, _message_intent(channel))


def messages_deleted(world: World, channel: SandboxChannel, ids: Sequence[int]) -> None:
    """Send MESSAGE_DELETE_BULK, which carries ids only."""
    body: JsonObject = {"ids": [str(i) for i in ids], "channel_id": str(channel.id)}
    _publish_in_channel(world, "MESSAGE_DELETE_BULK", channel, body, intents.GUILD_MESSAGES)


def pins_updated(world: World, channel: SandboxChannel) -> None:
    """Send CHANNEL_PINS_UPDATE."""
    needed = intents.DIRECT_MESSAGES if channel.guild is None else intents.GUILDS
    body: JsonObject = {
        "channel_id": str(channel.id),
        "last_pin_timestamp": optional_timestamp(channel.last_pin_at),
    }
    _publish_in_channel(world, "CHANNEL_PINS_UPDATE", channel, body, needed)


def reaction_changed(
    world: World, event: str, message: SandboxMessage, user_id: int, emoji: JsonObject
) -> None:
    """Send MESSAGE_REACTION_ADD or MESSAGE_REACTION_REMOVE."""
    channel = message.channel
    in_guild = channel.guild is not None
    needed = intents.GUILD_MESSAGE_REACTIONS if in_guild else intents.DIRECT_MESSAGE_REACTIONS
    body: JsonObject = {
        "user_id": str(user_id),
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "emoji": emoji,
        "burst": False,
        "type": 0,
    }
    _publish_in_channel(world, event, channel, body, needed)


def _publish_in_channel(
    world: World, event: str, channel: SandboxChannel, body: JsonObject, needed: int
) -> None:
    if not world.bot_sees(channel):
        return
    guild_id = _guild_id(channel)
    if guild_id is not None:
        body["guild_id"] = str(guild_id)
    world.gateway.publish(event, body, intents=needed, guild_id=guild_id)


def channel_changed(world: World, event: str, channel: SandboxChannel) -> None:
    """Send CHANNEL_CREATE, CHANNEL_UPDATE or CHANNEL_DELETE."""
    guild = channel.guild
    if guild is not None and guild.connected:
        body = payloads.channel(channel)
        world.gateway.publish(event, body, intents=intents.GUILDS, guild_id=guild.id)


def thread_created(world: World, thread: SandboxThread, *, new: bool = True) -> None:
    """Send THREAD_CREATE: for a `new` thread, or when the bot was added to a private one."""
    if world.bot_sees(thread):
        body = payloads.thread(thread)
        if new:
            body["newly_created"] = True
        _publish_in_channel(world, "THREAD_CREATE", thread, body, intents.GUILDS)


def thread_updated(world: World, thread: SandboxThread) -> None:
    """Send THREAD_UPDATE."""
    body = payloads.thread(thread)
    body.pop("member", None)
    _publish_in_channel(world, "THREAD_UPDATE", thread, body, intents.GUILDS)


def thread_deleted(world: World, thread: SandboxThread) -> None:
    """Send THREAD_DELETE, which carries ids and the type only."""
    body: JsonObject = {
        "id": str(thread.id),
        "parent_id": str(thread.parent.id),
        "type": thread.kind,
    }
    _publish_in_channel(world, "THREAD_DELETE", thread, body, intents.GUILDS)


def threads_synced(world: World, guild: SandboxGuild, parents: Sequence[SandboxChannel]) -> None:
    """Send THREAD_LIST_SYNC: the bot sees `parents` again; archived threads are not in it."""
    threads = [t for t in guild.active_threads() if t.parent in parents and can_view(guild.me, t)]
    body: JsonObject = {
        "guild_id": str(guild.id),
        "channel_ids": [str(p.id) for p in parents],
        "threads": [payloads.thread(t) for t in threads],
        "members": [
            payloads.thread_member(t, guild.me.id) for t in threads if guild.me.id in t.members
        ],
    }
    world.gateway.publish("THREAD_LIST_SYNC", body, intents=intents.GUILDS, guild_id=guild.id)


def thread_members_changed(
    world: World, thread: SandboxThread, *, added: Sequence[int] = (), removed: Sequence[int] = ()
) -> None:
    """Send THREAD_MEMBERS_UPDATE.

    Without the Server Members intent it is sent only when the bot itself was added or removed;
    then always, though it does not see the thread any more ("Syncing for the current user").
    """
    about_bot = world.bot.id in (*added, *removed)
    body: JsonObject = {
        "id": str(thread.id),
        "member_count": len(thread.members),
        "added_members": [payloads.thread_member(thread, user_id) for user_id in added],
        "removed_member_ids": [str(user_id) for user_id in removed],
    }
    guild = thread.guild
    if about_bot and guild is not None and guild.connected:
        body["guild_id"] = str(guild.id)
        publish = world.gateway.publish
        publish("THREAD_MEMBERS_UPDATE", body, intents=intents.GUILDS, guild_id=guild.id)
    elif not about_bot:
        needed = intents.GUILD_MEMBERS
        _publish_in_channel(world, "THREAD_MEMBERS_UPDATE", thread, body, needed)


def thread_member_updated(world: World, thread: SandboxThread) -> None:
    """Send THREAD_MEMBER_UPDATE: the bot's own membership, when it has joined."""
    if world.bot.id not in thread.members:
        return
    body = payloads.thread_member(thread, world.bot.id)
    _publish_in_channel(world, "THREAD_MEMBER_UPDATE", thread, body, intents.GUILDS)


def guild_joined(world: World, guild: SandboxGuild, *, known: bool = False) -> None:
    """Send GUILD_CREATE: the bot was invited, or the outage of a `known` guild is over."""
    body = payloads.guild_create(world, guild, 0, known=known)
    world.gateway.publish("GUILD_CREATE", body, intents=intents.GUILDS, guild_id=guild.id)


def guild_left(world: World, guild: SandboxGuild, *, unavailable: bool) -> None:
    """Send GUILD_DELETE: an outage when `unavailable` is set, else the bot was removed."""
    body = payloads.guild_outage(guild) if unavailable else {"id": str(guild.id)}
    world.gateway.publish("GUILD_DELETE", body, intents=intents.GUILDS, guild_id=guild.id)


def guild_changed(world: World, event: str, guild: SandboxGuild, body: JsonObject) -> None:
    """Send a guild's own event, such as GUILD_UPDATE or GUILD_ROLE_CREATE."""
    if guild.connected:
        world.gateway.publish(event, body, intents=intents.GUILDS, guild_id=guild.id)


def role_changed(world: World, event: str, guild: SandboxGuild, role: SandboxRole) -> None:
    """Send GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE or GUILD_ROLE_DELETE."""
    body: JsonObject = {"guild_id": str(guild.id)}
    if event == "GUILD_ROLE_DELETE":
        body["role_id"] = str(role.id)
    else:
        body["role"] = payloads.role(role)
    guild_changed(world, event, guild, body)


def member_changed(world: World, event: str, guild: SandboxGuild, user_id: int) -> None:
    """Send GUILD_MEMBER_ADD, _UPDATE or _REMOVE: the bot's own always, others by intent."""
    if not guild.connected:
        return
    person = guild.members.get(user_id)
    body: JsonObject = {"guild_id": str(guild.id)}
    if event == "GUILD_MEMBER_REMOVE" or person is None:
        body["user"] = payloads.user(world.users[user_id])
    else:
        body |= payloads.member(person)
    needed = intents.GUILDS if user_id == world.bot.id else intents.GUILD_MEMBERS
    world.gateway.publish(event, body, intents=needed, guild_id=guild.id)


def webhooks_changed(world: World, channel: SandboxChannel) -> None:
    """Send WEBHOOKS_UPDATE."""
    body: JsonObject = {"channel_id": str(channel.id)}
    _publish_in_channel(world, "WEBHOOKS_UPDATE", channel, body, intents.GUILD_WEBHOOKS)
