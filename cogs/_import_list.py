"""`/imports`: the imports of a server, and one of them chosen to be steered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.core.excerpt import Surface, excerpt
from bot.store.importing.replay_progress import ImportProgress
from cogs._import_board import shown_buttons
from cogs._import_words import import_line
from cogs._naming import CHOICE_NAME_LIMIT, CHOICES
from cogs._present import COLOUR, DESCRIPTION_LIMIT
from cogs._views import View

_CHOOSE = "imports:choose"
_NONE = (
    "No old discussion was brought back here yet. Save the pages of one (as text or HTML), then "
    "give them to `/import`."
)

Choose = Callable[[discord.Interaction, int], Awaitable[None]]
"""Answers a choice: the interaction, and the id of the discussion."""


def imports_embed(
    imports: Sequence[ImportProgress], chosen: ImportProgress | None
) -> discord.Embed:
    """Give the imports, the latest first; or the one that was chosen, by itself."""
    shown = imports if chosen is None else [chosen]
    return discord.Embed(
        title="Old discussions",
        description=_lines(shown) or _NONE,
        colour=COLOUR,
    )


def imports_view(
    imports: Sequence[ImportProgress], chosen: ImportProgress | None
) -> discord.ui.View | None:
    """Give what can be done: choose an import that is under way, and steer the chosen one.

    `ImportChooser` and `ImportButtons` answer the clicks: this view is only shown.
    """
    buttons = None if chosen is None else shown_buttons(chosen)
    steerable = [one for one in imports if shown_buttons(one) is not None][:CHOICES]
    if buttons is None and not steerable:
        return None
    view = buttons or discord.ui.View(timeout=None)
    if steerable:
        view.add_item(_select(steerable, chosen))
    view.stop()
    return view


class ImportChooser(View):
    """Answers the choice of an import under every `/imports`, after a restart too.

    The bot registers it when it starts (`Client.add_view`).
    """

    def __init__(self, choose: Choose) -> None:
        super().__init__(timeout=None)
        self._choose = choose

    @discord.ui.select(custom_id=_CHOOSE, options=[discord.SelectOption(label="An import")])
    async def choose(
        self, interaction: discord.Interaction, select: discord.ui.Select[ImportChooser]
    ) -> None:
        """Show the import that was chosen."""
        await self._choose(interaction, int(select.values[0]))


def _select(
    imports: Sequence[ImportProgress], chosen: ImportProgress | None
) -> discord.ui.Select[discord.ui.View]:
    return discord.ui.Select(
        placeholder="Pause, cancel or try one again",
        custom_id=_CHOOSE,
        options=[
            discord.SelectOption(
                label=excerpt(one.title, CHOICE_NAME_LIMIT, Surface.PLAIN) or "(no title)",
                value=str(one.discussion_id),
                default=chosen is not None and one.discussion_id == chosen.discussion_id,
            )
            for one in imports
        ],
    )


def _lines(imports: Sequence[ImportProgress]) -> str:
    """Give a line for each, as many as an embed holds."""
    lines: list[str] = []
    room = DESCRIPTION_LIMIT
    for place, one in enumerate(imports):
        line = import_line(one)
        rest = f"… and {len(imports) - place:,} earlier ones"
        if len(line) + len(rest) + 2 > room:
            return "\n".join([*lines, rest])
        lines.append(line)
        room -= len(line) + 1
    return "\n".join(lines)
