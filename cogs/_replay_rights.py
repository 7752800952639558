"""What the bot needs in a channel to bring old discussions back there."""

from __future__ import annotations

import discord

from bot.core.permissions import missing

_NEEDED = frozenset({"view_channel", "read_message_history", "manage_webhooks"})
_NEEDED_IN_TEXT = _NEEDED | {"create_public_threads"}


def missing_for_replay(channel: discord.ForumChannel | discord.TextChannel) -> list[str]:
    """Give the permissions that it lacks there now, as Discord's settings call them."""
    needed = _NEEDED_IN_TEXT if isinstance(channel, discord.TextChannel) else _NEEDED
    granted = channel.permissions_for(channel.guild.me).value
    return [permission.label for permission in missing(granted) if permission.name in needed]
