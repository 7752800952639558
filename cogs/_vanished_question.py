"""The question what is to become of posts that vanished: its words, and its two buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.core.post_line import counted, literal, timestamp
from bot.store.notices import Notice
from cogs._views import View

_TITLE_LIMIT = 100


class Verdict(StrEnum):
    """What a host says of posts that vanished."""

    ERASE = "erase"
    KEEP = "keep"


Decide = Callable[[discord.Interaction, int, Verdict], Awaitable[None]]
"""Answers a click: the interaction, the id of the notice, and what was chosen."""


class VanishedQuestion(View):
    """Two buttons that work as long as the question is open, after a restart too.

    The bot registers one for every open question when it starts (`Client.add_view`).
    """

    def __init__(self, notice_id: int, decide: Decide) -> None:
        super().__init__(timeout=None)
        self._notice_id = notice_id
        self._decide = decide
        self.erase.custom_id = f"vanished:erase:{notice_id}"
        self.keep.custom_id = f"vanished:keep:{notice_id}"

    @discord.ui.button(
        label="They were deleted: erase them", style=discord.ButtonStyle.danger, custom_id="erase"
    )
    async def erase(
        self, interaction: discord.Interaction, _button: discord.ui.Button[VanishedQuestion]
    ) -> None:
        """Take their texts away for good."""
        await self._decide(interaction, self._notice_id, Verdict.ERASE)

    @discord.ui.button(label="Keep them", style=discord.ButtonStyle.secondary, custom_id="keep")
    async def keep(
        self, interaction: discord.Interaction, _button: discord.ui.Button[VanishedQuestion]
    ) -> None:
        """Show them again."""
        await self._decide(interaction, self._notice_id, Verdict.KEEP)


def question(notice: Notice) -> str:
    """Ask a host, in a message of its own."""
    # A host need not be in a private thread, and must not learn its title from here.
    what = "a private discussion" if notice.is_private else shown_title(notice.title)
    return (
        f"**{counted(notice.post_count, 'post')} of {what} vanished at once** while I could not "
        f"see it happen: in <#{notice.forum_id}>, noticed {timestamp(notice.raised_at)}. I have "
        "hidden them and erased nothing.\n"
        "If somebody deleted them, let me erase their texts for good. If you keep them, I show "
        "them again as they were, though they are gone from Discord."
    )


def shown_title(title: str) -> str:
    """Give a discussion's title for a message."""
    return f"“{literal(title, _TITLE_LIMIT)}”"
