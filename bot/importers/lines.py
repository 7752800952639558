"""The lines of a page, as a browser shows them, with what the markup told of each."""

from __future__ import annotations

from dataclasses import dataclass

from bot.importers.refusal import PageRefusedError

MAX_LINES = 400_000
"""The most lines that a page may have: each costs time and memory, however short. Ten thousand
posts have about 60,000."""


def check_line_count(count: int) -> None:
    """Raise `PageRefusedError` where a page has more lines than are read."""
    if count > MAX_LINES:
        raise PageRefusedError(
            f"has more than {MAX_LINES:,} lines, which no saved forum page has. Save the pages of "
            "the discussion one by one, and import those."
        )


@dataclass(frozen=True, slots=True)
class Link:
    """A link within a line: where its words stand in the line's text, and where it leads."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page's text, and the line (from 1) of the file where it begins.

    The rest is known of a page saved as HTML alone: the ids of messages (`Mx…`) that mark this
    place, its links, and whether it lies in an element of the class `postBody` or `postHeader`,
    or in a heading.
    """

    text: str
    number: int
    message_ids: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    is_in_post: bool = False
    is_post_header: bool = False
    is_heading: bool = False

    def words_of(self, link: Link) -> str:
        """Give the words of one of the line's links."""
        return self.text[link.start : link.end].strip()


def lines_of(text_lines: list[str]) -> list[PageLine]:
    """Give the lines of a page saved as text. Raises `PageRefusedError` where they are too many."""
    check_line_count(len(text_lines))
    return [PageLine(text, number) for number, text in enumerate(text_lines, start=1)]
