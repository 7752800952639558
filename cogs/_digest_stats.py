"""What `/digest stats` shows a host: how the digests of their server go, in numbers."""

from __future__ import annotations

import discord

from bot.core.digest_statistics import compose_statistics
from bot.core.ports import Clock
from bot.store.channel_digests import ChannelDigests
from bot.store.digest_counts import DigestCounts
from cogs._access import Access
from cogs._channel_digest import channel_digest_words
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._present import COLOUR
from cogs._setup_report import described

_MORE = "… and more than fits here: `/digest channel` tells how a single forum's stands."


class DigestStats:
    """Counts for hosts, and the digests of those forums in channels that the host may read."""

    def __init__(
        self,
        counts: DigestCounts,
        channel_digests: ChannelDigests,
        host_rights: HostRights,
        access: Access,
        clock: Clock,
    ) -> None:
        self._counts = counts
        self._channel_digests = channel_digests
        self._host_rights = host_rights
        self._access = access
        self._clock = clock

    async def answer(self, interaction: discord.Interaction) -> None:
        """Show it privately. Raises `UserError` for others than hosts."""
        guild_id = server(interaction).id
        await self._host_rights.require_host(interaction)
        await interaction.response.defer(ephemeral=True)
        counts = await self._counts.of_guild(guild_id, self._clock.now())
        digests = await self._channel_digests.of_guild(guild_id)
        readable = await self._access.readable_forums(
            interaction, guild_id, [each.forum_id for each in digests]
        )
        in_channels = [
            [channel_digest_words(each)] for each in digests if each.forum_id in readable.public
        ]
        blocks = [[compose_statistics(counts)], ["**In channels**"], *in_channels]
        embed = discord.Embed(
            title="Digests of this server",
            description=described(blocks if in_channels else blocks[:1], _MORE),
            colour=COLOUR,
        )
        await interaction.edit_original_response(embed=embed)
