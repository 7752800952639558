"""Gives what a post says as CommonMark that stays in its place.

The texts are read by the reader of the pages and written anew: what means something on Discord
alone (mentions, times, emoji, small print) becomes words, headings become bold lines, so that
only the document's own are headings, and there is no HTML. A spoiler becomes a footnote (GitHub's
notation): paper hides nothing, but the end of a document can be left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from bot.core.excerpt import HIDDEN
from bot.core.exported import Names
from bot.core.markdown import showable
from bot.exporters.discord_tokens import token_words
from bot.exporters.post_reading import PostReader, cleaned

_SIGNS = re.compile(r"[\\*_~`|\[\]<>&]")
_LINE_STARTS = re.compile(r"^([ \t]*)(?:([#+=-])|([0-9]+)([.)]))", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")
_MARKS = {
    "em_open": "*",
    "em_close": "*",
    "strong_open": "**",
    "strong_close": "**",
    "s_open": "~~",
    "s_close": "~~",
    "hardbreak": "  \n",
}


class PostMarkdown:
    """Writes texts; `spoilers` gathers what they hide, in the order of its footnotes."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._reader = PostReader()
        self.spoilers: list[str] = []

    def markdown(self, text: str) -> str:
        """Give the CommonMark of a text as Discord reads it, without a line end at its end."""
        return "\n".join(self._lines(self._reader.read(cleaned(text))))

    def old_text(self, text: str) -> str:
        """Give the CommonMark of an old post's text: as it was typed."""
        return "\n".join(self._lines(self._reader.read_old(cleaned(text))))

    def _lines(self, tokens: Sequence[Token]) -> Iterator[str]:
        margin = _Margin()
        bold = False
        for token in tokens:
            match token.type:
                case "heading_open" | "heading_close":
                    bold = token.type == "heading_open"
                case "inline":
                    words = "".join(self._inline(token.children or ()))
                    yield from margin.beside(f"**{words}**" if bold else _at_line_starts(words))
                case "fence":
                    yield from margin.beside(_fenced(token.content))
                case "blockquote_open":
                    margin.widen("> ", "> ")
                case "list_item_open":
                    mark = f"{token.info}. " if token.info else "- "
                    margin.widen(mark, " " * len(mark))
                case "list_item_close" | "blockquote_close":
                    margin.narrow()

    def _inline(self, tokens: Sequence[Token]) -> Iterator[str]:
        addresses: list[str] = []
        place = 0
        while place < len(tokens):
            token = tokens[place]
            match token.type:
                case "softbreak":
                    yield _line_end(tokens, place)
                case "link_open" if "://" in tokens[place + 1].content:
                    yield f"<{token.attrs['href']}>"
                    place += 2
                case "link_open":
                    addresses.append(str(token.attrs["href"]))
                    yield "["
                case "link_close":
                    yield f"](<{addresses.pop()}>)"
                case "spoiler_open":
                    end = _end_of_spoiler(tokens, place)
                    yield self._footnote(tokens[place + 1 : end])
                    place = end
                    if _begins_with_bracket(tokens[place + 1 :]):
                        # A footnote's number and an address in brackets would be a link.
                        yield "\\"
                case _:
                    yield self._plain(token)
            place += 1

    def _plain(self, token: Token) -> str:
        match token.type:
            case "text":
                return escaped(token.content)
            case "code_inline":
                return _code(token.content)
            case "discord_token":
                return escaped(token_words(token.content, self._names))
            case "strong_open" | "strong_close" if token.markup == "__":
                # CommonMark underlines nothing.
                return "*"
            case _:
                return _MARKS[token.type]

    def _footnote(self, hidden: Sequence[Token]) -> str:
        self.spoilers.append(" ".join("".join(self._inline(hidden)).split()))
        return f"{HIDDEN}[^{len(self.spoilers)}]"


class _Margin:
    """What stands before the lines of the blocks that are open: `> `, or a list's mark."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._others: list[str] = []
        # How many of them the last block and the next one have in common; None before the first.
        self._common: int | None = None
        self._is_in_list = False

    def widen(self, first: str, others: str) -> None:
        self._first.append(first)
        self._others.append(others)

    def narrow(self) -> None:
        self._first.pop()
        self._others.pop()
        if self._common is not None:
            self._common = min(self._common, len(self._others))

    def beside(self, block: str) -> Iterator[str]:
        """Give the lines of a block; a blank one before it, unless it is a list's next item."""
        begins_item = self._first != self._others
        if self._common is not None and not (begins_item and self._is_in_list):
            yield "".join(self._others[: self._common]).rstrip()
        for line in block.split("\n"):
            yield f"{''.join(self._first)}{line}" if line else "".join(self._first).rstrip()
            self._first = self._others.copy()
        self._common = len(self._others)
        self._is_in_list = any(not margin.strip() for margin in self._others)


def escaped(text: str) -> str:
    """Give CommonMark that shows the text as it is within a line."""
    return _SIGNS.sub(r"\\\g<0>", showable(text))


def _at_line_starts(text: str) -> str:
    """Keep what begins a line from being read as a heading, a list or a rule."""
    return _LINE_STARTS.sub(
        lambda found: (
            f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"
        ),
        text,
    )


def _line_end(tokens: Sequence[Token], place: int) -> str:
    """Give what a line end becomes; two of them begin a paragraph, where nothing is open."""
    after = place and tokens[place - 1].type == "softbreak"
    before = place + 1 < len(tokens) and tokens[place + 1].type == "softbreak"
    if tokens[place].level == 0 and (after or before):
        return "\n"
    return "" if after else "  \n"


def _code(content: str) -> str:
    content = " ".join(content.split("\n"))
    mark = "`" * (_longest_run(content) + 1)
    room = " " if content[:1] in "` " or content[-1:] in "` " else ""
    return f"{mark}{room}{content}{room}{mark}"


def _fenced(content: str) -> str:
    mark = "`" * max(_longest_run(content) + 1, 3)
    return f"{mark}\n{content.rstrip()}\n{mark}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)


def _begins_with_bracket(tokens: Sequence[Token]) -> bool:
    shown = next((token for token in tokens if token.type != "text" or token.content), None)
    return shown is not None and shown.type == "text" and shown.content.startswith("(")


def _end_of_spoiler(tokens: Sequence[Token], start: int) -> int:
    return next(
        place for place in range(start, len(tokens)) if tokens[place].type == "spoiler_close"
    )
