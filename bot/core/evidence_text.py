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

OF_A_BOOK = re.compile(
    r"\b(?i:pp?|pgs?|pages?|chapters?|ch|lines?|verses?)\b\.? ?(?:\d|(?:one|two|three|four|five)\b)"
    r"|\b(?i:the|this|that|a|his|her|my|favou?rite)(?: \w+)?"
    r" (?:line|passage|sentence|blurb|quote|quotation|jacket|verse|poem|song|proverb)s?\b"
    r"|\bepigraph\b|\b[Aa]s (?:he|she|[A-Z]\w+) (?:says|said|puts it|tells us|writes|wrote)\b"
)
"""Words that say that what stands beside them comes from a book and not from a post."""

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_LINK = re.compile(r"\[\[ASIN:[^\]\n]{1,400}\]\]|(?:https?://|www\.)\S+")
_WORD = re.compile(r"\0|[^\W_]+(?:'[^\W_]+)*")
_NAME = re.compile(r"(?<=[\w,;'] )[A-ZΑ-ΩА-Я]\w*")
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
    folded = tuple(map(sys.intern, _WORD.findall(text.lower())))
    starts = array("L", map(re.Match.start, _WORD.finditer(text)))
    marks = bytearray(len(starts))
    for capital in _NAME.finditer(text):
        marks[bisect_left(starts, capital.start())] = NAME
    quoted = tuple(
        QuotedPiece(range(*_word_places(starts, start, end)), start, end)
        for start, end in _quoted_pieces(text)
    )
    for start, end in _borrowed_pieces(text):
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


def _borrowed_pieces(text: str) -> Iterator[tuple[int, int]]:
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
        if OF_A_BOOK.search(paragraph[0]):
            for sentence in _SENTENCE.finditer(text, *paragraph.span()):
                if OF_A_BOOK.search(sentence[0]):
                    yield sentence.span()
