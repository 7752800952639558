"""State as the API's JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import intents as intent_bits
from sandbox.kinds import DIRECT, FORUM
from sandbox.permissions import can_view, permissions_in
from sandbox.state import SandboxThread
from sandbox.wire import optional_timestamp, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.gateway import Session
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.people import SandboxRole, SandboxUser
    from sandbox.state import SandboxChannel, SandboxWebhook
    from sandbox.wire import JsonObject
    from sandbox.world import World

_MAX_LISTED_THREAD_MEMBERS = 50


def user(person: SandboxUser) -> JsonObject:
    """Return a user object ("Users Resource")."""
    return {
        "id": str(person.id),
        "username": person.name.lower().replace(" ", "_"),
        "global_name": None if person.bot else person.name,
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
    }


def member_without_user(person: SandboxMember) -> JsonObject:
    """Return the partial member object that messages carry."""
    return {
        "roles": [str(role.id) for role in person.roles],
        "nick": person.nick,
        "avatar": None,
        "joined_at": timestamp(person.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def member(person: SandboxMember) -> JsonObject:
    """Return a guild member object ("Guild Resource")."""
    return {"user": user(person.user), **member_without_user(person)}


def role(item: SandboxRole) -> JsonObject:
    """Return a role object ("Permissions", section "Role Object")."""
    body: JsonObject = {
        "id": str(item.id),
        "name": item.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": item.position,
        "permissions": str(item.permissions),
        "managed": item.bot_id is not None,
        "mentionable": item.mentionable,
        "flags": 0,
    }
    if item.bot_id is not None:
        body["tags"] = {"bot_id": str(item.bot_id)}
    return body


def channel(item: SandboxChannel) -> JsonObject:
    """Return a channel or thread object ("Channels Resource")."""
    if isinstance(item, SandboxThread):
        return thread(item)
    body: JsonObject = {
        "id": str(item.id),
        "type": item.kind,
        "last_message_id": optional_id(item.last_message_id),
        "flags": 0,
    }
    if item.kind == DIRECT:
        body["recipients"] = [] if item.recipient is None else [user(item.recipient)]
        return body
    body |= {
        "guild_id": optional_id(None if item.guild is None else item.guild.id),
        "name": item.name,
        "topic": item.topic,
        "position": item.position,
        "parent_id": None,
        "nsfw": item.is_age_restricted,
        "rate_limit_per_user": item.slowmode_seconds,
        "last_pin_timestamp": optional_timestamp(item.last_pin_at),
        "default_auto_archive_duration": item.auto_archive_minutes,
        "permission_overwrites": [
            {"id": str(o.target_id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)}
            for o in item.overwrites.values()
        ],
    }
    if item.kind == FORUM:
        body |= {
            "flags": 1 << 4 if item.require_tag else 0,
            "available_tags": [
                {
                    "id": str(tag.id),
                    "name": tag.name,
                    "moderated": tag.moderated,
                    "emoji_id": None,
                    "emoji_name": None,
                }
                for tag in item.tags
            ],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }
    return body


def thread(item: SandboxThread) -> JsonObject:
    """Return a thread object, with the bot's own membership when it has joined."""
    guild = item.guild
    body: JsonObject = {
        "id": str(item.id),
        "type": item.kind,
        "guild_id": optional_id(None if guild is None else guild.id),
        "parent_id": str(item.parent.id),
        "owner_id": str(item.owner_id),
        "name": item.name,
        "last_message_id": optional_id(item.last_message_id),
        "last_pin_timestamp": optional_timestamp(item.last_pin_at),
        "rate_limit_per_user": item.slowmode_seconds,
        # The starter of a forum's post is not counted.
        "message_count": max(0, item.message_count - (item.parent.kind == FORUM)),
        "total_message_sent": max(0, item.total_sent - (item.parent.kind == FORUM)),
        "member_count": min(len(item.members), _MAX_LISTED_THREAD_MEMBERS),
        "thread_metadata": {
            "archived": item.archived,
            "auto_archive_duration": item.auto_archive_minutes,
            "archive_timestamp": timestamp(item.archive_changed_at),
            "locked": item.locked,
            "create_timestamp": timestamp(item.started_at),
        },
        "flags": item.flags,
    }
    if item.private:
        body["thread_metadata"]["invitable"] = item.invitable
    if item.parent.kind == FORUM:
        body["applied_tags"] = [str(tag) for tag in item.applied_tags]
    if guild is not None and guild.has_bot and guild.me.id in item.members:
        body["member"] = thread_member(item, guild.me.id)
    return body


