"""`/export`: a member takes home a discussion that they may read."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.exporting import Exporting, Format
from cogs._access import Access
from cogs._choices import Choices
from cogs._export_file import send_export
from cogs._naming import Choice, local_id
from cogs._panel_view import TAKE_HOME
from cogs._presses import Press, PressCog, known


class Export(PressCog):
    """Hands discussions over as files."""

    def __init__(self, choices: Choices, exporting: Exporting) -> None:
        self._choices = choices
        self._exporting = exporting
        self.presses = {TAKE_HOME: self._take_home}

    @app_commands.command(description="Take a discussion home as a file")
    @app_commands.rename(format_="format")
    @app_commands.describe(
        discussion="The discussion; without it, the one you are in",
        format_="A page for the browser (the default), Markdown for paper, or JSON",
    )
    async def export(
        self,
        interaction: discord.Interaction,
        discussion: str | None = None,
        format_: Literal["html", "markdown", "json"] = "html",
    ) -> None:
        """Send the file privately."""
        # To write a long discussion takes longer than Discord waits.
        await interaction.response.defer(ephemeral=True)
        named = await self._choices.discussion(interaction, discussion)
        await send_export(interaction, self._exporting, named, Format(format_))

    async def _take_home(self, interaction: discord.Interaction, press: Press) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        named = await self._choices.known_discussion(interaction, known(local_id(press.state)))
        await send_export(interaction, self._exporting, named, Format.HTML)

    @export.autocomplete("discussion")
    async def _titles(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        return await self._choices.discussions(interaction, words)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(Export(choices, app.exporting))
