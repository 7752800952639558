"""Whom a post opens by speaking to, among the authors of the posts before it.

A name counts in full or in part ("Bubar" for "J. Bubar"), as whole words. A name that is also a
word, or that the posts use otherwise than to speak to somebody, is weak: it needs a text that
speaks to somebody who wrote ("you said", "your post").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bot.core.evidence_opening import READ, Strength, greeting_at, quotes_after, speaks_after
from bot.core.evidence_text import NAME, PostWords, plain
from bot.core.evidence_words import COMMON_WORDS, NAMES_THAT_ARE_WORDS, TITLES_OF_PEOPLE

Name = tuple[str, ...]

_LONGEST_NAME = 8
_SENTENCES = 40
_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BETWEEN_PARTS = re.compile(r"[ .'\"_&+/-]{1,3}")
_SIGNS = re.compile(r"(?: ?[^\w\s.,:;!?'\"()<>=@&+/\\–—-]+|[~*_]+)")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_SCREEN_NAME = re.compile(r"[_~&+★☆]|[^\W\d_]\d|\d[^\W\d_]")
_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr|prof)\.? ", re.IGNORECASE)
_LEADING = re.compile(r"[\s*~_]*")
_SENTENCE = re.compile(r"[^\s.!?][^\n.!?]*")
_LABEL = re.compile(r"^\W*\w+ ?:", re.MULTILINE)
_INNER_LABEL = re.compile(r"\b(\w+):(?=\s)")
_AND_ANOTHER = re.compile(r"\"?,? *(?:and\b|&|/|\+|,) *@?", re.IGNORECASE)
_YOU_TOO = re.compile(r"\b(?:and|but) (?:you too,? |to you,? |also )?")
_TURNS_TO = re.compile(r"\s*[,!]")
_AFTER_ANOTHER = re.compile(r"\s*(?:[,:!.&/+]|and\b|[-–—]|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a text speaks to: authors as they are spelled, several where a name fits several.

    `is_clear` is false where it speaks to more than one. `only_quotes` where the opening names
    the author of a quotation ("NAME wrote: …"). The text goes on at `end`.
    """

    authors: frozenset[str]
    end: int
    is_clear: bool = True
    only_quotes: bool = False


