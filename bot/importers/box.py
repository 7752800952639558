"""Read the box in a page's foot: totals, days, and the book the discussion is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.imported import ImportedBook
from bot.importers.counts import read_count
from bot.importers.lines import PageLine
from bot.importers.products import linked_asin
from bot.importers.scanned import Box
from bot.importers.sites import Site, Words

_BINDING = re.compile(r"(?P<title>.*\S) ?\[(?P<binding>[^\[\]]+)\]")
_EDITION = re.compile(r"(?P<author>.*\S) \((?P<edition>[^()]*(?:\([^()]*\)[^()]*)*)\)")


def read_box(foot: Sequence[PageLine], site: Site, words: Words) -> Box:
    """Read the lines of a page's foot; what they do not say is None."""
    filled = [line for line in foot if line.text.strip()]
    texts = [" ".join(line.text.split()) for line in filled]
    start = _first(texts, words)
    labels = {
        words.box_forum,
        words.box_participants,
        words.box_total,
        words.box_initial,
        words.box_latest,
    }
    fields = _Fields(_with_values(texts[start:], labels))
    tracked = fields.matching(words.box_tracked)
    return Box(
        forum=fields.after(words.box_forum),
        participants=read_count(fields.after(words.box_participants) or ""),
        total_posts=read_count(fields.after(words.box_total) or ""),
        initial_post=_day(fields.after(words.box_initial), site),
        latest_post=_day(fields.after(words.box_latest), site),
        tracked_by=None if tracked is None else read_count(tracked["count"]),
        book=_book(fields, words, filled[start:]),
    )


def _first(texts: Sequence[str], words: Words) -> int:
    """Give the place of the box's heading, or else of its first line."""
    if words.box in texts:
        return texts.index(words.box)
    forums = (place for place, text in enumerate(texts) if text.startswith(words.box_forum))
    return next(forums, len(texts))


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
        if heading not in self.lines:
            return []
        return [line for line in self.lines[self.lines.index(heading) :] if line != heading]


def _with_values(lines: Sequence[str], labels: Collection[str]) -> list[str]:
    """Bring a label and its value together where the page's layout put them on two lines."""
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1] in labels and line not in labels:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _day(text: str | None, site: Site) -> date | None:
    return None if text is None else site.day(text)


def _book(fields: _Fields, words: Words, lines: Sequence[PageLine]) -> ImportedBook | None:
    """Read the product: a line with its title, one that repeats it with its author, its stars.

    Form: `TITLE [BINDING]`, `TITLE [BINDING] by AUTHOR (EDITION)`, `3.8 out of 5 stars (1,230)`.
    """
    product = fields.below(words.box_product)
    if not product:
        return None
    name = _without_credits(product[0], words)
    binding = _BINDING.fullmatch(name)
    author, edition = _credits(product, f"{name} {words.by} ")
    rating = fields.matching(words.rating)
    return ImportedBook(
        title=name if binding is None else binding["title"],
        binding=None if binding is None else binding["binding"],
        author=author,
        edition=edition,
        rating=None if rating is None else float(rating["stars"]),
        rating_count=None if rating is None else read_count(rating["count"] or ""),
        asin=_asin(lines, name),
    )


def _without_credits(line: str, words: Words) -> str:
    """Give `TITLE [BINDING]` where the line with the title alone is missing above."""
    title, bracket, credit = line.rpartition(f"] {words.by} ")
    return f"{title}]" if bracket and "[" in title and credit else line


def _asin(lines: Sequence[PageLine], name: str) -> str | None:
    """Give the product's number from the link on its title, which a page as HTML has."""
    for line in lines:
        for link in line.links:
            asin = linked_asin(link.address)
            if asin is not None and line.words_of(link).startswith(name):
                return asin
    return None


def _credits(lines: Sequence[str], opening: str) -> tuple[str | None, str | None]:
    """Give author and edition from the line that repeats the title before its author."""
    for line in lines:
        if line.startswith(opening):
            credit = line[len(opening) :]
            parts = _EDITION.fullmatch(credit)
            return (credit, None) if parts is None else (parts["author"], parts["edition"])
    return None, None
