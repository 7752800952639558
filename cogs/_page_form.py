"""The form that asks for the number of a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord

from bot.client import answer_error
from bot.core.errors import UserError

_FORM_SECONDS = 600.0

Turn = Callable[[discord.Interaction, int], Awaitable[None]]
"""Answers the form: the interaction, and the page that was asked for."""


class PageForm(discord.ui.Modal, title="Go to a page"):
    """Asks for a page between 1 and `pages`, and lets `turn` show it."""

    def __init__(self, pages: int, present: int, turn: Turn) -> None:
        super().__init__(timeout=_FORM_SECONDS)
        self._pages = pages
        self._turn = turn
        self._number: discord.ui.TextInput[PageForm] = discord.ui.TextInput(
            placeholder=str(present), max_length=9
        )
        self.add_item(discord.ui.Label(text=f"Page (1 to {pages:,})", component=self._number))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Turn to the page."""
        typed = self._number.value.strip().replace(",", "")
        page = int(typed) if typed.isascii() and typed.isdigit() else 0
        if not 1 <= page <= self._pages:
            raise UserError(f"Give the number of a page: 1 to {self._pages:,}.")
        await self._turn(interaction, page)

    async def on_error(  # type: ignore[override]  # as discord.py's own Modal has it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Answer privately what went wrong."""
        await answer_error(interaction, error)
