"""`/help`: what a member can do, and for hosts how to begin."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from cogs._access import Access

FOR_MEMBERS = """\
I keep the discussions of this club: every post in them, what it answers, and how it was edited. \
Write, reply and edit in the threads as ever.

**Track what you read**
`/track discussion`, `/track forum` or `/track book`: once a week I send you what is new there. \
`/track list` shows what you track, `/track stop` ends it.
**Your weekly digest**
`/digest settings` chooses its day, hour and time zone; `/digest preview` shows what it would say \
now.
**Follow a reply**
On any post: Apps → **Reply chain** shows what it answers, up to where it began.
**If you wrote on the old forum**
On an old post: Apps → **Claim my posts**, or `/claim posts` anywhere in the server. When a host \
has confirmed that it was you, what you wrote there is yours, and `/claim erase` has it erased: \
here, or in a direct message to me.

In an archived thread Discord takes no commands: use them elsewhere and name the discussion."""

FOR_HOSTS = """

**For hosts**
`/setup forum` makes the threads of a channel discussions; `/setup book` says what they are \
about, `/setup hosts` who may host; `/setup show` tells what is missing, and `/setup remove` ends \
it. `/removed list` holds what was deleted for seven days, and what ended for thirty.
`/import` brings a discussion of an old forum back from its saved pages; `/imports` shows how far \
each is, pauses it, or takes it back. `/claim list` shows who claims old posts; on an old post, \
Apps → **Set what this answers** says what its page did not."""

FOR_HOSTS_ELSEWHERE = "\n\n-# Hosts find their commands with `/help` in the server."


class Help(commands.Cog):
    """Tells what the bot can do."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @app_commands.command(description="What I can do for you")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Answer privately; hosts are told more."""
        if interaction.guild_id is None:
            more = FOR_HOSTS_ELSEWHERE
        else:
            more = FOR_HOSTS if await self._access.is_host(interaction) else ""
        await interaction.response.send_message(f"{FOR_MEMBERS}{more}", ephemeral=True)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    await bot.add_cog(Help(Access(bot, bot.app.hosts)))
