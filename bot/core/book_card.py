"""The wording of a book: what it is, how it is liked, and where to find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.book_links import ASIN_ADDRESS, ISBN_ADDRESS
from bot.core.model import Book
from bot.core.post_line import counted, literal

_TITLE_LIMIT = 250
_DETAIL_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Ratings:
    """How members like a book: the mean of their stars, how many rated, and one's own stars."""

    mean: float | None
    count: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class BookCard:
    """A book in words: a title and lines of Markdown, some 3,000 characters at most."""

    title: str
    lines: tuple[str, ...]


def stars_words(ratings: Ratings) -> str | None:
    """Give "4.2 out of 5 stars (17)", or None while nobody has rated."""
    if ratings.mean is None:
        return None
    return f"{ratings.mean:.1f} out of 5 stars ({ratings.count:,})"


def known_stars(book: Book, ratings: Ratings) -> str | None:
    """Give the stars that members gave, else those of the page that was imported, if any."""
    if ratings.mean is None and book.rating is not None:
        return stars_words(Ratings(book.rating, book.rating_count or 0))
    return stars_words(ratings)


def compose_book(book: Book, ratings: Ratings, forum_ids: Sequence[int]) -> BookCard:
    """Put a book into words; `forum_ids` are the channels where the reader may find it."""
    details = [("By", book.author), ("Edition", book.edition), ("Binding", book.binding)]
    lines = [f"{what} {literal(said, _DETAIL_LIMIT)}" for what, said in details if said is not None]
    lines.append(stars_words(ratings) or "Nobody here has rated it yet: `/book rate`.")
    if book.rating is not None:
        old = stars_words(Ratings(book.rating, book.rating_count or 0))
        lines.append(f"-# On the old page: {old}")
    if ratings.own is not None:
        lines.append(f"You gave it {counted(ratings.own, 'star')}.")
    links = [
        None if book.isbn is None else f"[ISBN {book.isbn}]({ISBN_ADDRESS.format(book.isbn)})",
        None if book.asin is None else f"[ASIN {book.asin}]({ASIN_ADDRESS.format(book.asin)})",
        None if book.link is None else f"[More about it]({book.link})",
    ]
    if any(links):
        lines.append(" · ".join(filter(None, links)))
    if forum_ids:
        lines.append("Discussed in " + ", ".join(f"<#{forum_id}>" for forum_id in forum_ids[:20]))
    return BookCard(literal(book.title, _TITLE_LIMIT), tuple(lines))
