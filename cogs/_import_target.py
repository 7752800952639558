"""Where an old discussion is to be brought back: the forum, what I lack there, and the tag."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.core.errors import UserError
from bot.core.ports import ThreadReference
from bot.store.forums import Forums
from cogs._access import Access
from cogs._forum_channel import ForumChannel, forum_id, server, visible_channel
from cogs._replay_rights import missing_for_replay
from cogs._setup_report import shown_tag

# A message holds 2,000 characters.
_FORUMS_NAMED = 20


class ImportTargets:
    """Finds the forum that a host means."""

    def __init__(self, forums: Forums, access: Access) -> None:
        self._forums = forums
        self._access = access

    async def find(
        self, interaction: discord.Interaction, chosen: app_commands.AppCommandChannel | None
    ) -> ForumChannel:
        """Give the chosen forum, or the one that one is in, or the only one there is.

        Raises `UserError` where it is not set up, where the person cannot read it, and where the
        bot lacks a permission that a replay needs.
        """
        here = forum_id(interaction, chosen)
        if chosen is None and not await self._is_set_up(here):
            here = await self._only_one(interaction)
        if not await self._is_set_up(here):
            raise UserError(
                f"<#{here}> is not set up, so I keep no discussions there. Use `/setup forum` for "
                "it first, then import the pages again."
            )
        channel = visible_channel(server(interaction), here)
        if channel is None:
            raise UserError(
                f"I cannot see <#{here}> any more. Give me the View Channel permission there (Edit "
                "Channel → Permissions), then import the pages again."
            )
        if not await self._is_readable(interaction, here):
            raise UserError(
                f"You cannot read <#{here}>, so you cannot bring a discussion back there. Name "
                "another channel with `forum`."
            )
        lacking = missing_for_replay(channel)
        if lacking:
            raise UserError(
                f"I cannot bring anything back in {channel.mention}: there I lack "
                f"{', '.join(lacking)}. Allow it under Edit Channel → Permissions, then import "
                "the pages again."
            )
        return channel

    async def _only_one(self, interaction: discord.Interaction) -> int:
        found = [
            forum.id
            for forum in await self._forums.of_guild(server(interaction).id)
            if await self._is_readable(interaction, forum.id)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise UserError(
                "No channel is set up yet, so there is nowhere to bring the discussion back. "
                "`/setup forum` names one; then import the pages again."
            )
        names = ", ".join(f"<#{id_}>" for id_ in found[:_FORUMS_NAMED])
        raise UserError(
            f"Into which forum? Name it with `forum`: {names}"
            f"{', …' if len(found) > _FORUMS_NAMED else ''}."
        )

    async def _is_set_up(self, channel_id: int) -> bool:
        forum = await self._forums.get(channel_id)
        return forum is not None and forum.removed_at is None and forum.hidden_at is None

    async def _is_readable(self, interaction: discord.Interaction, channel_id: int) -> bool:
        guild_id = server(interaction).id
        place = ThreadReference(guild_id, channel_id, channel_id, is_private=False)
        return await self._access.may_read(interaction, place)


def tags_of(channel: discord.abc.GuildChannel | None) -> Sequence[discord.ForumTag]:
    """Give the tags that threads of a channel may carry: none in a text channel."""
    return channel.available_tags if isinstance(channel, discord.ForumChannel) else ()


def requires_tag(channel: ForumChannel) -> bool:
    """Say whether each thread must carry a tag (error 40067 where one does not)."""
    return isinstance(channel, discord.ForumChannel) and channel.flags.require_tag


def tag_name(channel: ForumChannel, named: str | None) -> str | None:
    """Give the name of the tag that is meant, as the forum has it.

    Raises `UserError` where it has no such tag.
    """
    if named is None:
        return None
    tags = tags_of(channel)
    for tag in tags:
        if tag.name.casefold() == named.strip().casefold():
            return tag.name
    if not tags:
        raise UserError(f"{channel.mention} has no tags. Import the pages without `tag`.")
    raise UserError(
        f"{channel.mention} has no such tag. Choose one of its own: "
        f"{', '.join(shown_tag(tag) for tag in tags)}."
    )
