"""Edit history: every text that a post had, by message command and by button."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.history import HistoryPage, compose_history
from bot.core.model import Post
from bot.core.place import OpenPost
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import Choices
from cogs._chosen_post import ChosenPosts
from cogs._message_command import MessageCommandCog
from cogs._post_view import HISTORY, OPEN
from cogs._present import COLOUR
from cogs._presses import Press, PressCog, begin_private_answer, button, view_of


class History(MessageCommandCog, PressCog):
    """Shows edits privately, to those who may read the thread now."""

    def __init__(
        self, tree: app_commands.CommandTree[Marginalia], posts: Posts, chosen: ChosenPosts
    ) -> None:
        super().__init__(tree, "Edit history", self.edit_history)
        self._posts = posts
        self._chosen = chosen
        self.presses = {HISTORY: self._open}

    async def edit_history(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Answer with what the post said, from its first known text on."""
        await begin_private_answer(interaction)
        post, opened = await self._chosen.to_open(interaction, message, "edit history")
        await self._show(interaction, post, opened)

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        await self._show(interaction, *await self._chosen.of_press(interaction, press))

    async def _show(self, interaction: discord.Interaction, post: Post, opened: OpenPost) -> None:
        revisions = await self._posts.revisions(post.id)
        # Comparing long texts takes its time: meanwhile the bot goes on listening.
        history = await asyncio.to_thread(compose_history, post, revisions, opened.part)
        embed = discord.Embed(title=history.title, description=history.text, colour=COLOUR)
        if history.pages > 1:
            embed.set_footer(text=f"Page {history.page} of {history.pages}")
        await interaction.edit_original_response(
            content=None, embed=embed, view=_buttons(history, opened)
        )


def _buttons(history: HistoryPage, opened: OpenPost) -> discord.ui.View:
    post = replace(opened, part=1)
    items = [button("‹ Back to the post", OPEN, post.as_text(), row=0)]
    for label, page in (("‹ Earlier", history.page - 1), ("Later ›", history.page + 1)):
        if 1 <= page <= history.pages:
            turned = replace(opened, part=page)
            items.append(button(label, HISTORY, turned.as_text(), row=0))
    return view_of(items)


async def setup(bot: Marginalia) -> None:
    """Add the command, and hear its buttons."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(History(bot.tree, app.posts, ChosenPosts(app.posts, app.pages, choices)))
