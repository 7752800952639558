"""What the bot's buttons have in common: errors are told, and a decision is asked for once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.client import answer_error

DECISION_SECONDS = 600.0

Action = Callable[[discord.Interaction], Awaitable[None]]


class View(discord.ui.View):
    """A view whose errors end where those of the commands do."""

    async def on_error(
        self,
        interaction: discord.Interaction,
        error: Exception,
        item: discord.ui.Item[Any],  # noqa: ARG002 - which button it was is in the log already
        /,
    ) -> None:
        """Answer privately what a button raised."""
        await answer_error(interaction, error)


class Decision(View):
    """Waits ten minutes for a decision in the private answer to `asked`; then nothing is done."""

    def __init__(self, asked: discord.Interaction) -> None:
        super().__init__(timeout=DECISION_SECONDS)
        self._asked = asked

    async def on_timeout(self) -> None:
        """Take what could be clicked away: it would not answer any more."""
        try:
            await self._asked.edit_original_response(
                content="Nothing was changed: there was no decision for ten minutes.", view=None
            )
        except discord.HTTPException:
            # The person has dismissed the message, or its 15 minutes are over.
            return


class Confirmation(Decision):
    """Asks for a decision in a private answer; `action` is done when it is confirmed.

    `action` must answer the interaction it is given, and must ask again whether the person may do
    this: minutes may have passed.
    """

    def __init__(self, asked: discord.Interaction, label: str, action: Action) -> None:
        super().__init__(asked)
        self._action = action
        self.confirm.label = label

    @discord.ui.button(style=discord.ButtonStyle.danger)
    async def confirm(
        self, interaction: discord.Interaction, _button: discord.ui.Button[Confirmation]
    ) -> None:
        """Do it."""
        await self._action(interaction)
        self.stop()

    @discord.ui.button(label="Cancel", style=discord.ButtonStyle.secondary)
    async def cancel(
        self, interaction: discord.Interaction, _button: discord.ui.Button[Confirmation]
    ) -> None:
        """Leave everything as it is."""
        await interaction.response.edit_message(content="Nothing was changed.", view=None)
        self.stop()
