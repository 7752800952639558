"""Reads a post's text into the library's tokens, with every spoiler hidden that may be one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from bot.core.markdown import showable
from bot.core.markup import read_markdown
from bot.core.spoilers import hidden_ranges
from bot.exporters.discord_markdown import create_plain_reader, create_reader, spoilers_in

# All that can mean something to the reader of Discord's Markdown, and to that of old posts.
_SIGNS = re.compile(r"[\\*_~`|\[<]")
_LINE_SIGNS = re.compile(r"[ \t]*(?:[#>+-]|[0-9]+[.)])")
_OLD_SIGNS = re.compile(r"\[\[|://|\|\|")
_DOUBTFUL = re.compile(r"\\|\|\|\||://[^\s|]*\|\|")
_QUOTE_MARKS = re.compile(r"[\s>]+")
# CommonMark reads them as a line break; on Discord they mean nothing.
_BLANK_ENDS = re.compile(r"[ \t]+\n")


class PostReader:
    """Reads texts that are `cleaned`."""

    def __init__(self) -> None:
        self._reader = create_reader()
        self._old_reader = create_plain_reader()

    def read(self, text: str) -> list[Token]:
        """Read a text as Discord does.

        Where a spoiler's ends cannot be told for certain, all that may be one becomes one, in a
        paragraph of its own (`bot.core.spoilers`).
        """
        tokens = self._reader.parse(text)
        if "||" not in text or _is_certain(text, tokens):
            return tokens
        hidden = hidden_ranges(read_markdown(text))
        if _bare(spoilers_in(tokens)) == _bare(text[start + 2 : end - 2] for start, end in hidden):
            return tokens
        return self._pieces(text, hidden)

    def read_old(self, text: str) -> list[Token]:
        """Read an old post's text: as it was typed, with links and spoilers."""
        return self._old_reader.parse(text)

    def _pieces(self, text: str, hidden: Sequence[tuple[int, int]]) -> list[Token]:
        tokens: list[Token] = []
        position = 0
        for start, end in hidden:
            tokens += self._reader.parse(text[position:start])
            tokens += _spoiler_paragraph(text[start:end].replace("||", "").strip())
            position = end
        return tokens + self._reader.parse(text[position:])


def cleaned(text: str) -> str:
    """Take out what would garble a page, and blanks at the ends of the text and of its lines."""
    text = showable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _BLANK_ENDS.sub("\n", text) if " \n" in text or "\t\n" in text else text


def is_prose(text: str) -> bool:
    """Say whether nothing in the text means anything but itself on Discord.

    Most posts are such prose, and to find that out takes a small part of the time of reading.
    """
    if _SIGNS.search(text) or "://" in text:
        return False
    return not any(_LINE_SIGNS.match(line) for line in text.split("\n"))


def is_old_prose(text: str) -> bool:
    """Say the same of the text of an old post."""
    return not _OLD_SIGNS.search(text)


def _is_certain(text: str, tokens: Sequence[Token]) -> bool:
    """Say whether every client finds the spoilers of these tokens, and no others.

    One that finds others has read a sign that means nothing here, or an address for longer.
    """
    if 2 * len(spoilers_in(tokens)) != text.count("||") or _DOUBTFUL.search(text):
        return False
    return not any(
        child.type == "text" and _SIGNS.search(child.content) and "://" not in child.content
        for token in tokens
        for child in token.children or ()
    )


def _bare(texts: Iterable[str]) -> list[str]:
    """Leave out what a quote's lines begin with, and blanks."""
    return [_QUOTE_MARKS.sub("", text) for text in texts]


def _spoiler_paragraph(text: str) -> list[Token]:
    children = [Token("spoiler_open", "span", 1)]
    for place, line in enumerate(text.split("\n")):
        if place:
            children.append(Token("softbreak", "br", 0, level=1))
        children.append(Token("text", "", 0, content=line.strip(), level=1))
    children.append(Token("spoiler_close", "span", -1))
    return [
        Token("paragraph_open", "p", 1),
        Token("inline", "", 0, children=children),
        Token("paragraph_close", "p", -1),
    ]
