"""Read the counts a page prints."""

from __future__ import annotations


def read_count(text: str) -> int | None:
    """Read a count such as `1,230`, or give None when the text is none."""
    digits = text.replace(",", "")
    is_count = digits.isascii() and digits.isdigit() and len(digits) <= 9
    return int(digits) if is_count else None
