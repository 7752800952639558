"""Where a reader is in a discussion: pages of 25 posts, oldest or newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

PAGE_LENGTH = 25


class Order(StrEnum):
    """In which order a discussion is read. The value stands in buttons, so it stays."""

    OLDEST = "o"
    NEWEST = "n"

    @property
    def words(self) -> str:
        """The old forums' name for it."""
        return "Oldest first" if self is Order.OLDEST else "Newest first"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a discussion, and a leaf of that page, each counted from 1.

    `last` is the highest number when reading began: newest first, the pages are counted from
    it, so that they stay as they are while new posts arrive. Everything a button must know is
    in here, so nothing is remembered between two presses.
    """

    discussion_id: int
    last: int
    order: Order = Order.OLDEST
    page: int = 1
    leaf: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are; a discussion without posts has one, which is empty."""
        return max(-(-self.last // PAGE_LENGTH), 1)

    @property
    def positions(self) -> range:
        """The positions of the page's posts in this order, from 1."""
        start = (self.page - 1) * PAGE_LENGTH
        return range(start + 1, min(start + PAGE_LENGTH, self.last) + 1)

    @property
    def numbers(self) -> range:
        """The numbers of the page's posts, lowest first."""
        if self.order is Order.OLDEST or not self.positions:
            return self.positions
        first = self.last + 1
        return range(first - self.positions[-1], first - self.positions[0] + 1)

    def turned_to(self, page: int, leaf: int = 1) -> Place:
        """Give another page, the nearest one where there is no such page."""
        return replace(self, page=min(max(page, 1), self.pages), leaf=leaf)

    def as_text(self) -> str:
        """Give the place in at most 45 characters, to be read by `place_from_text`."""
        return f"{self.discussion_id}.{self.last}.{self.order}.{self.page}.{self.leaf}"


_TEXT = re.compile(r"(\d{1,10})\.(\d{1,10})\.([on])\.(\d{1,9})\.(\d{1,2})", re.ASCII)


def place_from_text(text: str) -> Place | None:
    """Read what `Place.as_text` gave; None for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    discussion_id, last, order, page, leaf = found.groups()
    return Place(int(discussion_id), int(last), Order(order), int(page), int(leaf))


def place_of_post(discussion_id: int, number: int | None, last: int) -> Place:
    """Give the page that a post is on, oldest first; the first one while it has no number."""
    page = 1 if number is None else (number - 1) // PAGE_LENGTH + 1
    return Place(discussion_id, last).turned_to(page)


@dataclass(frozen=True, slots=True)
class OpenPost:
    """A post that is shown whole: which part of its text, and the page to go back to."""

    post_id: int
    back: Place
    part: int = 1

    def as_text(self) -> str:
        """Give it in at most 65 characters, to be read by `open_post_from_text`."""
        return f"{self.post_id}.{self.part}/{self.back.as_text()}"


_OPEN_POST = re.compile(r"(\d{1,15})\.(\d{1,4})/(.+)", re.ASCII)


def open_post_from_text(text: str) -> OpenPost | None:
    """Read what `OpenPost.as_text` gave; None for anything else."""
    found = _OPEN_POST.fullmatch(text)
    back = None if found is None else place_from_text(found[3])
    if found is None or back is None:
        return None
    return OpenPost(int(found[1]), back, int(found[2]))
