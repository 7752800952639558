"""Read a page's head: forum, title, and which posts of how many it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.imported import PageWarning
from bot.importers.counts import read_count
from bot.importers.scanned import Showing
from bot.importers.sites import Words


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the first post."""

    forum: str | None
    title: str
    showing: Showing | None
    warnings: tuple[PageWarning, ...]


def read_head(lines: Sequence[str], words: Words, *, name: str) -> Head:
    """Read the lines above the first post; `name` is the file's name, for errors.

    Raises `UserError` when they hold no title.
    """
    lines = [" ".join(line.split()) for line in lines]
    forum, title = _forum_and_title(lines, words)
    if not title:
        raise UserError(
            f"{name}, line 1: the discussion's title is missing above its first post. "
            "Save the whole page again."
        )
    showing, warnings = _showing(lines, words)
    return Head(forum, title, showing, warnings)


def _forum_and_title(lines: Sequence[str], words: Words) -> tuple[str | None, str]:
    """Give the forum from the breadcrumb, and the title between it and the sort order.

    Without a breadcrumb the title is the last line above the sort order.
    """
    forum = None
    titles: list[str] = []
    for line in lines:
        if line.startswith(words.breadcrumb):
            forum = line.rpartition(">")[2].strip() or None
            titles = []
        elif line.startswith(words.sort) or words.showing.fullmatch(line):
            break
        elif line:
            titles.append(line)
    return forum, " ".join(titles if forum else titles[-1:])


def _showing(lines: Sequence[str], words: Words) -> tuple[Showing | None, tuple[PageWarning, ...]]:
    for line_number, line in enumerate(lines, start=1):
        match = words.showing.fullmatch(line)
        if match is None:
            continue
        first, last, total = (read_count(match[part]) for part in ("first", "last", "total"))
        if first is None or last is None or total is None or not 1 <= first <= last <= total:
            return None, (PageWarning(line_number, f"“{line}” makes no sense: not used."),)
        return Showing(first, last, total), ()
    message = "The page does not say which posts of how many it shows."
    return None, (PageWarning(len(lines) + 1, message),)
