"""Find the same post on several pages, and its number.

A post is known by the moment it was written, to the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.core.imported import ImportedPost

_MOST_ALIKE = 20
"""How many posts of one second are compared: nobody wrote so many, and a file may claim any."""


class Sighting(NamedTuple):
    """A post as one page, told by its place among the pages, shows it."""

    page: int
    post: ImportedPost


def same_posts(pages: Sequence[Sequence[ImportedPost]]) -> list[list[Sighting]]:
    """Give each post of the pages once, with every page it was seen on."""
    found: list[list[Sighting]] = []
    by_moment: dict[datetime, list[list[Sighting]]] = {}
    for page, posts in enumerate(pages):
        for post in posts:
            alike = by_moment.setdefault(post.posted_at, [])
            open_ones = [seen for seen in alike[-_MOST_ALIKE:] if seen[-1].page != page]
            seen = _find_same(post, open_ones)
            if seen is None:
                seen = []
                alike.append(seen)
                found.append(seen)
            seen.append(Sighting(page, post))
    return found


def _find_same(post: ImportedPost, candidates: Sequence[list[Sighting]]) -> list[Sighting] | None:
    """Find a post among those of its very second: by its number, else its text, else its author."""
    for is_same in (_has_same_number, _has_same_text, _has_same_author):
        for seen in candidates:
            if any(is_same(post, sighting.post) for sighting in seen):
                return seen
    return None


def _has_same_number(one: ImportedPost, other: ImportedPost) -> bool:
    return one.number == other.number and _has_same_author(one, other)


def _has_same_text(one: ImportedPost, other: ImportedPost) -> bool:
    return one.content == other.content and _has_same_author(one, other)


def _has_same_author(one: ImportedPost, other: ImportedPost) -> bool:
    """Say whether one person may have written both: an account that is gone leaves no name."""
    return one.author is None or other.author is None or one.author == other.author


def number_posts(versions: Sequence[Sequence[Sighting]]) -> tuple[list[int], bool]:
    """Give each of the `same_posts` its number, and say whether they had to be numbered anew.

    Where a post was deleted between two savings, or a page does not say which posts it shows,
    pages count differently. Then posts stand in the order of their dates, none below the number
    that a page gives it, and at least as far from the one before as on any page.
    """
    plain = [{sighting.post.number for sighting in seen} for seen in versions]
    if all(len(numbers) == 1 for numbers in plain) and len(set().union(*plain)) == len(versions):
        return [sighting[0].post.number for sighting in versions], False
    order = sorted(
        range(len(versions)),
        key=lambda index: (versions[index][0].post.posted_at, min(plain[index])),
    )
    last = 0
    shifts = dict.fromkeys((sighting.page for seen in versions for sighting in seen), 0)
    numbers = [0] * len(versions)
    for index in order:
        seen = versions[index]
        last = max(
            last + 1,
            *(sighting.post.number + shifts[sighting.page] for sighting in seen),
        )
        numbers[index] = last
        for sighting in seen:
            shifts[sighting.page] = last - sighting.post.number
    return numbers, True
