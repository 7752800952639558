"""`/claim erase`: old authors have their own posts erased."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Post
from bot.core.ports import Clock
from bot.core.post_line import counted, literal, timestamp
from bot.store.old_authors.claims import Claim, Claims
from bot.store.old_authors.erasures import Erasures
from bot.store.posts import Posts
from cogs._naming import linked_ids
from cogs._old_authors import OldAuthors, author_words
from cogs._views import Confirmation

_AUTHORS_SHOWN = 5
_SERVER_LIMIT = 100
_FOR_GOOD = (
    "Their texts and your name on them go for good, here and in their threads; an empty place "
    "stays, and importing the pages again does not bring them back. Nobody can undo it."
)
_NOTHING = "There was nothing left to erase."
_DONE = "Erased for good. The messages in the threads go within minutes."


class ClaimErasure:
    """Erases what is the person's own by a confirmed claim, wherever it lies."""

    def __init__(
        self,
        bot: Marginalia,
        posts: Posts,
        claims: Claims,
        erasures: Erasures,
        authors: OldAuthors,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._posts = posts
        self._claims = claims
        self._erasures = erasures
        self._authors = authors
        self._clock = clock

    async def ask(self, interaction: discord.Interaction, link: str | None) -> None:
        """Ask once more whether all of them, or the one of a link, are to be erased.

        In a direct message all are those of every server: who has left one can come nowhere else.
        """
        await interaction.response.defer(ephemeral=True)
        if link is None:
            claims = await self._claims_of(interaction)
            post_id, guild_ids = None, {claim.guild_id for claim in claims}
            question = await self._question(interaction, claims)
        else:
            post = await self._own(interaction, link)
            post_id, guild_ids = post.id, {post.guild_id}
            question = f"Erase your old post of {timestamp(post.posted_at)}, in every copy of it?"

        async def erase(confirmed: discord.Interaction) -> None:
            erased = [
                await self._erasures.erase_claimed(
                    guild_id, confirmed.user.id, self._clock.now(), post_id
                )
                for guild_id in sorted(guild_ids)
            ]
            self._bot.dispatch("replay_wanted")
            done = _DONE if any(erased) else _NOTHING
            await confirmed.response.edit_message(content=done, view=None)

        await interaction.edit_original_response(
            content=f"{question} {_FOR_GOOD}",
            view=Confirmation(interaction, "Erase for good", erase),
        )

    async def _claims_of(self, interaction: discord.Interaction) -> list[Claim]:
        """Give by which claims posts are the person's own; raises `UserError` where none are."""
        claims = [
            claim
            for claim in await self._claims.confirmed_of(interaction.user.id)
            if interaction.guild_id in (None, claim.guild_id)
        ]
        if not claims:
            raise UserError(
                "No old posts are yours here yet. Say first which old author you were: Apps → "
                "**Claim my posts** on one of the posts, or `/claim posts`; a host confirms it."
            )
        return claims

    async def _question(self, interaction: discord.Interaction, claims: Sequence[Claim]) -> str:
        """Ask about everything that these claims mean.

        Generic on purpose: it tells nobody whether there are posts where they cannot read.
        """
        shown = claims[:_AUTHORS_SHOWN]
        if interaction.guild_id is None:
            places = "in every server"
            names = [f"{author_words(claim.author_name)}{self._where(claim)}" for claim in shown]
        else:
            places = "in this server"
            names = [await self._readable(interaction, claim) for claim in shown]
        more = ", …" if len(claims) > len(shown) else ""
        return (
            f"Erase all your old posts {places}, also where you cannot read now? You wrote as "
            f"{', '.join(names)}{more}."
        )

    def _where(self, claim: Claim) -> str:
        guild = self._bot.get_guild(claim.guild_id)
        return "" if guild is None else f" in {literal(guild.name, _SERVER_LIMIT)}"

    async def _readable(self, interaction: discord.Interaction, claim: Claim) -> str:
        """Give the old name, and how many posts under it the person can read."""
        author = await self._authors.known_to(interaction, claim.guild_id, claim.author_name)
        count = f" ({counted(author.post_count, 'post')} that you can read)"
        return f"{author_words(author.name)}{count if author.places else ''}"

    async def _own(self, interaction: discord.Interaction, link: str) -> Post:
        """Give the post of a link where it is the person's own; raises `UserError` otherwise.

        They need not be able to read it now: it is theirs.
        """
        for message_id in linked_ids(link)[:1]:
            post = await self._posts.by_message(message_id)
            if (
                post is not None
                and post.is_imported
                and interaction.guild_id in (None, post.guild_id)
                and post.author is not None
                and post.author.user_id == interaction.user.id
            ):
                return post
        raise UserError(
            "This is no old post of yours here. Press its message long (or right-click it), choose "
            "Copy Message Link, and paste it. Only posts of an old author that a host has "
            "confirmed you to be are yours: see `/claim posts`."
        )
