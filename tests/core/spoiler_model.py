"""What Discord hides, told a second time: slow, plain, and sharing nothing with the product.

A reading is a client's habit. Whatever any reading hides must stay hidden.
"""

import re
from dataclasses import dataclass
from itertools import product

CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
FENCE = re.compile(r"```(?:[\w+\-.#]*\n)?\n*[^\n][\s\S]*?```")
ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
BOUNDS = (
    re.compile(r"(?P<l>\*\*)(?P<c>(?:\\[\s\S]|[^\\])+?)(?P<r>\*\*)(?!\*)"),
    re.compile(r"(?P<l>__)(?P<c>(?:\\[\s\S]|[^\\])+?)(?P<r>__)(?!_)"),
    re.compile(r"(?P<l>~~)(?P<c>[\s\S]+?)(?P<r>~~)(?!_)"),
    re.compile(
        r"(?P<l>\*)(?=\S)(?P<c>(?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)(?P<r>\*)(?!\*)"
    ),
    re.compile(r"(?P<l>_)(?P<c>(?:__|\\[\s\S]|[^\\_])+?)(?P<r>_)(?![A-Za-z0-9_])"),
    re.compile(r"(?P<l>\[)(?P<c>(?:\[[^\]]*\]|[^\[\]])+)(?P<r>\]\(\s*<?https?://[^\s)>]+>?\s*\))"),
)
ADDRESS = re.compile(r"<https?://[^ >]+>|https?://[^\s<]+[^<.,:;\"'\]\s]")
LINE = re.compile(r" *(?:#{1,3} +|-# +|[-*+] +|> +)")
QUOTE = re.compile(r" *>>> +")


@dataclass(frozen=True)
class Reading:
    escapes_outside: bool = True
    code_outside: bool = True
    escapes_inside: bool = False
    code_inside: bool = False
    nested: bool = False


ALL = tuple(Reading(*flags) for flags in product((False, True), repeat=5))
# Outside of a spoiler every client honours escapes and code; the product's output relies on it.
CLIENTS = tuple(reading for reading in ALL if reading.escapes_outside and reading.code_outside)


def hidden(text: str, reading: Reading) -> set[int]:
    found: set[int] = set()
    _scan(text, 0, len(text), reading, found, at_top=True)
    return found


def hidden_letters(text: str, readings: tuple[Reading, ...]) -> set[str]:
    """Give the letters that some reading hides."""
    return {
        text[place]
        for reading in readings
        for place in hidden(text, reading)
        if text[place].isalpha()
    }


def visible_letters(text: str, readings: tuple[Reading, ...]) -> set[str]:
    """Give the letters that some reading shows."""
    return {
        letter
        for reading in readings
        for covered in [hidden(text, reading)]
        for place, letter in enumerate(text)
        if letter.isalpha() and place not in covered
    }


def _scan(text: str, i: int, end: int, reading: Reading, found: set[int], *, at_top: bool) -> None:
    while i < end:
        after = None
        if reading.nested and at_top and (i == 0 or text[i - 1] == "\n"):
            after = _after_block(text, i, end, reading, found)
        after = after or _after_skipped(text, i, end, reading)
        if not after and (after := _closing(text, i, end, reading)):
            found.update(range(i, after))
        if not after and reading.nested:
            after = _after_styled(text, i, end, reading, found)
        i = after or i + 1


def _after_block(text: str, i: int, end: int, reading: Reading, found: set[int]) -> int | None:
    if quote := QUOTE.match(text, i, end):
        _scan(text, quote.end(), end, reading, found, at_top=False)
        return end
    if line := LINE.match(text, i, end):
        stop = text.find("\n", i, end)
        stop = end if stop < 0 else stop
        _scan(text, line.end(), stop, reading, found, at_top=False)
        return stop
    return None


def _after_skipped(text: str, i: int, end: int, reading: Reading) -> int | None:
    if reading.escapes_outside and ESCAPE.match(text, i, end):
        return i + 2
    if reading.code_outside and (code := FENCE.match(text, i, end) or CODE.match(text, i, end)):
        return code.end()
    if reading.nested and (address := ADDRESS.match(text, i, end)):
        return address.end()
    return None


def _after_styled(text: str, i: int, end: int, reading: Reading, found: set[int]) -> int | None:
    matches = [match for bound in BOUNDS if (match := bound.match(text, i, end))]
    if not matches:
        return None
    widest = max(matches, key=lambda match: match.end())
    _scan(text, *widest.span("c"), reading, found, at_top=False)
    return widest.end()


def _closing(text: str, i: int, end: int, reading: Reading) -> int | None:
    if not text.startswith("||", i, end):
        return None
    j = i + 2
    while j < end:
        if reading.escapes_inside and text[j] == "\\":
            j += 2
        elif reading.code_inside and (code := CODE.match(text, j, end)):
            j = code.end()
        elif j > i + 2 and text.startswith("||", j, end):
            return j + 2
        else:
            j += 1
    return None
