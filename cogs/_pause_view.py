"""The button that lets paused digests go on."""

from __future__ import annotations

import discord

from cogs._presses import button, view_of

RESUME = "digests_resume"


def resume_view(label: str = "Resume") -> discord.ui.View:
    """Make the button; it means whoever presses it."""
    return view_of([button(label, RESUME, "", row=0, style=discord.ButtonStyle.primary)])
