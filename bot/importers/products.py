"""Tell the addresses of products, and write links as the authors of posts wrote them."""

from __future__ import annotations

import re

from bot.importers.lines import Link, PageLine

_PRODUCT = re.compile(
    r"/(?:dp|gp/product|product-description|exec/obidos/(?:ASIN|tg/detail/-)|o/ASIN)"
    r"/(?P<asin>[A-Z0-9]{10})(?![A-Za-z0-9])"
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SHORTENED = ("...", "…")


def linked_asin(address: str) -> str | None:
    """Give the number (ASIN) of the product that an address leads to, or None."""
    match = _PRODUCT.search(address)
    return None if match is None else match["asin"]


def text_as_typed(line: PageLine) -> str:
    """Give a line of a post as its author typed it.

    A link to a product was typed `[[ASIN:NUMBER TITLE]]`. An address was typed as it is, and
    the page may show it shortened.
    """
    pieces = []
    position = 0
    for link in line.links:
        pieces += [line.text[position : link.start], _as_typed(line, link)]
        position = max(position, link.end)
    return "".join([*pieces, line.text[position:]]).rstrip()


def _as_typed(line: PageLine, link: Link) -> str:
    shown = line.text[link.start : link.end]
    words = shown.strip()
    asin = linked_asin(link.address)
    if _ADDRESS.match(words) or words.casefold().startswith("www."):
        start = words.removesuffix("…").removesuffix("...")
        is_shortened = words.endswith(_SHORTENED) and start in link.address
        return shown.replace(words, link.address) if is_shortened else shown
    if asin is not None and words and "]]" not in words:
        return shown.replace(words, f"[[ASIN:{asin} {words}]]")
    if _ADDRESS.fullmatch(link.address) and words:
        return f"{shown.rstrip()} ({link.address})"
    return shown
