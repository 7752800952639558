"""The post that a message or a link means, for those who may read it."""

from __future__ import annotations

import discord

from bot.core.model import Post
from bot.store.discussions import Discussions
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import thread_reference


class ReadablePosts:
    """Finds posts; one that the person must not read is none."""

    def __init__(self, posts: Posts, discussions: Discussions, access: Access) -> None:
        self._posts = posts
        self._discussions = discussions
        self._access = access

    async def of_message(self, interaction: discord.Interaction, message_id: int) -> Post | None:
        """Give the post that a message is, or is a part of, in a discussion that can be read."""
        post = await self._posts.by_message(message_id)
        return None if post is None else await self._readable(interaction, post)

    async def numbered(
        self, interaction: discord.Interaction, discussion_id: int, number: int
    ) -> Post | None:
        """Give the post with that number."""
        found = await self._posts.page(discussion_id, after_number=number - 1, limit=1)
        post = next((post for post in found if post.number == number), None)
        return None if post is None else await self._readable(interaction, post)

    async def _readable(self, interaction: discord.Interaction, post: Post) -> Post | None:
        discussion = await self._discussions.get(post.discussion_id)
        if discussion is None or not await self._access.may_read(
            interaction, thread_reference(discussion)
        ):
            return None
        return post


def chosen_message_id(message: discord.Message) -> int:
    """Give the id of the message that a message command was used on.

    A thread made from a message shows a stand-in for it at its top; the message itself lies in
    the parent channel and has the thread's id.
    """
    if message.type is discord.MessageType.thread_starter_message:
        return message.channel.id
    return message.id
