from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.place import (
    PAGE_LENGTH,
    OpenPost,
    Order,
    Place,
    open_post_from_text,
    place_from_text,
    place_of_post,
)

places = st.builds(
    Place,
    discussion_id=st.integers(1, 10**10 - 1),
    last=st.integers(0, 10**10 - 1),
    order=st.sampled_from(Order),
    page=st.integers(1, 10**9 - 1),
    leaf=st.integers(1, 25),
)


def every_page(last: int, order: Order) -> list[int]:
    """Give the numbers of all pages, in the order of reading."""
    place = Place(1, last, order)
    read: list[int] = []
    for page in range(1, place.pages + 1):
        numbers = place.turned_to(page).numbers
        assert len(numbers) <= PAGE_LENGTH
        read += numbers if order is Order.OLDEST else reversed(numbers)
    return read


@given(st.integers(0, 130))
def test_the_pages_hold_every_post_once_in_their_order(last: int) -> None:
    assert every_page(last, Order.OLDEST) == [*range(1, last + 1)]
    assert every_page(last, Order.NEWEST) == [*range(last, 0, -1)]


def test_oldest_first_a_page_keeps_its_posts_whatever_is_posted() -> None:
    assert Place(1, 60).turned_to(2).numbers == Place(1, 61).turned_to(2).numbers == range(26, 51)


def test_newest_first_a_page_is_counted_from_where_reading_began() -> None:
    place = Place(1, 60, Order.NEWEST)

    assert place.numbers == range(36, 61)
    assert place.turned_to(3).numbers == range(1, 11)
    assert place.turned_to(3).positions == range(51, 61)


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (-5, 1), (3, 3), (4, 3)])
def test_a_page_that_is_not_there_is_the_nearest_one(asked: int, shown: int) -> None:
    assert Place(1, 60).turned_to(asked).page == shown


@given(places, st.integers(1, 10**15 - 1), st.integers(1, 9999))
def test_places_and_open_posts_survive_a_custom_id(place: Place, post_id: int, part: int) -> None:
    opened = OpenPost(post_id, place, part)

    assert place_from_text(place.as_text()) == place
    assert open_post_from_text(opened.as_text()) == opened
    assert len(opened.as_text()) <= 75


@pytest.mark.parametrize("text", ["", "1.2.x.1.1", "1.2.o.1", "1.2.o.1.1 ", "٣.2.o.1.1", "1/2"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert place_from_text(text) is None
    assert open_post_from_text(text) is None


@pytest.mark.parametrize(("number", "page"), [(None, 1), (1, 1), (25, 1), (26, 2), (60, 3)])
def test_a_post_is_on_the_page_of_its_number(number: int | None, page: int) -> None:
    assert place_of_post(1, number, 60).page == page
