"""A discussion's panel as a message: what it says, and its buttons."""

from __future__ import annotations

import discord

from bot.core.model import Discussion
from bot.core.panel import PanelMessage
from bot.core.place import Order
from cogs._naming import local_id
from cogs._present import COLOUR
from cogs._presses import button, view_of
from cogs._searches import SEARCH

TRACK = "track"
"""The action of a button that tracks a discussion; its state is the discussion's local id."""
BEGIN = "begin"
"""The action of a button that begins to read; its state is the discussion's id and an order."""
TAKE_HOME = "export"
"""The action of a button that gives a discussion as a file; its state is its local id."""

# Its last words tell a panel from all else, so that one which was sent is found again.
_FOOTER = "Marginalia keeps this discussion as number"


def beginning(text: str) -> tuple[int, Order] | None:
    """Read the state of `BEGIN`: the discussion's local id and the order; None for all else."""
    discussion_id, _, order = text.partition(".")
    found = local_id(discussion_id)
    return None if found is None or order not in set(Order) else (found, Order(order))


def panel_embed(panel: PanelMessage, discussion: Discussion) -> discord.Embed:
    """Give a panel as an embed."""
    embed = discord.Embed(title=panel.title, url=panel.url, colour=COLOUR)
    for name, value in panel.fields:
        embed.add_field(name=name, value=value, inline=not name.startswith("This"))
    embed.set_footer(text=f"{_FOOTER} {discussion.id}")
    return embed


def is_panel(message: discord.Message, discussion: Discussion) -> bool:
    """Say whether a message of the bot's is the panel of a discussion."""
    ending = f"{_FOOTER} {discussion.id}"
    return any(embed.footer.text == ending for embed in message.embeds)


def panel_view(discussion: Discussion) -> discord.ui.View:
    """Give the buttons of a panel; they work as long as the message is there."""
    state = str(discussion.id)
    return view_of(
        [
            button("Track", TRACK, state, row=0, style=discord.ButtonStyle.primary),
            button("Read from the start", BEGIN, f"{state}.{Order.OLDEST}", row=0),
            button("Newest", BEGIN, f"{state}.{Order.NEWEST}", row=0),
            button("Search", SEARCH, state, row=0),
            button("Export", TAKE_HOME, state, row=0),
        ]
    )
