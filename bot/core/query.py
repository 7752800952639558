"""What a person types into a search, and what it means.

Words are to be in a post, all of them, in any of their inflections. "Quotes" hold words that stand
there as they are and next to each other, `-` goes before what must not be there, and `*` behind
the beginning of a word. Everything else that is typed only separates words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.inflection import inflections
from bot.core.search_words import Word, is_cjk, pairs, words

LONGEST_QUERY = 200
MOST_TERMS = 16
SHORTEST_BEGINNING = 3
"""How many letters go before a `*`: with fewer, half of all words would begin like that."""

# Phones type curly quotes and long dashes by themselves.
_PART = re.compile(
    r"(?P<minus>(?<!\S)[-–−])?(?:[\"“”„«»](?P<phrase>[^\"“”„«»]*)[\"“”„«»]?|(?P<word>[^\s\"“”„«»]+))"
)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other, folded; one word may be wanted in all its `forms`.

    With `is_beginning` the last of the words may go on. `runs` are the same words, apart where
    characters that are indexed in pairs do not touch what is before them.
    """

    words: tuple[str, ...]
    runs: tuple[tuple[str, ...], ...]
    forms: frozenset[str] = frozenset()
    is_beginning: bool = False

    def expression(self) -> str:
        """Give the term as SQLite's full-text search reads it (its documentation, section 3)."""
        if self.forms:
            return f"({' OR '.join(_quoted([form]) for form in sorted(self.forms))})"
        entries = [entry for run in self.runs for entry in (pairs(run) if is_cjk(run[0]) else run)]
        last_run = self.runs[-1]
        ends_in_pairs = is_cjk(last_run[0])
        if ends_in_pairs and len(last_run) > 1:
            # In the post the run may go on.
            del entries[-1]
        is_beginning = self.is_beginning or (ends_in_pairs and len(last_run) == 1)
        return _quoted(entries) + ("*" if is_beginning else "")

    def length_at(self, found: Sequence[Word], place: int) -> int:
        """Say how many words from `place` on are this term: 0 where it does not stand there."""
        if self.forms:
            return int(found[place].text in self.forms)
        end = place + len(self.words)
        if end > len(found):
            return 0
        here = [word.text for word in found[place:end]]
        if self.is_beginning:
            here[-1] = here[-1][: len(self.words[-1])]
        return len(self.words) if tuple(here) == self.words else 0


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: all of `wanted`, and nothing of `unwanted`."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def expression(self) -> str:
        """Give the query as SQLite's full-text search reads it."""
        wanted = " AND ".join(term.expression() for term in self.wanted)
        if not self.unwanted:
            return wanted
        return f"({wanted}) NOT ({' OR '.join(term.expression() for term in self.unwanted)})"

    def matches(self, text: str) -> tuple[tuple[int, int], ...]:
        """Give the ranges of a text that are what is looked for, in order and apart."""
        found = list(words(text))
        ranges: list[tuple[int, int]] = []
        place = 0
        while place < len(found):
            length = max(term.length_at(found, place) for term in self.wanted)
            if length:
                ranges.append((found[place].start, found[place + length - 1].end))
            place += max(length, 1)
        return tuple(ranges)


def parse_query(typed: str) -> Query:
    """Read what was typed. Raises `UserError` where nothing can be looked for."""
    if len(typed) > LONGEST_QUERY:
        raise UserError(
            f"That is {len(typed)} characters to look for, and {LONGEST_QUERY} is the most: "
            "a few telling words find more."
        )
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    # As posts are indexed: with each accent and sound mark on its letter.
    for part in _PART.finditer(unicodedata.normalize("NFC", typed)):
        for term in _terms(part):
            (unwanted if part["minus"] else wanted)[term] = None
    if not wanted and unwanted:
        raise UserError(
            "There is only what must not be in a post. Add a word that must be: "
            "`meddling -wedding` finds posts about the one without the other."
        )
    if not wanted:
        raise UserError("There is no word to look for: type letters or digits.")
    if len(wanted) + len(unwanted) > MOST_TERMS:
        raise UserError(
            f"That is more than {MOST_TERMS} words at once: a few telling ones find more. "
            "In quotes they count as one."
        )
    return Query(tuple(wanted), tuple(unwanted))


def _terms(part: re.Match[str]) -> Iterator[Term]:
    if part["phrase"] is not None:
        if phrase := tuple(words(part["phrase"])):
            yield _term(phrase)
        return
    typed = _POSSESSIVE.sub("", part["word"])
    found = tuple(words(typed))
    is_beginning = typed.endswith("*") and bool(found) and not is_cjk(found[-1].text)
    if is_beginning and len(found[-1].text) < SHORTEST_BEGINNING:
        raise UserError(
            f"`*` needs the first {SHORTEST_BEGINNING} letters of a word before it at least: "
            "`medd*` finds meddle, meddling and meddlesome."
        )
    if is_beginning or len(found) > 1 or (found and is_cjk(found[0].text)):
        yield _term(found, is_beginning=is_beginning)
    elif found:
        yield _term(found, forms=inflections(found[0].text))


def _term(
    found: Sequence[Word], *, forms: frozenset[str] = frozenset(), is_beginning: bool = False
) -> Term:
    runs: list[list[str]] = []
    end = -1
    for word in found:
        if runs and is_cjk(runs[-1][0]) and is_cjk(word.text) and word.start == end:
            runs[-1].append(word.text)
        else:
            runs.append([word.text])
        end = word.end
    return Term(tuple(word.text for word in found), tuple(map(tuple, runs)), forms, is_beginning)


def _quoted(entries: Sequence[str]) -> str:
    # Words are letters and digits: there is no quote in them that could end the string.
    return f'"{" ".join(entries)}"'
