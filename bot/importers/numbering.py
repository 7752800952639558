"""Give posts their numbers in the whole discussion, whatever the order of their page.

Numbers count from the oldest post, 1. A page sorted oldest first that shows 26-50 holds those;
sorted newest first, it shows its posts counted from the newest one, so 1-25 of 50 are 50 to 26.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from bot.core.imported import PageWarning
from bot.core.model import PostKind
from bot.importers.scanned import ScannedPost, Showing


def is_newest_first(moments: Sequence[datetime]) -> bool:
    """Say whether a page is sorted newest first: the page names both orders, the dates tell."""
    rising = sum(one < other for one, other in pairwise(moments))
    falling = sum(one > other for one, other in pairwise(moments))
    return falling > rising


def post_numbers(
    posts: Sequence[ScannedPost], showing: Showing | None, total: int | None
) -> list[int]:
    """Give the number of each post, in the page's order.

    Without `showing` the page is taken for the discussion's first in its sort order. A lone post
    has no order: it is numbered oldest first unless it is the initial one.
    """
    first = 1 if showing is None else showing.first
    is_lone_initial = len(posts) == 1 and posts[0].kind is PostKind.INITIAL
    if is_lone_initial or is_newest_first([post.posted_at for post in posts]):
        promised = total or len(posts)
        highest = 1 if is_lone_initial else max(promised - first + 1, len(posts))
        return [highest - place for place in range(len(posts))]
    return [first + place for place in range(len(posts))]


def missing_ranges(numbers: Sequence[int], total: int) -> tuple[tuple[int, int], ...]:
    """Give the closed ranges of numbers from 1 to `total` that are not among the ascending ones."""
    bounds = (0, *numbers, max((total, *numbers)) + 1)
    return tuple((low + 1, high - 1) for low, high in pairwise(bounds) if high - low > 1)


def numbering_oddities(
    posts: Sequence[ScannedPost],
    numbers: Sequence[int],
    showing: Showing | None,
    box_total: int | None,
) -> Iterator[PageWarning]:
    """Warn where the page's counts, order and kinds do not agree with its posts."""
    first_line = posts[0].line
    if showing is not None and showing.count != len(posts):
        message = f"The page promises {showing.count:,} posts here and holds {len(posts):,}."
        yield PageWarning(first_line, message)
    if showing is not None and box_total is not None and showing.total != box_total:
        message = f"The page says {showing.total} posts at its top and {box_total} in its box."
        yield PageWarning(first_line, message)
    by_number = sorted(zip(numbers, posts, strict=True), key=lambda pair: pair[0])
    for number, post in by_number:
        if (number == 1) != (post.kind is PostKind.INITIAL):
            message = f"Post {number} is headed as a post of another kind than its place says."
            yield PageWarning(post.line, message)
    for (_, earlier), (number, later) in pairwise(by_number):
        if later.posted_at < earlier.posted_at:
            message = f"Post {number} is older than the one before it."
            yield PageWarning(later.line, message)
