"""What a reader sees as one character, and how Discord counts characters."""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
# No character up to this one is ever a part of another.
_LAST_STANDING_ALONE = "\u02ff"


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, as JavaScript does.

    Discord's documents say "characters" and do not say which. An emoji is one code point and
    two code units, so a text that fits by this count fits by either.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_end(text: str, start: int, end: int) -> int:
    """Give where the character that begins at `start` ends, at most `end`.

    A simplification of Unicode Standard Annex #29 (extended grapheme clusters): it keeps
    combining marks, emoji modifiers, joined emoji, flags and Hangul syllables whole, and never
    takes an ASCII character into another one, so Markdown signs always stand alone.
    """
    position = start + 1
    if text[start].isspace():
        return position
    is_flag = position < end and all(map(_is_regional_indicator, text[start : start + 2]))
    if is_flag:
        position += 1
    while position < end:
        character = text[position]
        joined = text[position - 1] == _ZERO_WIDTH_JOINER and character > "\u2000"
        if character.isspace() or not (joined or _extends(character)):
            break
        position += 1
    return position


def last_border(text: str, place: int) -> int:
    """Give the last place, at most `place`, where no character (see `grapheme_end`) is cut."""
    border = place
    # What stands before the combining marks is always a character's beginning.
    while 0 < border < len(text) and text[border] > _LAST_STANDING_ALONE:
        border -= 1
    while border < place:
        end = grapheme_end(text, border, len(text))
        if end > place:
            break
        border = end
    return border


def _is_regional_indicator(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _extends(character: str) -> bool:
    return character > _LAST_STANDING_ALONE and (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and final consonants
    )
