"""`/setup`: a host says which channels are forums, what they are about, and who may host."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.store.books import AUTHOR_LIMIT, EDITION_LIMIT, TITLE_LIMIT
from cogs._access import Access
from cogs._book_naming import BookNaming, NamedBook
from cogs._choices import Choices
from cogs._forum_channel import ChosenChannel
from cogs._forum_publishing import ForumPublishing
from cogs._forum_setup import ForumSetup
from cogs._host_role import HostRole
from cogs._hosts import HostRights
from cogs._naming import Choice
from cogs._server_zone import ServerZone
from cogs._setup_overview import SetupOverview

Title = app_commands.Range[str, 1, TITLE_LIMIT]
Author = app_commands.Range[str, 1, AUTHOR_LIMIT]
Edition = app_commands.Range[str, 1, EDITION_LIMIT]


# Discord could hide these commands from all without Manage Server, but then from those with the
# role of `/setup hosts` as well. So every member sees them, and each asks who uses it.
class Setup(
    commands.GroupCog, group_name="setup", group_description="For hosts: forums, books and roles"
):
    """The commands of the hosts."""

    def __init__(
        self,
        host_rights: HostRights,
        host_role: HostRole,
        server_zone: ServerZone,
        forum_setup: ForumSetup,
        naming: BookNaming,
        choices: Choices,
        overview: SetupOverview,
        publishing: ForumPublishing,
    ) -> None:
        self._host_rights = host_rights
        self._host_role = host_role
        self._server_zone = server_zone
        self._forum_setup = forum_setup
        self._naming = naming
        self._choices = choices
        self._overview = overview
        self._publishing = publishing

    @app_commands.command(description="Make the threads of a channel discussions")
    @app_commands.describe(
        channel="A forum or text channel; without it, the one you are in",
        book="The title of the book that is read there",
        book_author="The book's author",
    )
    async def forum(
        self,
        interaction: discord.Interaction,
        channel: ChosenChannel | None = None,
        book: Title | None = None,
        book_author: Author | None = None,
    ) -> None:
        """Set a forum up, say what is missing, and show how its threads are read."""
        await self._host_rights.require_host(interaction)
        await self._forum_setup.set_up(interaction, channel, book, book_author)

    @app_commands.command(description="Say which book a forum, a tag or a discussion is about")
    @app_commands.describe(
        title="The book's title; without it, you are told which book it is now",
        author="The book's author",
        edition="The book's edition, such as its publisher and year",
        forum="The forum whose book it is; without it, the one you are in",
        tag="A tag of the forum that stands for this book",
        discussion="A single discussion that is about this book",
        clear="Take the book away",
    )
    async def book(
        self,
        interaction: discord.Interaction,
        title: Title | None = None,
        author: Author | None = None,
        edition: Edition | None = None,
        forum: str | None = None,
        tag: str | None = None,
        discussion: str | None = None,
        clear: bool = False,  # noqa: FBT001, FBT002 - an option of a command
    ) -> None:
        """Name a book, tell it, or take it away."""
        await self._host_rights.require_host(interaction)
        answer = await self._naming.name(
            interaction,
            NamedBook(title, author, edition, is_cleared=clear),
            forum_name=forum,
            discussion_name=discussion,
            tag_name=tag,
        )
        await interaction.response.send_message(answer, ephemeral=True)

    @app_commands.command(description="Put a forum on the public site, or take it off again")
    @app_commands.describe(
        forum="The forum; without it, the one you are in",
        publish="False takes it off the site (by default it is put there)",
    )
    async def publish(
        self,
        interaction: discord.Interaction,
        forum: str | None = None,
        publish: bool = True,  # noqa: FBT001, FBT002 - an option of a command
    ) -> None:
        """Publish a forum, after asking once more; take it off at once."""
        await self._host_rights.require_host(interaction)
        await self._publishing.set_forum(interaction, forum, is_published=publish)

    @book.autocomplete("title")
    async def _titles(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        return await self._naming.titles(interaction, words)

    @book.autocomplete("forum")
    @publish.autocomplete("forum")
    async def _forum_names(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        return await self._choices.forums(interaction, words)

    @book.autocomplete("discussion")
    async def _discussion_names(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        return await self._choices.discussions(interaction, words)

    @book.autocomplete("tag")
    async def _tag_names(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        chosen: str | None = interaction.namespace.forum
        return await self._naming.tags(interaction, words, forum_name=chosen)

    @app_commands.command(description="Name the role whose members may host")
    @app_commands.describe(role="The role; without it, only Manage Server makes a host")
    async def hosts(
        self, interaction: discord.Interaction, role: discord.Role | None = None
    ) -> None:
        """Name or take back the host role."""
        await self._host_role.name(interaction, role)

    @app_commands.command(description="Name the time zone of members who have chosen none")
    @app_commands.describe(timezone="Type a city; without it, you are told which zone it is now")
    async def timezone(self, interaction: discord.Interaction, timezone: str | None = None) -> None:
        """Name the server's time zone, or tell it."""
        await self._host_rights.require_host(interaction)
        await self._server_zone.name(interaction, timezone)

    @timezone.autocomplete("timezone")
    async def _zones(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        return await self._server_zone.choices(interaction, words)

    @app_commands.command(description="Show the forums, what is missing, and who may host")
    async def show(self, interaction: discord.Interaction) -> None:
        """Show how everything stands."""
        await self._host_rights.require_host(interaction)
        embed = await self._overview.embed(interaction)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @app_commands.command(description="Stop keeping the discussions of a channel")
    @app_commands.describe(channel="The forum or text channel; without it, the one you are in")
    async def remove(
        self, interaction: discord.Interaction, channel: ChosenChannel | None = None
    ) -> None:
        """End a forum, after asking once more."""
        await self._host_rights.require_host(interaction)
        await self._forum_setup.ask_to_remove(interaction, channel)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app = bot.app
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(
        Setup(
            host_rights,
            HostRole(app.hosts),
            ServerZone(app.server_zones, app.people.default.zone, app.clock),
            ForumSetup(bot, bot.clock, host_rights, app.forums, app.discussions, app.books),
            BookNaming(host_rights, app.books, app.forums, app.discussions, choices),
            choices,
            SetupOverview(
                app.forums,
                app.discussions,
                app.books,
                app.hosts,
                app.vanished_questions,
                app.replays,
                app.claims,
                app.channel_digests,
                access,
            ),
            ForumPublishing(host_rights, choices, app.publication, app.clock),
        )
    )
