"""`/import` and `/imports`: hosts bring old discussions back, and steer what is under way."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from cogs._access import Access
from cogs._forum_channel import ChosenChannel, server
from cogs._hosts import HostRights
from cogs._import_decision import ClosedPreview
from cogs._import_offer import ImportOffers
from cogs._import_pages import PageReader
from cogs._import_steering import ImportSteering
from cogs._import_target import ImportTargets, tags_of
from cogs._naming import CHOICES, Choice, choice

Page = discord.Attachment

# Every member sees these commands, and each asks who uses it: see `cogs/setup.py`.


class Imports(commands.Cog):
    """The commands of hosts on old discussions."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        host_rights: HostRights,
        offers: ImportOffers,
        steering: ImportSteering,
    ) -> None:
        self._bot = bot
        self._host_rights = host_rights
        self._offers = offers
        self._steering = steering

    async def cog_load(self) -> None:
        """Answer the buttons that were shown before a restart."""
        self._bot.add_view(ClosedPreview())
        await self._steering.listen_again()

    @app_commands.command(
        name="import", description="For hosts: bring an old discussion back from its saved pages"
    )
    @app_commands.describe(
        page1="A page of the discussion, saved as text or HTML",
        forum="The forum it comes back in; without it, the one you are in",
        tag="The forum's tag that its thread gets",
        **{f"page{number}": "Another page of the same discussion" for number in range(2, 11)},
    )
    async def import_pages(
        self,
        interaction: discord.Interaction,
        page1: Page,
        page2: Page | None = None,
        page3: Page | None = None,
        page4: Page | None = None,
        page5: Page | None = None,
        page6: Page | None = None,
        page7: Page | None = None,
        page8: Page | None = None,
        page9: Page | None = None,
        page10: Page | None = None,
        forum: ChosenChannel | None = None,
        tag: str | None = None,
    ) -> None:
        """Read the pages and show what they hold; nothing is stored before the host says so."""
        await self._host_rights.require_host(interaction)
        given = (page1, page2, page3, page4, page5, page6, page7, page8, page9, page10)
        pages = [page for page in given if page is not None]
        await self._offers.make(interaction, pages, forum, tag)

    @import_pages.autocomplete("tag")
    async def _tags(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        chosen = interaction.namespace.forum
        channel_id = interaction.channel_id if chosen is None else chosen.id
        tags = tags_of(server(interaction).get_channel(channel_id or 0))
        return [
            choice(tag.name, tag.name) for tag in tags if words.casefold() in tag.name.casefold()
        ][:CHOICES]

    @app_commands.command(description="For hosts: the old discussions, and how far each is")
    async def imports(self, interaction: discord.Interaction) -> None:
        """Show the imports of the server that the host may know of."""
        await self._host_rights.require_host(interaction)
        await self._steering.show(interaction)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app = bot.app
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    steering = ImportSteering(bot, app.replays, app.boards, host_rights, access, app.clock)
    offers = ImportOffers(
        bot,
        host_rights,
        PageReader(app.settings.max_page_bytes),
        ImportTargets(app.forums, access),
        app.imports,
        app.replays,
        app.boards,
        steering,
        app.clock,
    )
    await bot.add_cog(Imports(bot, host_rights, offers, steering))
