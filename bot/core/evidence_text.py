"""A post as the words it is made of, and which of them are its author's own.

Words are compared without regard to capitals, accents and punctuation. A web address or a product
link stands as a barrier that no run of words crosses.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

BARRIER = "\0"
"""Stands among the words for a link."""

NAME = 1
"""Marks a word with a capital inside a sentence: it names somebody or something of the book."""

BORROWED = 2
"""Marks a word that stands in quotation marks, or in a sentence that says it quotes."""

_NUMBERED = ("p", "pp", "pg", "page", "chapter", "ch", "line", "verse")
_QUOTABLE = (
    *("line", "passage", "sentence", "blurb", "quote", "quotation", "jacket"),
    *("verse", "poem", "song", "proverb", "epigraph"),
)
_OF_A_BOOK = re.compile(
    rf"\b(?i:{'|'.join(_NUMBERED)})s?\b\.? ?(?:\d|(?:one|two|three|four|five)\b)"
    rf"|\b(?i:the|this|that|a|his|her|my|favou?rite)(?: \w+)? (?:{'|'.join(_QUOTABLE)})s?\b"
    r"|\bepigraph\b"
)
_WORDS_OF_A_BOOK = frozenset(
    f"{word}{ending}" for word in (*_NUMBERED, *_QUOTABLE) for ending in ("", "s")
)
"""Where none of these words stands, there is no need to search for `_OF_A_BOOK`, which is slow."""

_AS_SHE_SAYS = re.compile(
    r"[Aa](?<!\w.)s (?:he|she|[A-Z]\w+) (?:says|said|puts it|tells us|writes|wrote)\b"
)

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_LINK = re.compile(r"\[\[ASIN:[^\]\n]{1,400}\]\]|(?:https?://|www\.)\S+")
_WORD = re.compile(r"\0|[^\W_]+(?:'[^\W_]+)*")
_NAME = re.compile(r"[A-ZΑ-ΩА-Я](?<=[\w,;'] .)")
_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"')]*(?=\s+[\"'A-Z(])|$)")
_DOUBLE_QUOTED = re.compile(r'"[^"]+"')
_SINGLE_QUOTED = re.compile(r"(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))++'(?!\w)")


@dataclass(frozen=True, slots=True)
class QuotedPiece:
    """A piece in quotation marks: the places of its words, and of its marks in the text."""

    words: range
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PostWords:
    """The words of a post in small letters, with a byte of marks and the place in `text` of each.

    `text` is the post with one form of each quotation mark and letter, and without its links.
    """

    text: str
    folded: tuple[str, ...]
    marks: bytes
    starts: array[int]
    quoted: tuple[QuotedPiece, ...]


def words_of(content: str) -> PostWords:
    """Take a post's text apart, in a time that grows with its length alone."""
    text = plain(content)
    spelled: list[str] = []
    starts = array("L")
    for word in _WORD.finditer(text.lower()):
        spelled.append(word[0])
        starts.append(word.start())
    folded = tuple(map(sys.intern, spelled))
    marks = bytearray(len(starts))
    for capital in _NAME.finditer(text):
        marks[bisect_left(starts, capital.start())] = NAME
    quoted = tuple(
        QuotedPiece(range(*_word_places(starts, start, end)), start, end)
        for start, end in _quoted_pieces(text)
    )
    names_a_place = not _WORDS_OF_A_BOOK.isdisjoint(folded)
    for start, end in _borrowed_pieces(text, names_a_place=names_a_place):
        for place in range(*_word_places(starts, start, end)):
            marks[place] |= BORROWED
    return PostWords(text, folded, bytes(marks), starts, quoted)


def plain(text: str) -> str:
    """Give the text with one form of each quotation mark and letter, links made barriers."""
    if not text.isascii():
        decomposed = unicodedata.normalize(
            "NFKD", text.translate(_QUOTATION_MARKS).translate(_APOSTROPHES)
        )
        text = "".join(
            sign
            for sign in decomposed
            # A sign that grows when it is made small would shift the places after it.
            if not unicodedata.combining(sign) and len(sign.lower()) == 1
        )
    return _LINK.sub(BARRIER, text.replace("''", '"').replace("``", '"'))


def is_of_a_book(text: str) -> bool:
    """Say whether a text says that what stands in or beside it is from a book, not from a post."""
    return (_OF_A_BOOK.search(text) or _AS_SHE_SAYS.search(text)) is not None


def _word_places(starts: array[int], start: int, end: int) -> tuple[int, int]:
    return bisect_left(starts, start), bisect_left(starts, end)


def _quoted_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Find what is quoted; where marks do not pair up within a paragraph, nothing is."""
    for paragraph in _PARAGRAPH.finditer(text):
        bounds = paragraph.span()
        if paragraph[0].lstrip().startswith(">"):
            yield bounds
        elif '"' in paragraph[0]:
            if paragraph[0].count('"') % 2 == 0:
                yield from (piece.span() for piece in _DOUBLE_QUOTED.finditer(text, *bounds))
        elif "'" in paragraph[0]:
            yield from (piece.span() for piece in _SINGLE_QUOTED.finditer(text, *bounds))


def _borrowed_pieces(text: str, *, names_a_place: bool) -> Iterator[tuple[int, int]]:
    """Find what may be another's words; where marks do not pair up, the whole paragraph may.

    What follows a paragraph that ends in a colon is taken for what it announces, up to the end
    where that has no quotation marks of its own.
    """
    yield from _quoted_pieces(text)
    is_announced = False
    for paragraph in _PARAGRAPH.finditer(text):
        has_marks = paragraph[0].lstrip().startswith((">", '"'))
        if (is_announced and not has_marks) or paragraph[0].count('"') % 2:
            yield paragraph.span()
        is_announced = paragraph[0].rstrip().endswith(":") or (is_announced and not has_marks)
        if (names_a_place and _OF_A_BOOK.search(paragraph[0])) or _AS_SHE_SAYS.search(paragraph[0]):
            for sentence in _SENTENCE.finditer(text, *paragraph.span()):
                if is_of_a_book(sentence[0]):
                    yield sentence.span()
