"""`/read`: a discussion page by page, and each post whole, shown to one reader alone."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.chains import compose_chain
from bot.core.errors import UserError
from bot.core.place import (
    OpenPost,
    Order,
    Place,
    open_post_from_text,
    place_from_text,
    place_of_post,
)
from bot.core.whole_post import compose_post
from bot.store.pages import Pages
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import GONE, Choices
from cogs._naming import Choice, local_id
from cogs._page_form import PageForm
from cogs._page_view import CHOOSE, ENTER, FOUND, JUMP, TURN
from cogs._panel_view import BEGIN, beginning
from cogs._post_view import CHAIN, MOST_OPTIONS, OPEN, post_embed, post_view
from cogs._present import chain_embeds
from cogs._presses import Press, PressCog, begin_private_answer, known
from cogs._shown_pages import ShownPages


class Reading(PressCog):
    """Shows pages and posts. Rights are asked at every press."""

    def __init__(
        self,
        pages: Pages,
        posts: Posts,
        choices: Choices,
    ) -> None:
        self._pages = pages
        self._shown = ShownPages(pages)
        self._posts = posts
        self._choices = choices
        self.presses = {
            TURN: self._turn,
            ENTER: self._enter,
            BEGIN: self._begin,
            JUMP: self._ask_for_page,
            CHOOSE: self._choose,
            FOUND: self._open_found,
            OPEN: self._open,
            CHAIN: self._chain,
        }

    @app_commands.command(description="Read a discussion page by page; only you see it")
    @app_commands.describe(
        discussion="Which one; without it, the one you are in",
        sort="Where to begin",
        page="Which page, of 25 posts each",
    )
    @app_commands.choices(
        sort=[app_commands.Choice(name=order.words, value=order.value) for order in Order]
    )
    async def read(
        self,
        interaction: discord.Interaction,
        discussion: str | None = None,
        sort: str = Order.OLDEST,
        page: app_commands.Range[int, 1] = 1,
    ) -> None:
        """Show a page."""
        await begin_private_answer(interaction)
        chosen = await self._choices.discussion(interaction, discussion)
        place = Place(chosen.id, await self._pages.last_number(chosen.id), Order(sort))
        if page > place.pages:
            raise UserError(
                f"There is no page {page:,}: this discussion has {place.pages:,}, of 25 posts each."
            )
        await self._shown.show(interaction, chosen, place.turned_to(page))

    @read.autocomplete("discussion")
    async def _offer_discussions(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice]:
        return await self._choices.discussions(interaction, current)

    async def _turn(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        place = known(place_from_text(press.state))
        await self._shown.show(
            interaction,
            await self._choices.known_discussion(interaction, place.discussion_id),
            place,
        )

    async def _enter(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        discussion = await self._choices.known_discussion(interaction, known(local_id(press.value)))
        last = await self._pages.last_number(discussion.id)
        await self._shown.show(interaction, discussion, Place(discussion.id, last))

    async def _begin(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        discussion_id, order = known(beginning(press.state))
        discussion = await self._choices.known_discussion(interaction, discussion_id)
        last = await self._pages.last_number(discussion.id)
        await self._shown.show(interaction, discussion, Place(discussion.id, last, order))

    async def _ask_for_page(self, interaction: discord.Interaction, press: Press) -> None:
        place = known(place_from_text(press.state))

        async def turn(submitted: discord.Interaction, page: int) -> None:
            await begin_private_answer(submitted)
            discussion = await self._choices.known_discussion(submitted, place.discussion_id)
            await self._shown.show(submitted, discussion, place.turned_to(page))

        await interaction.response.send_modal(PageForm(place.pages, place.page, turn))

    async def _choose(self, interaction: discord.Interaction, press: Press) -> None:
        back = known(place_from_text(press.state))
        await begin_private_answer(interaction)
        await self._show_post(interaction, OpenPost(known(local_id(press.value)), back))

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        await self._show_post(interaction, known(open_post_from_text(press.state)))

    async def _open_found(self, interaction: discord.Interaction, press: Press) -> None:
        # Beside what was found, from which one goes on to other posts.
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._posts.get(known(local_id(press.value)))
        if found is None:
            raise UserError(GONE)
        last = await self._pages.last_number(found.discussion_id)
        page = place_of_post(found.discussion_id, found.number, last)
        await self._show_post(interaction, OpenPost(found.id, page))

    async def _show_post(self, interaction: discord.Interaction, opened: OpenPost) -> None:
        read = await self._pages.post(opened.post_id)
        if read is None:
            raise UserError(GONE)
        discussion = await self._choices.known_discussion(interaction, read.post.discussion_id)
        replies = await self._pages.direct_replies(read.post.id, MOST_OPTIONS)
        whole = await asyncio.to_thread(compose_post, discussion, read, opened.part)
        await interaction.edit_original_response(
            content=None,
            embed=post_embed(whole),
            view=post_view(read.post, opened, whole, replies),
        )

    async def _chain(self, interaction: discord.Interaction, press: Press) -> None:
        opened = known(open_post_from_text(press.state))
        await interaction.response.defer(ephemeral=True, thinking=True)
        chain = await self._posts.chain_to(opened.post_id)
        if chain is None:
            raise UserError(GONE)
        await self._choices.known_discussion(interaction, chain.discussion.id)
        composed = await asyncio.to_thread(compose_chain, chain)
        await interaction.followup.send(embeds=chain_embeds(composed), ephemeral=True)


async def setup(bot: Marginalia) -> None:
    """Add the command, and hear its buttons."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(Reading(app.pages, app.posts, choices))
