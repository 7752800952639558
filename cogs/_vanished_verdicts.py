"""What a host decides on posts that vanished, and the doing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import discord
from discord.ext import commands

from bot.core.ports import Clock
from bot.core.post_line import counted
from bot.store.absences import Absences
from bot.store.recording import Recording
from bot.store.vanished_questions import VanishedQuestion, VanishedQuestions
from cogs._host_questions import HostQuestion, PossibleAnswer, QuestionButtons, hosts_to_ask
from cogs._hosts import HostRights
from cogs._vanished_question import question

_DECIDED = "This has been decided already, or the posts have come back."


class VanishedVerdicts:
    """The questions about vanished posts (`HostQuestions`), and hosts' answers to them."""

    kind = "vanished"

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        vanished_questions: VanishedQuestions,
        absences: Absences,
        recording: Recording,
        host_rights: HostRights,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._vanished_questions = vanished_questions
        self._absences = absences
        self._recording = recording
        self._host_rights = host_rights
        self._clock = clock

    async def open(self) -> Sequence[int]:
        """Give the ids of all questions that nobody has decided."""
        return [asked.id for asked in await self._vanished_questions.open()]

    async def untold(self, now: datetime) -> Sequence[int]:
        """Give the ids of those that have reached nobody yet, and are due to."""
        return [asked.id for asked in await self._vanished_questions.untold(now)]

    async def compose(self, question_id: int) -> HostQuestion | None:
        """Put a question into words. Raises `CourierError` when Discord does not name the hosts."""
        asked = await self._vanished_questions.get(question_id)
        if asked is None:
            return None
        hosts = await hosts_to_ask(self._bot, self._host_rights, asked.guild_id, asked.host_id)
        return HostQuestion(hosts[0].id, question(asked)) if hosts else None

    async def told(self, question_id: int, now: datetime) -> None:
        """Note that the question has reached a host."""
        await self._vanished_questions.told(question_id, now)

    async def postpone(self, question_id: int, until: datetime) -> None:
        """Note when to try again; `/setup show` and `/removed list` show it meanwhile."""
        await self._vanished_questions.postpone(question_id, until)

    def buttons(self, question_id: int) -> QuestionButtons:
        """Give the buttons of a question."""
        erase = PossibleAnswer(
            "erase",
            "They were deleted: erase them",
            discord.ButtonStyle.danger,
            partial(self._erase, question_id),
        )
        keep = PossibleAnswer(
            "keep", "Keep them", discord.ButtonStyle.secondary, partial(self._keep, question_id)
        )
        return QuestionButtons(self.kind, question_id, (erase, keep))

    async def _erase(self, question_id: int, interaction: discord.Interaction) -> None:
        """Take the texts of the posts away for good."""
        asked = await self._asked(question_id, interaction)
        if asked is None:
            return
        now = self._clock.now()
        # First the texts: if the bot ends in between, the question stays open.
        withheld = await self._absences.withheld(asked.discussion_id)
        erased = await self._recording.delete(asked.discussion_id, withheld, now)
        await self._absences.decided(question_id, now)
        done = f"{counted(erased, 'post')} erased: the text is gone for good."
        await interaction.edit_original_response(content=done, view=None)

    async def _keep(self, question_id: int, interaction: discord.Interaction) -> None:
        """Show the posts again."""
        asked = await self._asked(question_id, interaction)
        if asked is None:
            return
        kept = await self._absences.keep(question_id, self._clock.now())
        done = _DECIDED if kept is None else f"{counted(kept, 'post')} kept: shown again."
        await interaction.edit_original_response(content=done, view=None)

    async def _asked(
        self, question_id: int, interaction: discord.Interaction
    ) -> VanishedQuestion | None:
        """Give the question while it is open, to a host; otherwise say that it is decided."""
        await interaction.response.defer()
        asked = await self._vanished_questions.get(question_id)
        if asked is None:
            await interaction.edit_original_response(content=_DECIDED, view=None)
            return None
        await self._host_rights.require_host(interaction, asked.guild_id)
        return asked
