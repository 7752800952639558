"""The button that lets paused digests go on."""

from __future__ import annotations

import discord

from cogs._presses import Item, button, view_of

RESUME = "digests_resume"


def resume_button(label: str = "Resume", *, row: int = 0) -> Item:
    """Make the button; it means whoever presses it."""
    return button(label, RESUME, "", row=row, style=discord.ButtonStyle.primary)


def resume_view(label: str = "Resume") -> discord.ui.View:
    """Make a view of that button alone."""
    return view_of([resume_button(label)])
