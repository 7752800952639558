"""What a host decides on posts that vanished, and the doing of it."""

from __future__ import annotations

import discord

from bot.core.ports import Clock
from bot.core.post_line import counted
from bot.store.absences import Absences
from bot.store.notices import Notices
from bot.store.recording import Recording
from cogs._access import Access
from cogs._vanished_question import VanishedQuestion, Verdict

_DECIDED = "This has been decided already, or the posts have come back."


class Verdicts:
    """Takes hosts' answers to the questions about vanished posts, wherever they were asked."""

    def __init__(
        self,
        notices: Notices,
        absences: Absences,
        recording: Recording,
        access: Access,
        clock: Clock,
    ) -> None:
        self._notices = notices
        self._absences = absences
        self._recording = recording
        self._access = access
        self._clock = clock

    def buttons(self, notice_id: int) -> VanishedQuestion:
        """Give the buttons of a question."""
        return VanishedQuestion(notice_id, self._decide)

    async def _decide(
        self, interaction: discord.Interaction, notice_id: int, verdict: Verdict
    ) -> None:
        """Erase the posts, or show them again, where a host says so and none has before."""
        await interaction.response.defer()
        notice = await self._notices.get(notice_id)
        if notice is None:
            await interaction.edit_original_response(content=_DECIDED, view=None)
            return
        await self._access.require_host(interaction, notice.guild_id)
        now = self._clock.now()
        if verdict is Verdict.KEEP:
            kept = await self._absences.keep(notice_id, now)
            done = _DECIDED if kept is None else f"{counted(kept, 'post')} kept: shown again."
        else:
            # First the texts: if the bot ends in between, the question stays open.
            withheld = await self._absences.withheld(notice.discussion_id)
            erased = await self._recording.delete(notice.discussion_id, withheld, now)
            await self._absences.decided(notice_id, now)
            done = f"{counted(erased, 'post')} erased: the text is gone for good."
        await interaction.edit_original_response(content=done, view=None)
