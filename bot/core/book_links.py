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


def _link(found: re.Match[str]) -> str:
    if found["isbn"]:
        number = found["isbn"].replace("-", "").upper()
        address, shown = ISBN_ADDRESS.format(number), f"ISBN {found['isbn']}"
    elif found["asin"]:
        number = found["asin"].upper()
        address, shown = ASIN_ADDRESS.format(number), f"ASIN {number}"
    else:
        return found[0]
    title = shown if found["title"] is None else escape_inline(found["title"])
    return f"[{title}](<{address}>)"