def thread_member(item: SandboxThread, user_id: int) -> JsonObject:
    """Return a thread member object ("Channels Resource")."""
    return {
        "id": str(item.id),
        "user_id": str(user_id),
        "join_timestamp": timestamp(item.members[user_id]),
        "flags": 1,
    }


def guild(item: SandboxGuild) -> JsonObject:
    """Return a guild object ("Guild Resource")."""
    return {
        "id": str(item.id),
        "name": item.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "owner_id": str(item.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role(r) for r in item.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None if item.system_channel is None else str(item.system_channel.id),
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "preferred_locale": "en-US",
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "nsfw_level": 0,
        "max_members": 500_000,
        "max_presences": None,
    }


def guild_create(
    world: World, item: SandboxGuild, intents: int, *, known: bool = True
) -> JsonObject:
    """Return the GUILD_CREATE body: all channels, and the active threads the bot sees.

    `unavailable` is in it, and false, for a guild that was `known` before; clients tell by it
    that the bot did not just join.
    """
    threads = item.active_threads()
    everyone = bool(intents & intent_bits.GUILD_MEMBERS)
    body = {
        **guild(item),
        "joined_at": timestamp(item.me.joined_at),
        "large": len(item.members) > 250,
        "member_count": len(item.members),
        "members": [member(m) for m in (item.members.values() if everyone else [item.me])],
        "channels": [channel(c) for c in item.channels.values()],
        "threads": [thread(t) for t in threads if can_view(item.me, t)],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "version": world.snowflakes.next(),
    }
    if known:
        body["unavailable"] = False
    return body


def guild_outage(item: SandboxGuild) -> JsonObject:
    """Return the unavailable guild object: it is still the bot's, but nobody reaches it now."""
    return {"id": str(item.id), "unavailable": True}


def ready(world: World, session: Session, guilds: Iterable[SandboxGuild]) -> JsonObject:
    """Return the READY body: every guild is unavailable until its GUILD_CREATE."""
    return {
        "v": 10,
        "user": {**user(world.bot), "email": None, "mfa_enabled": False, "verified": True},
        "guilds": [guild_outage(g) for g in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway.url,
        "shard": list(session.shard),
        "application": {"id": str(world.application.id), "flags": world.application.flags},
        "private_channels": [],
        "relationships": [],
    }


def webhook(item: SandboxWebhook, *, with_user: bool = True) -> JsonObject:
    """Return a webhook object ("Webhook Resource"), its maker only for who is authenticated."""
    guild_id = None if item.channel.guild is None else item.channel.guild.id
    body: JsonObject = {
        "id": str(item.id),
        "type": 1,
        "guild_id": optional_id(guild_id),
        "channel_id": str(item.channel.id),
        "name": item.name,
        "avatar": item.avatar,
        "application_id": optional_id(item.application_id),
        "token": item.token,
    }
    if with_user:
        body["user"] = user(item.user)
    return body


def partial_channel(item: SandboxChannel, viewer: SandboxMember | None) -> JsonObject:
    """Return the channel of an interaction, with what its user may do there."""
    body = channel(item)
    if viewer is not None:
        body["permissions"] = str(permissions_in(viewer, item))
    return body


def optional_id(snowflake: int | None) -> str | None:
    """Return the id as JSON has it: text, or null."""
    return None if snowflake is None else str(snowflake)
