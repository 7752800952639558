"""`[[ISBN:… title]]` and `[[ASIN:… title]]`: links to a book, as the old forums had them."""

from __future__ import annotations

import re

from bot.core.markdown import escape_inline

ISBN_ADDRESS = "https://openlibrary.org/isbn/{}"
ASIN_ADDRESS = "https://www.amazon.com/dp/{}"

# Code stays as it was typed, and so does a title with signs that hide or escape.
_LINKS = re.compile(
    r"```.*?```|`[^`\n]*`"
    r"|\[\[(?:ISBN:(?P<isbn>[0-9Xx-]{10,17})|ASIN:(?P<asin>[0-9A-Za-z]{10}))"
    r"(?: +(?P<title>[^\n\[\]|`\\]{1,300}?))?\]\]",
    re.DOTALL,
)


def with_book_links(text: str) -> str:
    """Give a text of a post with its book links as links of Markdown."""
    return _LINKS.sub(_link, text) if "[[" in text else text


def linked_book(found: re.Match[str]) -> tuple[str, str]:
    """Give the words and the address of a link whose `isbn` or `asin`, and `title`, were found."""
    if found["isbn"]:
        address = ISBN_ADDRESS.format(found["isbn"].replace("-", "").upper())
        return found["title"] or f"ISBN {found['isbn']}", address
    number = found["asin"].upper()
    return found["title"] or f"ASIN {number}", ASIN_ADDRESS.format(number)


def _link(found: re.Match[str]) -> str:
    if not (found["isbn"] or found["asin"]):
        return found[0]
    words, address = linked_book(found)
    return f"[{escape_inline(words)}](<{address}>)"
