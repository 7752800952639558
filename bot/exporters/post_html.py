"""Gives what a post says as HTML in which nothing of the post is markup of its own.

Every character of a post passes `escape`, and every tag is written here: no HTML gets through
the reader, and links lead to web and mail addresses alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token
from markupsafe import Markup, escape

from bot.core.exported import Names
from bot.core.markdown import showable
from bot.core.markup import read_markdown
from bot.core.spoilers import hidden_ranges
from bot.exporters.discord_markdown import create_plain_reader, create_reader, spoilers_in
from bot.exporters.discord_tokens import moment_of, token_words

# Whoever wrote it, nobody vouches for where it leads.
_LINK = '<a href="{}" rel="nofollow noopener noreferrer ugc">'
_SPOILER = '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler"><span>'
_SPOILER_END = "</span></label>"
# The page's own headings take the first two levels.
_HEADINGS = {"#": "h3", "##": "h4", "###": "h5"}
_TAGS = {
    "paragraph_open": "<p>",
    "paragraph_close": "</p>\n",
    "subtext_open": '<p class="subtext">',
    "subtext_close": "</p>\n",
    "blockquote_open": "<blockquote>\n",
    "blockquote_close": "</blockquote>\n",
    "bullet_list_open": "<ul>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_open": "<li>",
    "list_item_close": "</li>\n",
    "hardbreak": "<br>\n",
    "em_open": "<em>",
    "em_close": "</em>",
    "s_open": "<s>",
    "s_close": "</s>",
    "link_close": "</a>",
    "spoiler_open": _SPOILER,
    "spoiler_close": _SPOILER_END,
}

# All that can mean something to the reader of Discord's Markdown, and to that of old posts.
_SIGNS = re.compile(r"[\\*_~`|\[<]")
_LINE_SIGNS = re.compile(r"[ \t]*(?:[#>+-]|[0-9]+[.)])")
_QUOTE_MARKS = re.compile(r"[\s>]+")
_DOUBTFUL = re.compile(r"\\|\|\|\||://[^\s|]*\|\|")
_OLD_SIGNS = re.compile(r"\[\[|://")
# CommonMark reads them as a line break; on Discord they mean nothing.
_BLANK_ENDS = re.compile(r"[ \t]+\n")
_BETWEEN_PARAGRAPHS = re.compile(r"[ \t]*\n(?:[ \t]*\n)+[ \t]*")
_BETWEEN_LINES = re.compile(r"[ \t]*\n[ \t]*")


class PostHtml:
    """Makes HTML of texts; `names` says what the mentions in them stand for."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._reader = create_reader()
        self._old_reader = create_plain_reader()

    def markdown(self, text: str) -> Markup:
        """Give the HTML of a text as Discord reads it; what hides there hides here.

        Where a spoiler's ends cannot be told for certain, all that may be one is hidden
        (`bot.core.spoilers`).
        """
        text = _cleaned(text)
        if _is_prose(text):
            return _safe(_prose(text))
        tokens = self._reader.parse(text)
        if "||" not in text or _is_certain(text, tokens):
            return _safe(self._blocks(tokens))
        hidden = hidden_ranges(read_markdown(text))
        if _bare(spoilers_in(tokens)) == _bare(text[start + 2 : end - 2] for start, end in hidden):
            return _safe(self._blocks(tokens))
        return _safe(self._pieces(text, hidden))

    def old_text(self, text: str) -> Markup:
        """Give the HTML of an old post's text: as it was typed, with its links made links."""
        text = _cleaned(text)
        if not _OLD_SIGNS.search(text):
            return _safe(_prose(text))
        return _safe(self._blocks(self._old_reader.parse(text)))

    def _pieces(self, text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[str]:
        position = 0
        for start, end in hidden:
            yield from self._blocks(self._reader.parse(text[position:start]))
            secret = text[start:end].replace("||", "").strip()
            yield f"<p>{_SPOILER}{_lines(secret)}{_SPOILER_END}</p>\n"
            position = end
        yield from self._blocks(self._reader.parse(text[position:]))

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        for token in tokens:
            if token.type == "inline":
                yield from self._inline(token.children or ())
            elif token.type == "fence":
                yield f"<pre><code>{escape(token.content)}</code></pre>\n"
            elif token.type == "heading_open":
                yield f"<{_HEADINGS[token.markup]}>"
            elif token.type == "heading_close":
                yield f"</{_HEADINGS[token.markup]}>\n"
            elif token.type == "ordered_list_open":
                yield f'<ol start="{int(token.attrs.get("start", 1))}">\n'
            else:
                yield _TAGS[token.type]

    def _inline(self, tokens: Sequence[Token]) -> Iterator[str]:
        for place, token in enumerate(tokens):
            match token.type:
                case "text":
                    yield escape(token.content)
                case "softbreak":
                    yield _line_end(tokens, place)
                case "strong_open":
                    yield "<u>" if token.markup == "__" else "<strong>"
                case "strong_close":
                    yield "</u>" if token.markup == "__" else "</strong>"
                case "link_open":
                    yield _LINK.format(escape(token.attrs["href"]))
                case "code_inline":
                    kind = ' class="block"' if token.markup == "```" else ""
                    yield f"<code{kind}>{escape(token.content)}</code>"
                case "discord_token":
                    yield self._discord_token(token.content)
                case _:
                    yield _TAGS[token.type]

    def _discord_token(self, written: str) -> str:
        words = escape(token_words(written, self._names))
        moment = moment_of(written)
        if moment is None:
            return f'<span class="mention">{words}</span>'
        return f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{words}</time>'


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


def _is_prose(text: str) -> bool:
    if _SIGNS.search(text) or "://" in text:
        return False
    return not any(_LINE_SIGNS.match(line) for line in text.split("\n"))


def _line_end(tokens: Sequence[Token], place: int) -> str:
    """Give what a line end becomes; two of them begin a paragraph, where nothing is open."""
    if place and tokens[place - 1].type == "softbreak":
        return ""
    is_double = place + 1 < len(tokens) and tokens[place + 1].type == "softbreak"
    if not is_double:
        return "<br>\n"
    return "<br>\n<br>\n" if tokens[place].level else "</p>\n<p>"


def _prose(text: str) -> Iterator[str]:
    """Give a text without any marks as paragraphs: most posts are such, and reading takes time."""
    if text:
        for paragraph in _BETWEEN_PARAGRAPHS.split(text) if "\n" in text else (text,):
            yield f"<p>{_lines(paragraph)}</p>\n"


def _lines(text: str) -> str:
    escaped = escape(text)
    return _BETWEEN_LINES.sub("<br>\n", escaped) if "\n" in text else escaped


def _safe(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - all that is a post's was escaped above


def _cleaned(text: str) -> str:
    text = showable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _BLANK_ENDS.sub("\n", text) if " \n" in text or "\t\n" in text else text
