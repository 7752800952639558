"""Which parts of a text are hidden: the one place that decides it, in favour of hiding."""

from __future__ import annotations

import re

from bot.core.markup import Document

_MARK = r"(?P<mark>\|\|)"
_ESCAPE = r"\\."
_CODE = r"(?P<ticks>`+).*?[^`](?P=ticks)(?!`)"
# The ways a client may go looking for the marks: what it steps over on the way. Desktop reads
# neither escapes nor code within a spoiler, other clients do.
_READINGS = tuple(
    re.compile("|".join(reading), re.DOTALL)
    for reading in ((_MARK,), (_ESCAPE, _MARK), (_CODE, _MARK), (_ESCAPE, _CODE, _MARK))
)


def hidden_ranges(document: Document, *, is_whole: bool = True) -> tuple[tuple[int, int], ...]:
    """Give the ranges of the text that a reader may see only after a click, marks included.

    Where every way of reading the text finds the same spoilers, those are hidden. Where the
    ways differ (a `||` in code, an escaped one, three in a row, an odd number in a heading),
    everything from the first mark to the last is. A `||` without its partner hides the rest:
    Discord shows it, but who opens a spoiler means to hide. Only one with blanks on both sides
    of it, as in "this || that", is taken for a word, and that only where the document
    `is_whole`: its partner may be in what was cut off.
    """
    first = document.text.find("||")
    if first < 0:
        return ()
    if any(not (is_whole and _is_word(document.text, mark)) for mark in document.open_spoilers):
        return ((first, len(document.text)),)
    if all(_pairs(document.text, reading) == document.spoilers for reading in _READINGS):
        return document.spoilers
    return ((first, document.text.rfind("||") + 2),)


def _is_word(text: str, mark: int) -> bool:
    before, after = text[:mark][-1:], text[mark + 2 :][:1]
    return (not before or before.isspace()) and (not after or after.isspace())


def _pairs(text: str, reading: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    marks = [found.start() for found in reading.finditer(text) if found["mark"]]
    return tuple(
        (opened, closed + 2) for opened, closed in zip(marks[::2], marks[1::2], strict=False)
    )
