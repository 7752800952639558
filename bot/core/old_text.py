"""What an old post says, as Markdown that shows it as it was typed.

The old forum knew no Markdown: a star or a number sign in its posts is nothing but that. Two bars
hide what stands between them all the same: nobody typed them there, but what was taken home from
Discord and imported again keeps its spoilers.
"""

from __future__ import annotations

import re

from bot.core.book_links import linked_book
from bot.core.markdown import escape_inline, escape_line_starts, escape_markdown, showable
from bot.core.model import Post

_LINK = re.compile(
    r"\[\[(?:ISBN:(?P<isbn>[0-9Xx-]{10,17})|ASIN:(?P<asin>[0-9A-Za-z]{10}))"
    r"(?: +(?P<title>[^\n]{1,300}?))?\]\](?!\])"
    r"|(?P<address>https?://[^\s<>\"\[\]|`\\]*[^\s<>\"\[\]|`\\.,:;!?'*_~()])"
)
_ESCAPED_BARS = r"\|\|"


def text_markdown(post: Post) -> str:
    """Give a post's text as Markdown, whether it was written here or on the old forum."""
    return old_markdown(post.content) if post.is_imported else post.content


def old_markdown(content: str) -> str:
    """Give the Markdown of an old post's text, with its links made links."""
    content = showable(content)
    pieces = []
    position = 0
    for link in _LINK.finditer(content):
        pieces += [_literal(content[position : link.start()]), _link(link)]
        position = link.end()
    pieces.append(_literal(content[position:]))
    return escape_line_starts("".join(pieces))


def _literal(text: str) -> str:
    return escape_inline(text).replace(_ESCAPED_BARS, "||")


def _link(link: re.Match[str]) -> str:
    if link["address"] is not None:
        return f"<{link['address']}>"
    words, address = linked_book(link)
    return f"[{escape_markdown(words)}](<{address}>)"
