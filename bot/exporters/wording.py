"""What the exported files call a discussion and the authors of its posts."""

from __future__ import annotations

from bot.core.book_links import ASIN_ADDRESS, ISBN_ADDRESS
from bot.core.excerpt import Surface, excerpt
from bot.core.exported import ExportedPost, Visibility
from bot.core.markdown import showable
from bot.core.model import Book

_LONGEST = 300
_NAMELESS = {
    Visibility.SHOWN: "A reader",
    Visibility.DELETED: "A deleted post",
    Visibility.NOT_PUBLISHED: "A member",
}


def plain(text: str) -> str:
    """Give a title, or a name, where there is no Markdown: a spoiler in it shows as ▮▮▮."""
    text = " ".join(showable(text).split())
    return excerpt(text, _LONGEST, Surface.PLAIN) if "||" in text else text


def book_links(book: Book) -> tuple[tuple[str, str], ...]:
    """Give the words and addresses of the pages about a book; an address is a web address."""
    return tuple(
        (words, address)
        for words, address in (
            (f"ISBN {book.isbn}", ISBN_ADDRESS.format(book.isbn) if book.isbn else None),
            (f"ASIN {book.asin}", ASIN_ADDRESS.format(book.asin) if book.asin else None),
            ("More about it", book.link),
        )
        if address is not None and address.startswith(("https://", "http://"))
    )


def shown_author(post: ExportedPost) -> str:
    """Give the name that stands above a post."""
    name = "" if post.author is None else " ".join(showable(post.author).split())
    return name or _NAMELESS[post.visibility]
