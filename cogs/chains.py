"""The message command `Reply chain`: what a post answers, up to the first one."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.chains import compose_chain
from bot.core.errors import UserError
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import thread_reference
from cogs._chosen_post import NO_POST
from cogs._present import chain_embeds
from cogs._readable_posts import chosen_message_id


class Chains(commands.Cog):
    """Shows chains privately, to those who may read the thread."""

    def __init__(self, tree: app_commands.CommandTree[Marginalia], posts: Posts, access: Access):
        self._tree = tree
        self._posts = posts
        self._access = access
        self._command = app_commands.ContextMenu(name="Reply chain", callback=self.reply_chain)

    async def cog_load(self) -> None:
        """Add the command: a cog adds slash commands by itself, but no message commands."""
        self._tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take the command away."""
        self._tree.remove_command(self._command.name, type=self._command.type)

    async def reply_chain(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Answer with the path from the first ancestor to the chosen post."""
        chain = await self._posts.chain(chosen_message_id(message))
        if chain is None or not await self._access.may_read(
            interaction, thread_reference(chain.discussion)
        ):
            raise UserError(f"There is no reply chain for this message: {NO_POST}")
        # Shortening many long texts takes its time: meanwhile the bot goes on listening, and
        # Discord's three seconds for an answer do not run out.
        await interaction.response.defer(ephemeral=True)
        composed = await asyncio.to_thread(compose_chain, chain)
        await interaction.followup.send(embeds=chain_embeds(composed), ephemeral=True)


async def setup(bot: Marginalia) -> None:
    """Add the command."""
    await bot.add_cog(Chains(bot.tree, bot.app.posts, Access(bot, bot.app.hosts)))
