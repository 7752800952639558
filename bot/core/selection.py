"""What of a discussion's news one reader is told: what matters most to them comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.core.model import Concern, Discussion, DiscussionNews, EditedPost, NewPost, Post

# A post that drew so many replies is told before those that drew fewer.
MANY_REPLIES = 2
# Of edits a digest shows those of posts that the reader had answered, and names a few others.
_MOST_CHANGES = 6

_NO_ONE: frozenset[int] = frozenset()
_ORDER = {Concern.QUESTION: 0, Concern.ANSWER: 1, Concern.MENTION: 2, None: 4}
_ANSWERED_POST_CHANGED = 3


class Arrival(NamedTuple):
    """A post that became known; arrivals are in the order of reading.

    `mark` is its news mark, `posted_at` in milliseconds. `user_id` is its author's on Discord and
    `answered_user_id` that of the author of the post it answers. `text` is given where the post
    may name somebody or ask them something.
    """

    discussion_id: int
    id: int
    mark: int
    posted_at: int
    author_id: int | None
    user_id: int | None
    answered_user_id: int | None
    reply_count: int
    is_initial: int
    number: int | None
    is_imported: int
    text: str | None


class Change(NamedTuple):
    """An edit: the post's own news mark, that of the edit, and when it was made."""

    discussion_id: int
    id: int
    mark: int
    edit_mark: int
    edited_at: int
    user_id: int | None


class Selection:
    """What is news in one discussion for one reader, or for all whom it does not concern.

    `posts` are arrivals with their concern, those that matter most first; of these the first
    `most` are to be told: none, and no edits, where a digest has room for counts alone. `changes`
    say with each edit whether the reader had answered the post.
    """

    __slots__ = (
        "_news",
        "answered_by",
        "asked_by",
        "author_count",
        "changes",
        "discussion",
        "first_number",
        "imported_count",
        "is_busy",
        "is_new",
        "most",
        "posts",
        "rank",
    )

    def __init__(
        self,
        discussion: Discussion,
        arrivals: Sequence[Arrival],
        concerns: Mapping[int, Concern],
        changes: Sequence[tuple[Change, bool]],
        *,
        answered_by: frozenset[int] = _NO_ONE,
        is_new: bool,
        is_busy: bool,
    ) -> None:
        new = [each for each in arrivals if not each.is_imported]
        self.discussion = discussion
        self.is_new = is_new
        self.is_busy = is_busy
        self.posts = sorted(
            ((each, concerns.get(each.id)) for each in new),
            key=lambda one: (_ORDER[one[1]], -one[0].is_initial, -_drawn(one[0])),
        )
        self.changes = sorted(changes, key=lambda one: not one[1])
        self.imported_count = len(arrivals) - len(new)
        self.author_count = len({each.author_id for each in new})
        self.answered_by = answered_by
        self.asked_by = authors_of(
            each for each in new if concerns.get(each.id) is Concern.QUESTION
        )
        self.first_number = next((each.number for each in new), None)
        self.most = 0
        self.rank = (self._nearness(), -len(self.posts), -len(self.changes), discussion.id)
        self._news: DiscussionNews | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.posts or self.changes or self.imported_count)

    def _nearness(self) -> int:
        """Give how little it has to do with the reader: 0 where somebody asks them something."""
        concern = self.posts[0][1] if self.posts else None
        if concern is None and self.changes and self.changes[0][1]:
            return _ANSWERED_POST_CHANGED
        return _ORDER[concern]

    def ask_for(self, most: int) -> None:
        """Have at least so many posts told."""
        self.most = max(self.most, most)

    def post_ids(self) -> Iterable[int]:
        """Give the ids of the posts that are to be told."""
        yield from (arrival.id for arrival, _ in self.posts[: self.most])
        yield from (change.id for change, _ in self._changes_told())

    def news(self, posts: Mapping[int, Post]) -> DiscussionNews:
        """Give the news; `posts` are those of `post_ids` and what they answer."""
        if self._news is None:
            told = [(posts[each.id], concern) for each, concern in self.posts[: self.most]]
            self._news = DiscussionNews(
                discussion=self.discussion,
                is_new=self.is_new,
                new_post_count=len(self.posts),
                author_count=self.author_count,
                posts=tuple(
                    NewPost(post, posts.get(post.parent_id or 0), concern) for post, concern in told
                ),
                edited_count=len(self.changes),
                edited=tuple(
                    EditedPost(posts[change.id], is_answered)
                    for change, is_answered in self._changes_told()
                ),
                imported_count=self.imported_count,
                answered_by=self.answered_by,
                asked_by=self.asked_by,
                first_number=self.first_number,
                is_busy=self.is_busy,
            )
        return self._news

    def _changes_told(self) -> Sequence[tuple[Change, bool]]:
        return self.changes[:_MOST_CHANGES] if self.most else ()


def authors_of(arrivals: Iterable[Arrival]) -> frozenset[int]:
    """Give the ids of those who wrote the posts, where they are known."""
    return frozenset(each.author_id for each in arrivals if each.author_id is not None)


def _drawn(arrival: Arrival) -> int:
    return arrival.reply_count if arrival.reply_count >= MANY_REPLIES else 0
