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
    """A post, with the line (from 1) of its header.

    `message_id` and `answered_id` are what a page as HTML tells: the post's own id (`Mx…`), and
    that of the post it answers.
    """

    line: int
    kind: PostKind
    author: str | None
    posted_at: datetime
    edited_at: datetime | None
    content: str
    message_id: str | None = None
    answered_id: str | None = None


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
    """A saved page: its head, its posts in the order they stand in, its box.

    `thread_ids` are the ids (`Tx…`) by which its links name the discussion.
    """

    forum: str | None
    title: str
    showing: Showing | None
    posts: tuple[ScannedPost, ...]
    box: Box
    thread_ids: frozenset[str]
    warnings: tuple[PageWarning, ...]
