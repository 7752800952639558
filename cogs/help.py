"""`/help`: what a member can do, and for hosts how to begin."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from cogs._hosts import HostRights
from cogs._present import COLOUR

FOR_MEMBERS = """\
I keep the discussions of this club: every post in them, what it answers, and how it was edited. \
Write, reply and edit in the threads as ever.

**Track what you read**
`/track discussion`, `/track forum` or `/track book`: receive a message when new posts are made, \
as they come, once a day or once a week; level “Muted” leaves one out. `/track list` shows what \
you track, `/track stop` ends it.
**Your digests**
`/digest settings` says how often and when, and keeps your quiet hours; `/digest preview` shows \
what would come now, `/digest why` why something came, or did not.
**Read a discussion**
`/forums` and `/discussions` list what there is to read, `/panel show` tells how one stands. \
`/read` shows it page by page, oldest or newest first, and opens any post whole, with what it \
answers and what answers it. `/tree` draws it: who answered whom, and when. Only you see it.
**Books**
`/book show` tells what is known of a book, `/book rate` gives it your stars; `[[ISBN:… title]]` \
in a post is a link to it.
**Find a post**
`/search` finds posts by their words in all that you can read: all of the words, "quoted" as \
they stand, -without, beginning*.
**Follow a reply**
On any post: Apps → **Reply chain** shows what it answers, up to where it began; \
**Reply tree** all that was answered below it; **Edit history** every text it had, and what \
changed.
**Take it home**
`/export` gives you a discussion as a page that needs no network, as Markdown or as JSON. \
`/publish me` agrees that your posts go on the club's public site, if it has one; `/publish stop` \
takes that back.
**If you wrote on the old forum**
On an old post: Apps → **Claim my posts**, or `/claim posts` anywhere in the server. When a host \
has confirmed that it was you, what you wrote there is yours, and `/claim erase` has it erased: \
here, or in a direct message to me.

In an archived thread Discord takes no commands: use them elsewhere and name the discussion."""

FOR_HOSTS = """\
`/setup forum` makes the threads of a channel discussions; `/setup book` says what they are \
about, `/book edit` corrects what is known of it, `/setup hosts` says who may host; \
`/panel post` puts the panel into a discussion that has none; `/setup publish` puts a forum on \
the public site; `/setup timezone` names the server's time zone; `/setup show` tells what is \
missing, and `/setup remove` ends it. `/digest channel` posts a forum's weekly digest in a \
channel, `/digest stats` counts how the digests go. `/removed list` holds \
what was deleted for seven days, and what ended for thirty.
`/import` brings a discussion of an old forum back from its saved pages; `/imports` shows how far \
each is, pauses it, or takes it back. `/claim list` shows who claims old posts; on an old post, \
Apps → **Set what this answers** says what its page did not."""

FOR_HOSTS_ELSEWHERE = "\n\n-# Hosts find their commands with `/help` in the server."


class Help(commands.Cog):
    """Tells what the bot can do."""

    def __init__(self, host_rights: HostRights) -> None:
        self._host_rights = host_rights

    @app_commands.command(description="What I can do for you")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Answer privately; hosts are told more."""
        # A message holds 2,000 characters: what is for hosts stands in an embed below it.
        is_host = await self._host_rights.is_host(interaction)
        hosts = discord.Embed(title="For hosts", description=FOR_HOSTS, colour=COLOUR)
        elsewhere = FOR_HOSTS_ELSEWHERE if interaction.guild_id is None else ""
        await interaction.response.send_message(
            f"{FOR_MEMBERS}{elsewhere}", embeds=[hosts] if is_host else [], ephemeral=True
        )


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    await bot.add_cog(Help(HostRights(bot, bot.app.hosts)))
