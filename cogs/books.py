"""`/book`: what a book is, and how the club likes it."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.book_card import compose_book, stars_words
from bot.core.book_number import LINK_LIMIT, checked_asin, checked_isbn, checked_link
from bot.core.errors import UserError
from bot.core.model import Book
from bot.core.ports import Clock
from bot.core.post_line import counted, literal
from bot.store.book_ratings import BookRatings
from bot.store.books import AUTHOR_LIMIT, EDITION_LIMIT, TITLE_LIMIT, Books
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._book_choices import BookChoices
from cogs._choices import Choices
from cogs._hosts import HostRights
from cogs._naming import Choice
from cogs._present import COLOUR

_NAME_LIMIT = 150
_CLEARABLE = ("author", "edition", "isbn", "asin", "link")


class BookCommands(
    commands.GroupCog, group_name="book", group_description="The books that are read here"
):
    """Shows and rates books for members, and edits them for hosts."""

    def __init__(
        self,
        books: Books,
        ratings: BookRatings,
        tracking: Tracking,
        choices: BookChoices,
        host_rights: HostRights,
        access: Access,
        clock: Clock,
    ) -> None:
        self._books = books
        self._ratings = ratings
        self._tracking = tracking
        self._choices = choices
        self._host_rights = host_rights
        self._access = access
        self._clock = clock

    @app_commands.command(description="Show a book: author, edition, stars, and where to find it")
    @app_commands.describe(book="Which one; without it, that of the discussion you are in")
    async def show(self, interaction: discord.Interaction, book: str | None = None) -> None:
        """Show a book privately."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.book(interaction, book)
        await interaction.edit_original_response(embed=await self._embed(interaction, chosen))

    @app_commands.command(description="Rate a book; a second rating replaces your first")
    @app_commands.describe(
        stars="1 to 5; without it, your rating is taken back",
        book="Which one; without it, that of the discussion you are in",
    )
    async def rate(
        self,
        interaction: discord.Interaction,
        stars: app_commands.Range[int, 1, 5] | None = None,
        book: str | None = None,
    ) -> None:
        """Keep a member's stars."""
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.book(interaction, book)
        await self._ratings.rate(chosen.id, interaction.user.id, stars, self._clock.now())
        now = stars_words(await self._ratings.of_book(chosen.id)) or "nobody has rated it now"
        done = (
            "Your rating is taken back" if stars is None else f"You gave {counted(stars, 'star')}"
        )
        await interaction.edit_original_response(
            content=f"{done}: **{literal(chosen.title, _NAME_LIMIT)}** · {now}."
        )

    @app_commands.command(description="For hosts: correct what is known of a book")
    @app_commands.describe(
        book="Which one; without it, that of the discussion you are in",
        title="The book's title",
        author="Who wrote it",
        edition="Such as its publisher and year",
        isbn="Its ISBN, of 10 or 13 digits",
        asin="Amazon's number of it",
        link="The address of a page about it",
        clear="What to take away",
    )
    @app_commands.choices(
        clear=[app_commands.Choice(name=each.upper(), value=each) for each in _CLEARABLE]
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        book: str | None = None,
        title: app_commands.Range[str, 1, TITLE_LIMIT] | None = None,
        author: app_commands.Range[str, 1, AUTHOR_LIMIT] | None = None,
        edition: app_commands.Range[str, 1, EDITION_LIMIT] | None = None,
        isbn: str | None = None,
        asin: str | None = None,
        link: app_commands.Range[str, 1, LINK_LIMIT] | None = None,
        clear: str | None = None,
    ) -> None:
        """Keep what is given, and leave the rest as it is."""
        await self._host_rights.require_host(interaction)
        await interaction.response.defer(ephemeral=True)
        chosen = await self._choices.book(interaction, book)
        await self._host_rights.require_host(interaction, chosen.guild_id)
        changed = replace(
            chosen,
            title=title or chosen.title,
            author=author or chosen.author,
            edition=edition or chosen.edition,
            isbn=chosen.isbn if isbn is None else checked_isbn(isbn),
            asin=chosen.asin if asin is None else checked_asin(asin),
            link=chosen.link if link is None else checked_link(link),
        )
        if clear is not None:
            changed = _without(changed, clear)
        if changed == chosen:
            raise UserError("Nothing is to be changed: say what, such as its `isbn`.")
        stored = await self._books.edit(changed)
        await interaction.edit_original_response(embed=await self._embed(interaction, stored))

    @show.autocomplete("book")
    @rate.autocomplete("book")
    @edit.autocomplete("book")
    async def _offer_books(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._choices.books(interaction, current)

    async def _embed(self, interaction: discord.Interaction, book: Book) -> discord.Embed:
        places = (await self._tracking.book_places([book.id])).get(book.id, ())
        readable = await self._access.readable_threads(interaction, places)
        ratings = await self._ratings.of_book(book.id, interaction.user.id)
        card = compose_book(book, ratings, sorted(readable))
        return discord.Embed(title=card.title, description="\n".join(card.lines), colour=COLOUR)


def _without(book: Book, what: str) -> Book:
    return Book(
        id=book.id,
        guild_id=book.guild_id,
        title=book.title,
        author=None if what == "author" else book.author,
        edition=None if what == "edition" else book.edition,
        binding=book.binding,
        asin=None if what == "asin" else book.asin,
        rating=book.rating,
        rating_count=book.rating_count,
        isbn=None if what == "isbn" else book.isbn,
        link=None if what == "link" else book.link,
    )


async def setup(bot: Marginalia) -> None:
    """Give the cog its parts."""
    app = bot.app
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    discussions = Choices(app.discussions, app.forums, access)
    choices = BookChoices(discussions, app.forums, app.books, app.tracking, access)
    await bot.add_cog(
        BookCommands(
            app.books, app.book_ratings, app.tracking, choices, host_rights, access, app.clock
        )
    )
