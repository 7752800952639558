"""`/claim erase`: old authors have their own posts erased."""

from __future__ import annotations

import discord

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Post
from bot.core.ports import Clock
from bot.core.post_line import counted, timestamp
from bot.store.claims import Claims
from bot.store.erasures import Erasures
from bot.store.posts import Posts
from cogs._forum_channel import server
from cogs._naming import linked_ids
from cogs._old_authors import OldAuthors, author_words
from cogs._views import Confirmation

_AUTHORS_SHOWN = 5
_FOR_GOOD = (
    "Their texts and your name on them go for good, here and in their threads; an empty place "
    "stays, and importing the pages again does not bring them back. Nobody can undo it."
)
_NOTHING = "There was nothing left to erase."
_DONE = "Erased for good. The messages in the threads go within minutes."


class ClaimErasure:
    """Erases what is the person's own by a confirmed claim, wherever it lies in the server."""

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
        """Ask once more whether all of them, or the one of a link, are to be erased."""
        await interaction.response.defer(ephemeral=True)
        guild_id = server(interaction).id
        if link is None:
            post_id, what = None, await self._all(interaction, guild_id)
        else:
            post = await self._own(guild_id, interaction.user.id, link)
            post_id, what = post.id, f"Erase your old post of {timestamp(post.posted_at)}?"

        async def erase(confirmed: discord.Interaction) -> None:
            erased = await self._erasures.erase_claimed(
                guild_id, confirmed.user.id, self._clock.now(), post_id
            )
            self._bot.dispatch("replay_wanted")
            await confirmed.response.edit_message(content=_DONE if erased else _NOTHING, view=None)

        await interaction.edit_original_response(
            content=f"{what} {_FOR_GOOD}", view=Confirmation(interaction, "Erase for good", erase)
        )

    async def _all(self, interaction: discord.Interaction, guild_id: int) -> str:
        """Ask about everything; raises `UserError` where nothing is the person's."""
        claims = await self._claims.of_user(guild_id, interaction.user.id)
        names = [claim.author_name for claim in claims if claim.is_confirmed]
        if not names:
            raise UserError(
                "No old posts are yours here yet. Say first which old author you were: Apps → "
                "**Claim my posts** on one of the posts, or `/claim posts`; a host confirms it."
            )
        known = [
            await self._authors.known_to(interaction, guild_id, name)
            for name in names[:_AUTHORS_SHOWN]
        ]
        shown = ", ".join(
            f"{counted(author.post_count, 'post')} by {author_words(author.name)}"
            for author in known
            if author.places
        )
        # Generic on purpose: it tells nobody whether there are posts where they cannot read.
        return (
            "Erase all your old posts in this server, also in places that you cannot read now?"
            + (f" Those that you can read: {shown}." if shown else "")
        )

    async def _own(self, guild_id: int, user_id: int, link: str) -> Post:
        """Give the post of a link where it is the person's own; raises `UserError` otherwise.

        They need not be able to read it now: it is theirs.
        """
        for message_id in linked_ids(link)[:1]:
            post = await self._posts.by_message(message_id)
            if (
                post is not None
                and post.is_imported
                and post.guild_id == guild_id
                and post.author is not None
                and post.author.user_id == user_id
            ):
                return post
        raise UserError(
            "This is no old post of yours here. Press its message long (or right-click it), choose "
            "Copy Message Link, and paste it. Only posts of an old author that a host has "
            "confirmed you to be are yours: see `/claim posts`."
        )
