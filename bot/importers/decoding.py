"""From the bytes of a saved page to its lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from bot.core.imported import PageWarning
from bot.importers.lines import PageLine
from bot.importers.refusal import PageRefusedError

_LOST = "\ufffd"
_MOST_LOST = 1 / 200
"""The share of characters that may be lost in a text; in other files more are."""

# What an editor counts as a line end; form feeds and the like stay part of their line.
# CR CR LF is a CR LF that was written once more as if its LF stood alone.
_LINE_END = re.compile("\r\r?\n|[\r\n\x85\u2028\u2029]")

_NO_BREAK_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " "})

_SAVE = "Open the forum page in a browser, save it as text or HTML, and import that file."

# The first bytes of typographic quotes and dashes in UTF-8, read as Windows-1252.
_MISREAD_UTF8 = "â€"


# What people pick by mistake, told by its first bytes.
_OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a compressed archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "a document of a word processor",
    b"\xd0\xcf\x11\xe0": "a document of a word processor",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"bplist00": "a web archive",
    b"From: <Saved by": "a web archive",
    b"MIME-Version:": "a web archive",
}


def decode(data: bytes) -> str:
    """Give the text of a file saved as UTF-8, UTF-16 or, failing those, Windows-1252.

    UTF-8 may have a byte order mark; UTF-16 without one is known by the zero byte beside its
    first character. A few bytes that the encoding does not have become U+FFFD each.
    Raises `PageRefusedError` when the bytes are no text.
    """
    for beginning, kind in _OTHER_KINDS.items():
        if data.startswith(beginning):
            raise PageRefusedError(f"is {kind}, and only saved pages can be read. {_SAVE}")
    text = data.decode(_encoding(data), errors="replace").replace("\0", _LOST)
    if not text.strip():
        raise PageRefusedError("is empty. Save the forum page again and import that.")
    if text.count(_LOST) > len(text) * _MOST_LOST:
        raise PageRefusedError(f"is not a text file. {_SAVE}")
    return text


def split_lines(text: str) -> list[str]:
    """Give the lines of a text, whatever their ends, without trailing spaces.

    No-break spaces become plain ones: they come from the page's layout, not from its authors.
    """
    return [line.rstrip() for line in _LINE_END.split(plain_spaces(text))]


def plain_spaces(text: str) -> str:
    """Put plain spaces for no-break ones."""
    return text.translate(_NO_BREAK_SPACES)


def damaged_characters(lines: Iterable[PageLine]) -> list[PageWarning]:
    """Warn of each line whose characters were damaged before the page came here."""
    warnings = []
    for line in lines:
        if _LOST in line.text:
            warnings.append(PageWarning(line.number, "Some characters were lost in saving it."))
        elif _MISREAD_UTF8 in line.text:
            message = "Quotes or dashes are garbled: it was saved in two encodings."
            warnings.append(PageWarning(line.number, message))
    return warnings


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data[1:2] == b"\0":
        return "utf-16-le"
    if data[:1] == b"\0":
        return "utf-16-be"
    # Text with accents is hardly ever valid UTF-8 by accident, so what is so for the most part
    # was damaged later. Windows-1252 takes nearly anything.
    text = data.decode("utf-8-sig", errors="replace")
    lost = text.count(_LOST)
    others = len(text) - len(text.encode("ascii", errors="ignore")) - lost
    return "utf-8-sig" if others >= lost else "windows-1252"
