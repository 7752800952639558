"""From a page saved as HTML to the lines that a browser shows of it.

The parser (lxml) reports tags and text as it meets them; no tree is built, so that neither deep
nesting nor the number of attributes costs more than its length. It is fed line by line: that
is how each line of text knows where in the file it begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.importers.decoding import plain_spaces
from bot.importers.lines import Link, PageLine, check_line_count

_BEGINS_AS_HTML = re.compile(r"\s*<(?:[a-z]|!doctype\b|!--|\?xml\b)", re.IGNORECASE)
_LINE_END = re.compile("\r\n|\r|\n")
_BLANKS = re.compile("[ \t\n\f]+")
_MESSAGE_ID = re.compile(r"Mx[0-9A-Za-z]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

# Elements of which a browser shows no text, or only what a reader could choose or press.
_UNSEEN = frozenset(
    """
    applet audio button canvas datalist head iframe input map math noframes object script
    select style svg template textarea title video
    """.split()  # noqa: SIM905  (names read better in a paragraph than in a list)
)
# Elements that stand on lines of their own (HTML Standard, "Rendering", "Flow content").
_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu
    nav ol optgroup option p pre section summary table tbody tfoot thead tr ul
    """.split()  # noqa: SIM905
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements with an empty line above and below.
_PARAGRAPHS = frozenset({"p", "pre", "blockquote"})
_CELLS = frozenset({"td", "th"})
_POST_CLASS = "postBody"
_POST_HEADER_CLASS = "postHeader"


def is_html(text: str) -> bool:
    """Say whether a file's text is HTML: it begins with a tag, a comment or a document type."""
    return _BEGINS_AS_HTML.match(text) is not None


def is_whole(text: str) -> bool:
    """Say whether the end of an HTML file is the end of its page."""
    end = text[-2000:].casefold()
    return "</html" in end or "</body" in end


def html_lines(text: str) -> list[PageLine]:
    """Give the lines of a page's text, with its message ids and links.

    As in a browser, blanks and line ends count as one blank, `<br>` and block elements end a
    line, and a paragraph has an empty line around it. No-break spaces count as text, and become
    plain ones: they come from the page's layout, not from its authors.
    Raises `PageRefusedError` where the lines are too many.
    """
    page = _Page()
    # Here, as a bot that is asked to read no page need not hold the parser in memory.
    from lxml import etree  # noqa: PLC0415

    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    for line in _LINE_END.split(text):
        parser.feed((line + "\n").encode())
        page.source_line += 1
    parser.close()
    return page.lines


class _Element(NamedTuple):
    """What must be undone or known when an element ends."""

    tag: str
    is_post: bool
    is_post_header: bool


class _Page:
    """Takes the parser's reports (lxml's "target" interface) and writes lines."""

    def __init__(self) -> None:
        self.lines: list[PageLine] = []
        self.source_line = 1
        self._elements: list[_Element] = []
        self._unseen_depth = 0
        self._posts = 0
        self._post_headers = 0
        self._headings = 0
        self._verbatim = 0
        self._reported: list[str] = []  # text that no tag has ended yet
        self._line: list[str] = []
        self._length = 0
        self._line_number = 1
        self._is_in_post = False
        self._is_post_header = False
        self._is_heading = False
        self._message_ids: list[str] = []
        self._links: list[Link] = []
        self._link: tuple[int, str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._take_text()
        if self._unseen_depth or _is_unseen(tag, attributes):
            self._unseen_depth += 1
            return
        classes = attributes.get("class", "").split()
        element = _Element(tag, _POST_CLASS in classes, _POST_HEADER_CLASS in classes)
        self._elements.append(element)
        if tag in _BLOCKS:
            self._end_line()
        if tag in _PARAGRAPHS:
            self._leave_blank()
        elif tag in _CELLS:
            self._write(" ")
        elif tag == "br":
            self._end_line(even_empty=True)
        elif tag == "a":
            self._end_link()
            self._link = (self._length, attributes.get("href", "").strip())
        self._posts += element.is_post
        self._post_headers += element.is_post_header
        self._headings += tag in _HEADINGS
        self._verbatim += tag == "pre"
        for name in ("id", "name"):
            if _MESSAGE_ID.fullmatch(attributes.get(name, "")):
                self._message_ids.append(attributes[name])

    def end(self, tag: str) -> None:
        """End an element."""
        self._take_text()
        if self._unseen_depth:
            self._unseen_depth -= 1
            return
        if not self._elements:
            return
        element = self._elements.pop()
        if tag in _BLOCKS:
            self._end_line()
        if tag in _PARAGRAPHS:
            self._leave_blank()
        elif tag == "a":
            self._end_link()
        self._posts -= element.is_post
        self._post_headers -= element.is_post_header
        self._headings -= tag in _HEADINGS
        self._verbatim -= tag == "pre"

    def data(self, text: str) -> None:
        """Take text; the parser may give it in pieces."""
        self._reported.append(text)

    def comment(self, _text: str) -> None:
        """Pass over a comment."""
        self._take_text()

    def close(self) -> None:
        """End the page."""
        self._take_text()
        self._end_line()

    def _take_text(self) -> None:
        if not self._reported:
            return
        text = "".join(self._reported)
        self._reported.clear()
        if self._unseen_depth:
            return
        # The text ends where the parser is now.
        number = self.source_line - text.count("\n")
        if not self._verbatim:
            self._write(text, number)
            return
        first, *others = text.split("\n")
        self._write(first, number)
        for offset, line in enumerate(others, start=1):
            self._end_line(even_empty=True)
            self._write(line, number + offset)

    def _write(self, text: str, number: int | None = None) -> None:
        seen = text if self._verbatim else _BLANKS.sub(" ", text)
        if not self._verbatim and (not self._line or self._line[-1].endswith(" ")):
            seen = seen.lstrip(" ")
        if not seen:
            return
        if not self._line:
            blank = len(text) - len(text.lstrip(" \t\n\f"))
            above = 0 if self._verbatim else text.count("\n", 0, blank)
            self._line_number = self.source_line if number is None else number + above
            self._is_in_post = self._posts > 0
            self._is_heading = self._headings > 0
            self._is_post_header = False
        self._is_post_header |= self._post_headers > 0
        self._line.append(seen)
        self._length += len(seen)

    def _end_link(self) -> None:
        if self._link is None:
            return
        start, address = self._link
        self._link = None
        if address and self._length > start:
            self._links.append(Link(start, self._length, address))

    def _end_line(self, *, even_empty: bool = False) -> None:
        going_on = self._link
        self._end_link()
        text = plain_spaces("".join(self._line)).rstrip()
        if text:
            check_line_count(len(self.lines))
            self.lines.append(
                PageLine(
                    text,
                    self._line_number,
                    tuple(self._message_ids),
                    tuple(self._links),
                    is_in_post=self._is_in_post,
                    is_post_header=self._is_post_header,
                    is_heading=self._is_heading,
                )
            )
            self._message_ids.clear()
        elif even_empty:
            self._append_blank()
        self._line.clear()
        self._length = 0
        self._links.clear()
        self._link = None if going_on is None else (0, going_on[1])

    def _leave_blank(self) -> None:
        if self.lines and self.lines[-1].text:
            self._append_blank()

    def _append_blank(self) -> None:
        check_line_count(len(self.lines))
        self.lines.append(PageLine("", self.source_line, is_in_post=self._posts > 0))


def _is_unseen(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag in _UNSEEN:
        return True
    # What is folded away inside a post is its text all the same.
    return ("hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))) and not (
        attributes.get("class", "").startswith("post")
    )
