"""What a word is to the search: one rule for posts, for what is typed, and for what is shown.

Words are runs of letters, digits and the marks on them (Unicode's categories L, N and M). Accents
make no difference, and a mark on no letter separates words. Chinese, Japanese and Korean are
written without blanks, or with endings attached: there each character counts as a word, and the
index holds them in pairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.model import Attachment

_CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_CJK_RUN = re.compile(f"[{_CJK}]+")
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")

# Accents of Latin, Greek and Cyrillic, and the vowel signs that Hebrew and Arabic can do without.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
)
# Texts in which SQLite's tokenizer (unicode61, remove_diacritics 2) finds the same words as are
# found here: Latin without rare letters, punctuation, symbols and emoji.
_READ_ALIKE = re.compile(
    r"[\x00-\u01df\u1e00-\u1eff\u2000-\u20cf\u2100-\u2bff\ufe0f\U0001f000-\U0001faff]*"
)
# What is neither letter nor digit: signs, and marks.
_SIGNS = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and its place there."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Give a text with what makes no difference taken away: accents, and upper case."""
    if text.isascii():
        return text.lower()
    return _without_accents(text).lower()


def is_cjk(word: str) -> bool:
    """Say whether a word is a character of a script that is indexed in pairs."""
    return _CJK_CHARACTER.fullmatch(word) is not None


def words(text: str) -> Iterator[Word]:
    """Give the words of a text in their order."""
    if text.isascii():
        for found in _ASCII_WORD.finditer(text):
            yield Word(found[0].lower(), found.start(), found.end())
        return
    start = 0
    for kind, group in groupby(text, _kind):
        run = "".join(group)
        if kind == "character":
            for place, character in enumerate(run, start):
                end = _end_of_marks(text, place + 1)
                # A sound mark makes another character, any other mark makes no difference.
                folded = fold(character if end == place + 1 else text[place:end])
                yield Word(folded[0], place, end)
        elif kind == "letter":
            first = _end_of_marks(run, 0)
            if first < len(run):
                yield Word(fold(run[first:]), start + first, start + len(run))
        start += len(run)


def indexed_text(
    content: str, notes: Sequence[str] = (), attachments: Iterable[Attachment] = ()
) -> str | None:
    """Give what the index holds of a post, or None where that is its content as it stands.

    Notes, and the names and descriptions of files, are found as the text is.
    """
    files = [part for file in attachments for part in (file.name, file.description) if part]
    whole = "\n".join((content, *notes, *files)) if notes or files else content
    if not whole.isascii() and _READ_ALIKE.fullmatch(whole) is None:
        whole = _SIGNS.sub(_without_lone_marks, fold(whole))
        whole = _CJK_RUN.sub(_spaced_pairs, whole)
    return None if whole is content else whole


def pairs(run: Sequence[str]) -> list[str]:
    """Give a run of characters as the index holds it: each with the next, the last by itself.

    So every character begins an entry, and is found as the beginning of one.
    """
    return [first + second for first, second in zip(run, [*run[1:], ""], strict=True)]


def _spaced_pairs(run: re.Match[str]) -> str:
    return f" {' '.join(pairs(run[0]))} "


def _without_lone_marks(signs: re.Match[str]) -> str:
    before = signs.string[max(signs.start() - 1, 0) : signs.start()]
    on_a_letter = before.isalnum() and not is_cjk(before)
    kept = _end_of_marks(signs[0], 0) if on_a_letter else 0
    return signs[0][:kept] + "".join(sign for sign in signs[0][kept:] if not _is_mark(sign))


def _end_of_marks(text: str, start: int) -> int:
    end = start
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return end


def _is_mark(character: str) -> bool:
    # What asks for a coloured emoji (U+FE0F) stands on no letter.
    return unicodedata.category(character).startswith("M") and character != "\ufe0f"


def _without_accents(text: str) -> str:
    bare = _OPTIONAL_MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare)


def _kind(character: str) -> str:
    if _CJK_CHARACTER.match(character):
        return "character"
    return "letter" if character.isalnum() or _is_mark(character) else ""
