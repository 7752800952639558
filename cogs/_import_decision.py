"""The decision below the preview of an import: nothing is stored before it is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.core.post_line import counted
from cogs._import_preview import Offer
from cogs._views import Decision, View

CONFIRM = "import-preview:confirm"
"""The id of the button that imports what is shown."""

_CANCEL, _TAG = "import-preview:cancel", "import-preview:tag"

Import = Callable[[discord.Interaction, str | None], Awaitable[str]]
"""Stores what was shown, with the name of the tag, and says what becomes of it."""


class ImportDecision(Decision):
    """Waits for the host to import what is shown, or not; and for a tag where one is needed."""

    def __init__(self, asked: discord.Interaction, offer: Offer, bring: Import) -> None:
        super().__init__(asked)
        self._offer = offer
        self._bring = bring
        self._tag = offer.tag
        self._is_decided = False
        if offer.tags:
            self.add_item(_TagSelect(offer.tags, self._choose))
            self.confirm.disabled = True
        self.confirm.label = (
            f"Import {counted(offer.plan.added, 'post')}" if offer.plan.added else "Try again"
        )

    @discord.ui.button(style=discord.ButtonStyle.success, custom_id=CONFIRM, row=1)
    async def confirm(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ImportDecision]
    ) -> None:
        """Import it, once."""
        await interaction.response.defer()
        if self._is_decided:
            return
        self._is_decided = True
        try:
            words = await self._bring(interaction, self._tag)
        except Exception:
            # Nothing was stored: the host may try again.
            self._is_decided = False
            raise
        self.stop()
        await interaction.edit_original_response(content=words, view=None)

    @discord.ui.button(
        label="Cancel", style=discord.ButtonStyle.secondary, custom_id=_CANCEL, row=1
    )
    async def cancel(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ImportDecision]
    ) -> None:
        """Import nothing."""
        self.stop()
        await interaction.response.edit_message(
            content="Nothing was imported.", embed=None, attachments=[], view=None
        )

    async def _choose(self, interaction: discord.Interaction, tag: str) -> None:
        self._tag = tag
        self.confirm.disabled = False
        await interaction.response.edit_message(view=self)


class _TagSelect(discord.ui.Select[ImportDecision]):
    def __init__(
        self,
        tags: Sequence[str],
        choose: Callable[[discord.Interaction, str], Awaitable[None]],
    ) -> None:
        super().__init__(
            placeholder="The tag of its thread",
            custom_id=_TAG,
            options=[discord.SelectOption(label=tag) for tag in tags],
            row=0,
        )
        self._choose = choose

    async def callback(self, interaction: discord.Interaction) -> None:
        (tag,) = self.values
        for option in self.options:
            option.default = option.value == tag
        await self._choose(interaction, tag)


class ClosedPreview(View):
    """Answers clicks on previews whose pages are not in memory any more, as after a restart.

    The bot registers it when it starts: discord.py turns to it where no other view is waiting on
    the message.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Import", custom_id=CONFIRM)
    async def confirm(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ClosedPreview]
    ) -> None:
        """Say that it is closed."""
        await _say_closed(interaction)

    @discord.ui.button(label="Cancel", custom_id=_CANCEL)
    async def cancel(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ClosedPreview]
    ) -> None:
        """Say the same."""
        await _say_closed(interaction)

    @discord.ui.select(custom_id=_TAG, options=[discord.SelectOption(label="A tag")])
    async def tag(
        self, interaction: discord.Interaction, _select: discord.ui.Select[ClosedPreview]
    ) -> None:
        """Say the same."""
        await _say_closed(interaction)


async def _say_closed(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(
        "This preview is closed: it was decided on, or I was started anew since I read the pages. "
        "`/imports` shows what was imported; to import something else, use `/import` again.",
        ephemeral=True,
    )
