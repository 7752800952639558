"""The panel: the bot's one message in a new discussion, and `/panel` for all others."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.core.post_line import literal
from bot.store.panels import Panels
from cogs._access import Access
from cogs._choices import Choices
from cogs._hosts import HostRights
from cogs._naming import Choice
from cogs._panel_board import PanelBoard
from cogs._panel_view import panel_embed, panel_view

# Others come at the next tick: a server with many discussions is not stormed.
AT_A_TICK = 20
_TITLE_LIMIT = 100


class PanelCommands(
    commands.GroupCog, group_name="panel", group_description="How a discussion stands"
):
    """Posts panels, keeps them true, and shows them to who asks."""

    def __init__(
        self,
        panels: Panels,
        board: PanelBoard,
        choices: Choices,
        host_rights: HostRights,
        clock: Clock,
    ) -> None:
        self._panels = panels
        self._board = board
        self._choices = choices
        self._host_rights = host_rights
        self._clock = clock

    @app_commands.command(description="Show how a discussion stands; only you see it")
    @app_commands.describe(discussion="Which one; without it, the one you are in")
    async def show(self, interaction: discord.Interaction, discussion: str | None = None) -> None:
        """Show a panel privately, with its buttons."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.discussion(interaction, discussion)
        composed = await self._board.composed(chosen)
        await interaction.edit_original_response(
            embed=panel_embed(composed, chosen), view=panel_view(chosen)
        )

    @app_commands.command(description="For hosts: post the panel in a discussion that has none")
    @app_commands.describe(discussion="Which one; without it, the one you are in")
    async def post(self, interaction: discord.Interaction, discussion: str | None = None) -> None:
        """Let an existing discussion have a panel, though it wakes an archived thread."""
        await self._host_rights.require_host(interaction)
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.discussion(interaction, discussion)
        await self._host_rights.require_host(interaction, chosen.guild_id)
        if chosen.thread_id is None:
            raise UserError("This discussion has no thread yet: there its panel would be.")
        await self._panels.want(chosen.id, self._clock.now())
        await interaction.edit_original_response(
            content=f"“{literal(chosen.title, _TITLE_LIMIT)}” has its panel within a minute, if it "
            "has none yet. `/setup show` tells where I may not write."
        )

    @show.autocomplete("discussion")
    @post.autocomplete("discussion")
    async def _offer_discussions(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice]:
        return await self._choices.discussions(interaction, current)

    @commands.Cog.listener()
    async def on_discussion_begun(self, discussion_id: int) -> None:
        """Let a new discussion have a panel."""
        await self._panels.want(discussion_id, self._clock.now())

    async def tick(self) -> None:
        """Post what is to be posted, and look whether others still say what is so."""
        for panel in await self._panels.due(self._clock.now(), AT_A_TICK):
            await self._board.bring_up_to_date(panel)


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it look at every tick."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    board = PanelBoard(bot, app.panels, app.overviews, app.book_ratings, app.clock)
    panels = PanelCommands(app.panels, board, choices, HostRights(bot, app.hosts), app.clock)
    await bot.add_cog(panels)
    app.ticker.every(app.settings.tick_seconds, panels.tick, name="panels")
