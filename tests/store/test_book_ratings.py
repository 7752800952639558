from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.book_card import Ratings
from bot.core.errors import UserError
from bot.core.imported import ImportedBook
from bot.store.book_ratings import BookRatings
from bot.store.books import Books, name_book
from tests.reading_room import ANN, BEN, GUILD, START, ReadingRoom


async def test_a_member_has_one_rating_and_may_change_it_and_take_it_back(
    room: ReadingRoom,
) -> None:
    ratings = BookRatings(room.database)
    book = await Books(room.database).name(GUILD, "Emma")

    await ratings.rate(book.id, ANN, 2, START)
    await ratings.rate(book.id, ANN, 5, START)
    await ratings.rate(book.id, BEN, 4, START)
    assert await ratings.of_book(book.id, ANN) == Ratings(4.5, 2, own=5)
    assert await ratings.of_book(book.id) == Ratings(4.5, 2)

    await ratings.rate(book.id, ANN, None, START)
    await ratings.rate(book.id, BEN, None, START)
    assert await ratings.of_book(book.id, ANN) == Ratings(None, 0)


async def test_a_book_that_is_gone_is_not_rated(room: ReadingRoom) -> None:
    ratings = BookRatings(room.database)

    await ratings.rate(4_000, ANN, 3, START)

    assert (await ratings.of_book(4_000)).count == 0


async def test_what_is_known_of_a_book_can_be_corrected(room: ReadingRoom) -> None:
    books = Books(room.database)
    of_the_page = ImportedBook("Ema", author="Austen", asin="B00ARTMI28", rating=4.1)
    async with room.database.transaction() as connection:
        book = await name_book(connection, GUILD, of_the_page)

    corrected = replace(book, title="Emma", isbn="9780141439518", link="https://x.org", asin=None)

    assert await books.edit(corrected) == corrected
    assert await books.get(book.id) == corrected


async def test_a_book_cannot_become_one_that_is_there_already(room: ReadingRoom) -> None:
    books = Books(room.database)
    await books.name(GUILD, "Emma", "Jane Austen")
    other = await books.name(GUILD, "Emma", "Alexander McCall Smith")

    with pytest.raises(UserError, match="another book"):
        await books.edit(replace(other, author="jane austen"))

    assert await books.get(other.id) == other


async def test_a_book_that_is_gone_is_not_corrected(room: ReadingRoom) -> None:
    books = Books(room.database)
    book = await books.name(GUILD, "Emma")

    with pytest.raises(UserError, match="no longer there"):
        await books.edit(replace(book, id=4_000))