class EarlierAuthors:
    """The authors of the posts so far, and the words those posts are made of.

    `common_ground` are texts that everybody has read: the titles of discussion and book.
    """

    def __init__(self, common_ground: Iterable[PostWords]) -> None:
        self._names: dict[Name, set[str]] = {}
        self._known: set[str] = set()
        self._used = {word for words in common_ground for word in words.folded}

    def add(self, author: str | None, words: PostWords, address: Address | None) -> None:
        """Let the author of a post be addressed by the posts after it.

        `address` is whom the post itself speaks to: that use of a name does not weaken it.
        """
        self._used.update(_words_after(words, address))
        if author is not None and author not in self._known:
            self._known.add(author)
            for name in _forms(author):
                self._names.setdefault(name, set()).add(author)

    def addressed_by(self, author: str | None, words: PostWords) -> Address | None:
        """Find whom a post opens by speaking to; its own `author` is never meant."""
        address = self._opening(words, 0)
        if address is None or address.authors == {author}:
            return None
        if author in address.authors or len(_LABEL.findall(words.text[: READ * 10])) > 1:
            return replace(address, is_clear=False)
        for label in islice(_INNER_LABEL.finditer(words.text, address.end), _SENTENCES):
            authors = self._names.get((label[1].casefold(),), set())
            if authors and not address.authors >= authors:
                return replace(address, is_clear=False)
        for sentence in islice(_SENTENCE.finditer(words.text, address.end), _SENTENCES):
            other = self._opening(words, sentence.start())
            if other is not None and not other.authors <= address.authors | {author}:
                return replace(address, is_clear=False)
        if self._turns_to_another(words.text, address):
            return replace(address, is_clear=False)
        return address

    def _turns_to_another(self, text: str, address: Address) -> bool:
        """Say whether somebody else is spoken to in passing: "…, and you too, NAME!"."""
        return any(
            _TURNS_TO.match(text, end) is not None and not self._names[name] <= address.authors
            for passing in islice(_YOU_TOO.finditer(text, address.end), _SENTENCES)
            for name, end in self._names_at(text, passing.end())
        )

    def _opening(self, words: PostWords, start: int) -> Address | None:
        leading = _LEADING.match(words.text, start)
        greeting, start = greeting_at(words.text, start if leading is None else leading.end())
        title = _TITLE.match(words.text, start)
        names = self._names_at(words.text, start)
        if title is not None and not names:
            names = self._names_at(words.text, title.end())
        for name, end in names:
            authors = frozenset(self._names[name])
            if self._names_another(words.text, end, authors):
                return Address(authors, end, is_clear=False)
            quotation = quotes_after(words.text, end)
            if quotation is not None:
                return Address(authors, quotation, only_quotes=True)
            rest = speaks_after(words.text, end, greeting, self._strength(name, words, end))
            if rest is not None:
                return Address(authors, rest)
        return None

    def _names_at(self, text: str, start: int) -> list[tuple[Name, int]]:
        """Find the known names that begin at a place, the longest first."""
        parts: list[str] = []
        found: list[tuple[Name, int]] = []
        end = start
        for part in islice(_PART.finditer(text, start, start + READ), _LONGEST_NAME):
            between = text[end : part.start()]
            if not (_BETWEEN_PARTS.fullmatch(between) if parts else not between):
                break
            parts.append(part[0].casefold())
            end = part.end()
            if tuple(parts) in self._names:
                signs = _SIGNS.match(text, end)
                found.append((tuple(parts), end if signs is None else signs.end()))
        return found[::-1]

    def _names_another(self, text: str, end: int, authors: frozenset[str]) -> bool:
        and_another = _AND_ANOTHER.match(text, end)
        if and_another is None:
            return False
        return any(
            _AFTER_ANOTHER.match(text, other_end) is not None and not self._names[name] <= authors
            for name, other_end in self._names_at(text, and_another.end())
        )

    def _strength(self, name: Name, words: PostWords, end: int) -> Strength:
        spelled_in_full = [author for author in self._names[name] if name in _full_forms(author)]
        if any(_SCREEN_NAME.search(author) for author in spelled_in_full):
            return Strength.UNMISTAKABLE
        if self._is_weak(name, words, end):
            return Strength.WEAK
        return Strength.IN_FULL if spelled_in_full else Strength.IN_PART

    def _is_weak(self, name: Name, words: PostWords, end: int) -> bool:
        here = set(words.folded[_first_word(words, end) :])
        return all(
            len(part) == 1
            or part.isdecimal()
            or part in NAMES_THAT_ARE_WORDS
            or part in COMMON_WORDS
            or part in TITLES_OF_PEOPLE
            or part in self._used
            or part in here
            for part in name
        )


def speaks_of(author: str, words: PostWords, address: Address | None) -> bool:
    """Say whether a post speaks of an author to others, after whom it opens by addressing."""
    parts = {part for part in _parts(author) if _names_a_person(part)}
    first = 0 if address is None else _first_word(words, address.end)
    return any(
        word in parts and (word not in NAMES_THAT_ARE_WORDS or mark & NAME)
        for word, mark in zip(words.folded[first:], words.marks[first:], strict=True)
    )


def _forms(author: str) -> Iterator[Name]:
    """Give what an author may be called: the full name, and what parts of it name a person."""
    parts = _parts(author)[:_LONGEST_NAME]
    yield from _full_forms(author)
    for first in range(len(parts)):
        for after in range(first + 1, len(parts) + 1):
            if any(_names_a_person(part) for part in parts[first:after]):
                yield parts[first:after]


def _full_forms(author: str) -> tuple[Name, ...]:
    """Give an author's full name, and what is left of it without a remark in brackets."""
    forms = (_parts(author), _parts(_IN_BRACKETS.sub("", author)))
    return tuple({form[:_LONGEST_NAME] for form in forms if form})


def _parts(author: str) -> Name:
    return tuple(part.casefold() for part in _PART.findall(plain(author)))


def _names_a_person(part: str) -> bool:
    return len(part) > 1 and part not in COMMON_WORDS and part not in TITLES_OF_PEOPLE


def _first_word(words: PostWords, end: int) -> int:
    return bisect_left(words.starts, end)


def _words_after(words: PostWords, address: Address | None) -> tuple[str, ...]:
    return words.folded if address is None else words.folded[_first_word(words, address.end) :]
