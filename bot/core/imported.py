"""What a saved forum page holds, before it is stored or replayed.

The shape is the one `marginalia.discussion/1` prints; times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.model import PostKind


@dataclass(frozen=True, slots=True)
class ImportedBook:
    """The product in the foot of a page; what the page does not say is None."""

    title: str
    binding: str | None = None
    author: str | None = None
    edition: str | None = None
    rating: float | None = None
    rating_count: int | None = None
    asin: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """One post of a page.

    `number` is its place in the whole discussion, from 1. `author` is None where the page
    names none. `in_reply_to` is the number of the post it answers where that is known, and
    `reply_evidence` says how it is known: "link", "reply", "address" or "quotation".

    `message_id` and `answered_id` are the ids (`Mx…`) that a page saved as HTML gives the post
    and the one it answers, which may stand on another page. They serve to put pages together,
    and are no part of `marginalia.discussion/1`.
    """

    number: int
    author: str | None
    posted_at: datetime
    edited_at: datetime | None
    kind: PostKind
    content: str
    in_reply_to: int | None = None
    reply_evidence: str | None = None
    message_id: str | None = None
    answered_id: str | None = None


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something that looked odd, and the line of the page (from 1) where it stands.

    `page` is the name of the page's file where the discussion was read from several.
    """

    line: int
    message: str
    page: str | None = None

    def __str__(self) -> str:
        """Give the whole of it in a line, such as "page-1.txt, line 7: This post has no text."."""
        place = f"Line {self.line}" if self.page is None else f"{self.page}, line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class ImportedDiscussion:
    """A discussion as one or more saved pages tell it.

    `missing_posts` are closed ranges of numbers the page promises and does not hold.
    `initial_post` and `latest_post` are the days the box in the page's foot names, in the
    site's own zone: the box gives no time.
    """

    title: str
    forum: str | None
    book: ImportedBook | None
    participants: int | None
    total_posts: int | None
    tracked_by: int | None
    initial_post: date | None
    latest_post: date | None
    missing_posts: tuple[tuple[int, int], ...]
    posts: tuple[ImportedPost, ...]
    warnings: tuple[PageWarning, ...]


def plain_title(title: str) -> str:
    """Give what titles that are the same but for blanks and capitals have in common."""
    return " ".join(title.split()).casefold()
