"""Tells members what became of their claims."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.core.ports import Clock
from bot.core.post_line import literal
from bot.store.old_authors.claims import Claim, Claims
from cogs._no_answer import NO_ANSWER
from cogs._old_authors import author_words

logger = logging.getLogger(__name__)

_SERVER_LIMIT = 100


class ClaimOutcomes:
    """By a direct message; where it does not arrive, when they use a command the next time."""

    def __init__(self, bot: commands.AutoShardedBot, claims: Claims, clock: Clock) -> None:
        self._bot = bot
        self._claims = claims
        self._clock = clock

    async def send(self, claim_id: int) -> None:
        """Send what was decided."""
        claim = await self._claims.get(claim_id)
        if claim is None:
            return
        try:
            if claim.decided_by != claim.user_id:
                inbox = await self._bot.create_dm(discord.Object(claim.user_id))
                await inbox.send(self._words(claim))
        except NO_ANSWER as error:
            logger.info("A member is told later what became of a claim: %s", error)
        else:
            await self._claims.heard(claim.id, self._clock.now())

    async def follow_up(self, interaction: discord.Interaction) -> None:
        """Tell what they have not heard yet, privately, after the answer to their command."""
        for claim in await self._claims.unheard(interaction.user.id):
            try:
                await interaction.followup.send(self._words(claim), ephemeral=True)
            except NO_ANSWER as error:
                logger.info("A member is told later what became of a claim: %s", error)
                return
            await self._claims.heard(claim.id, self._clock.now())

    def _words(self, claim: Claim) -> str:
        guild = self._bot.get_guild(claim.guild_id)
        server = "the server" if guild is None else f"**{literal(guild.name, _SERVER_LIMIT)}**"
        author = author_words(claim.author_name)
        if claim.is_confirmed:
            return (
                f"A host of {server} has confirmed that you are {author}: the old posts under "
                "that name are yours now, those of later imports too. `/claim erase`, there "
                "or here, has them erased, if you want that."
            )
        return (
            f"A host of {server} says that you are not {author}: the old posts under that name "
            "are not yours. If that is a mistake, speak to a host."
        )
