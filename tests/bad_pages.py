"""Files that are no saved page, and what is said of each, by whichever way they come."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_PAGE = Path(__file__).parent / "pages" / "frankenstein-1.txt"
_LIMIT = 8 * 1024 * 1024


class BadPage(NamedTuple):
    """A file by its name and content, and how its refusal begins."""

    name: str
    content: bytes
    said: str


def _half_a_page() -> bytes:
    content = _PAGE.read_bytes()
    return content[: len(content) // 2]


BAD_PAGES = {
    "large": BadPage("page.txt", b"a" * (_LIMIT + 1), "page.txt is larger than 8 MiB"),
    "empty": BadPage("page.txt", b" \n", "page.txt is empty"),
    "zip": BadPage("pages.zip", b"PK\x03\x04...", "pages.zip is a zip archive"),
    "picture": BadPage("cover.png", b"\x89PNG\r\n", "cover.png is a picture"),
    "no page": BadPage("list.txt", b"Milk, bread.", "list.txt is not a saved forum page"),
    "German": BadPage(
        "seite.txt",
        b"Sortieren\nErsteintrag: 20.10.2015 09:11:29 GMT+02:00\nWren meint:\nJa.\n",
        "seite.txt, line 2: this is a page of the .de forums",
    ),
    "cut off": BadPage("half.txt", _half_a_page(), "half.txt, line 68: the page breaks off"),
    "deeply nested": BadPage(
        "deep.html", b"<div>" * 50_000 + b"deep", "deep.html is not a saved forum page"
    ),
    "script": BadPage(
        "script.html", b"<script>" + b"<p>" * 50_000, "script.html is not a saved forum page"
    ),
    "entity bomb": BadPage(
        "bomb.html",
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>' + b"&b;" * 50_000,
        "bomb.html is not a saved forum page",
    ),
}
"""A file of each kind that people pick by mistake, or on purpose."""
