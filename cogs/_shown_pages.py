"""A page of a discussion as the answer to a command or a press."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.core.model import Discussion
from bot.core.page import Leaf, ReadPost, compose_leaf, leaf_with
from bot.core.place import Order, Place, place_of_post
from bot.store.pages import Pages
from cogs._page_view import page_embed, page_view


class ShownPages:
    """Shows pages; whoever calls has asked whether the person may read the discussion."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def show(
        self, interaction: discord.Interaction, discussion: Discussion, place: Place
    ) -> None:
        """Make a page the answer that has begun."""
        last = await self._pages.last_number(discussion.id)
        if place.order is Order.OLDEST:
            # Its pages stay as they are, whatever comes behind them.
            place = Place(discussion.id, last, place.order, place.page, place.leaf)
        posts = await self._pages.page(place)
        await _answer(interaction, discussion, place, posts, last)

    async def show_from(
        self, interaction: discord.Interaction, discussion: Discussion, number: int
    ) -> None:
        """Make the page on which a post is, by its number, the answer that has begun."""
        last = await self._pages.last_number(discussion.id)
        place = place_of_post(discussion.id, number, last)
        posts = await self._pages.page(place)
        place = replace(place, leaf=leaf_with(posts, number))
        await _answer(interaction, discussion, place, posts, last)


async def _answer(
    interaction: discord.Interaction,
    discussion: Discussion,
    place: Place,
    posts: Sequence[ReadPost],
    last: int,
) -> None:
    # Shortening many long texts takes its time: meanwhile the bot goes on listening.
    leaf: Leaf = await asyncio.to_thread(compose_leaf, discussion, place, posts, last - place.last)
    await interaction.edit_original_response(
        content=leaf.header,
        embed=page_embed(discussion, leaf),
        view=page_view(leaf, place, last),
    )
