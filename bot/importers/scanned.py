"""The parts of a saved page as they stand there, before its posts have numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.imported import ImportedBook, PageWarning
from bot.core.model import PostKind


@dataclass(frozen=True, slots=True)
class Showing:
    """Which posts of how many a page says it shows, counted in its own sort order."""

    first: int
    last: int
    total: int

    @property
    def count(self) -> int:
        """How many posts the page promises."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class ScannedPost:
    """A post, with the line (from 1) of its header."""

    line: int
    kind: PostKind
    author: str | None
    posted_at: datetime
    edited_at: datetime | None
    content: str


@dataclass(frozen=True, slots=True)
class Box:
    """The box in a page's foot; what it does not say is None. Days are the site's own."""

    forum: str | None = None
    participants: int | None = None
    total_posts: int | None = None
    initial_post: date | None = None
    latest_post: date | None = None
    tracked_by: int | None = None
    book: ImportedBook | None = None


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A saved page: its head, its posts in the order they stand in, its box."""

    forum: str | None
    title: str
    showing: Showing | None
    posts: tuple[ScannedPost, ...]
    box: Box
    warnings: tuple[PageWarning, ...]
