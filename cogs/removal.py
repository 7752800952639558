"""`/removed`: for hosts, what was deleted or ended and is not erased yet."""

from __future__ import annotations

import logging
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.core.ports import Clock
from bot.core.post_line import counted
from bot.exporting import Exporting, Format
from bot.store.removals import Removals
from bot.store.vanished_questions import VanishedQuestions
from cogs._access import Access
from cogs._choices import thread_reference
from cogs._export_file import send_export
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._naming import CHOICES, Choice, choice, shown_title
from cogs._removed_list import removed_list
from cogs._vanished_question import question
from cogs._vanished_verdicts import VanishedVerdicts
from cogs._views import Confirmation

logger = logging.getLogger(__name__)

QUESTIONS_SHOWN = 5

# Every member sees these commands, and each asks who uses it: see `cogs/setup.py`.


class Removal(
    commands.GroupCog,
    group_name="removed",
    group_description="For hosts: what was deleted or ended",
):
    """The commands on hidden discussions, and their erasure when the time has come."""

    def __init__(
        self,
        host_rights: HostRights,
        access: Access,
        removals: Removals,
        exporting: Exporting,
        vanished_questions: VanishedQuestions,
        verdicts: VanishedVerdicts,
        clock: Clock,
    ) -> None:
        self._host_rights = host_rights
        self._access = access
        self._removals = removals
        self._exporting = exporting
        self._vanished_questions = vanished_questions
        self._verdicts = verdicts
        self._clock = clock

    @app_commands.command(
        name="list", description="Show what was deleted or ended, and is to be erased"
    )
    async def list_removed(self, interaction: discord.Interaction) -> None:
        """Show the hidden discussions, and ask what is still to be decided."""
        await self._host_rights.require_host(interaction)
        guild_id = server(interaction).id
        removed = await self._removals.of_guild(guild_id)
        known = [one for one in removed if self._could_read(interaction, one)]
        await interaction.response.send_message(
            removed_list(known, len(removed) - len(known)), ephemeral=True
        )
        for asked in (await self._vanished_questions.of_guild(guild_id))[:QUESTIONS_SHOWN]:
            await interaction.followup.send(
                question(asked), view=self._verdicts.buttons(asked.id), ephemeral=True
            )

    @app_commands.command(description="Get a deleted or ended discussion as a file")
    @app_commands.rename(format_="format")
    @app_commands.describe(
        discussion="The deleted or ended discussion",
        format_="A page for the browser (the default), Markdown for paper, or JSON",
    )
    async def export(
        self,
        interaction: discord.Interaction,
        discussion: str,
        format_: Literal["html", "markdown", "json"] = "html",
    ) -> None:
        """Send the discussion privately, as it was kept."""
        await self._host_rights.require_host(interaction)
        removed = await self._named(interaction, discussion)
        await interaction.response.defer(ephemeral=True)
        await send_export(interaction, self._exporting, removed, Format(format_))

    @app_commands.command(description="Erase a deleted or ended discussion now, for good")
    @app_commands.describe(discussion="The deleted or ended discussion")
    async def erase(self, interaction: discord.Interaction, discussion: str) -> None:
        """Erase it, after asking once more."""
        await self._host_rights.require_host(interaction)
        removed = await self._named(interaction, discussion)

        async def erase(confirmed: discord.Interaction) -> None:
            await self._host_rights.require_host(confirmed)
            await self._removals.erase(removed.id, self._clock.now())
            done = f"{shown_title(removed.title)} is erased for good."
            await confirmed.response.edit_message(content=done, view=None)

        await interaction.response.send_message(
            f"Erase {shown_title(removed.title)} with its {counted(removed.post_count, 'post')} "
            "for good? "
            "Nobody can bring it back. `/removed export` gives it to you as a file first.",
            view=Confirmation(interaction, "Erase it", erase),
            ephemeral=True,
        )

    @export.autocomplete("discussion")
    @erase.autocomplete("discussion")
    async def _removed_titles(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        if not await self._host_rights.is_host(interaction):
            return []
        wanted = words.casefold().split()
        return [
            choice(removed.title, removed.id)
            for removed in await self._removals.of_guild(server(interaction).id)
            if self._could_read(interaction, removed)
            and all(word in removed.title.casefold() for word in wanted)
        ][:CHOICES]

    async def tick(self) -> None:
        """Erase what has been hidden for long enough."""
        erased = await self._removals.erase_due(self._clock.now())
        if erased:
            logger.info("Erased %d discussions that had been hidden for long enough", erased)

    def _could_read(self, interaction: discord.Interaction, removed: Discussion) -> bool:
        return self._access.could_read(interaction, thread_reference(removed))

    async def _named(self, interaction: discord.Interaction, named: str) -> Discussion:
        removed = None
        if named.isascii() and named.isdigit():
            removed = await self._removals.get(server(interaction).id, int(named))
        if removed is None or not self._could_read(interaction, removed):
            raise UserError(
                "There is no deleted or ended discussion like that here. Choose one from the list "
                "that appears while you type; `/removed list` shows them all."
            )
        return removed


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it erase what is due at every tick."""
    app = bot.app
    host_rights = HostRights(bot, app.hosts)
    verdicts = VanishedVerdicts(
        bot, app.vanished_questions, app.absences, app.recording, host_rights, app.clock
    )
    removal = Removal(
        host_rights,
        Access(bot),
        app.removals,
        app.exporting,
        app.vanished_questions,
        verdicts,
        app.clock,
    )
    await bot.add_cog(removal)
    app.ticker.every(app.settings.tick_seconds, removal.tick, name="removal")
