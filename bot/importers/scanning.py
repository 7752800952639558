"""Read the lines of a page into its head, posts and box.

A line is a post's header when it holds header words and a valid date, and nothing else; all
other lines up to the next header or the foot are the post's. So prose such as "Posted on my
door" stays prose. A header quoted whole inside a post is told by the page's own count, by its
markup where the page is HTML, else by its date: it is older than the post above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core.imported import PageWarning
from bot.importers.box import read_box
from bot.importers.foot import find_foot
from bot.importers.head import read_head
from bot.importers.lines import PageLine
from bot.importers.message_ids import answered_ids, own_ids, thread_ids
from bot.importers.numbering import is_newest_first
from bot.importers.posts import PlacedHeader, end_of_post, read_posts
from bot.importers.refusal import PageRefusedError
from bot.importers.scanned import Box, ScannedPage, Showing
from bot.importers.sites import SITES, Site, Words


def scan_page(lines: Sequence[PageLine], *, is_whole: bool) -> ScannedPage:
    """Read the lines of a page; `is_whole` says that the file's end is known to be the page's.

    Raises `PageRefusedError` when they are no such page, hold more than one, or break off.
    """
    site, words = _find_site(lines)
    lines = list(_openings_apart(lines, site, words))
    candidates = _find_headers(lines, site)
    first = candidates[0].index
    head = read_head(lines[:first], words)
    headers, quoted = _part_quoted(lines, candidates, head.showing)
    _refuse_second_page(lines[first : candidates[-1].index], words)
    foot = _find_foot(lines, headers[-1].index, words, is_whole=is_whole)
    posts, warnings = read_posts(lines[:foot], headers, site, words)
    ids = own_ids(lines[:foot], headers, words)
    answers = answered_ids(lines, headers, words)
    box = read_box(lines[foot:], site, words)
    if box.total_posts is None:  # HTML may bring it before the posts that it stands beside
        above = read_box(lines[:first], site, words)
        box = box if above.total_posts is None else above
    return ScannedPage(
        forum=head.forum or box.forum,
        title=head.title,
        showing=head.showing,
        posts=tuple(
            replace(post, message_id=message_id, answered_id=answered_id)
            for post, message_id, answered_id in zip(posts, ids, answers, strict=True)
        ),
        box=box,
        thread_ids=thread_ids(lines, headers),
        warnings=(
            *head.warnings,
            *warnings,
            *_quoted_headers(lines, quoted),
            *_unread_headers(lines[:foot], candidates, site),
            *_missing_of_box(box, _last_filled(lines).number, words),
        ),
    )


def _find_site(lines: Iterable[PageLine]) -> tuple[Site, Words]:
    """Give the site of the page, told by its first header, with its words."""
    for line in lines:
        for site in SITES:
            if site.header(line.text) is None and not _opens_inline(line.text, site):
                continue
            if site.words is None:
                raise PageRefusedError(
                    f"this is a page of the {site.name} forums, in a language of which only the "
                    "dates are known. Only pages in English (.com, .co.uk) can be read.",
                    line.number,
                )
            return site, site.words
    raise PageRefusedError(
        "is not a saved forum page: no post begins in it, such as “Posted on "
        "Nov 22, 2015 7:53:30 PM PST” on a line of its own. Save a page of the discussion as "
        "text or HTML and import that file."
    )


def _opens_inline(text: str, site: Site) -> bool:
    """Say whether a header and an edit mark stand on this one line, as some HTML has them."""
    if site.words is None:
        return False
    header, mark, _ = text.partition(site.words.edited)
    return bool(mark) and site.header(header.rstrip(" (")) is not None


def _openings_apart(lines: Iterable[PageLine], site: Site, words: Words) -> Iterator[PageLine]:
    for line in lines:
        if _opens_inline(line.text, site):
            place = line.text.index(words.edited)
            yield replace(line, text=line.text[:place].rstrip(" ("))
            yield PageLine(line.text[place:].rstrip(" )"), line.number, is_in_post=line.is_in_post)
        else:
            yield line


def _find_headers(lines: Sequence[PageLine], site: Site) -> list[PlacedHeader]:
    found = ((index, site.header(line.text)) for index, line in enumerate(lines))
    return [PlacedHeader(index, header) for index, header in found if header]


def _part_quoted(
    lines: Sequence[PageLine], candidates: Sequence[PlacedHeader], showing: Showing | None
) -> tuple[list[PlacedHeader], list[PlacedHeader]]:
    """Part real headers from quoted ones; none counts as quoted unless that explains the excess."""
    excess = 0 if showing is None else len(candidates) - showing.count
    if excess <= 0:
        return list(candidates), []
    marked = [placed for placed in candidates if _is_marked(lines[placed.index])]
    if len(candidates) - len(marked) == excess:
        others = [placed for placed in candidates if not _is_marked(lines[placed.index])]
        return marked, others
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


def _is_marked(line: PageLine) -> bool:
    return line.is_post_header or bool(line.message_ids)


def _index(placed: PlacedHeader) -> int:
    return placed.index


def _find_foot(lines: Sequence[PageLine], last: int, words: Words, *, is_whole: bool) -> int:
    """Give the index of the foot's first line, below the last post's header at `last`."""
    is_enclosed = lines[last].is_in_post
    after = end_of_post(lines, last, len(lines)) if is_enclosed else last + 1
    foot = find_foot(lines, after, words)
    if foot is not None:
        above = max(index for index in range(foot) if lines[index].text.strip())
        repeats_head = words.showing.fullmatch(" ".join(lines[above].text.split()))
        return above if repeats_head else foot
    if is_whole:
        return len(lines)
    raise PageRefusedError(
        "the page breaks off before its end "
        f"(no “{words.add_comment}” after the last post). Save the whole page again.",
        _last_filled(lines).number,
    )


def _last_filled(lines: Sequence[PageLine]) -> PageLine:
    return next(line for line in reversed(lines) if line.text.strip())


def _quoted_headers(
    lines: Sequence[PageLine], quoted: Sequence[PlacedHeader]
) -> Iterator[PageWarning]:
    for placed in quoted:
        message = "This looks like a post's header, but a post quotes it: kept as text."
        yield PageWarning(lines[placed.index].number, message)


def _unread_headers(
    lines: Sequence[PageLine], read: Sequence[PlacedHeader], site: Site
) -> Iterator[PageWarning]:
    known = {placed.index for placed in read}
    for index, line in enumerate(lines):
        if index not in known and site.opens_like_header(line.text):
            message = "This looks like a post's header, but its date cannot be read: kept as text."
            yield PageWarning(line.number, message)


def _missing_of_box(box: Box, line: int, words: Words) -> Iterator[PageWarning]:
    told = {
        words.box_participants: box.participants,
        words.box_total: box.total_posts,
        words.box_initial: box.initial_post,
        words.box_latest: box.latest_post,
    }
    missing = [f"“{label}”" for label, value in told.items() if value is None]
    if missing:
        message = f"The box at the page's end does not tell {', '.join(missing)}."
        yield PageWarning(line, message)


def _refuse_second_page(lines: Sequence[PageLine], words: Words) -> None:
    for line in lines:
        if line.text and words.showing.fullmatch(" ".join(line.text.split())):
            raise PageRefusedError(
                "a second page begins here. Put each page in a file of its own.", line.number
            )
