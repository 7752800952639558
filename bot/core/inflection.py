"""The English inflections of a word, so that who looks for "meddling" finds "meddled".

The index holds words as they are written, whole in every language. What is looked for is
widened instead: plurals and the endings -s, -ed and -ing are put on and taken off by the rules of
English spelling. A form that no one ever writes does no harm, for nothing is found by it.
Irregular forms ("went") are not known.
"""

from __future__ import annotations

import re

# Shorter words have hardly any inflections that are spelled by rule.
_SHORTEST = 3
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWEL = re.compile(r"[aeiouy]")
# One syllable that ends with vowel and consonant, as "hop": such words double the consonant
# ("hopping"), so that "hoping" is of "hope".
_SHORT_SYLLABLE = re.compile(r"[^aeiou]*[aeiouy][^aeiouwxy]")
# Longer words double it where they are stressed at the end ("regretted"), and British ones an l.
_MAY_DOUBLE = re.compile(r"[^aeiou][aeiouy][^aeiouwxy]$")
_DOUBLED = re.compile(r"([bdfgklmnprtvz])\1$")


def inflections(word: str) -> frozenset[str]:
    """Give the word and its other forms; the word alone where it is not in lower-case a to z."""
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return frozenset({word})
    return frozenset({word}.union(*map(_forms, _bases(word))))


def _bases(word: str) -> set[str]:
    """Give the words that this one may be a form of, itself among them."""
    bases = {word}
    if word.endswith(("ies", "ied")):
        bases.add(f"{word[:-3]}y")
    elif word.endswith("es") and word[:-2].endswith((*_HISSING, "o")):
        bases |= {word[:-2], word[:-1]}
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        bases.add(word[:-1])
    elif word.endswith("ed"):
        bases |= _without_ending(word[:-2])
    elif word.endswith("ing"):
        bases |= _without_ending(word[:-3])
    return {base for base in bases if len(base) >= _SHORTEST} | {word}


def _without_ending(stem: str) -> set[str]:
    """Give the words of which a stem was left by taking -ed or -ing off."""
    if not _VOWEL.search(stem):
        return set()
    if _DOUBLED.search(stem):
        return {stem[:-1], stem}
    if stem.endswith("ee"):
        return {stem}
    if stem.endswith("e") or _SHORT_SYLLABLE.fullmatch(stem):
        return {f"{stem}e"}
    return {stem, f"{stem}e"}


def _forms(base: str) -> set[str]:
    stem = base if base.endswith("ee") else base.removesuffix("e")
    ending = "d" if base.endswith("e") else "ed"
    forms = {base, f"{base}s", f"{base}{ending}", f"{stem}ing"}
    if base.endswith((*_HISSING, "o")):
        forms.add(f"{base}es")
    if re.search(r"[^aeiou]y$", base):
        forms |= {f"{base[:-1]}ies", f"{base[:-1]}ied"}
    if _MAY_DOUBLE.search(base):
        forms |= {f"{base}{base[-1]}ed", f"{base}{base[-1]}ing"}
    return forms
