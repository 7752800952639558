"""Read a page's head: forum, title, and which posts of how many it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.imported import PageWarning
from bot.importers.counts import read_count
from bot.importers.lines import PageLine
from bot.importers.refusal import PageRefusedError
from bot.importers.scanned import Showing
from bot.importers.sites import Words

_SEPARATORS = " >›»"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the first post."""

    forum: str | None
    title: str
    showing: Showing | None
    warnings: tuple[PageWarning, ...]


def read_head(lines: Sequence[PageLine], words: Words) -> Head:
    """Read the lines above the first post.

    Raises `PageRefusedError` when they hold no title.
    """
    forum, title = _forum_and_title(lines, words)
    if not title:
        raise PageRefusedError(
            "the discussion's title is missing above its first post. Save the whole page again.",
            lines[0].number if lines else 1,
        )
    showing, warnings = _showing(lines, words)
    return Head(forum, title, showing, warnings)


def _forum_and_title(lines: Sequence[PageLine], words: Words) -> tuple[str | None, str]:
    """Give the forum from the breadcrumb, and the title between it and the sort order.

    Without a breadcrumb the title is the last line above the sort order. A heading goes before
    other lines.
    """
    forum = None
    is_forum_next = False
    titles: list[str] = []
    headings: list[str] = []
    for line in lines:
        text = _joined(line)
        if text.startswith(words.breadcrumb):
            trail = text[len(words.breadcrumb) :].strip(_SEPARATORS)
            is_forum_next = not trail and text.endswith(tuple(_SEPARATORS[1:]))
            if trail and text[len(words.breadcrumb) :].strip()[0] in _SEPARATORS:
                forum = _last_step(trail)
                titles, headings = [], []
        elif is_forum_next and text.strip(_SEPARATORS):
            forum = _last_step(text)
            is_forum_next = False
            titles, headings = [], []
        elif text.startswith(words.sort) or words.showing.fullmatch(text):
            break
        elif text:
            titles.append(text)
            if line.is_heading:
                headings.append(text)
    if headings:
        return forum, headings[-1]
    return forum, " ".join(titles if forum else titles[-1:])


def _last_step(trail: str) -> str | None:
    for separator in _SEPARATORS[1:]:
        trail = trail.rpartition(separator)[2]
    return trail.strip() or None


def _showing(
    lines: Sequence[PageLine], words: Words
) -> tuple[Showing | None, tuple[PageWarning, ...]]:
    for line in lines:
        text = _joined(line)
        match = words.showing.fullmatch(text)
        if match is None:
            continue
        first, last, total = (read_count(match[part]) for part in ("first", "last", "total"))
        if first is None or last is None or total is None or not 1 <= first <= last <= total:
            return None, (PageWarning(line.number, f"“{text}” makes no sense: not used."),)
        return Showing(first, last, total), ()
    message = "The page does not say which posts of how many it shows."
    return None, (PageWarning(lines[-1].number + 1 if lines else 1, message),)


def _joined(line: PageLine) -> str:
    return " ".join(line.text.split())
