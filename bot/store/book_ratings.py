"""How members like a book: one rating each, which may be changed and taken back."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.book_card import Ratings
from bot.store.database import Database, to_milliseconds


class BookRatings:
    """Keeps and counts the stars that members give."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rate(self, book_id: int, user_id: int, stars: int | None, now: datetime) -> None:
        """Keep a member's stars, 1 to 5, instead of those they gave before; None takes them back.

        A book that was erased a moment ago is not rated.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM book_rating WHERE book_id = ? AND user_id = ?", (book_id, user_id)
            )
            if stars is not None:
                await connection.execute(
                    "INSERT INTO book_rating (book_id, user_id, stars, rated_at)"
                    " SELECT id, ?, ?, ? FROM book WHERE id = ?",
                    (user_id, stars, to_milliseconds(now), book_id),
                )

    async def of_book(self, book_id: int, user_id: int | None = None) -> Ratings:
        """Give the mean and number of a book's ratings, and the stars that this member gave."""
        async with self._database.reading() as connection:
            return await ratings_of(connection, book_id, user_id)


async def ratings_of(
    connection: aiosqlite.Connection, book_id: int, user_id: int | None = None
) -> Ratings:
    """Give what `BookRatings.of_book` does, in a transaction that is open."""
    (row,) = await connection.execute_fetchall(
        "SELECT avg(stars) AS mean, count(*) AS number,"
        " max(stars) FILTER (WHERE user_id = :user_id) AS own"
        " FROM book_rating WHERE book_id = :book_id",
        {"book_id": book_id, "user_id": user_id},
    )
    return Ratings(row["mean"], row["number"], row["own"])
