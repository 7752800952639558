"""The commands `/track …`: what one wants to hear of."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.core.post_line import counted, literal
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._book_choices import BookChoices
from cogs._choices import Choices
from cogs._courier import DiscordCourier
from cogs._inbox import Inboxes
from cogs._naming import Choice, book_name, local_id
from cogs._panel_view import TRACK
from cogs._present import COLOUR
from cogs._presses import Press, handle_press, known
from cogs._tracked import TrackedNames, tracked_lines

_NAME_LIMIT = 150
_NOTHING_LEFT = "You track nothing now, so no digest comes."
_NOTHING = (
    "You track nothing. Use `/track discussion` in a discussion's thread, or `/track forum` or "
    "`/track book` for more at once, and a weekly digest will bring you what others write."
)


class TrackingCommands(commands.Cog):
    """Begins, lists and ends tracking. Every answer is private."""

    track = app_commands.Group(
        name="track",
        description="Get a weekly digest of what others write",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(
        self,
        tracking: Tracking,
        choices: Choices,
        books: BookChoices,
        names: TrackedNames,
        inboxes: Inboxes,
        clock: Clock,
    ) -> None:
        self._tracking = tracking
        self._choices = choices
        self._books = books
        self._names = names
        self._inboxes = inboxes
        self._clock = clock

    @track.command(
        name="discussion",
        description="Track a discussion: its new posts come in your weekly digest",
    )
    @app_commands.describe(discussion="Which one; without it, the one you are in")
    async def track_discussion(
        self, interaction: discord.Interaction, discussion: str | None = None
    ) -> None:
        """Track a discussion: its new posts come in your weekly digest."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.discussion(interaction, discussion)
        members = await self._tracking.track_discussion(
            interaction.user.id, chosen.id, self._clock.now()
        )
        await self._answer(interaction, f"the discussion {_bold(chosen.title)}", members)

    @track.command(name="forum", description="Track a forum: all its discussions, new ones too")
    @app_commands.describe(forum="Which one; without it, the one you are in")
    async def track_forum(self, interaction: discord.Interaction, forum: str | None = None) -> None:
        """Track a forum: all its discussions, new ones too."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.forum(interaction, forum)
        members = await self._tracking.track_forum(
            interaction.user.id, chosen.id, self._clock.now()
        )
        await self._answer(interaction, f"the forum {_bold(chosen.name)}", members)

    @track.command(
        name="book",
        description="Track a book: every discussion of it here, new ones too",
    )
    @app_commands.describe(book="Which one; without it, that of the discussion you are in")
    async def track_book(self, interaction: discord.Interaction, book: str | None = None) -> None:
        """Track a book: every discussion of it here, new ones too."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._books.book(interaction, book)
        members = await self._tracking.track_book(interaction.user.id, chosen.id, self._clock.now())
        await self._answer(interaction, f"the book {_bold(book_name(chosen))}", members)

    @track.command(name="list", description="Show what you track, in every server")
    async def list_tracked(self, interaction: discord.Interaction) -> None:
        """Show what you track, in every server."""
        await interaction.response.defer(ephemeral=True)
        user_id = interaction.user.id
        named = await self._names.of_user(user_id)
        embed = discord.Embed(
            title="What you track",
            description=tracked_lines(named) if named else _NOTHING,
            colour=COLOUR,
        )
        note = await self._inboxes.note(user_id)
        await interaction.edit_original_response(content=note, embed=embed)

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
        ended = await self._tracking.stop(
            user_id, [each.tracked.id for each in chosen], self._clock.now()
        )
        if len(chosen) == 1:
            (only,) = chosen
            members = await self._tracking.count(only.tracked.kind, only.tracked.subject_id)
            words = f"You no longer track {_bold(only.words)} · {_members(members)}"
        else:
            words = f"You no longer track {counted(ended, 'thing')}."
        if not await self._tracking.of_user(user_id):
            words += f" {_NOTHING_LEFT}"
        await interaction.edit_original_response(content=words)

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

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Track what a panel's button names."""
        await handle_press(interaction, {TRACK: self._track})

    async def _track(self, interaction: discord.Interaction, press: Press) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        chosen = await self._choices.known_discussion(interaction, known(local_id(press.state)))
        members = await self._tracking.track_discussion(
            interaction.user.id, chosen.id, self._clock.now()
        )
        await self._answer(interaction, f"the discussion {_bold(chosen.title)}", members)

    async def _answer(self, interaction: discord.Interaction, what: str, members: int) -> None:
        words = f"You track {what} · {_members(members)}"
        told = await self._inboxes.greet(interaction.user.id)
        await interaction.edit_original_response(content="\n".join(filter(None, (words, told))))


def _bold(name: str) -> str:
    return f"**{literal(name, _NAME_LIMIT)}**"


def _members(members: int) -> str:
    return f"Tracked by {counted(members, 'member')}." if members else "Nobody tracks it now."


async def setup(bot: Marginalia) -> None:
    """Give the cog its parts."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(
        TrackingCommands(
            app.tracking,
            choices,
            BookChoices(choices, app.forums, app.books, app.tracking, access),
            TrackedNames(app.tracking, access),
            Inboxes(app.people, DiscordCourier(bot, access)),
            app.clock,
        )
    )
