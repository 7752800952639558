"""Naming a book in a command: what is offered, and what was meant.

A book may be known of by whoever may read a forum or a discussion that it is read in.
"""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.core.errors import UserError
from bot.core.model import Book
from bot.store.books import Books
from bot.store.forums import Forums
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._choices import LOOKED_AT, Choices, require_server
from cogs._naming import CHOICES, Choice, book_name, choice, local_id, the_one


class BookChoices:
    """Offers and finds the books that may be named."""

    def __init__(
        self, choices: Choices, forums: Forums, books: Books, tracking: Tracking, access: Access
    ) -> None:
        self._choices = choices
        self._forums = forums
        self._books = books
        self._tracking = tracking
        self._access = access

    async def books(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's books whose title and author hold the words."""
        found = await self._books_matching(interaction, words)
        return [choice(book_name(each), each.id) for each in found[:CHOICES]]

    async def book(self, interaction: discord.Interaction, named: str | None) -> Book:
        """Give the book that was named, or that of the discussion or forum one is in.

        Raises `UserError` where there is none that the person may know of, or more than one.
        """
        if named is None:
            return await self._book_here(interaction)
        book_id = local_id(named)
        if book_id is not None:
            book = await self._books.get(book_id)
            if book is not None and await self._known_books(interaction, [book]):
                return book
        require_server(interaction)
        found = await self._books_matching(interaction, named)
        return the_one(found, [book_name(each) for each in found], named, "book")

    async def _book_here(self, interaction: discord.Interaction) -> Book:
        here = await self._choices.here(interaction)
        if here is not None:
            book = here.book
        else:
            channel_id = interaction.channel_id
            forum = None if channel_id is None else await self._forums.get(channel_id)
            found = None if forum is None else forum.book
            book = next(iter(await self._known_books(interaction, [found] if found else [])), None)
        if book is None:
            require_server(interaction)
            raise UserError(
                "No book is named for this place. Use the command in a discussion that has one, "
                "or name the book: choose it from the list that appears while you type. "
                "A host names books with `/setup book`."
            )
        return book

    async def _books_matching(self, interaction: discord.Interaction, words: str) -> list[Book]:
        if interaction.guild_id is None:
            return []
        found = await self._books.matching(interaction.guild_id, words, LOOKED_AT)
        return await self._known_books(interaction, found)

    async def _known_books(
        self, interaction: discord.Interaction, books: Sequence[Book]
    ) -> list[Book]:
        """Give those books that are read in a forum the person may read."""
        places = await self._tracking.book_places([each.id for each in books])
        known = []
        for each in books:
            for place in places.get(each.id, ()):
                if await self._access.may_read(interaction, place):
                    known.append(each)
                    break
        return known
