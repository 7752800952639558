"""Find where a page's foot begins, below its last post."""

from __future__ import annotations

from collections.abc import Sequence

from bot.importers.lines import PageLine
from bot.importers.sites import Words


def find_foot(lines: Sequence[PageLine], after: int, words: Words) -> int | None:
    """Give the index of the foot's first line, searching from `after` on, or None without one.

    The last post's text ends there. A post may hold a line that looks like the foot's, so the
    last such line counts, with what belongs to the foot right above it: the pager.
    """
    filled = [
        (index, " ".join(lines[index].text.split()))
        for index in range(after, len(lines))
        if lines[index].text.strip()
    ]
    for mark in (words.add_comment, words.add_message, words.box):
        for place in range(len(filled) - 1, -1, -1):
            index, text = filled[place]
            if text == mark and _is_foot(mark, filled[place + 1 : place + 2], words):
                above, text_above = filled[place - 1] if place else (index, "")
                return above if words.pager.fullmatch(text_above) else index
    if filled and words.pager.fullmatch(filled[-1][1]):
        return filled[-1][0]
    return None


def _is_foot(mark: str, below: Sequence[tuple[int, str]], words: Words) -> bool:
    """Say whether a mark is the foot's: the box's heading is, when the forum stands below it."""
    return mark != words.box or any(text.startswith(words.box_forum) for _, text in below)
