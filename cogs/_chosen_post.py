"""The post that a message, a number or a button means, where the person may read it now.

A post that they may not read is none: the answer does not tell the two apart.
"""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.core.model import Post
from bot.core.place import OpenPost, open_post_from_text, place_of_post
from bot.store.pages import Pages
from bot.store.posts import Posts
from cogs._choices import GONE, Choices
from cogs._presses import Press, known

_NO_POST = (
    "it is not a post of a discussion here. Choose what a member wrote in a thread that I keep; "
    "a host sees with `/setup show` which ones these are."
)


class ChosenPosts:
    """Finds the post, asking for the person's rights each time."""

    def __init__(self, posts: Posts, pages: Pages, choices: Choices) -> None:
        self._posts = posts
        self._pages = pages
        self._choices = choices

    async def get(self, interaction: discord.Interaction, post_id: int) -> Post | None:
        """Give a post by its local id."""
        return await self._readable(interaction, await self._posts.get(post_id))

    async def by_message(self, interaction: discord.Interaction, message_id: int) -> Post | None:
        """Give the post that a message is, or is a part of."""
        return await self._readable(interaction, await self._posts.by_message(message_id))

    async def numbered(
        self, interaction: discord.Interaction, discussion_id: int, number: int
    ) -> Post | None:
        """Give the post with that number in a discussion."""
        found = await self._posts.page(discussion_id, after_number=number - 1, limit=1)
        post = next((post for post in found if post.number == number), None)
        return await self._readable(interaction, post)

    async def of_message(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> Post | None:
        """Give the post that a message command was used on."""
        return await self.by_message(interaction, _message_id(message))

    async def to_open(
        self, interaction: discord.Interaction, message: discord.Message, wanted: str
    ) -> tuple[Post, OpenPost]:
        """Give the post that a message command was used on, and what buttons carry of it.

        Raises `UserError`, which names what was `wanted`, where it is none for this person.
        """
        post = await self.of_message(interaction, message)
        if post is None:
            raise UserError(f"There is no {wanted} for this message: {_NO_POST}")
        last = await self._pages.last_number(post.discussion_id)
        return post, OpenPost(post.id, place_of_post(post.discussion_id, post.number, last))

    async def of_press(
        self, interaction: discord.Interaction, press: Press
    ) -> tuple[Post, OpenPost]:
        """Give the post that a button carries. Raises `UserError` where it is gone for them."""
        opened = known(open_post_from_text(press.state))
        post = await self.get(interaction, opened.post_id)
        if post is None:
            raise UserError(GONE)
        return post, opened

    async def _readable(self, interaction: discord.Interaction, post: Post | None) -> Post | None:
        if post is None or not await self._choices.readable_discussion(
            interaction, post.discussion_id
        ):
            return None
        return post


def _message_id(message: discord.Message) -> int:
    """Give the id of the message that a message command was used on.

    A thread made from a message shows a stand-in for it at its top; the message itself lies in
    the parent channel and has the thread's id.
    """
    if message.type is discord.MessageType.thread_starter_message:
        return message.channel.id
    return message.id
