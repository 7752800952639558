"""Read the posts of a page: edit mark, author and text below each header.

The text is kept line by line as its author broke it, so verse stays verse: paragraphs are
separated by one blank line, and no line ends in spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.imported import PageWarning
from bot.importers.author_line import candidate, reads_like_name
from bot.importers.lines import PageLine
from bot.importers.products import text_as_typed
from bot.importers.scanned import ScannedPost
from bot.importers.sites import Header, Site, Words

_BADGE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_LONG_POST = 50_000
"""A post of more characters than this is unlike any of the forums': it is worth a warning."""


@dataclass(frozen=True, slots=True)
class PlacedHeader:
    """A header and the index of its line."""

    index: int
    header: Header


def read_posts(
    lines: Sequence[PageLine], headers: Sequence[PlacedHeader], site: Site, words: Words
) -> tuple[list[ScannedPost], list[PageWarning]]:
    """Read the posts that begin at the headers, in their order; `lines` end above the foot."""
    ends = [
        end_of_post(lines, placed.index, end)
        for placed, end in zip(
            headers, [*(placed.index for placed in headers[1:]), len(lines)], strict=True
        )
    ]
    openings = [
        _read_opening(lines, placed.index + 1, end, site, words)
        for placed, end in zip(headers, ends, strict=True)
    ]
    times_seen = Counter(opening.author for opening in openings if opening.author)
    # Where the page links its authors, what is not linked is no author.
    are_linked = any(opening.is_linked for opening in openings)
    posts = []
    warnings: list[PageWarning] = []
    for placed, opening, end in zip(headers, openings, ends, strict=True):
        if opening.author is None:
            is_named = False
        elif are_linked:
            is_named = opening.is_linked
        else:
            is_named = reads_like_name(opening.author, seen_again=times_seen[opening.author] > 1)
        post = _read_post(lines, placed, opening, end, words, is_named=is_named)
        posts.append(post)
        is_doubtful = opening.author is not None and not is_named and not are_linked
        warnings.extend(_oddities(lines, post, opening, is_doubtful=is_doubtful))
        if not (is_named or are_linked):
            inside = lines[opening.text_index + 1 : end]
            warnings.extend(_names_inside(inside, times_seen, words))
    return posts, warnings


def end_of_post(lines: Sequence[PageLine], start: int, end: int) -> int:
    """Give where a post surely ends before `end`: with the element that holds all of it.

    Without such an element that is `end`.
    """
    if not lines[start].is_in_post:
        return end
    return next((index for index in range(start, end) if not lines[index].is_in_post), end)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What may stand between a header and its text.

    `text_index` is the first line with text below the header and its edit mark; `author` is
    what stands before "says:" on that line, be it a name or not. `is_linked` says that it is
    the words of a link, as the authors of a page as HTML are.
    """

    edited_at: datetime | None
    author: str | None
    is_linked: bool
    text_index: int


def _read_opening(
    lines: Sequence[PageLine], start: int, end: int, site: Site, words: Words
) -> _Opening:
    text_index = _next_filled(lines, start, end)
    edited_at = None
    while text_index < end and (edit := site.edit_mark(lines[text_index].text)) is not None:
        edited_at = edit
        text_index = _next_filled(lines, text_index + 1, end)
    if text_index == end:
        return _Opening(edited_at, None, is_linked=False, text_index=text_index)
    line = lines[text_index]
    author = candidate(line.text, words.says)
    for link in line.links[:1]:
        # What the site says of an author stands beside the name, in brackets.
        beside = _BADGE.sub("", line.text[link.end :]).strip()
        if link.start == 0 and beside == words.says and line.words_of(link):
            name = " ".join(line.words_of(link).split())
            return _Opening(edited_at, name, is_linked=True, text_index=text_index)
    return _Opening(edited_at, author, is_linked=False, text_index=text_index)


def _next_filled(lines: Sequence[PageLine], start: int, end: int) -> int:
    return next((index for index in range(start, end) if lines[index].text.strip()), end)


def _read_post(
    lines: Sequence[PageLine],
    placed: PlacedHeader,
    opening: _Opening,
    end: int,
    words: Words,
    *,
    is_named: bool,
) -> ScannedPost:
    text_index = opening.text_index + 1 if is_named else opening.text_index
    text_end = _without_actions(lines, text_index, end, words)
    return ScannedPost(
        line=lines[placed.index].number,
        kind=placed.header.kind,
        author=opening.author if is_named else None,
        posted_at=placed.header.posted_at,
        edited_at=opening.edited_at,
        content=_paragraphs(lines[text_index:text_end]),
    )


def _without_actions(lines: Sequence[PageLine], start: int, end: int, words: Words) -> int:
    """Give where a post's text ends above the links that say what one can do with the post."""
    while end > start and (not lines[end - 1].text.strip() or _is_action(lines[end - 1], words)):
        end -= 1
    return end


def _is_action(line: PageLine, words: Words) -> bool:
    if not line.links or not all(line.words_of(link) in words.actions for link in line.links):
        return False
    beside = line.text
    for link in reversed(line.links):
        beside = beside[: link.start] + beside[link.end :]
    return not any(character.isalnum() for character in beside)


def _paragraphs(lines: Sequence[PageLine]) -> str:
    """Join lines, with one blank line for each run of blank ones and none at the ends."""
    kept: list[str] = []
    for line in lines:
        text = text_as_typed(line) if line.links else line.text
        if text.strip() or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).rstrip()


def _names_inside(
    lines: Sequence[PageLine], times_seen: Counter[str], words: Words
) -> Iterator[PageWarning]:
    """Warn of lines that have the form of an author's inside the text of a post without one."""
    for line in lines:
        name = candidate(line.text, words.says)
        if name is not None and reads_like_name(name, seen_again=times_seen[name] > 0):
            yield PageWarning(
                line.number, f"“{name} says:” stands inside a post: kept as its text."
            )


def _oddities(
    lines: Sequence[PageLine], post: ScannedPost, opening: _Opening, *, is_doubtful: bool
) -> Iterator[PageWarning]:
    if is_doubtful:
        message = f"“{opening.author} says:” was read as the post's text, not as its author."
        yield PageWarning(lines[opening.text_index].number, message)
    if not post.content:
        yield PageWarning(post.line, "This post has no text.")
    if len(post.content) > _LONG_POST:
        message = f"This post is unusually long: {len(post.content):,} characters."
        yield PageWarning(post.line, message)
    if post.edited_at is not None and post.edited_at < post.posted_at:
        yield PageWarning(post.line, "This post was edited before it was posted.")
