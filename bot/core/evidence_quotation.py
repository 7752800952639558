"""Which earlier post a text quotes or repeats, where its words leave no doubt.

A run of words speaks for a post when it occurs in that one alone, and holds enough words that are
neither everybody's nor names of the book. What a text says to quote from the book or from a third
person tells nothing of what it answers, and what an earlier post itself quotes is not its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice, zip_longest

from bot.core.evidence_text import BARRIER, BORROWED, NAME, PostWords, QuotedPiece, is_of_a_book
from bot.core.evidence_words import COMMON_PHRASES, COMMON_WORDS

_SEVERAL = -1
_PLACE_BITS = 32
_OPENING_WORDS = 6
_CONTEXT = 80
_MOST_PIECES = 200
_FEW_POSTS = 40
_SHORTEST_QUOTATION = 3
_WORDS_PER_SLIP = 8
_LEFT_OUT = "..."

_REPORTING = (
    r"(?:says|said|writes|wrote|mentions|mentioned|asks|asked|calls|called|tells|told|claims|claimed"
    r"|argues|argued|suggests|suggested|puts it|notes|noted|pointed out|points out|describes"
    r"|described|quotes|quoted|cites|cited|replies|replied|explains|explained|remarks|remarked"
    r"|observes|observed|whispers|whispered|cries|cried|shouts|shouted|answers|answered|commented"
    r"|states|stated|expressed|referred to|refers to|announces|announced|thought|thinks|believes)"
)
_SAYING = (
    rf"(?:{_REPORTING}|say|saying|write|writing|mention|ask|call|claim|argue|suggest|put it|note"
    r"|point out|describe|describing|quote|cite|think|mean|meant|reply|explain|remark|observe"
    r"|answer|comment|state|express|refer to|consider)"
)
_YOU_SAY = rf"\byou(?:'\w+)?(?: \w+){{0,2}} {_SAYING}\b"
_NOT_A_POSSESSIVE = (
    r"(?<!\bit)(?<!\bthat)(?<!\bwhat)(?<!\bthere)(?<!\b[hw]e)(?<!\bshe)(?<!\blet)(?<!\bwho)"
)
_BEFORE_YOURS = re.compile(rf"(?:{_YOU_SAY}|\byour\b)[^.!?\"]*$", re.IGNORECASE)
_AFTER_YOURS = re.compile(rf"[\s\"',.!?;:)-]*(?:as )?{_YOU_SAY}", re.IGNORECASE)
_BEFORE_ANOTHERS = re.compile(
    rf"\b(?:{_REPORTING}|(?:I|we|they|people|others|some|many)"
    r" (?:\w+ )?(?:say|call|write|mention)|(?:has|have|had|makes|made|lets) \w+ say|to quote"
    r"|in the words of|according to)\b[^.!?\"]*$"
    rf"|{_NOT_A_POSSESSIVE}'s\s+(?:\w+\s){{0,2}}[\"']?$",
    re.IGNORECASE,
)
_AFTER_ANOTHERS = re.compile(
    r"[\s\"',.!?;:)-]*(?:as )?"
    rf"(?:(?:he|she|they|I|we|[A-Z]\w*\.?|some\w*|the \w+)(?: \w+\.?){{0,2}} {_REPORTING}\b"
    rf"|{_REPORTING} (?:[A-Z]\w+|he|she|they|the|a|my|one|some)\b)"
    r"|[\s\"'.!?]*(?:--?|[–—]|\() ?[A-Z][\w']*(?:[., ]+[A-Z][\w']*){0,3}[., ]*(?:\)|$)"
)


class Voice(Enum):
    """Whose words a run is said to be."""

    UNSAID = auto()
    YOURS = auto()
    ANOTHERS = auto()


@dataclass(frozen=True, slots=True)
class Repetition:
    """A run of words that stands in one earlier post alone.

    `length` counts the words that are the earlier author's own, `telling` those of them that two
    readers would hardly share; `shared` counts all of these, own or borrowed.
    """

    number: int
    length: int
    telling: int
    shared: int
    is_quoted: bool
    is_opening: bool
    voice: Voice

    @property
    def is_telling(self) -> bool:
        """Whether the run alone says what is answered."""
        if self.voice is Voice.YOURS:
            return (self.length >= 5 and self.telling >= (1 if self.is_quoted else 2)) or (
                self.is_quoted and self.telling >= 2
            )
        if self.is_quoted:
            return any(
                self.length >= length and self.telling >= telling
                for length, telling in ((7, 1), (5, 2), (4, 3))
            )
        if self.is_opening:
            return self.length >= 6 and self.telling >= 3
        return self.length >= 8 and self.telling >= 4

    @property
    def is_a_hint(self) -> bool:
        """Whether the run tells which of a few posts is meant."""
        return self.telling >= 2 if self.is_quoted else self.length >= 4 and self.telling >= 3

    @property
    def is_a_quoted_doubt(self) -> bool:
        """Whether the run is quoted, and speaks against any other post."""
        return self.is_quoted and self.is_a_doubt

    @property
    def is_a_doubt(self) -> bool:
        """Whether the run speaks against any other post."""
        return self.is_a_hint or self.shared >= (2 if self.is_quoted else 4)


class EarlierWords:
    """The words of the posts so far, by their telling words, alone and with the next one.

    `common_ground` are texts that everybody has read: the titles of discussion and book.
    """

    def __init__(self, common_ground: Iterable[PostWords]) -> None:
        ground = (word for words in common_ground for word in words.folded)
        self._common = COMMON_WORDS.union(ground, (BARRIER,))
        self._posts: dict[int, tuple[tuple[str, ...], bytes]] = {}
        self._places: dict[str | int, int] = {}

    def add(self, number: int, words: PostWords) -> tuple[Repetition, ...]:
        """Find the runs of a post that just one earlier post holds, then let its own be found.

        A text with more runs or quotations than a post has tells nothing: none are given.
        """
        telling = [
            place
            for place, word in enumerate(words.folded)
            if word not in self._common and not words.marks[place] & NAME
        ]
        found: tuple[Repetition, ...] = ()
        if len(words.quoted) <= _MOST_PIECES:
            found = tuple(islice(self._repetitions(words, telling), _MOST_PIECES + 1))
        self._learn(number, words, telling)
        return found if len(found) <= _MOST_PIECES else ()

    def _learn(self, number: int, words: PostWords, telling: Sequence[int]) -> None:
        self._posts[number] = (words.folded, words.marks)
        places = self._places
        before = ""
        place_before = 0
        for place in telling:
            word = words.folded[place]
            if places.setdefault(word, number << _PLACE_BITS | place) >> _PLACE_BITS != number:
                places[word] = _SEVERAL
            if before:
                pair = hash((before, word))
                here = number << _PLACE_BITS | place_before
                if places.setdefault(pair, here) >> _PLACE_BITS != number:
                    places[pair] = _SEVERAL
            before, place_before = word, place

    def holders(self, words: PostWords, numbers: Collection[int]) -> set[int]:
        """Find which of a few posts hold a quotation of the text, however common its words."""
        if len(numbers) > _FEW_POSTS or len(words.quoted) > _MOST_PIECES:
            return set()
        texts = {number: f" {' '.join(self._posts[number][0])} " for number in numbers}
        found: set[int] = set()
        for piece in words.quoted:
            is_anothers = _voice(words.text, piece.start, piece.end) is Voice.ANOTHERS
            if len(piece.words) >= _SHORTEST_QUOTATION and not is_anothers:
                quoted = " ".join(words.folded[piece.words.start : piece.words.stop])
                found.update(number for number, text in texts.items() if f" {quoted} " in text)
        return found

    def _repetitions(self, words: PostWords, telling: Sequence[int]) -> Iterator[Repetition]:
        done = 0
        for start, known in self._anchors(words, telling):
            if start.start < done:
                continue
            number, place = known >> _PLACE_BITS, known & (1 << _PLACE_BITS) - 1
            earlier, marks = self._posts[number]
            spelled = words.folded[start.start : start.stop]
            if BARRIER in spelled or earlier[place : place + len(start)] != spelled:
                continue
            run = _extended(words.folded, earlier, start, place - start.start)
            done = run.stop
            yield from self._judged(words, run, number, marks, place - start.start)

    def _anchors(self, words: PostWords, telling: Sequence[int]) -> Iterator[tuple[range, int]]:
        """Find where a run may begin, with the place of its words in the one earlier post.

        Two telling words in sequence make one, and within a quotation a single one does.
        """
        quoted = {place for piece in words.quoted for place in piece.words}
        for one, other in zip_longest(telling, telling[1:]):
            word = words.folded[one]
            if other is not None:
                known = self._places.get(hash((word, words.folded[other])), _SEVERAL)
                if known != _SEVERAL:
                    yield range(one, other + 1), known
            if one in quoted:
                known = self._places.get(word, _SEVERAL)
                if known != _SEVERAL:
                    yield range(one, one + 1), known

    def _judged(
        self, words: PostWords, run: range, number: int, marks: bytes, shift: int
    ) -> Iterator[Repetition]:
        pieces = [piece for piece in words.quoted if _common_part(piece.words, run)]
        for piece in pieces:
            part = _common_part(piece.words, run)
            voice = _voice(words.text, piece.start, piece.end)
            length, telling, shared = self._counts(words, part, marks, shift)
            counts = (length, telling, shared) if _is_whole(words, piece, part) else (0, 0, shared)
            yield Repetition(number, *counts, is_quoted=True, is_opening=False, voice=voice)
        if not pieces:
            last = run.stop - 1
            end = words.starts[last] + len(words.folded[last])
            yield Repetition(
                number,
                *self._counts(words, run, marks, shift),
                is_quoted=False,
                is_opening=run.start < _OPENING_WORDS,
                voice=_voice(words.text, words.starts[run.start], end),
            )

    def _counts(
        self, words: PostWords, run: range, marks: bytes, shift: int
    ) -> tuple[int, int, int]:
        """Count a run's words that are the earlier author's own, the telling ones, and all such."""
        own = [place for place in run if not marks[place + shift] & BORROWED]
        shared = self._telling_in(words, run, marks, shift)
        if len(own) * 4 < len(run) * 3:
            return 0, 0, shared
        return len(own), self._telling_in(words, own, marks, shift), shared

    def _telling_in(self, words: PostWords, places: Iterable[int], marks: bytes, shift: int) -> int:
        kept = (
            BARRIER if (words.marks[place] | marks[place + shift]) & NAME else words.folded[place]
            for place in places
        )
        spelled = f" {' '.join(kept)} "
        for phrase in COMMON_PHRASES:
            spelled = spelled.replace(f" {phrase} ", " ")
        return len(set(spelled.split()) - self._common)


def _extended(later: tuple[str, ...], earlier: tuple[str, ...], shared: range, shift: int) -> range:
    first, after = shared.start, shared.stop
    while first > 0 and first + shift > 0 and later[first - 1] == earlier[first + shift - 1]:
        if later[first - 1] == BARRIER:
            break
        first -= 1
    while after < len(later) and after + shift < len(earlier):
        if later[after] == BARRIER or later[after] != earlier[after + shift]:
            break
        after += 1
    return range(first, after)


def _is_whole(words: PostWords, piece: QuotedPiece, part: range) -> bool:
    """Say whether a part of a quotation is all of it, or all that no dots were put for.

    Where only some of the quoted words stand in a post, both quote from somewhere else. One slip
    of the pen is allowed in each eight words.
    """
    cut_before = words.text.rfind(_LEFT_OUT, piece.start, words.starts[part.start])
    cut_after = words.text.find(_LEFT_OUT, words.starts[part.stop - 1], piece.end)
    first = piece.words.start if cut_before < 0 else bisect_left(words.starts, cut_before)
    after = piece.words.stop if cut_after < 0 else bisect_left(words.starts, cut_after)
    return (after - first - len(part)) * _WORDS_PER_SLIP <= after - first


def _common_part(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _voice(text: str, start: int, end: int) -> Voice:
    """Say whose words the text calls those from `start` to `end`, by the words around them."""
    before = text[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
    after = text[end : end + _CONTEXT].partition("\n")[0]
    if is_of_a_book(before) or is_of_a_book(after):
        return Voice.ANOTHERS
    if _BEFORE_YOURS.search(before) or _AFTER_YOURS.match(after):
        return Voice.YOURS
    if _BEFORE_ANOTHERS.search(before) or _AFTER_ANOTHERS.match(after):
        return Voice.ANOTHERS
    return Voice.UNSAID
