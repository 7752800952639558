"""The form that asks for words to look for in one discussion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord

from bot.client import answer_error
from bot.core.query import LONGEST_QUERY

_FORM_SECONDS = 600.0

Look = Callable[[discord.Interaction, str], Awaitable[None]]
"""Answers the form: the interaction, and the words that were typed."""


class SearchForm(discord.ui.Modal, title="Search this discussion"):
    """Asks for words, and lets `look` show what is found."""

    def __init__(self, look: Look) -> None:
        super().__init__(timeout=_FORM_SECONDS)
        self._look = look
        self._words: discord.ui.TextInput[SearchForm] = discord.ui.TextInput(
            placeholder='words, "quoted", -without, beginning*', max_length=LONGEST_QUERY
        )
        self.add_item(discord.ui.Label(text="Posts with all of these words", component=self._words))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Look for the words."""
        await self._look(interaction, self._words.value)

    async def on_error(  # type: ignore[override]  # as discord.py's own Modal has it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Answer privately what went wrong."""
        await answer_error(interaction, error)
