"""What changed between two texts, word by word, with everything hidden that was ever hidden.

Python's own `difflib` finds the words that stayed (docs/decisions/0007-dependencies.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum

from bot.core.graphemes import utf16_length
from bot.core.markdown import escape_markdown, showable
from bot.core.markup import read_markdown
from bot.core.spoilers import hidden_ranges

# A word with what stands at it; Chinese, Japanese and Korean signs are words by themselves.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,60}"
)
# So much of what stayed is shown beside what changed.
_CONTEXT = 8
# A stretch is put into words in pieces, so that a text can end between two of them.
_PIECE = 12
_LEFT_OUT = "…"


class Change(Enum):
    """What became of a stretch of words; the value is the mark around it."""

    STAYED = ""
    REMOVED = "~~"
    ADDED = "**"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it was typed, whether it is hidden, and whether a blank follows."""

    text: str
    is_hidden: bool
    has_blank_after: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row with which the same happened; of words that stayed, the middle may miss."""

    change: Change
    words: tuple[Word, ...]
    is_cut: bool = False


def words_of_texts(texts: Sequence[str]) -> tuple[tuple[Word, ...], ...]:
    """Read the versions of one text, oldest first.

    A word is hidden where a spoiler hides it, and in every version where any version hides it
    and the last one does not show it openly: an author may have hidden it later.
    """
    versions = [tuple(_words(showable(text))) for text in texts]
    hidden = {_key(word) for version in versions for word in version if word.is_hidden}
    shown = {_key(word) for version in versions[-1:] for word in version if not word.is_hidden}
    secret = hidden - shown
    return tuple(
        tuple(replace(word, is_hidden=word.is_hidden or _key(word) in secret) for word in version)
        for version in versions
    )


def difference(before: Sequence[Word], after: Sequence[Word]) -> tuple[Stretch, ...]:
    """Give what was removed and added, with some words that stayed around it.

    Empty where no word changed.
    """
    before_keys = [(word.text, word.is_hidden) for word in before]
    after_keys = [(word.text, word.is_hidden) for word in after]
    stretches: list[Stretch] = []
    for what, old, old_end, new, new_end in SequenceMatcher(
        None, before_keys, after_keys
    ).get_opcodes():
        if what == "equal":
            stretches.append(Stretch(Change.STAYED, tuple(after[new:new_end])))
            continue
        stretches += [
            Stretch(change, tuple(words))
            for change, words in (
                (Change.REMOVED, before[old:old_end]),
                (Change.ADDED, after[new:new_end]),
            )
            if words
        ]
    if all(stretch.change is Change.STAYED for stretch in stretches):
        return ()
    last = len(stretches) - 1
    return tuple(
        _near_changes(stretch, is_first=place == 0, is_last=place == last)
        for place, stretch in enumerate(stretches)
    )


def shown_stretches(stretches: Sequence[Stretch], limit: int) -> str:
    """Give stretches as one paragraph of Markdown of at most `limit` UTF-16 code units.

    What was removed is struck out, what was added is bold, and what is hidden is a spoiler.
    """
    shown = ""
    for piece, has_blank_after in _pieces(stretches):
        longer = shown + piece
        # A sign is left for what is cut off, and one for the blank before it.
        if utf16_length(longer) > limit - 2:
            return f"{shown.rstrip()} {_LEFT_OUT}".lstrip()
        shown = f"{longer} " if has_blank_after else longer
    return shown.rstrip()


def counts(stretches: Sequence[Stretch]) -> tuple[int, int]:
    """Count the words that were added, and those that were removed."""
    added, removed = (
        sum(len(stretch.words) for stretch in stretches if stretch.change is change)
        for change in (Change.ADDED, Change.REMOVED)
    )
    return added, removed


def _words(text: str) -> Iterator[Word]:
    hidden = hidden_ranges(read_markdown(text))
    for found in _WORD.finditer(text):
        yield Word(
            text=found[0],
            is_hidden=any(start < found.end() and found.start() < end for start, end in hidden),
            has_blank_after=text[found.end() : found.end() + 1].isspace(),
        )


def _key(word: Word) -> str:
    """Give what makes two words the same secret: their letters and digits."""
    return "".join(filter(str.isalnum, word.text)).casefold()


def _near_changes(stretch: Stretch, *, is_first: bool, is_last: bool) -> Stretch:
    """Leave out what stayed, but for the words beside a change."""
    words = stretch.words
    before, after = (0 if is_first else _CONTEXT), (0 if is_last else _CONTEXT)
    if stretch.change is not Change.STAYED or len(words) <= before + after + 1:
        return stretch
    return replace(stretch, words=words[:before] + words[len(words) - after :], is_cut=True)


def _pieces(stretches: Sequence[Stretch]) -> Iterator[tuple[str, bool]]:
    """Give Markdown that can stand alone, piece by piece, and whether a blank follows each."""
    for place, stretch in enumerate(stretches):
        words = stretch.words
        if stretch.is_cut:
            kept = 0 if place == 0 else _CONTEXT
            yield from _pieces_of(stretch.change, words[:kept])
            yield _LEFT_OUT, True
            words = words[kept:]
        yield from _pieces_of(stretch.change, words)


def _pieces_of(change: Change, words: Sequence[Word]) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in range(1, len(words) + 1):
        is_last = end == len(words)
        if is_last or end - start == _PIECE or words[end].is_hidden != words[start].is_hidden:
            if piece := _piece(change, words[start:end]):
                # Between what changed and what did not, a blank makes the marks readable.
                yield piece, words[end - 1].has_blank_after or is_last
            start = end


def _piece(change: Change, words: Sequence[Word]) -> str:
    text = "".join(word.text + (" " if word.has_blank_after else "") for word in words).strip()
    if not words[0].is_hidden:
        return f"{change.value}{escape_markdown(text)}{change.value}" if text else ""
    # Some clients honour no escapes, and look for code, within a spoiler.
    text = text.translate({ord("|"): None, ord("\\"): None, ord("`"): "'"}).strip()
    return f"||{change.value}{escape_markdown(text)}{change.value}||" if text else ""
