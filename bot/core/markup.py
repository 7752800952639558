"""How Discord reads a text: characters and tokens, their styles, and the spoilers.

Discord documents mentions, emoji and timestamps (developers/reference, "Message Formatting")
and describes bold, spoilers, quotes and the rest only for people (support article 210298617,
"Markdown Text 101"). The rules here follow what its desktop client shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.core.graphemes import grapheme_end
from bot.core.markdown import escape_inline, showable
from bot.core.tokens import BRACKETED_ADDRESS, TOKEN, WEB_ADDRESS, readable, safe_address


class Style(Enum):
    """What a pair of marks does to the text between them; the value is the mark."""

    STRIKE = "~~"
    UNDERLINE = "__"
    STRONG = "**"
    EMPHASIS = "*"
    CODE = "`"


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of text: a word, a character between words, or a token such as a mention.

    `markdown` is the token as Discord reads it and `plain` what a person reads where there is
    no Markdown; for words and characters both are the text, unescaped. `brief` replaces a
    token for which there is no room. A token is never cut, a word only where it must be.
    """

    start: int
    end: int
    markdown: str
    plain: str
    brief: str
    styles: frozenset[Style]
    is_token: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A construct with marks at both ends: its whole range and the marks to reopen it."""

    start: int
    end: int
    opener: str
    closer: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text as Discord reads it.

    `atoms` are in the order of the text and leave out the marks; `spans` hold everything that
    was opened and closed, outer before inner; `spoilers` are the ranges of the spoilers with
    their marks; `open_spoilers` are the places of each `||` that was left without its partner.
    """

    text: str
    atoms: tuple[Atom, ...]
    spans: tuple[Span, ...]
    spoilers: tuple[tuple[int, int], ...]
    open_spoilers: tuple[int, ...]


def read_markdown(text: str) -> Document:
    """Read a text the way Discord's desktop client does.

    What cannot be read as a construct is read as the characters that it is, so there is no
    text that fails.
    """
    reader = _Reader(text)
    reader.read_lines()
    return Document(
        text,
        tuple(reader.atoms),
        tuple(sorted(reader.spans, key=lambda span: (span.start, -span.end))),
        tuple(reader.spoilers),
        tuple(reader.open_spoilers),
    )


_NO_STYLES: frozenset[Style] = frozenset()
# A text of marks alone would nest without end; what is deeper is read as it stands.
_MOST_NESTED = 8

