"""The question whether a member is an old author, and what a host decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import discord
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.ports import Clock, ThreadReference
from bot.store.forums import Forums
from bot.store.old_authors.claims import Claim, Claims
from cogs._access import Access
from cogs._claim_outcomes import ClaimOutcomes
from cogs._claim_words import question_words, where_words
from cogs._host_questions import HostQuestion, PossibleAnswer, QuestionButtons, hosts_to_ask
from cogs._hosts import HostRights
from cogs._members import current_member
from cogs._no_answer import answer_expected
from cogs._old_authors import Asker, KnownAuthor, OldAuthors, author_words

_DECIDED = "This has been decided already."


class ClaimQuestions:
    """The open claims as questions to hosts (`HostQuestions`), and hosts' answers to them.

    A host who can read none of the posts in question is neither told the name nor asked.
    """

    kind = "claim"

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        claims: Claims,
        forums: Forums,
        authors: OldAuthors,
        outcomes: ClaimOutcomes,
        host_rights: HostRights,
        access: Access,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._claims = claims
        self._forums = forums
        self._authors = authors
        self._outcomes = outcomes
        self._host_rights = host_rights
        self._access = access
        self._clock = clock

    async def open(self) -> Sequence[int]:
        """Give the ids of all claims that nobody has decided."""
        return [claim.id for claim in await self._claims.all_open()]

    async def untold(self, now: datetime) -> Sequence[int]:
        """Give the ids of those that have reached nobody yet, and are due to."""
        return [claim.id for claim in await self._claims.untold(now)]

    async def compose(self, question_id: int) -> HostQuestion | None:
        """Put a claim into words for a host who can read the posts; None where there is none.

        Raises `CourierError` when Discord does not say who they are.
        """
        claim = await self._claims.get(question_id)
        if claim is None or claim.decided_by is not None:
            return None
        forum = await self._forums.get(claim.forum_id)
        first = None if forum is None else forum.host_id
        for host in await hosts_to_ask(self._bot, self._host_rights, claim.guild_id, first):
            author = await self.known_to(host, claim)
            if author is not None:
                return HostQuestion(host.id, await self.words(claim, author, host.id))
        return None

    async def told(self, question_id: int, now: datetime) -> None:
        """Note that the question has reached a host."""
        await self._claims.told(question_id, now)

    async def postpone(self, question_id: int, until: datetime) -> None:
        """Note when to try again; `/claim list` shows it meanwhile."""
        await self._claims.postpone(question_id, until)

    def buttons(self, question_id: int) -> QuestionButtons:
        """Give the buttons of a question."""
        confirm = PossibleAnswer(
            "confirm",
            "Yes, confirm it",
            discord.ButtonStyle.success,
            partial(self._confirm, question_id),
        )
        refuse = PossibleAnswer(
            "refuse",
            "No, refuse it",
            discord.ButtonStyle.danger,
            partial(self._refuse, question_id),
        )
        return QuestionButtons(self.kind, question_id, (confirm, refuse))

    async def known_to(self, host: Asker, claim: Claim) -> KnownAuthor | None:
        """Give what a host may know of the author in question; None where that is nothing.

        A name that stands on no post any more is known to those who can read the forum.
        """
        author = await self._authors.known_to(host, claim.guild_id, claim.author_name)
        if author.places:
            return author
        channel = ThreadReference(claim.guild_id, claim.forum_id, claim.forum_id, is_private=False)
        if author.is_elsewhere or not await self._access.may_read(host, channel):
            return None
        return author

    async def words(self, claim: Claim, author: KnownAuthor, host_id: int) -> str:
        """Ask a host, in a message of its own. Raises `CourierError` like `compose`."""
        guild = self._bot.get_guild(claim.guild_id)
        member = await current_member(self._bot, claim.guild_id, claim.user_id)
        return question_words(
            claim,
            author,
            guild_name=None if guild is None else guild.name,
            member_name=None if member is None else member.display_name,
            rivals=[
                other.user_id
                for other in await self._claims.open(claim.guild_id)
                if other.author_name == claim.author_name and other.user_id != claim.user_id
            ],
            host_id=host_id,
        )

    async def _confirm(self, claim_id: int, interaction: discord.Interaction) -> None:
        asked = await self._asked(claim_id, interaction)
        if asked is None:
            return
        claim, author = asked
        with answer_expected():
            member = await current_member(self._bot, claim.guild_id, claim.user_id)
        if member is None:
            raise UserError(
                f"<@{claim.user_id}> is not in the server any more, so the posts stay as they "
                "are. Refuse the claim, or confirm it when they are back."
            )
        await self._claims.confirm(claim_id, interaction.user.id, self._clock.now())
        done = (
            f"Confirmed: <@{claim.user_id}> is {author_words(claim.author_name)}. "
            f"{where_words(author)} They are theirs now; `/claim list` in the server takes that "
            "back."
        )
        await self._end(claim_id, interaction, done)

    async def _refuse(self, claim_id: int, interaction: discord.Interaction) -> None:
        asked = await self._asked(claim_id, interaction)
        if asked is None:
            return
        claim, _ = asked
        await self._claims.refuse(claim_id, interaction.user.id, self._clock.now())
        done = (
            f"Refused: nothing was changed for <@{claim.user_id}> and the posts of "
            f"{author_words(claim.author_name)}."
        )
        await self._end(claim_id, interaction, done)

    async def _end(self, claim_id: int, interaction: discord.Interaction, done: str) -> None:
        await interaction.edit_original_response(content=done, view=None)
        await self._outcomes.send(claim_id)

    async def _asked(
        self, claim_id: int, interaction: discord.Interaction
    ) -> tuple[Claim, KnownAuthor] | None:
        """Give the claim while it is open, to a host who may know of it; otherwise say why not."""
        await interaction.response.defer()
        claim = await self._claims.get(claim_id)
        if claim is None or claim.decided_by is not None:
            await interaction.edit_original_response(content=_DECIDED, view=None)
            return None
        await self._host_rights.require_host(interaction, claim.guild_id)
        with answer_expected():
            host = await current_member(self._bot, claim.guild_id, interaction.user.id)
        author = None if host is None else await self.known_to(host, claim)
        if author is None:
            raise UserError(
                "You can read none of the posts in question now, so this is for a host who can."
            )
        return claim, author
