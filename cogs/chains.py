"""The message command `Reply chain`: what a post answers, up to the first one."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.chains import compose_chain
from bot.core.errors import UserError
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import GONE, Choices
from cogs._chosen_post import ChosenPosts
from cogs._message_command import MessageCommandCog
from cogs._present import chain_embeds
from cogs._presses import begin_private_answer


class Chains(MessageCommandCog):
    """Shows chains privately, to those who may read the thread."""

    def __init__(
        self, tree: app_commands.CommandTree[Marginalia], posts: Posts, chosen: ChosenPosts
    ) -> None:
        super().__init__(tree, "Reply chain", self.reply_chain)
        self._posts = posts
        self._chosen = chosen

    async def reply_chain(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Answer with the path from the first ancestor to the chosen post."""
        await begin_private_answer(interaction)
        post, _ = await self._chosen.to_open(interaction, message, "reply chain")
        chain = await self._posts.chain_to(post.id)
        if chain is None:
            raise UserError(GONE)
        # Shortening many long texts takes its time: meanwhile the bot goes on listening.
        composed = await asyncio.to_thread(compose_chain, chain)
        await interaction.edit_original_response(embeds=chain_embeds(composed))


async def setup(bot: Marginalia) -> None:
    """Add the command."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(Chains(bot.tree, app.posts, ChosenPosts(app.posts, app.pages, choices)))
