"""Reads a post's text with a Markdown library that has learned Discord's rules.

Discord's Markdown is not CommonMark: a line break ends nothing, a blank line does not end a
spoiler, quotes take one line each (or `>>> ` all that follows), a code block may end in the
middle of a line, there is no HTML, and mentions, emoji and timestamps are written as tokens
(developers/reference, "Message Formatting"; support article 210298617, "Markdown Text 101").
The rules added to markdown-it-py here make of it that; why this library:
docs/decisions/0013-exports.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.core.book_links import linked_book
from bot.core.tokens import BRACKETED_ADDRESS, TOKEN, WEB_ADDRESS

# A text of nothing but list marks would nest without end; what is deeper is read as words.
_DEEPEST_LIST = 12
_DEEPEST = 100
_ALLOWED_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)

_FENCE = re.compile(r"```(?:[\w+.#-]*\n)?(?P<content>\n*[^\n].*?)```", re.DOTALL)
_HEADING = re.compile(r"(?P<mark>#{1,3}|-#)[ \t]+(?=\S)")
_QUOTED_LINE = re.compile(r">(?:[ \t]|$)")
_QUOTE_TO_THE_END = re.compile(r">>>[ \t]")
_BOOK = re.compile(
    r"\[\[(?:ISBN:(?P<isbn>[0-9Xx-]{10,17})|ASIN:(?P<asin>[0-9A-Za-z]{10}))"
    r"(?: +(?P<title>[^\n\[\]]{1,300}?))?\]\]"
)


class _Reader(MarkdownIt):
    """The library's reader, for which only web and mail addresses are links."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return _ALLOWED_ADDRESS.fullmatch(url) is not None


def create_reader() -> MarkdownIt:
    """Give a reader of what members write on Discord."""
    reader = _with_links_and_spoilers(_Reader("zero", {"maxNesting": _DEEPEST}))
    block, inline = reader.block.ruler, reader.inline.ruler
    ends_paragraph: RuleOptionsType = {"alt": ["paragraph", "list"]}
    block.before("paragraph", "code_block", _code_block, ends_paragraph)
    block.before("paragraph", "quote", _quote, ends_paragraph)
    block.at("heading", _heading, ends_paragraph)
    block.at("list", _list, {"alt": ["paragraph"]})
    reader.enable(["heading", "list", "escape", "backticks", "strikethrough", "emphasis", "link"])
    inline.before("backticks", "code_within_line", _code_within_line)
    inline.before("link", "token", _token)
    return reader


def create_plain_reader() -> MarkdownIt:
    """Give a reader of old posts: their forum knew addresses and product links, and no Markdown.

    Spoilers stay hidden (`bot.core.old_text`).
    """
    return _with_links_and_spoilers(_Reader("zero"))


def spoilers_in(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Give what was written in each spoiler that was read."""
    return tuple(
        child.content
        for token in tokens
        for child in token.children or ()
        if child.type == "spoiler_open"
    )


def _with_links_and_spoilers(reader: MarkdownIt) -> MarkdownIt:
    reader.block.ruler.at("paragraph", _paragraph)
    reader.enable("newline")
    reader.inline.ruler.before("link", "book", _book)
    reader.inline.ruler.before("link", "web_address", _web_address)
    reader.inline.ruler.before("book", "spoiler", _spoiler)
    reader.inline.add_terminator_char("|")
    return reader


def _paragraph(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Take all lines up to another block; blank ones too, for a spoiler may reach across them."""
    line, after = start + 1, start + 1
    in_code = _opens_code(state, start, in_code=False)
    before, state.parentType = state.parentType, "paragraph"
    while line < state.lineMax:
        if not state.isEmpty(line):
            if not in_code and _begins_block(state, line):
                break
            after = line + 1
        in_code = _opens_code(state, line, in_code=in_code)
        line += 1
    state.parentType = before
    state.line = after
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, after, state.blkIndent, keepLastLF=False).strip()
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _begins_block(state: StateBlock, line: int) -> bool:
    if state.sCount[line] < state.blkIndent:
        return True
    for rule in state.md.block.ruler.getRules("paragraph"):
        if rule(state, line, state.lineMax, True):  # noqa: FBT003 - the library's form
            return True
    return False


def _opens_code(state: StateBlock, line: int, *, in_code: bool) -> bool:
    """Say whether a code block that began within a line goes on after this one."""
    marks = state.src.count("```", state.bMarks[line], state.eMarks[line])
    if not marks % 2:
        return in_code
    return not in_code and state.src.find("```", state.eMarks[line]) >= 0


