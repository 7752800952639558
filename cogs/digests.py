"""The commands `/digest …`: how and when one is told, and what would come now."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.level import LEVEL_WORDS, Level
from bot.core.schedule import WEEKDAYS
from cogs._access import Access
from cogs._courier import DiscordCourier
from cogs._digest_preview import DigestPreview
from cogs._digest_settings import ChosenSettings, DigestSettings
from cogs._inbox import Inboxes
from cogs._naming import Choice

Hour = app_commands.Range[int, 0, 23]

_LEVELS = [
    app_commands.Choice(name=LEVEL_WORDS[level].capitalize(), value=level.value)
    for level in (Level.EVERY_POST, Level.DAILY, Level.WEEKLY)
]
_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(WEEKDAYS)]
_NO_QUIET = [app_commands.Choice(name="None: news may come at any hour", value="none")]


class DigestCommands(commands.Cog):
    """What people say and ask about the digests that they get."""

    digest = app_commands.Group(
        name="digest",
        description="How and when I tell you of what you track",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(self, settings: DigestSettings, preview: DigestPreview) -> None:
        self._settings = settings
        self._preview = preview

    @digest.command(
        name="settings",
        description="Choose how often and when you are told; without a choice, see how you are",
    )
    @app_commands.describe(
        often="How often you are told of what you track",
        day="The day on which the weekly digest comes",
        hour="The hour at which digests come, from 0 to 23, in your time zone",
        timezone="Your time zone: type a city",
        quiet_from="The hour from which nothing is sent to you, from 0 to 23",
        quiet_to="The hour until which nothing is sent to you, from 0 to 23",
        quiet="Have no quiet hours any more",
    )
    @app_commands.choices(often=_LEVELS, quiet=_NO_QUIET)
    @app_commands.choices(day=_DAYS)
    async def settings(
        self,
        interaction: discord.Interaction,
        often: app_commands.Choice[str] | None = None,
        day: app_commands.Choice[int] | None = None,
        hour: Hour | None = None,
        timezone: str | None = None,
        quiet_from: Hour | None = None,
        quiet_to: Hour | None = None,
        quiet: app_commands.Choice[str] | None = None,
    ) -> None:
        """Choose how often and when you are told; without a choice, see how you are."""
        chosen = ChosenSettings(
            level=None if often is None else Level(often.value),
            weekday=None if day is None else day.value,
            hour=hour,
            zone=timezone,
            quiet_from=quiet_from,
            quiet_to=quiet_to,
            ends_quiet=quiet is not None,
        )
        await self._settings.answer(interaction, chosen)

    @digest.command(
        name="preview",
        description="See exactly what your digest would say if it came now",
    )
    async def preview(self, interaction: discord.Interaction) -> None:
        """See exactly what your digest would say if it came now."""
        await self._preview.answer(interaction)

    @settings.autocomplete("timezone")
    async def _offer_zones(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._settings.zones(interaction, current)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app = bot.app
    courier = DiscordCourier(bot, Access(bot))
    await bot.add_cog(
        DigestCommands(
            DigestSettings(app.people, app.tracking, app.server_zones, bot.clock),
            DigestPreview(
                app.digests, Inboxes(app.people, courier), app.tracking, courier, bot.clock
            ),
        )
    )
