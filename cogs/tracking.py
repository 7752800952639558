"""The commands `/track …`: what one wants to hear of, and how often."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.store.tracked import TrackedKind
from cogs._access import Access
from cogs._book_choices import BookChoices
from cogs._choices import Choices
from cogs._courier import DiscordCourier
from cogs._inbox import Inboxes
from cogs._naming import Choice, book_name, local_id
from cogs._panel_view import TRACK
from cogs._present import COLOUR
from cogs._presses import Press, PressCog, known
from cogs._track_answers import LEVELS, Subject, TrackAnswers
from cogs._tracked import TrackedNames
from cogs._tracked_list import TrackedList

_HOW_OFTEN = "How often you are told of it; without it, as your settings say"


class TrackingCommands(PressCog):
    """Begins, lists and ends tracking. Every answer is private."""

    track = app_commands.Group(
        name="track",
        description="Receive a message when new posts are made: at once, once a day or once a week",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(
        self,
        choices: Choices,
        books: BookChoices,
        names: TrackedNames,
        tracked: TrackedList,
        answers: TrackAnswers,
    ) -> None:
        self._choices = choices
        self._books = books
        self._names = names
        self._tracked = tracked
        self._answers = answers
        self.presses = {TRACK: self._track}

    @track.command(
        name="discussion",
        description="Track a discussion: receive a message when new posts are made in it",
    )
    @app_commands.describe(discussion="Which one; without it, the one you are in", level=_HOW_OFTEN)
    @app_commands.choices(level=LEVELS)
    async def track_discussion(
        self,
        interaction: discord.Interaction,
        discussion: str | None = None,
        level: str | None = None,
    ) -> None:
        """Track a discussion: receive a message when new posts are made in it."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.discussion(interaction, discussion)
        subject = Subject(TrackedKind.DISCUSSION, chosen.id, chosen.title)
        await self._begin(interaction, subject, level)

    @track.command(name="forum", description="Track a forum: all its discussions, new ones too")
    @app_commands.describe(forum="Which one; without it, the one you are in", level=_HOW_OFTEN)
    @app_commands.choices(level=LEVELS)
    async def track_forum(
        self,
        interaction: discord.Interaction,
        forum: str | None = None,
        level: str | None = None,
    ) -> None:
        """Track a forum: all its discussions, new ones too."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.forum(interaction, forum)
        await self._begin(interaction, Subject(TrackedKind.FORUM, chosen.id, chosen.name), level)

    @track.command(
        name="book",
        description="Track a book: every discussion of it here, new ones too",
    )
    @app_commands.describe(
        book="Which one; without it, that of the discussion you are in", level=_HOW_OFTEN
    )
    @app_commands.choices(level=LEVELS)
    async def track_book(
        self, interaction: discord.Interaction, book: str | None = None, level: str | None = None
    ) -> None:
        """Track a book: every discussion of it here, new ones too."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._books.book(interaction, book)
        subject = Subject(TrackedKind.BOOK, chosen.id, book_name(chosen))
        await self._begin(interaction, subject, level)

    @track.command(name="list", description="Show what you track, in every server, and how often")
    async def list_tracked(self, interaction: discord.Interaction) -> None:
        """Show what you track, in every server, and how often."""
        await interaction.response.defer(ephemeral=True)
        shown = await self._tracked.of_user(interaction.user.id)
        embed = discord.Embed(title="What you track", description=shown.text, colour=COLOUR)
        await interaction.edit_original_response(content=shown.note, embed=embed)

    @track.command(name="stop", description="Stop tracking something, or everything")
    @app_commands.describe(what="What to stop; without it, the discussion you are in")
    async def stop(self, interaction: discord.Interaction, what: str | None = None) -> None:
        """Stop tracking something, or everything."""
        await interaction.response.defer(ephemeral=True)
        user_id = interaction.user.id
        chosen = (
            await self._names.here(user_id, interaction.channel_id)
            if what is None
            else await self._names.chosen(user_id, what)
        )
        await interaction.edit_original_response(content=await self._answers.stop(user_id, chosen))

    @track_discussion.autocomplete("discussion")
    async def _offer_discussions(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice]:
        return await self._choices.discussions(interaction, current)

    @track_forum.autocomplete("forum")
    async def _offer_forums(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._choices.forums(interaction, current)

    @track_book.autocomplete("book")
    async def _offer_books(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._books.books(interaction, current)

    @stop.autocomplete("what")
    async def _offer_tracked(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._names.choices(interaction.user.id, current)

    async def _track(self, interaction: discord.Interaction, press: Press) -> None:
        """Track a discussion that a button names, or that was chosen in a list."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        discussion_id = known(local_id(press.value or press.state))
        chosen = await self._choices.known_discussion(interaction, discussion_id)
        await self._begin(interaction, Subject(TrackedKind.DISCUSSION, chosen.id, chosen.title))

    async def _begin(
        self, interaction: discord.Interaction, subject: Subject, level: str | None = None
    ) -> None:
        words = await self._answers.begin(interaction.user.id, subject, level)
        await interaction.edit_original_response(content=words)


async def setup(bot: Marginalia) -> None:
    """Give the cog its parts."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    names = TrackedNames(app.tracking, access)
    inboxes = Inboxes(app.people, DiscordCourier(bot, access), app.clock)
    await bot.add_cog(
        TrackingCommands(
            choices,
            BookChoices(choices, app.forums, app.books, app.tracking, access),
            names,
            TrackedList(names, app.tracking, app.people, inboxes),
            TrackAnswers(app.tracking, app.people, inboxes, app.clock),
        )
    )
