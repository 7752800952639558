"""Whether the bot may read a forum's threads now, and what to tell a host where it may not."""

from __future__ import annotations

import discord

ForumChannel = discord.ForumChannel | discord.TextChannel
"""What can be set up as a forum."""


def reading_trouble(channel: discord.abc.GuildChannel) -> str | None:
    """Say in words for a host why the channel's threads cannot be read; None where they can.

    Without Read Message History, Discord answers with an empty history instead of an error: so
    this is asked before what is not there may count as gone.
    """
    granted = channel.permissions_for(channel.guild.me)
    missing = []
    if not granted.view_channel:
        missing.append("View Channel")
    if not granted.read_message_history:
        missing.append("Read Message History")
    if not missing:
        return None
    return (
        f"I may not read {channel.mention}: give my role {' and '.join(missing)} there. "
        "What was posted meanwhile is read as soon as I may."
    )


def unseen_trouble(channel_id: int) -> str:
    """Say in words for a host that Discord does not show the bot a channel."""
    return (
        f"I do not see the channel <#{channel_id}>: give my role View Channel and Read Message "
        "History there. What was posted meanwhile is read as soon as I may."
    )
