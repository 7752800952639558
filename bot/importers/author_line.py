"""Tell `NAME says:`, the line that names a post's author, from prose that ends alike.

The line is missing where an author's account is gone. The first line of such a post may end
in "says:" itself, as in "When she meets him again, Emma says:", so form alone cannot decide.
A line is taken for a name unless it reads like the start of a sentence; what was refused is
worth a warning, since a pen name may read like one too.
"""

from __future__ import annotations

import re

_LONGEST_NAME = 64
_MOST_WORDS = 8
_INNER_PUNCTUATION = re.compile(r"[;?!:] ")

# Words that open a clause far more often than a name.
_OPENERS = frozenset(
    """
    a after all also an and another anyway as at because before but by during each even every
    everyone finally first for from he her here his how however i if in it its later like
    maybe my near no now of on once one or our perhaps she since so some somebody someone
    still that the their then there these they this those though to under until we well what
    when whenever where which while who with yet you your
    """.split()  # noqa: SIM905  (words in a paragraph read better than a list of strings)
)
# Those of them that can say something alone: "She says:" names nobody.
_SPEAKERS = frozenset(
    "everyone he i it one she somebody someone that there they this we who you".split()  # noqa: SIM905
)
# "a reader" is a pen name; "the man at the door" is not.
_ARTICLES = frozenset({"a", "an", "the"})


def candidate(line: str, says: str) -> str | None:
    """Give what stands before `says` ("says:") at the end of the line, or None if it is not so."""
    words = line.split()
    if len(words) < 2 or words[-1] != says:
        return None
    return " ".join(words[:-1])


def reads_like_name(name: str, *, seen_again: bool = False) -> bool:
    """Say whether a `candidate` reads like a name rather than like the start of a sentence.

    `seen_again` says that another post of the page has the same one: then it is a pen name that
    merely reads like prose, unless it is no name at all.
    """
    words = [word.strip('",.').casefold() for word in name.split()]
    if len(name) > _LONGEST_NAME or len(words) > _MOST_WORDS or _INNER_PUNCTUATION.search(name):
        return False
    if len(words) == 1:
        return words[0] not in _SPEAKERS
    if words[0] not in _OPENERS or (len(words) == 2 and words[0] in _ARTICLES):
        return True
    if words[0] in _SPEAKERS or "," in name:
        return False
    return seen_again or all(word[0].isupper() or not word[0].isalpha() for word in name.split())
