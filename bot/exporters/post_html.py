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
from bot.exporters.discord_tokens import moment_of, token_words
from bot.exporters.post_reading import PostReader, cleaned, is_old_prose, is_prose

# Whoever wrote it, nobody vouches for where it leads.
_LINK = '<a href="{}" rel="nofollow noopener noreferrer ugc">'
# One that shows where it leads: on paper its address need not be added.
_BARE_LINK = _LINK.replace("<a ", '<a class="bare" ')
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

_BETWEEN_PARAGRAPHS = re.compile(r"[ \t]*\n(?:[ \t]*\n)+[ \t]*")
_BETWEEN_LINES = re.compile(r"[ \t]*\n[ \t]*")


class PostHtml:
    """Makes HTML of texts; `names` says what the mentions in them stand for."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._reader = PostReader()

    def markdown(self, text: str) -> Markup:
        """Give the HTML of a text as Discord reads it; what hides there hides here."""
        text = cleaned(text)
        return _safe(_prose(text) if is_prose(text) else self._blocks(self._reader.read(text)))

    def old_text(self, text: str) -> Markup:
        """Give the HTML of an old post's text: as it was typed, with its links made links."""
        text = cleaned(text)
        if is_old_prose(text):
            return _safe(_prose(text))
        return _safe(self._blocks(self._reader.read_old(text)))

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
                    is_bare = "://" in tokens[place + 1].content
                    link = _BARE_LINK if is_bare else _LINK
                    yield link.format(escape(token.attrs["href"]))
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