# What cannot begin a construct, and so can be taken at once: Latin, Greek and Cyrillic words.
_WORD = re.compile(r"(?:[A-Za-gi-z0-9À-ɏͰ-ҁҊ-ԯ.,;:!?'\"()«»‘’“”„…–—-]+|h(?!ttps?://))+")
_QUOTE_TO_THE_END = re.compile(r"[ \t]*>>> +")
_LINE_BLOCK = re.compile(r"[ \t]*(?:(?P<quote>> +)|#{1,3} +|-# +|(?P<bullet>[-*+] +))")
_ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
_FENCE = re.compile(r"```(?P<language>[\w+.#-]*\n)?(?P<content>\n*[^\n].*?)```", re.DOTALL)
_CODE = re.compile(r"(?P<mark>`+)(?P<content>.*?[^`])(?P=mark)(?!`)", re.DOTALL)
_SPOILER = re.compile(r"\|\|(?P<content>.+?)\|\|", re.DOTALL)
_EMPHASES: dict[str, tuple[tuple[Style, re.Pattern[str]], ...]] = {
    "*": (
        (
            Style.EMPHASIS,
            re.compile(r"\*(?=\S)(?P<content>(?:\\.|\*\*|[^*\\])+?)(?<!\s)\*(?!\*)", re.DOTALL),
        ),
        (Style.STRONG, re.compile(r"\*\*(?P<content>(?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ),
    "_": (
        (
            Style.EMPHASIS,
            re.compile(r"_(?P<content>(?:\\.|__|[^_\\])+?)_(?![A-Za-z0-9_])", re.DOTALL),
        ),
        (Style.UNDERLINE, re.compile(r"__(?P<content>(?:\\.|[^\\])+?)__(?!_)", re.DOTALL)),
    ),
    "~": ((Style.STRIKE, re.compile(r"~~(?P<content>.+?)~~(?!_)", re.DOTALL)),),
}
_LINK = re.compile(
    r"\[(?P<content>(?:\\.|\[[^\[\]\\]*\]|[^\[\]\\])+)\]"
    r"\(\s*<?(?P<address>https?://(?:\([^\s()<>]*\)|[^\s()<>])+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)",
    re.DOTALL,
)


class _Reader:
    """Walks a text once, from left to right, and notes atoms, spans and spoilers."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.atoms: list[Atom] = []
        self.spans: list[Span] = []
        self.spoilers: list[tuple[int, int]] = []
        self.open_spoilers: list[int] = []
        self._constructs: dict[str, Callable[[int, int, frozenset[Style], int], int | None]] = {
            "\\": self._escaped,
            "`": self._code,
            "|": self._spoiler,
            "*": self._emphasis,
            "_": self._emphasis,
            "~": self._emphasis,
            "<": self._token,
            "[": self._link,
            "h": self._web_address,
        }

    def read_lines(self) -> None:
        """Read the whole text: blocks where a line begins, everything else within lines."""
        position, end = 0, len(self._text)
        while position < end:
            if position == 0 or self._text[position - 1] == "\n":
                position = self._block(position, end)
            if position < end:
                position = self._step(position, end, _NO_STYLES, 0)

    def _block(self, position: int, end: int) -> int:
        if quote := _QUOTE_TO_THE_END.match(self._text, position):
            self.spans.append(Span(position, end, ">>> ", ""))
            self._inline(quote.end(), end, _NO_STYLES, 0)
            return end
        block = _LINE_BLOCK.match(self._text, position)
        if block is None:
            return position
        line_end = self._text.find("\n", position)
        line_end = end if line_end < 0 else line_end
        if block["quote"]:
            self.spans.append(Span(position, line_end, "> ", ""))
        if block["bullet"]:
            self._literal(position, block.end() - 1, "•", _NO_STYLES)
            self._literal(block.end() - 1, block.end(), " ", _NO_STYLES)
        self._inline(block.end(), line_end, _NO_STYLES, 0)
        return line_end

    def _inline(self, position: int, end: int, styles: frozenset[Style], depth: int) -> None:
        while position < end:
            position = self._step(position, end, styles, depth)

    def _step(self, position: int, end: int, styles: frozenset[Style], depth: int) -> int:
        """Read a construct, a word or a character and give where the next begins."""
        if word := _WORD.match(self._text, position, end):
            after = grapheme_end(self._text, word.end() - 1, end)
            self._literal(position, after, self._text[position:after], styles)
            return after
        construct = self._constructs.get(self._text[position])
        if construct is not None and depth < _MOST_NESTED:
            behind = construct(position, end, styles, depth)
            if behind is not None:
                return behind
        if self._text.startswith("||", position, end):
            self.open_spoilers.append(position)
        after = grapheme_end(self._text, position, end)
        self._literal(position, after, self._text[position:after], styles)
        return after

    def _literal(self, start: int, end: int, text: str, styles: frozenset[Style]) -> None:
        shown = showable(text)
        if shown:
            self.atoms.append(Atom(start, end, shown, shown, shown, styles, is_token=False))

    def _escaped(
        self, position: int, end: int, styles: frozenset[Style], _depth: int
    ) -> int | None:
        if not _ESCAPED.match(self._text, position, end):
            return None
        after = grapheme_end(self._text, position + 1, end)
        self._literal(position, after, self._text[position + 1 : after], styles)
        return after

    def _code(self, position: int, end: int, styles: frozenset[Style], _depth: int) -> int | None:
        found = _FENCE.match(self._text, position, end)
        if found:
            opener, closer = f"```{found['language'] or ''}", "```"
        else:
            found = _CODE.match(self._text, position, end)
            if not found:
                return None
            opener = closer = found["mark"]
        self.spans.append(Span(position, found.end(), opener, closer))
        start, content_end = found.span("content")
        while start < content_end:
            after = grapheme_end(self._text, start, content_end)
            self._literal(start, after, self._text[start:after], styles | {Style.CODE})
            start = after
        return found.end()

    def _spoiler(self, position: int, end: int, styles: frozenset[Style], depth: int) -> int | None:
        found = _SPOILER.match(self._text, position, end)
        if not found:
            return None
        self.spoilers.append(found.span())
        self.spans.append(Span(*found.span(), "||", "||"))
        self._inline(*found.span("content"), styles, depth + 1)
        return found.end()

    def _emphasis(
        self, position: int, end: int, styles: frozenset[Style], depth: int
    ) -> int | None:
        readings = [
            (found, style)
            for style, pattern in _EMPHASES[self._text[position]]
            if (found := pattern.match(self._text, position, end))
        ]
        if not readings:
            return None
        # Where two could be meant, Discord takes the one that spans more.
        found, style = max(readings, key=lambda reading: reading[0].end())
        content_start, content_end = found.span("content")
        mark = self._text[position:content_start]
        self.spans.append(Span(position, found.end(), mark, mark))
        self._inline(content_start, content_end, styles | {style}, depth + 1)
        return found.end()

    def _token(self, position: int, end: int, styles: frozenset[Style], _depth: int) -> int | None:
        if found := BRACKETED_ADDRESS.match(self._text, position, end):
            return self._address(*found.span(), found["address"], styles)
        found = TOKEN.match(self._text, position, end)
        if not found:
            return None
        plain = readable(found)
        self.atoms.append(Atom(*found.span(), found[0], plain, plain, styles, is_token=True))
        return found.end()

    def _web_address(
        self, position: int, end: int, styles: frozenset[Style], _depth: int
    ) -> int | None:
        found = WEB_ADDRESS.match(self._text, position, end)
        if not found:
            return None
        address = found[0]
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
        return self._address(position, position + len(address), address, styles)

    def _address(self, start: int, end: int, address: str, styles: frozenset[Style]) -> int:
        # In angle brackets an address ends where it should, whatever follows it.
        host = re.match(r"https?://([\w.-]*)", address)
        brief = f"{host[1] if host else ''}/…"
        markdown = f"<{safe_address(address)}>"
        plain = showable(address)
        self.atoms.append(Atom(start, end, markdown, plain, showable(brief), styles, is_token=True))
        return end

    def _link(self, position: int, end: int, styles: frozenset[Style], depth: int) -> int | None:
        found = _LINK.match(self._text, position, end)
        if not found:
            return None
        before = len(self.atoms)
        self._inline(*found.span("content"), styles, depth + 1)
        words = "".join(atom.plain for atom in self.atoms[before:]).replace("`", "'")
        words = " ".join(words.split())
        # A link whose words hold a spoiler is taken apart: only then can they be hidden.
        if "||" not in found[0]:
            markdown = f"[{escape_inline(words)}](<{safe_address(found['address'])}>)"
            self.atoms[before:] = [
                Atom(*found.span(), markdown, words, words, styles, is_token=True)
            ]
        self.spans.append(Span(*found.span(), "", ""))
        return found.end()
