"""Whether a channel may show a forum's digest to those who read it: to none kept out of the forum.

The bot cannot list the members of a server. So it asks what any combination of roles would let one
read, and asks for those members alone to whom a channel gives rights of their own.
"""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.core.audience import (
    READ_MESSAGE_HISTORY,
    VIEW_CHANNEL,
    Overwrite,
    Place,
    Role,
    who_reads_more,
)
from bot.core.permissions import REQUIRED
from bot.core.ports import CourierError
from cogs._members import current_members

# What the bot needs to post there, and to find what it posted when Discord's answer was lost.
_NEEDED = frozenset({"view_channel", "send_messages", "embed_links", "read_message_history"})
_ADVICE = "Let the channel be read by the forum's readers alone, or choose another one."

Channel = discord.ForumChannel | discord.TextChannel


async def channel_may_show(
    bot: commands.AutoShardedBot, channel_id: int, forum_id: int
) -> str | None:
    """Say in words for a host why a forum's digest may not be posted in a channel now, or None.

    Raises `CourierError` while that cannot be known.
    """
    await _hear_what_is_new(bot, forum_id)
    channel, forum = bot.get_channel(channel_id), bot.get_channel(forum_id)
    if (channel is None or forum is None) and not _knows_all(bot):
        raise CourierError("Discord does not tell the bot of all servers just now")
    if not isinstance(forum, Channel):
        return f"The forum's channel, <#{forum_id}>, is gone."
    if not isinstance(channel, discord.TextChannel) or channel.guild != forum.guild:
        return f"<#{channel_id}> is gone, or is no text channel of this server."
    if not forum.permissions_for(forum.guild.me).view_channel:
        return (
            f"I cannot see {forum.mention} any more: give me View Channel there (Edit Channel → "
            "Permissions)."
        )
    if channel.is_news():
        return (
            f"{channel.mention} is for announcements, which other servers can follow. Choose a "
            "text channel."
        )
    if lacking := _lacking(channel):
        return (
            f"I may not post in {channel.mention}: give me {', '.join(lacking)} there (Edit "
            "Channel → Permissions)."
        )
    if forum.nsfw and not channel.nsfw:
        return (
            f"{forum.mention} is age-restricted, and {channel.mention} is not. Restrict the "
            "channel too, or choose another one."
        )
    who = _roles_that_read_more(channel, forum) or await _member_who_reads_more(bot, channel, forum)
    if who is None:
        return None
    return (
        f"{who} can read {channel.mention}, and is kept out of {forum.mention} or its past. "
        f"{_ADVICE}"
    )


async def _hear_what_is_new(bot: commands.AutoShardedBot, forum_id: int) -> None:
    """Wait until all is known that the gateway has told of the forum's server.

    While the connection is down, roles and channels are known as they were before. Raises
    `CourierError` where there is no answer.
    """
    forum = bot.get_channel(forum_id)
    if isinstance(forum, Channel):
        await current_members(bot, forum.guild.id, [forum.guild.me.id])


def _knows_all(bot: commands.AutoShardedBot) -> bool:
    return bot.is_ready() and not any(guild.unavailable for guild in bot.guilds)


def _lacking(channel: discord.TextChannel) -> list[str]:
    granted = channel.permissions_for(channel.guild.me).value
    return [each.label for each in REQUIRED if each.name in _NEEDED and not granted & each.bit]


def _roles_that_read_more(channel: Channel, forum: Channel) -> str | None:
    guild = channel.guild
    # The bot's own role is the bot's alone.
    roles = [
        Role(role.id, role.permissions.value)
        for role in guild.roles
        if not role.is_default() and role != guild.self_role
    ]
    found = who_reads_more(
        Role(guild.default_role.id, guild.default_role.permissions.value),
        roles,
        _place(channel, VIEW_CHANNEL),
        _place(forum, VIEW_CHANNEL | READ_MESSAGE_HISTORY),
    )
    if found is None:
        return None
    if not found:
        return "Everyone"
    return f"Whoever has {' and '.join(f'<@&{role.id}>' for role in found)}"


def _place(channel: Channel, needed: int) -> Place:
    overwrites = {}
    for target, overwrite in channel.overwrites.items():
        allow, deny = overwrite.pair()
        overwrites[target.id] = Overwrite(allow.value, deny.value)
    return Place(needed, overwrites)


async def _member_who_reads_more(
    bot: commands.AutoShardedBot, channel: Channel, forum: Channel
) -> str | None:
    """Give one to whom a channel gives rights of their own that let them read more, or None.

    Raises `CourierError` where Discord does not say which roles they have.
    """
    asked = _with_rights_of_their_own(channel, forum)
    members = await current_members(bot, channel.guild.id, asked)
    for member in members.values():
        granted = forum.permissions_for(member)
        reads_forum = granted.view_channel and granted.read_message_history
        if channel.permissions_for(member).view_channel and not reads_forum:
            return member.mention
    return None


def _with_rights_of_their_own(channel: Channel, forum: Channel) -> list[int]:
    """Give the ids of members who are let into the channel, or kept out of the forum."""
    let_in = [
        target.id
        for target, own in channel.overwrites.items()
        if not _is_role(target) and own.view_channel
    ]
    kept_out = [
        target.id
        for target, own in forum.overwrites.items()
        if not _is_role(target) and False in (own.view_channel, own.read_message_history)
    ]
    return sorted({*let_in, *kept_out})


def _is_role(target: discord.Role | discord.Member | discord.Object) -> bool:
    if isinstance(target, discord.Object):
        return target.type is discord.Role
    return isinstance(target, discord.Role)
