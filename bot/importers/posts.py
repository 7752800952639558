"""Read the posts of a page saved as text: edit mark, author and text below each header.

The text is kept line by line as its author broke it, so verse stays verse: paragraphs are
separated by one blank line, and no line ends in spaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.imported import PageWarning
from bot.importers.author_line import candidate, reads_like_name
from bot.importers.scanned import ScannedPost
from bot.importers.sites import Header, Site


@dataclass(frozen=True, slots=True)
class PlacedHeader:
    """A header and the index of its line."""

    index: int
    header: Header


def read_posts(
    lines: Sequence[str], headers: Sequence[PlacedHeader], site: Site
) -> tuple[list[ScannedPost], list[PageWarning]]:
    """Read the posts that begin at the headers, in their order; `lines` end above the foot."""
    ends = [placed.index for placed in headers[1:]] + [len(lines)]
    openings = [
        _read_opening(lines, placed.index + 1, end, site)
        for placed, end in zip(headers, ends, strict=True)
    ]
    times_seen = Counter(opening.author for opening in openings if opening.author)
    posts = []
    warnings = []
    for placed, opening, end in zip(headers, openings, ends, strict=True):
        post = _read_post(lines, placed, opening, end, times_seen)
        posts.append(post)
        warnings.extend(_oddities(post, opening))
    return posts, warnings


@dataclass(frozen=True, slots=True)
class _Opening:
    """What may stand between a header and its text.

    `text_index` is the first line with text below the header and its edit mark; `author` is
    what stands before "says:" on that line, be it a name or not.
    """

    edited_at: datetime | None
    author: str | None
    text_index: int


def _read_opening(lines: Sequence[str], start: int, end: int, site: Site) -> _Opening:
    text_index = _next_filled(lines, start, end)
    edited_at = site.edit_mark(lines[text_index]) if text_index < end else None
    if edited_at is not None:
        text_index = _next_filled(lines, text_index + 1, end)
    author = candidate(lines[text_index], site.words.says) if text_index < end else None
    return _Opening(edited_at, author, text_index)


def _next_filled(lines: Sequence[str], start: int, end: int) -> int:
    return next((index for index in range(start, end) if lines[index].strip()), end)


def _read_post(
    lines: Sequence[str],
    placed: PlacedHeader,
    opening: _Opening,
    end: int,
    times_seen: Counter[str],
) -> ScannedPost:
    author = opening.author
    if author is not None and not reads_like_name(author, seen_again=times_seen[author] > 1):
        author = None
    text_index = opening.text_index if author is None else opening.text_index + 1
    return ScannedPost(
        line=placed.index + 1,
        kind=placed.header.kind,
        author=author,
        posted_at=placed.header.posted_at,
        edited_at=opening.edited_at,
        content=_paragraphs(lines[text_index:end]),
    )


def _paragraphs(lines: Sequence[str]) -> str:
    """Join lines, with one blank line for each run of blank ones and none at the ends."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip()


def _oddities(post: ScannedPost, opening: _Opening) -> list[PageWarning]:
    warnings = []
    if opening.author is not None and post.author is None:
        message = f"“{opening.author} says:” was read as the post's text, not as its author."
        warnings.append(PageWarning(opening.text_index + 1, message))
    if not post.content:
        warnings.append(PageWarning(post.line, "This post has no text."))
    if post.edited_at is not None and post.edited_at < post.posted_at:
        warnings.append(PageWarning(post.line, "This post was edited before it was posted."))
    return warnings
