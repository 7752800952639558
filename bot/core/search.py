"""What a search asks for, where it may look, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.model import Post
from bot.core.query import Query


class SearchOrder(StrEnum):
    """Which hits come first."""

    NEWEST = "newest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for: `query`, and only by that author, since then, in that discussion.

    `author_id` and `discussion_id` are local ids.
    """

    query: Query
    author_id: int | None = None
    since: datetime | None = None
    discussion_id: int | None = None
    order: SearchOrder = SearchOrder.NEWEST


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What the asker may read at this moment: for one answer, and never kept.

    Of `public_forums` all threads that are not private; of `private_forums` the private ones; and
    of the other private threads these discussions, by their local ids.
    """

    public_forums: frozenset[int]
    private_forums: frozenset[int] = frozenset()
    private_discussions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A post that was found, and the title of its discussion."""

    post: Post
    title: str


@dataclass(frozen=True, slots=True)
class SearchCount:
    """How many posts are found; with `is_more` at least so many, for no more were counted.

    `best_of_newest` says among how many, the newest, the best are sought; None: among all.
    """

    posts: int
    is_more: bool
    best_of_newest: int | None = None
