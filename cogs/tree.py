"""`/tree`: a picture of a discussion, who answered whom over time, for one reader alone."""

from __future__ import annotations

import asyncio
import io

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.core.tree import MOST_POSTS, Tree, plan_tree
from bot.store.pages import Pages
from cogs._access import Access
from cogs._choices import Choices
from cogs._naming import Choice, local_id
from cogs._page_view import PICTURE
from cogs._presses import Press, PressCog, known


class DiscussionTree(PressCog):
    """Draws discussions, one at a time: matplotlib is not made for several threads."""

    def __init__(self, pages: Pages, choices: Choices) -> None:
        self._pages = pages
        self._choices = choices
        self._drawing = asyncio.Lock()
        self.presses = {PICTURE: self._draw}

    @app_commands.command(description="See a discussion as a picture: who answered whom, and when")
    @app_commands.describe(discussion="Which one; without it, the one you are in")
    async def tree(self, interaction: discord.Interaction, discussion: str | None = None) -> None:
        """Draw a discussion."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, await self._choices.discussion(interaction, discussion))

    @tree.autocomplete("discussion")
    async def _offer_discussions(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice]:
        return await self._choices.discussions(interaction, current)

    async def _draw(self, interaction: discord.Interaction, press: Press) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        discussion = await self._choices.known_discussion(interaction, known(local_id(press.state)))
        await self._show(interaction, discussion)

    async def _show(self, interaction: discord.Interaction, discussion: Discussion) -> None:
        posts = await self._pages.outline(discussion.id, MOST_POSTS)
        if not posts:
            raise UserError("There is no post in this discussion yet: nothing can be drawn.")
        last = await self._pages.last_number(discussion.id)
        tree = await asyncio.to_thread(plan_tree, discussion.title, posts, last)
        async with self._drawing:
            picture = await asyncio.to_thread(_drawn, tree)
        file = discord.File(io.BytesIO(picture), "tree.png", description=tree.alternative)
        await interaction.followup.send(file=file, ephemeral=True)


def _drawn(tree: Tree) -> bytes:
    # Half a second and 40 MB, which a bot that draws nothing does not spend.
    from bot.exporters.tree_picture import draw_tree  # noqa: PLC0415

    return draw_tree(tree)


async def setup(bot: Marginalia) -> None:
    """Add the command, and hear its button."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(DiscussionTree(app.pages, choices))
