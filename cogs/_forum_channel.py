"""Which channel a command of a host is about: one that was chosen, or the one it is used in."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.core.errors import UserError

ForumChannel = discord.ForumChannel | discord.TextChannel

_TYPES = [discord.ChannelType.forum, discord.ChannelType.text]


class ForumChannelOption(app_commands.Transformer):
    """An option that offers forum and text channels, as Discord tells them."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels whose threads can be discussions."""
        return _TYPES

    async def transform(
        self,
        _interaction: discord.Interaction,
        value: app_commands.AppCommandChannel,
        /,
    ) -> app_commands.AppCommandChannel:
        """Give the channel as it came: the bot may not see it, which is for the command to say."""
        return value


ChosenChannel = app_commands.Transform[app_commands.AppCommandChannel, ForumChannelOption]


def forum_channel(
    interaction: discord.Interaction, chosen: app_commands.AppCommandChannel | None
) -> ForumChannel:
    """Give the chosen channel, or the one the command is used in, or that thread's parent.

    Raises `UserError` where its threads cannot be discussions, or the bot cannot see it.
    """
    guild = server(interaction)
    channel_id = forum_id(interaction, chosen)
    channel = guild.get_channel(channel_id)
    # The types and not the classes: discord.py has announcement and media channels in them too.
    if channel is not None and channel.type not in _TYPES:
        raise UserError(
            "Discussions are the threads of a forum channel or of a text channel, and "
            f"{channel.mention} is neither. Choose another with the `channel` option."
        )
    visible = visible_channel(guild, channel_id)
    if visible is None:
        raise UserError(
            f"I cannot see <#{channel_id}>. Give me the View Channel permission there (Edit "
            "Channel → Permissions), then use the command again."
        )
    return visible


def forum_id(
    interaction: discord.Interaction, chosen: app_commands.AppCommandChannel | None
) -> int:
    """Give the id of the chosen channel, or of the one the command is used in, or its parent."""
    if chosen is not None:
        return chosen.id
    if isinstance(interaction.channel, discord.Thread):
        return interaction.channel.parent_id
    if interaction.channel_id is None:
        raise UserError("Name the channel with the `channel` option.")
    return interaction.channel_id


def visible_channel(guild: discord.Guild, channel_id: int) -> ForumChannel | None:
    """Give a forum or text channel that the bot may view, or None."""
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, ForumChannel):
        return None
    return channel if channel.permissions_for(guild.me).view_channel else None


def server(interaction: discord.Interaction) -> discord.Guild:
    """Give the server a command is used in. Raises `UserError` where the bot is not in it."""
    if interaction.guild is None:
        raise UserError("This works only in a server that I am in: use it there.")
    return interaction.guild
