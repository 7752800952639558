"""`/publish`: a member decides whether their own name and texts go on the public site."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.store.publication import Publication
from cogs._forum_channel import server
from cogs._views import Confirmation

_SHOWN_FORUMS = 10


class Publishing(
    commands.GroupCog,
    group_name="publish",
    group_description="Whether what you write is on the public site",
):
    """Each member's own consent."""

    def __init__(self, publication: Publication, clock: Clock) -> None:
        self._publication = publication
        self._clock = clock

    @app_commands.command(description="Agree that your name and posts go on the public site")
    async def me(self, interaction: discord.Interaction) -> None:
        """Tell what it means, and note the consent once it is confirmed."""
        guild, user = server(interaction), interaction.user
        forums = await self._publication.forums(guild.id)
        if not forums:
            raise UserError(
                "No forum of this server is published. A host publishes one with `/setup publish`."
            )
        if user.id in await self._publication.agreed(guild.id):
            raise UserError("You have agreed already. `/publish stop` takes it back.")

        async def agree(confirmed: discord.Interaction) -> None:
            await self._publication.agree(guild.id, user.id, self._clock.now())
            await confirmed.response.edit_message(
                content="Your name and posts are on the site when it is next built. "
                "`/publish stop` takes that back.",
                view=None,
            )

        shown = ", ".join(f"<#{forum.id}>" for forum in forums[:_SHOWN_FORUMS])
        more = f" and {len(forums) - _SHOWN_FORUMS} more" if len(forums) > _SHOWN_FORUMS else ""
        await interaction.response.send_message(
            f"The host publishes {shown}{more} as a site on the web. If you agree, your name and "
            "what you wrote and will write there can be read by anyone, and what others find may "
            "be copied. Earlier texts of what you edited are not shown, and what you delete goes "
            "when the site is next built. Without it you are “a member”, without text.",
            view=Confirmation(interaction, "I agree", agree),
            ephemeral=True,
        )

    @app_commands.command(description="Take your name and posts off the public site")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Take the consent back at once."""
        had_agreed = await self._publication.withdraw(server(interaction).id, interaction.user.id)
        await interaction.response.send_message(
            "Your name and posts are gone from the site when it is next built."
            if had_agreed
            else "You have not agreed to be published: you are “a member” there, without text.",
            ephemeral=True,
        )


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    await bot.add_cog(Publishing(bot.app.publication, bot.clock))
