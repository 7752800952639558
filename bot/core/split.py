"""A long post as several messages: every part stands alone, and nothing is lost."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from bot.core.graphemes import utf16_length
from bot.core.markdown import escape_markdown
from bot.core.markup import Document, Span, read_markdown
from bot.core.spoilers import hidden_ranges

# The kinds of borders, best first; a part ends behind one of them.
_BORDERS = (
    re.compile(r"\n[ \t]*\n+"),
    re.compile(r"\n|(?<=[.!?…])[\"'”’)\]*_]*\s+"),
    re.compile(r"\s+"),
)
# A border that leaves the part shorter than this share of its room is passed over.
_LEAST_FILLED = 0.4


def split(text: str, limit: int = 2000) -> tuple[str, ...]:
    """Cut a Markdown text into messages of at most `limit` UTF-16 code units each.

    Cuts fall between paragraphs, else sentences, else words. Where one falls within bold,
    code, a quote or a spoiler, the mark is closed there and opened again in the next part;
    without those marks the parts, set together, are the text. There are two exceptions. A part
    that would be blank is left out: Discord refuses it. And spoilers that clients would read
    in different ways become one plain spoiler, in a text without styles, before it is cut.

    Raises `ValueError` when `limit` is below 100: the marks need room too.
    """
    if limit < 100:
        raise ValueError(f"a message needs room for its marks, not only {limit}")
    if utf16_length(text) <= limit:
        return (text,) if text.strip() else ()
    document = _with_plain_spoilers(read_markdown(text))
    return tuple(_parts(document, limit))


def _with_plain_spoilers(document: Document) -> Document:
    hidden = hidden_ranges(document)
    if hidden == document.spoilers:
        return document
    [(start, end)] = hidden
    text = document.text.replace("`", "'")
    secret = escape_markdown(text[start:end].replace("|", ""))
    return read_markdown(
        f"{escape_markdown(text[:start])}||{secret}||{escape_markdown(text[end:])}"
    )


class _Marks:
    """Says which marks are open at a place of a text, in a time that its length does not change.

    Of two spans, one lies within the other or beside it. So whatever is open at a place holds
    the last span that begins before it.
    """

    def __init__(self, document: Document) -> None:
        self._spans = document.spans
        self._starts = [span.start for span in document.spans]
        # By the place of a span: that of the span it lies directly in.
        self._outer: list[int | None] = []
        around: list[int] = []
        for place, span in enumerate(document.spans):
            while around and document.spans[around[-1]].end <= span.start:
                around.pop()
            self._outer.append(around[-1] if around else None)
            around.append(place)

    def open_at(self, place: int) -> list[Span]:
        """Give the spans that a cut at this place goes through, outer before inner."""
        last = bisect_left(self._starts, place) - 1
        candidate = last if last >= 0 else None
        found: list[Span] = []
        while candidate is not None:
            if place < self._spans[candidate].end:
                found.append(self._spans[candidate])
            candidate = self._outer[candidate]
        return found[::-1]


def _parts(document: Document, limit: int) -> Iterator[str]:
    text = document.text
    marks = _Marks(document)
    places = list(_places(document, marks))
    borders = [sorted({found.end() for found in border.finditer(text)}) for border in _BORDERS]
    start = 0
    while start < len(text):
        end = _part_end(text, marks, start, limit, places, borders)
        if text[start:end].strip():
            yield _closed(text, marks, start, end)
        start = end


def _places(document: Document, marks: _Marks) -> Iterator[int]:
    """Give where a cut goes through no token, no character and no mark, and behind closing marks.

    Between a mark and its text is no place: the mark would be closed with nothing in it.
    """
    ends = sorted(span.end for span in document.spans)
    for before, after in pairwise(document.atoms):
        closed = bisect_right(ends, after.start)
        place = max(before.end, ends[closed - 1]) if closed else before.end
        if all(span.opener for span in marks.open_at(place)):
            yield place
    yield len(document.text)


def _part_end(
    text: str, marks: _Marks, start: int, limit: int, places: list[int], borders: list[list[int]]
) -> int:
    """Give the best place to end the part that begins at `start`."""

    def fits(end: int) -> bool:
        return utf16_length(_closed(text, marks, start, end)) <= limit

    first = bisect_right(places, start)
    # No part holds more places than its limit has room for.
    low, high = first - 1, min(bisect_right(places, start + limit), len(places) - 1) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if fits(places[middle]):
            low = middle
        else:
            high = middle
    if low < first:
        return _hard_end(text, marks, start, limit)
    furthest = places[low]
    if furthest == len(text):
        return furthest
    least = start + int((furthest - start) * _LEAST_FILLED)
    for border in borders:
        for end in reversed(border[bisect_right(border, least) : bisect_right(border, furthest)]):
            place = bisect_left(places, end)
            if places[place] == end and fits(end):
                return end
    return furthest


def _hard_end(text: str, marks: _Marks, start: int, limit: int) -> int:
    """Cut where nothing allows a cut: an address or a character longer than a message."""
    end = start + 1
    while end < len(text) and utf16_length(_closed(text, marks, start, end + 1)) <= limit:
        end += 1
    return end


def _closed(text: str, marks: _Marks, start: int, end: int) -> str:
    """Give a range of the text with the marks that are open at its ends closed."""
    opened, left_open = marks.open_at(start), marks.open_at(end)
    body = text[start:end]
    # Marks next to a blank do not count as marks, but in code a blank is a part of the text.
    words = body if _ends_in_code(left_open) else body.rstrip()
    inner = words if _ends_in_code(opened) else words.lstrip()
    openers = "".join(span.opener for span in opened)
    closers = "".join(span.closer for span in reversed(left_open))
    blank = words[: len(words) - len(inner)]
    return f"{blank}{openers}{inner}{closers}{body[len(words) :]}"


def _ends_in_code(spans: list[Span]) -> bool:
    return bool(spans) and spans[-1].closer.startswith("`")
