from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.book_number import checked_asin, checked_isbn, checked_link
from bot.core.errors import UserError


@pytest.mark.parametrize(
    ("typed", "isbn"),
    [
        ("978-0-14-143951-8", "9780141439518"),
        ("9780141439518", "9780141439518"),
        ("ISBN: 978 0 14 143951 8", "9780141439518"),
        ("979-10-90636-07-1", "9791090636071"),
        ("0-14-143951-3", "0141439513"),
        ("0-8044-2957-x", "080442957X"),
    ],
)
def test_an_isbn_is_taken_however_it_is_typed(typed: str, isbn: str) -> None:
    assert checked_isbn(typed) == isbn


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("9780141439519", "does not fit"),
        ("0141439514", "does not fit"),
        ("080442957", "has 13 digits"),
        ("1234567890123", "has 13 digits"),
        ("97801414395X8", "has 13 digits"),
        ("٩٧٨٠١٤١٤٣٩٥١٨", "has 13 digits"),
        ("", "has 13 digits"),
    ],
)
def test_what_is_no_isbn_is_refused_with_what_is_wrong(typed: str, what: str) -> None:
    with pytest.raises(UserError, match=what):
        checked_isbn(typed)


@given(st.integers(0, 11), st.integers(0, 9))
def test_one_mistyped_digit_is_always_found(place: int, digit: int) -> None:
    isbn = "9780141439518"
    typed = f"{isbn[:place]}{digit}{isbn[place + 1 :]}"
    if typed == isbn:
        return
    with pytest.raises(UserError):
        checked_isbn(typed)


@pytest.mark.parametrize(
    ("typed", "asin"), [(" b00ARTMI28 ", "B00ARTMI28"), ("0141439513", "0141439513")]
)
def test_an_asin_is_a_b_with_nine_signs_or_an_isbn_of_ten(typed: str, asin: str) -> None:
    assert checked_asin(typed) == asin


@pytest.mark.parametrize("typed", ["0141439514", "B00ARTMI2", "A00ARTMI28", "9780141439518", ""])
def test_what_is_no_asin_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="An ASIN has 10"):
        checked_asin(typed)


def test_a_link_is_an_address_without_anything_that_would_end_it() -> None:
    assert checked_link(" <https://example.org/emma?x=1#y> ") == "https://example.org/emma?x=1#y"


@pytest.mark.parametrize(
    "typed",
    [
        "example.org",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "https://x/)(",
        "https://x/||",
        "https://[x",
        "https://x/" + "a" * 300,
    ],
)
def test_what_is_no_link_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match=r"[Ll]ink"):
        checked_link(typed)
