"""The reply tree: everything below a post, by message command and by button."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.branch import BRANCH_LENGTH, BranchPost, compose_branch
from bot.core.model import Post
from bot.core.place import OpenPost
from bot.store.pages import Pages
from cogs._access import Access
from cogs._choices import Choices
from cogs._chosen_post import ChosenPosts
from cogs._message_command import MessageCommandCog
from cogs._page_view import CHOOSE, options_of
from cogs._post_view import BRANCH, OPEN
from cogs._present import COLOUR
from cogs._presses import Press, PressCog, begin_private_answer, button, select, view_of


class Branches(MessageCommandCog, PressCog):
    """Shows branches privately, to those who may read the thread now."""

    def __init__(
        self, tree: app_commands.CommandTree[Marginalia], pages: Pages, chosen: ChosenPosts
    ) -> None:
        super().__init__(tree, "Reply tree", self.reply_tree)
        self._pages = pages
        self._chosen = chosen
        self.presses = {BRANCH: self._open}

    async def reply_tree(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Answer with what was written below the post."""
        await begin_private_answer(interaction)
        post, opened = await self._chosen.to_open(interaction, message, "reply tree")
        await self._show(interaction, post, opened)

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        await self._show(interaction, *await self._chosen.of_press(interaction, press))

    async def _show(self, interaction: discord.Interaction, post: Post, opened: OpenPost) -> None:
        skipped = (opened.part - 1) * BRANCH_LENGTH
        # One more than is shown tells whether there is a page behind it.
        found = await self._pages.branch(post.id, skipped=skipped, limit=BRANCH_LENGTH + 1)
        posts = found[:BRANCH_LENGTH]
        branch = await asyncio.to_thread(compose_branch, post, posts)
        embed = discord.Embed(title=branch.title, description=branch.text, colour=COLOUR)
        if posts:
            shown = f"{skipped + 1:,}-{skipped + len(posts):,}"
            more = ", and there are more" if len(found) > len(posts) else ""
            embed.set_footer(text=f"Replies {shown}{more}")
        await interaction.edit_original_response(
            content=None,
            embed=embed,
            view=_buttons(opened, posts, has_more=len(found) > len(posts)),
        )


def _buttons(opened: OpenPost, posts: Sequence[BranchPost], *, has_more: bool) -> discord.ui.View:
    items = []
    if posts:
        options = options_of(each.post for each in posts)
        items.append(select("Open a post whole", CHOOSE, opened.back.as_text(), options, row=0))
    items.append(button("‹ Back to the post", OPEN, replace(opened, part=1).as_text(), row=1))
    if opened.part > 1:
        before = replace(opened, part=opened.part - 1)
        items.append(button("‹ Previous", BRANCH, before.as_text(), row=1))
    if has_more:
        after = replace(opened, part=opened.part + 1)
        items.append(button("Next ›", BRANCH, after.as_text(), row=1))
    return view_of(items)


async def setup(bot: Marginalia) -> None:
    """Add the command, and hear its buttons."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(Branches(bot.tree, app.pages, ChosenPosts(app.posts, app.pages, choices)))
