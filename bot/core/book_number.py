"""The numbers and addresses by which a book is known: ISBN, ASIN, link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.core.errors import UserError

LINK_LIMIT = 300

_ASIN = re.compile(r"B[0-9A-Z]{9}")


def checked_isbn(typed: str) -> str:
    """Give an ISBN without its hyphens. Raises `UserError` where it cannot be one.

    The last sign of an ISBN is computed from the others (ISBN Users' Manual, 7th edition,
    section 4 for the 13 digits of today, its appendix for the ten signs of before 2007).
    """
    isbn = re.sub(r"[\s‐‑–-]", "", typed).upper().removeprefix("ISBN").lstrip(":")
    if not re.fullmatch(r"[0-9]{9}[0-9X]|97[89][0-9]{10}", isbn):
        raise UserError(
            "An ISBN has 13 digits that begin with 978 or 979, or 10, of which the last may be an "
            "X. It stands on the back of the book, or on the page before its first."
        )
    if not (_is_isbn_10(isbn) if len(isbn) == 10 else _is_isbn_13(isbn)):
        raise UserError(
            f"{isbn} is no ISBN: its last sign does not fit the others, so one of them was "
            "mistyped. Compare it with the book."
        )
    return isbn


def checked_asin(typed: str) -> str:
    """Give an ASIN in capitals. Raises `UserError` where it cannot be one.

    Amazon's number is a B and nine more letters and digits, or for a printed book its ISBN of
    ten signs.
    """
    asin = typed.strip().upper()
    if not (_ASIN.fullmatch(asin) or (re.fullmatch(r"[0-9]{9}[0-9X]", asin) and _is_isbn_10(asin))):
        raise UserError(
            "An ASIN has 10 letters and digits: a B with nine more, or a book's ISBN of ten. It "
            "stands in the address of the book's page, behind /dp/."
        )
    return asin


def checked_link(typed: str) -> str:
    """Give an address of a page. Raises `UserError` where it is none."""
    link = typed.strip().strip("<>")
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    is_plain = re.fullmatch(r"[!-~]+", link) is not None and not re.search(
        r"[<>()\[\]\\|`*\"]", link
    )
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise UserError(
            "A link is an address that begins with https:// and has no blanks or brackets in it. "
            "Copy it from the address bar."
        )
    if len(link) > LINK_LIMIT:
        raise UserError(f"The link has {len(link)} characters, and {LINK_LIMIT} is the most.")
    return link


def _is_isbn_10(isbn: str) -> bool:
    values = [10 if sign == "X" else int(sign) for sign in isbn]
    return (
        sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11
        == 0
    )


def _is_isbn_13(isbn: str) -> bool:
    return sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(isbn)) % 10 == 0
