"""The time zone of a server, as hosts see and name it."""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.core.post_line import literal
from bot.core.zones import load_zone, matching_zones
from bot.store.server_zones import ServerZones
from cogs._forum_channel import server
from cogs._naming import Choice, choice

_NAME_LIMIT = 60
_NO_ZONE = "none"


class ServerZone:
    """Shows and changes a server's time zone; `default_zone` counts where there is none."""

    def __init__(self, server_zones: ServerZones, default_zone: str, clock: Clock) -> None:
        self._server_zones = server_zones
        self._default_zone = default_zone
        self._clock = clock

    async def name(self, interaction: discord.Interaction, zone: str | None) -> None:
        """Name the zone, or say privately which it is. Raises `UserError` for one that is none."""
        guild = server(interaction)
        named = None if zone is None else zone.strip()
        if named is not None:
            chosen = None if named.casefold() == _NO_ZONE else named
            await self._server_zones.set(guild.id, guild.name, chosen, self._clock.now())
        await interaction.response.send_message(await self._words(guild.id), ephemeral=True)

    async def choices(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer zones, that of the server first, and to have none."""
        guild_id = server(interaction).id
        offered = matching_zones(words, limit=24, nearby=await self._server_zones.get(guild_id))
        none = choice(f"None: {self._default_zone} counts, as everywhere", _NO_ZONE)
        return [*(choice(zone, zone) for zone in offered), none]

    async def _words(self, guild_id: int) -> str:
        zone = await self._server_zones.get(guild_id)
        if zone is None:
            return (
                f"This server has no time zone of its own, so {self._default_zone} counts for "
                "members who chose none. `/setup timezone` with a city names one."
            )
        try:
            local = self._clock.now().astimezone(load_zone(zone))
        except UserError:
            return (
                f"**The world's list of time zones has no {literal(zone, _NAME_LIMIT)} any more,** "
                f"so {self._default_zone} counts here. `/setup timezone` with a city names another."
            )
        return (
            f"**{zone}** is this server's time zone; it is {local:%H:%M} there now. It counts for "
            "members who began to track here and chose none with `/digest settings`, and for this "
            "server's digests in channels."
        )
