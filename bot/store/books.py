"""The books that a server reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import aiosqlite

from bot.core.errors import UserError
from bot.core.imported import ImportedBook
from bot.core.model import Book
from bot.store.database import Database

TITLE_LIMIT = 200
AUTHOR_LIMIT = 100
EDITION_LIMIT = 100


class Books:
    """Names and finds books; a server has one book of a title and author."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def name(
        self, guild_id: int, title: str, author: str | None = None, edition: str | None = None
    ) -> Book:
        """Find the book, or make it where the server has none of that title and author.

        Upper and lower case (of A to Z) are the same. A title alone means the first book of that
        title; an author completes a book that had none. An edition that is given replaces what was
        known. The server must be known to the store. Raises `UserError` for an empty or over-long
        title, author or edition.
        """
        async with self._database.transaction() as connection:
            named = ImportedBook(title, author=author, edition=edition)
            return await name_book(connection, guild_id, named)

    async def edit(self, book: Book) -> Book:
        """Keep what is now known of a book, all of it, and give the book.

        Raises `UserError` where the server has another book of that title and author, or the
        title, author or edition is empty or over-long, or the book is gone.
        """
        title, author, edition = checked(book.title, book.author, book.edition)
        async with self._database.transaction() as connection:
            try:
                rows = await connection.execute_fetchall(
                    "UPDATE book SET title = ?, author = ?, edition = ?, isbn = ?, asin = ?,"
                    " link = ? WHERE id = ? RETURNING *",
                    (title, author, edition, book.isbn, book.asin, book.link, book.id),
                )
            except sqlite3.IntegrityError as error:
                raise UserError(
                    "There is another book of that title and author here already. Name that one "
                    "where it is read, with `/setup book`."
                ) from error
        for row in rows:
            return book_from_row(row)
        raise UserError("That book is no longer there: it was removed a moment ago.")

    async def get(self, book_id: int) -> Book | None:
        """Give the book with that local id."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall("SELECT * FROM book WHERE id = ?", (book_id,))
        return next((book_from_row(row) for row in rows), None)

    async def of_guild(self, guild_id: int) -> tuple[Book, ...]:
        """Give all books of a server, by title."""
        return await self.matching(guild_id, "", limit=-1)

    async def matching(self, guild_id: int, words: str, limit: int = 25) -> tuple[Book, ...]:
        """Give the books whose title and author hold all the words, by title.

        Upper and lower case are the same; a negative `limit` means all.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT * FROM book WHERE guild_id = ? ORDER BY title COLLATE NOCASE, id",
                (guild_id,),
            )
        # A club has tens of books: Python knows every alphabet's cases, SQLite only A to Z.
        wanted = words.casefold().split()
        books = [book for book in map(book_from_row, rows) if _holds(book, wanted)]
        return tuple(books if limit < 0 else books[:limit])

    async def of_tags(self, forum_id: int) -> dict[int, Book]:
        """Give the books that tags of a forum stand for, by the tags' ids."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT tag_book.tag_id, book.* FROM tag_book"
                " JOIN book ON book.id = tag_book.book_id WHERE tag_book.forum_id = ?"
                " ORDER BY tag_book.tag_id",
                (forum_id,),
            )
        return {row["tag_id"]: book_from_row(row) for row in rows}


async def name_book(connection: aiosqlite.Connection, guild_id: int, named: ImportedBook) -> Book:
    """Do `Books.name` in the caller's transaction, with all that a page says of the book.

    What it says replaces what was known, and what it does not say is kept.
    """
    title, author, edition = checked(named.title, named.author, named.edition)
    rows = await connection.execute_fetchall(
        "SELECT id FROM book WHERE guild_id = :guild_id AND title = :title COLLATE NOCASE"
        " AND (:author IS NULL OR author IS NULL OR author = :author COLLATE NOCASE)"
        # The one of that author before the one that has none yet.
        " ORDER BY author IS NULL, id LIMIT 1",
        {"guild_id": guild_id, "title": title, "author": author},
    )
    details = {
        "author": author,
        "edition": edition,
        "binding": named.binding,
        "asin": named.asin,
        "rating": named.rating,
        "rating_count": named.rating_count,
    }
    found = [row["id"] for row in rows]
    if found:
        stored = await connection.execute_fetchall(
            "UPDATE book SET author = ifnull(author, :author),"
            " edition = ifnull(:edition, edition), binding = ifnull(:binding, binding),"
            " asin = ifnull(:asin, asin), rating = ifnull(:rating, rating),"
            " rating_count = ifnull(:rating_count, rating_count)"
            " WHERE id = :id RETURNING *",
            details | {"id": found[0]},
        )
    else:
        stored = await connection.execute_fetchall(
            "INSERT INTO book"
            " (guild_id, title, author, edition, binding, asin, rating, rating_count)"
            " VALUES (:guild_id, :title, :author, :edition, :binding, :asin, :rating,"
            " :rating_count) RETURNING *",
            details | {"guild_id": guild_id, "title": title},
        )
    (row,) = stored
    return book_from_row(row)


def checked(
    title: str, author: str | None = None, edition: str | None = None
) -> tuple[str, str | None, str | None]:
    """Give the three with their blanks tidied. Raises `UserError` for an empty or over-long one."""
    return (
        _tidied("title", title, TITLE_LIMIT),
        None if author is None else _tidied("author", author, AUTHOR_LIMIT),
        None if edition is None else _tidied("edition", edition, EDITION_LIMIT),
    )


def book_from_row(row: sqlite3.Row) -> Book:
    """Give the book of a row that holds all columns of `book`."""
    return Book(
        id=row["id"],
        guild_id=row["guild_id"],
        title=row["title"],
        author=row["author"],
        edition=row["edition"],
        binding=row["binding"],
        asin=row["asin"],
        rating=row["rating"],
        rating_count=row["rating_count"],
        isbn=row["isbn"],
        link=row["link"],
    )


def _holds(book: Book, wanted: Sequence[str]) -> bool:
    text = f"{book.title} {book.author or ''}".casefold()
    return all(word in text for word in wanted)


def _tidied(what: str, text: str, limit: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise UserError(f"The book's {what} is empty: write it out.")
    if len(text) > limit:
        raise UserError(
            f"The book's {what} is {len(text)} characters long, and {limit} is the most: "
            "shorten it."
        )
    return text
