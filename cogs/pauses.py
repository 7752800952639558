"""Digests that are paused: whoever does not know is told, and a button lets them go on."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.store.database import StorageUnavailableError
from bot.store.people import People
from bot.store.person import Inbox, Pause
from cogs._access import Access
from cogs._courier import DiscordCourier
from cogs._inbox import Inboxes
from cogs._no_answer import NO_ANSWER
from cogs._pause_view import RESUME, resume_view
from cogs._presses import Press, PressCog, begin_private_answer
from cogs._schedule_words import HOW_TO_OPEN, paused_words

logger = logging.getLogger(__name__)

_STILL_CLOSED = (
    "**Your direct messages are still closed to me:** the message with which I tried was refused, "
    f"and no digest can reach you. {HOW_TO_OPEN} Then press Try again."
)
_ARRIVED = "**Your digests go on.** I have sent you a direct message to try, and it arrived."
_UNSURE = (
    "**Your digests go on.** Whether my direct messages reach you I could not find out: Discord "
    "did not answer. If they do not, you will be told here."
)


class Pauses(PressCog):
    """Tells people of a pause that a closed inbox brought about, and ends pauses."""

    def __init__(self, people: People, inboxes: Inboxes, clock: Clock) -> None:
        self._people = people
        self._inboxes = inboxes
        self._clock = clock
        self.presses = {RESUME: self._resume}

    @commands.Cog.listener()
    async def on_interaction_answered(self, interaction: discord.Interaction) -> None:
        """Tell whoever uses the bot that their digests are paused, unless they know it."""
        person = await self._people.get(interaction.user.id)
        if person is None or person.paused is None or person.paused.is_told:
            return
        if not _can_be_told(interaction):
            return
        try:
            if await self._people.pause_told(person.user_id, self._clock.now()):
                await self._tell(interaction, person.paused)
        except StorageUnavailableError as error:
            logger.warning("Someone is told of their pause at another time: %s", error)

    async def _tell(self, interaction: discord.Interaction, pause: Pause) -> None:
        try:
            await interaction.followup.send(
                paused_words(pause, has_button=True), view=resume_view(), ephemeral=True
            )
        except NO_ANSWER as error:
            logger.warning("Someone is told of their pause at another time: %s", error)
            await self._people.pause_not_told(interaction.user.id)

    async def _resume(self, interaction: discord.Interaction, _press: Press) -> None:
        """Try whether direct messages arrive; unless they are refused, the digests go on."""
        await begin_private_answer(interaction)
        user_id = interaction.user.id
        if await self._people.get(user_id) is None:
            raise UserError("You track nothing yet, so nothing of yours is paused.")
        found = await self._inboxes.test(user_id, f"again-{interaction.id}")
        if found is Inbox.CLOSED:
            await interaction.edit_original_response(
                content=_STILL_CLOSED, view=resume_view("Try again")
            )
            return
        await self._people.resume(user_id)
        words = _ARRIVED if found is Inbox.OPEN else _UNSURE
        await interaction.edit_original_response(content=words, view=None)


def _can_be_told(interaction: discord.Interaction) -> bool:
    """Say whether something can follow: not on a list of choices, nor on a form that is open."""
    return interaction.response.type not in (
        None,
        discord.InteractionResponseType.autocomplete_result,
        discord.InteractionResponseType.modal,
    )


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    people = bot.app.people
    inboxes = Inboxes(people, DiscordCourier(bot, Access(bot)), bot.clock)
    await bot.add_cog(Pauses(people, inboxes, bot.clock))