def _code_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Read a code block of several lines; what follows its end in the same line is read on."""
    position = state.bMarks[start] + state.tShift[start]
    found = _FENCE.match(state.src, position, state.eMarks[end - 1])
    if found is None or found.end() <= state.eMarks[start]:
        return False
    if silent:
        return True
    code = state.push("fence", "code", 0)
    code.content = found["content"].strip("\n") + "\n"
    last = next(line for line in range(start, end) if found.end() <= state.eMarks[line])
    rest = state.src[found.end() : state.eMarks[last]]
    if rest.strip():
        state.bMarks[last] = found.end()
        state.tShift[last] = len(rest) - len(rest.lstrip())
        state.sCount[last] = state.blkIndent
        state.line = last
    else:
        state.line = last + 1
    return True


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Read lines that begin with `> `, or all that follows `>>> `; there is no quote in a quote."""
    first = _line(state, start)
    to_the_end = _QUOTE_TO_THE_END.match(first)
    if state.env.get("in_quote") or not (to_the_end or first.startswith(("> ", ">\t"))):
        return False
    if silent:
        return True
    if to_the_end:
        lines = [first[to_the_end.end() :], *(_line(state, line) for line in range(start + 1, end))]
        state.line = end
    else:
        lines = []
        line = start
        while line < end and _QUOTED_LINE.match(_line(state, line)):
            lines.append(_line(state, line)[2:])
            line += 1
        state.line = line
    state.push("blockquote_open", "blockquote", 1)
    state.env["in_quote"] = True
    state.md.block.parse("\n".join(lines), state.md, state.env, state.tokens)
    state.env["in_quote"] = False
    state.push("blockquote_close", "blockquote", -1)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Read `# ` to `### `, and the small print of `-# `."""
    text = _line(state, start)
    found = _HEADING.match(text)
    if found is None:
        return False
    if silent:
        return True
    kind = "subtext" if found["mark"] == "-#" else "heading"
    state.line = start + 1
    state.push(f"{kind}_open", "p", 1).markup = found["mark"]
    inline = state.push("inline", "", 0)
    inline.content = text[found.end() :].strip()
    inline.children = []
    state.push(f"{kind}_close", "p", -1).markup = found["mark"]
    return True


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    return state.level < 2 * _DEEPEST_LIST and list_block(state, start, end, silent)


def _code_within_line(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Read a code block that begins behind a line's start, with its line ends."""
    found = _FENCE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        code = state.push("code_inline", "code", 0)
        code.markup, code.content = "```", found["content"].strip("\n")
    state.pos = found.end()
    return True


def _spoiler(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    start, end = state.pos + 2, state.posMax
    if not state.src.startswith("||", state.pos, end):
        return False
    closing = state.src.find("||", start + 1, end)
    if closing < 0:
        return False
    if not silent:
        state.push("spoiler_open", "span", 1).content = state.src[start:closing]
        state.pos, state.posMax = start, closing
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "span", -1)
    state.pos, state.posMax = closing + 2, end
    return True


def _token(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Read what stands between angle brackets: a mention, an emoji, a time, an address."""
    if state.src[state.pos] != "<":
        return False
    if address := BRACKETED_ADDRESS.match(state.src, state.pos, state.posMax):
        return _link(state, address["address"], address["address"], address.end(), silent=silent)
    found = TOKEN.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("discord_token", "", 0)
        token.content = found[0]
    state.pos = found.end()
    return True


def _web_address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    """Make a bare address a link; the library comes here at its colon."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = next((each for each in ("https", "http") if state.pending.endswith(each)), None)
    if scheme is None:
        return False
    start = state.pos - len(scheme)
    found = WEB_ADDRESS.match(state.src, start, state.posMax)
    if found is None:
        return False
    address = found[0].split("||")[0].rstrip("*_~|>")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1]
    if not silent:
        state.pending = state.pending.removesuffix(scheme)
    return _link(state, address, address, start + len(address), silent=silent)


def _book(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's form
    found = _BOOK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    words, address = linked_book(found)
    return _link(state, address, words, found.end(), silent=silent)


def _link(state: StateInline, address: str, words: str, end: int, *, silent: bool) -> bool:
    address = state.md.normalizeLink(address)
    if state.linkLevel or not state.md.validateLink(address):
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.push("text", "", 0).content = words
        state.push("link_close", "a", -1)
    state.pos = end
    return True
