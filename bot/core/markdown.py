"""How a text is kept from being read as Markdown, and what can be shown at all."""

from __future__ import annotations

import re

_BIDIRECTIONAL_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_UNSHOWABLE = {
    **_BIDIRECTIONAL_CONTROLS,
    # Control characters but for the blanks among them; a lone surrogate cannot be sent at all.
    **dict.fromkeys(code for code in [*range(32), *range(0x7F, 0xA0)] if not chr(code).isspace()),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
}

_INLINE_SIGNS = re.compile(r"[\\*_~`|\[\]<]")
_LINE_START_SIGNS = re.compile(r"^([ \t]*)([#>+-])", re.MULTILINE)
_LINE_START_NUMBER = re.compile(r"^([ \t]*[0-9]+)(\.)", re.MULTILINE)


def escape_inline(text: str) -> str:
    """Make everything in the text literal that means something within a line."""
    return _INLINE_SIGNS.sub(r"\\\g<0>", text)


def escape_line_starts(text: str) -> str:
    """Make headings, quotes and lists at the start of each line literal, but for `*`."""
    return _LINE_START_NUMBER.sub(r"\1\\\2", _LINE_START_SIGNS.sub(r"\1\\\2", text))


def escape_markdown(text: str) -> str:
    """Give Markdown that shows the text as it is: a name never styles, hides, mentions or links.

    Bidirectional controls are taken out too: one of them in a name would turn the rest of the
    line around.
    """
    text = text.translate(_BIDIRECTIONAL_CONTROLS)
    return escape_line_starts(escape_inline(text).replace("://", "\\://"))


def showable(text: str) -> str:
    """Take out what would garble a message: control characters and changes of direction.

    A lone surrogate, which cannot be sent, becomes a replacement character; blanks stay.
    """
    return text.translate(_UNSHOWABLE)
