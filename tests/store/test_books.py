from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedBook
from bot.store.books import Books, name_book
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.hosts import Hosts

GUILD = 11
OTHER_GUILD = 12
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
async def books(database: Database) -> Books:
    hosts = Hosts(database)
    await hosts.set_role(GUILD, "Tuesday Readers", None)
    await hosts.set_role(OTHER_GUILD, "Night Owls", None)
    return Books(database)


async def test_a_named_book_is_found_again_by_its_id_and_among_its_servers(books: Books) -> None:
    book = await books.name(GUILD, "Jane Eyre", "Charlotte Brontë", "Penguin 2006")

    assert (book.title, book.author, book.edition) == (
        "Jane Eyre",
        "Charlotte Brontë",
        "Penguin 2006",
    )
    assert await books.get(book.id) == book
    assert await books.of_guild(GUILD) == (book,)
    assert await books.of_guild(OTHER_GUILD) == ()
    assert await books.get(book.id + 1) is None


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Jane Eyre", "Charlotte Brontë"),
        ("jane EYRE", "charlotte Brontë"),
        ("  Jane \n Eyre ", "Charlotte  Brontë"),
        ("Jane Eyre", None),
    ],
)
async def test_naming_a_book_again_means_the_same_book(
    books: Books, title: str, author: str | None
) -> None:
    first = await books.name(GUILD, "Jane Eyre", "Charlotte Brontë")

    assert await books.name(GUILD, title, author) == first


async def test_books_of_one_title_by_two_authors_are_two(books: Books) -> None:
    poet = await books.name(GUILD, "Selected Poems", "Emily Dickinson")
    other = await books.name(GUILD, "Selected Poems", "John Clare")

    assert poet.id != other.id
    assert await books.name(GUILD, "Selected Poems", "John Clare") == other


async def test_an_author_completes_a_book_that_had_none_and_details_are_replaced(
    database: Database, books: Books
) -> None:
    bare = await books.name(GUILD, "Emma", edition="First")
    async with database.transaction() as connection:
        page = ImportedBook("Emma", author="Jane Austen", rating=4.5)
        completed = await name_book(connection, GUILD, page)

    assert completed.id == bare.id
    assert (completed.author, completed.edition, completed.rating) == ("Jane Austen", "First", 4.5)
    assert (await books.name(GUILD, "Emma", "Jane Austen", "Second")).edition == "Second"
    assert len(await books.of_guild(GUILD)) == 1


async def test_the_books_of_tags_are_known_by_their_tags(database: Database, books: Books) -> None:
    forums = Forums(database, Directory())
    await forums.set_up(
        21, GUILD, "Tuesday Readers", "novels", is_forum_channel=True, host_id=9, now=NOW
    )
    emma = await books.name(GUILD, "Emma")
    await forums.set_tag_book(21, 5, emma.id)

    assert await books.of_tags(21) == {5: emma}
    await forums.set_tag_book(21, 5, None)
    assert await books.of_tags(21) == {}


async def test_two_servers_have_books_of_their_own(books: Books) -> None:
    ours = await books.name(GUILD, "Emma")
    theirs = await books.name(OTHER_GUILD, "Emma")

    assert ours.id != theirs.id


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("", ["Emma", "Émile", "Jane Eyre"]),
        ("ROUSSEAU", ["Émile"]),
        ("ÉMILE", ["Émile"]),
        ("brontë jane", ["Jane Eyre"]),
        ("jane", ["Emma", "Jane Eyre"]),
        ("jane moby", []),
        ("%", []),
    ],
)
async def test_books_match_when_title_and_author_hold_all_the_words(
    books: Books, words: str, titles: list[str]
) -> None:
    await books.name(GUILD, "Jane Eyre", "Charlotte Brontë")
    await books.name(GUILD, "Émile", "Jean-Jacques Rousseau")
    await books.name(GUILD, "Emma", "Jane Austen")
    await books.name(OTHER_GUILD, "Jane Eyre", "Charlotte Brontë")

    assert sorted(book.title for book in await books.matching(GUILD, words)) == sorted(titles)


async def test_matching_gives_no_more_than_asked_for(books: Books) -> None:
    for number in range(4):
        await books.name(GUILD, f"Volume {number}")

    matching = await books.matching(GUILD, "volume", limit=2)

    assert [book.title for book in matching] == ["Volume 0", "Volume 1"]


@pytest.mark.parametrize(
    ("title", "author", "said"),
    [
        (" \n", None, "title is empty"),
        ("Emma", "", "author is empty"),
        ("x" * 201, None, "201 characters"),
        ("Emma", "y" * 101, "101 characters"),
    ],
)
async def test_a_book_that_cannot_be_named_is_refused_in_words(
    books: Books, title: str, author: str | None, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        await books.name(GUILD, title, author)
    assert await books.of_guild(GUILD) == ()
