from __future__ import annotations

from dataclasses import replace

from bot.core.book_card import Ratings, compose_book, known_stars, stars_words
from tests.core.samples import BOOK


def test_stars_are_told_as_the_old_forums_told_them() -> None:
    assert stars_words(Ratings(4.24, 17)) == "4.2 out of 5 stars (17)"
    assert stars_words(Ratings(None, 0)) is None


def test_members_stars_come_before_those_of_the_old_page() -> None:
    book = replace(BOOK, rating=4.1, rating_count=1018)

    assert known_stars(book, Ratings(None, 0)) == "4.1 out of 5 stars (1,018)"
    assert known_stars(book, Ratings(3.0, 1)) == "3.0 out of 5 stars (1)"
    assert known_stars(BOOK, Ratings(None, 0)) is None


def test_a_card_tells_all_that_is_known_and_where_the_book_is_discussed() -> None:
    book = replace(
        BOOK,
        edition="Vintage, 1999",
        binding="Paperback",
        isbn="9780141439518",
        asin="B00ARTMI28",
        link="https://example.org/sea",
        rating=4.1,
        rating_count=9,
    )

    card = compose_book(book, Ratings(4.5, 2, own=5), [8])

    assert card.title == "The Sea, the Sea"
    assert card.lines == (
        "By Iris Murdoch",
        "Edition Vintage, 1999",
        "Binding Paperback",
        "4.5 out of 5 stars (2)",
        "-# On the old page: 4.1 out of 5 stars (9)",
        "You gave it 5 stars.",
        (
            "[ISBN 9780141439518](https://openlibrary.org/isbn/9780141439518) · "
            "[ASIN B00ARTMI28](https://www.amazon.com/dp/B00ARTMI28) · "
            "[More about it](https://example.org/sea)"
        ),
        "Discussed in <#8>",
    )


def test_a_book_that_nobody_rated_says_how_to() -> None:
    assert "`/book rate`" in "\n".join(compose_book(BOOK, Ratings(None, 0), []).lines)
