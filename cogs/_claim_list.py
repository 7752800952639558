"""`/claim list`: the claims of a server, for its hosts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import discord

from bot.core.errors import UserError
from bot.core.excerpt import Surface, excerpt
from bot.core.ports import Clock
from bot.core.post_line import counted
from bot.store.old_authors.claims import Claim, Claims
from cogs._claim_outcomes import ClaimOutcomes
from cogs._claim_questions import ClaimQuestions
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._no_answer import answer_expected
from cogs._old_authors import KnownAuthor, author_words
from cogs._views import Confirmation, View

QUESTIONS_SHOWN = 5
# Discord's documentation, "Message Components", section "String Select".
_MOST_OPTIONS = 25
_LABEL_LIMIT = 100
# A message holds 2,000 characters, and a line some 150 at most.
_LINES_SHOWN = 10

TakeBack = Callable[[discord.Interaction, int], Awaitable[None]]
"""Takes a choice: the interaction to answer, and the id of the claim to be taken back."""

KnownClaim = tuple[Claim, KnownAuthor]
"""A claim, and what the host may know of the author."""


class ConfirmedClaims(View):
    """A select of confirmed claims to be taken back; it works after a restart too."""

    def __init__(self, confirmed: Sequence[Claim], take_back: TakeBack) -> None:
        super().__init__(timeout=None)
        self.add_item(_ConfirmedSelect(confirmed, take_back))


class _ConfirmedSelect(discord.ui.Select[ConfirmedClaims]):
    def __init__(self, confirmed: Sequence[Claim], take_back: TakeBack) -> None:
        super().__init__(
            custom_id="claims:take-back",
            placeholder="Take one back …",
            options=[
                discord.SelectOption(
                    label=excerpt(claim.author_name, _LABEL_LIMIT, Surface.PLAIN) or "(no name)",
                    value=str(claim.id),
                )
                for claim in confirmed[:_MOST_OPTIONS]
            ],
        )
        self._take_back = take_back

    async def callback(self, interaction: discord.Interaction) -> None:
        await self._take_back(interaction, int(self.values[0]))


class ClaimList:
    """Shows hosts the claims whose authors they may know of, open and confirmed."""

    def __init__(
        self,
        claims: Claims,
        questions: ClaimQuestions,
        outcomes: ClaimOutcomes,
        host_rights: HostRights,
        clock: Clock,
    ) -> None:
        self._claims = claims
        self._questions = questions
        self._outcomes = outcomes
        self._host_rights = host_rights
        self._clock = clock

    async def show(self, interaction: discord.Interaction, words: str) -> None:
        """Show those whose name holds the words, and ask about those that are open."""
        guild_id = server(interaction).id
        await interaction.response.defer(ephemeral=True)
        await self._host_rights.require_host(interaction)
        waiting, unknown_waiting = await self._known(
            interaction, await self._claims.open(guild_id), words
        )
        confirmed, unknown_confirmed = await self._known(
            interaction, await self._claims.confirmed(guild_id), words
        )
        chosen = [claim for claim, _ in confirmed]
        await interaction.edit_original_response(
            content=_list_words(len(waiting), chosen, unknown_waiting + unknown_confirmed),
            view=self.confirmed(chosen) if chosen else None,
        )
        for claim, author in waiting[:QUESTIONS_SHOWN]:
            with answer_expected():
                question = await self._questions.words(claim, author, interaction.user.id)
            await interaction.followup.send(
                question, view=self._questions.buttons(claim.id), ephemeral=True
            )

    def confirmed(self, claims: Sequence[Claim]) -> ConfirmedClaims:
        """Give the select of these claims; one without any serves to register it at the start."""
        return ConfirmedClaims(claims, self._ask_again)

    async def _known(
        self, interaction: discord.Interaction, claims: Sequence[Claim], words: str
    ) -> tuple[list[KnownClaim], int]:
        """Give those that the host may know of and that hold the words; count the unknown."""
        wanted = words.casefold().split()
        known: list[KnownClaim] = []
        unknown = 0
        for claim in claims:
            author = await self._questions.known_to(interaction, claim)
            if author is None:
                unknown += 1
            elif all(word in author.name.casefold() for word in wanted):
                known.append((claim, author))
        return known, unknown

    async def _ask_again(self, interaction: discord.Interaction, claim_id: int) -> None:
        claim = await self._confirmed(interaction, claim_id)
        await interaction.response.send_message(
            f"Take back that <@{claim.user_id}> is {author_words(claim.author_name)}? The old "
            "posts go back to that name, except those that they had erased: these stay erased.",
            view=Confirmation(interaction, "Take it back", partial(self._take_back, claim_id)),
            ephemeral=True,
        )

    async def _take_back(self, claim_id: int, interaction: discord.Interaction) -> None:
        claim = await self._confirmed(interaction, claim_id)
        await self._claims.revoke(claim_id, interaction.user.id, self._clock.now())
        await interaction.response.edit_message(
            content=f"<@{claim.user_id}> is no longer {author_words(claim.author_name)}.",
            view=None,
        )
        await self._outcomes.send(claim_id)

    async def _confirmed(self, interaction: discord.Interaction, claim_id: int) -> Claim:
        """Give a claim that the host may take back; raises `UserError` where there is none."""
        await self._host_rights.require_host(interaction)
        claim = await self._claims.get(claim_id)
        if (
            claim is None
            or claim.guild_id != server(interaction).id
            or not claim.is_confirmed
            or await self._questions.known_to(interaction, claim) is None
        ):
            raise UserError(
                "There is nothing to take back any more. `/claim list` shows how it stands."
            )
        return claim


def _list_words(waiting: int, confirmed: Sequence[Claim], unknown: int) -> str:
    """Say what is claimed.

    `waiting` are asked about in messages of their own; `unknown` counts the claims of authors
    that the host must not learn of.
    """
    lines = []
    if waiting:
        first = f": the first {QUESTIONS_SHOWN} below" if waiting > QUESTIONS_SHOWN else ""
        lines.append(f"{counted(waiting, 'claim')} waiting for a host{first}.")
    if confirmed:
        lines += ["Confirmed:", *(_line(claim) for claim in confirmed[:_LINES_SHOWN])]
    if len(confirmed) > _LINES_SHOWN:
        lines.append(
            f"- and {len(confirmed) - _LINES_SHOWN} more: give a part of the name to find one"
        )
    if unknown:
        lines.append(
            f"{counted(unknown, 'claim')} to posts in places that you cannot read: that is for "
            "hosts who can."
        )
    return "\n".join(lines) or (
        "Nobody claims old posts here. Members do it with Apps → **Claim my posts** on one of "
        "them, or with `/claim posts`."
    )


def _line(claim: Claim) -> str:
    return (
        f"- <@{claim.user_id}> is {author_words(claim.author_name)}, "
        f"confirmed by <@{claim.decided_by}>"
    )
