"""Read the box in a page's foot: totals, days, and the book the discussion is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.imported import ImportedBook
from bot.importers.counts import read_count
from bot.importers.scanned import Box
from bot.importers.sites import Site, Words

_BINDING = re.compile(r"(?P<title>.*\S) ?\[(?P<binding>[^\[\]]+)\]")
_EDITION = re.compile(r"(?P<author>.*\S) \((?P<edition>[^()]*(?:\([^()]*\)[^()]*)*)\)")


def read_box(foot: Sequence[str], site: Site) -> Box:
    """Read the lines of a page's foot; what they do not say is None."""
    words = site.words
    lines = [" ".join(line.split()) for line in foot if line.strip()]
    start = lines.index(words.box) if words.box in lines else len(lines)
    fields = _Fields(lines[start:])
    tracked = fields.matching(words.box_tracked)
    return Box(
        forum=fields.after(words.box_forum),
        participants=read_count(fields.after(words.box_participants) or ""),
        total_posts=read_count(fields.after(words.box_total) or ""),
        initial_post=_day(fields.after(words.box_initial), site),
        latest_post=_day(fields.after(words.box_latest), site),
        tracked_by=None if tracked is None else read_count(tracked["count"]),
        book=_book(fields, words),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The lines of the box, each looked up by its label."""

    lines: list[str]

    def after(self, label: str) -> str | None:
        for line in self.lines:
            if line.startswith(label):
                return line[len(label) :].strip() or None
        return None

    def matching(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return next((match for line in self.lines if (match := pattern.fullmatch(line))), None)

    def below(self, heading: str) -> list[str]:
        return self.lines[self.lines.index(heading) + 1 :] if heading in self.lines else []


def _day(text: str | None, site: Site) -> date | None:
    return None if text is None else site.day(text)


def _book(fields: _Fields, words: Words) -> ImportedBook | None:
    """Read the product: a line with its title, one that repeats it with its author, its stars.

    Form: `TITLE [BINDING]`, `TITLE [BINDING] by AUTHOR (EDITION)`, `3.8 out of 5 stars (1,230)`.
    """
    product = fields.below(words.box_product)
    if not product:
        return None
    name = product[0]
    binding = _BINDING.fullmatch(name)
    author, edition = _credits(product[1:], f"{name} {words.by} ")
    rating = fields.matching(words.rating)
    return ImportedBook(
        title=name if binding is None else binding["title"],
        binding=None if binding is None else binding["binding"],
        author=author,
        edition=edition,
        rating=None if rating is None else float(rating["stars"]),
        rating_count=None if rating is None else read_count(rating["count"] or ""),
    )


def _credits(lines: Sequence[str], opening: str) -> tuple[str | None, str | None]:
    """Give author and edition from the line that repeats the title before its author."""
    for line in lines:
        if line.startswith(opening):
            credit = line[len(opening) :]
            parts = _EDITION.fullmatch(credit)
            return (credit, None) if parts is None else (parts["author"], parts["edition"])
    return None, None
