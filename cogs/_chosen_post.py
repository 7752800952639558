"""The post that a message command or a button was used on, where the person may read it now."""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.core.model import Post
from bot.core.place import OpenPost, open_post_from_text, place_of_post
from bot.store.pages import Pages
from bot.store.posts import Posts
from cogs._choices import GONE, Choices
from cogs._presses import Press, known
from cogs._readable_posts import chosen_message_id

NO_POST = (
    "it is not a post of a discussion here. Choose what a member wrote in a thread that I keep; "
    "a host sees with `/setup show` which ones these are."
)


class ChosenPosts:
    """Finds the post, asking for the person's rights at every press."""

    def __init__(self, posts: Posts, pages: Pages, choices: Choices) -> None:
        self._posts = posts
        self._pages = pages
        self._choices = choices

    async def of_message(
        self, interaction: discord.Interaction, message: discord.Message, wanted: str
    ) -> tuple[Post, OpenPost]:
        """Give the post that a message is, and the way back to it.

        Raises `UserError`, which names what was `wanted`, where it is none for this person.
        """
        post = await self._posts.by_message(chosen_message_id(message))
        if post is None or not await self._choices.readable_discussion(
            interaction, post.discussion_id
        ):
            raise UserError(f"There is no {wanted} for this message: {NO_POST}")
        last = await self._pages.last_number(post.discussion_id)
        return post, OpenPost(post.id, place_of_post(post.discussion_id, post.number, last))

    async def of_press(
        self, interaction: discord.Interaction, press: Press
    ) -> tuple[Post, OpenPost]:
        """Give the post that a button names. Raises `UserError` where it is gone for them."""
        opened = known(open_post_from_text(press.state))
        post = await self._posts.get(opened.post_id)
        if post is None:
            raise UserError(GONE)
        await self._choices.known_discussion(interaction, post.discussion_id)
        return post, opened
