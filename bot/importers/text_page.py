"""Read a page that was saved as text into its head, posts and box.

A line is a post's header when it holds header words and a valid date, and nothing else; all
other lines up to the next header or the foot are the post's. So prose such as "Posted on my
door" stays prose. A header quoted whole inside a post is told by the page's own count: it makes
one post too many, and it is older than the post above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.core.errors import UserError
from bot.core.imported import PageWarning
from bot.importers.box import read_box
from bot.importers.foot import find_foot
from bot.importers.head import read_head
from bot.importers.numbering import is_newest_first
from bot.importers.posts import PlacedHeader, read_posts
from bot.importers.scanned import ScannedPage, Showing
from bot.importers.sites import SITES, Site, Words

_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)


def read_text_page(lines: Sequence[str], *, name: str) -> ScannedPage:
    """Read the lines of a page saved as text; `name` is the file's name, for errors.

    Raises `UserError` when they are no such page, hold more than one, or break off.
    """
    site, candidates = _find_headers(lines, name=name)
    words = site.words
    first = candidates[0].index
    head = read_head(lines[:first], words, name=name)
    headers, quoted = _part_quoted(candidates, head.showing)
    _refuse_second_page(lines, first, words, name=name)
    foot = find_foot(lines, headers[-1].index + 1, words)
    if foot is None:
        last = max(index for index, line in enumerate(lines) if line.strip())
        raise UserError(
            f"{name}, line {last + 1}: the page breaks off before its end "
            f"(no “{words.add_comment}” after the last post). Save the whole page again."
        )
    posts, warnings = read_posts(lines[:foot], headers, site)
    box = read_box(lines[foot:], site)
    return ScannedPage(
        forum=head.forum or box.forum,
        title=head.title,
        showing=head.showing,
        posts=tuple(posts),
        box=box,
        warnings=(
            *head.warnings,
            *warnings,
            *_quoted_headers(quoted),
            *_unread_headers(lines[:foot], site),
        ),
    )


def _find_headers(lines: Sequence[str], *, name: str) -> tuple[Site, list[PlacedHeader]]:
    """Give the site of the page, told by its first header, and all header lines."""
    filled = [(index, line) for index, line in enumerate(lines) if line.strip()]
    for _, line in filled:
        site = next((site for site in SITES if site.header(line)), None)
        if site is not None:
            found = ((index, site.header(line)) for index, line in filled)
            return site, [PlacedHeader(index, header) for index, header in found if header]
    if _HTML.match("\n".join(lines[:20])):
        raise UserError(
            f"{name} is a page saved as HTML, and only pages saved as text can be read. "
            "Open it in a browser, save it as text (.txt), and import that file."
        )
    raise UserError(
        f"{name} is not a saved forum page: no post begins in it, such as “Posted on "
        "Nov 22, 2015 7:53:30 PM PST” on a line of its own. Save a page of the discussion as "
        "text and import that file."
    )


def _part_quoted(
    candidates: Sequence[PlacedHeader], showing: Showing | None
) -> tuple[list[PlacedHeader], list[PlacedHeader]]:
    """Part real headers from quoted ones; none counts as quoted unless that explains the excess."""
    excess = 0 if showing is None else len(candidates) - showing.count
    if excess <= 0:
        return list(candidates), []
    newest_first = is_newest_first([placed.header.posted_at for placed in candidates])
    real: list[PlacedHeader] = []
    quoted: list[PlacedHeader] = []
    for placed in reversed(candidates) if newest_first else candidates:
        if real and placed.header.posted_at <= real[-1].header.posted_at:
            quoted.append(placed)
        else:
            real.append(placed)
    if len(quoted) != excess or candidates[0] in quoted:
        return list(candidates), []
    return sorted(real, key=_index), sorted(quoted, key=_index)


def _index(placed: PlacedHeader) -> int:
    return placed.index


def _quoted_headers(quoted: Sequence[PlacedHeader]) -> Iterator[PageWarning]:
    for placed in quoted:
        message = "This looks like a post's header, but a post quotes it: kept as text."
        yield PageWarning(placed.index + 1, message)


def _unread_headers(lines: Sequence[str], site: Site) -> Iterator[PageWarning]:
    for line_number, line in enumerate(lines, start=1):
        if line and site.opens_like_header(line) and site.header(line) is None:
            message = "This looks like a post's header, but its date cannot be read: kept as text."
            yield PageWarning(line_number, message)


def _refuse_second_page(lines: Sequence[str], first: int, words: Words, *, name: str) -> None:
    for index in range(first, len(lines)):
        if lines[index] and words.showing.fullmatch(" ".join(lines[index].split())):
            raise UserError(
                f"{name}, line {index + 1}: a second page begins here. "
                "Put each page in a file of its own."
            )
