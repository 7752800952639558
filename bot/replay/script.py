"""The messages of an import, in the order in which they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from bot.core.model import jump_url
from bot.core.ports import StagedPost
from bot.core.replay_text import Answered, FoundLater, staged_posts
from bot.store.importing.imported_rows import QueuedPost
from bot.store.importing.queued_imports import QueuedImport
from bot.store.importing.standing import Standing


@dataclass(frozen=True, slots=True)
class Line:
    """A message that is to be sent: part `part` of a post."""

    queued: QueuedPost
    part: int
    staged: StagedPost


class Script:
    """Stages the posts of an import, those that Discord has and those that are still to go.

    What a post looks like follows from what was sent before it: which one opens the thread, what
    a reply can link to, and which posts come later than others that they belong before.
    """

    def __init__(self, queued: QueuedImport, thread_id: int | None) -> None:
        self._queued = queued
        self._thread_id = thread_id
        self._by_number = {one.post.number: one for one in queued.posts}
        self._shown = [one for one in queued.posts if not one.is_deleted]
        self._first_messages = {
            one.post.number: one.message_ids[0] for one in queued.posts if one.message_ids
        }
        # What was sent keeps its part in this when it is deleted: nothing moves to the next post.
        staged = [one for one in queued.posts if one.message_ids or not one.is_deleted]
        self._opener = _opener(staged, self._first_messages)
        self._runs = _runs(staged, self._first_messages)

    def remaining(self) -> Iterator[Line]:
        """Give what Discord is not known to have; a deleted post is not sent."""
        for one in self._shown:
            staged = self.staged(one)
            for part in range(len(one.message_ids), len(staged)):
                yield Line(one, part, staged[part])

    def opening(self) -> StagedPost | None:
        """Give the message that opens the thread, or None where every post is deleted."""
        opener = self._by_number.get(self._opener or 0)
        return None if opener is None else self.staged(opener)[0]

    def staged(self, one: QueuedPost) -> tuple[StagedPost, ...]:
        """Give all messages of a post as they are to be now."""
        is_opener = one.post.number == self._opener
        return staged_posts(
            one.post,
            answered=self._answered(one),
            found_later=self._found_later(one),
            boxed=self._queued.document if is_opener else None,
        )

    def standing(self, one: QueuedPost) -> Standing:
        """Give how a post stood when it was loaded."""
        parent = self._by_number.get(one.post.in_reply_to or 0)
        return Standing(
            one.is_deleted, one.post.in_reply_to, parent is not None and parent.is_deleted
        )

    def awaits_parent(self, one: QueuedPost) -> bool:
        """Say whether what the post answers is known, and not yet sent."""
        parent = self._by_number.get(one.post.in_reply_to or 0)
        return (
            parent is not None
            and not parent.is_deleted
            and parent.post.number not in self._first_messages
        )

    def note(self, line: Line, message_id: int) -> None:
        """Take note of a message that Discord has."""
        if line.part == 0:
            self._first_messages[line.queued.post.number] = message_id

    def _answered(self, one: QueuedPost) -> Answered | None:
        parent = self._by_number.get(one.post.in_reply_to or 0)
        if parent is None:
            return None
        if parent.is_deleted:
            return Answered(parent.post, is_deleted=True)
        return Answered(parent.post, self._url(parent.post.number))

    def _found_later(self, one: QueuedPost) -> FoundLater | None:
        run = self._runs.get(one.post.number)
        if run is None:
            return None
        url = self._url(run.before)
        return None if url is None else FoundLater(run.first, run.last, run.before, url)

    def _url(self, number: int) -> str | None:
        message_id = self._first_messages.get(number)
        if self._thread_id is None or message_id is None:
            return None
        return jump_url(self._queued.guild_id, self._thread_id, message_id)


def _opener(posts: Sequence[QueuedPost], first_messages: Mapping[int, int]) -> int | None:
    """Give the number of the post that opens the thread: the first that was sent, or will be."""
    numbers = [one.post.number for one in posts]
    return min(numbers, key=lambda number: first_messages.get(number, inf), default=None)


@dataclass(slots=True)
class _Run:
    first: int
    last: int
    before: int


def _runs(posts: Sequence[QueuedPost], first_messages: Mapping[int, int]) -> dict[int, _Run]:
    """Give, by the number of its first post, each run of posts that go out later than a next one.

    A run is what goes out one after the other and belongs before the same post.
    """
    before = _before(posts, first_messages)
    in_order = sorted(posts, key=lambda one: first_messages.get(one.post.number, inf))
    runs: dict[int, _Run] = {}
    run: _Run | None = None
    for number in (one.post.number for one in in_order):
        following = before.get(number)
        if following is None:
            run = None
        elif run is not None and run.before == following and run.last < number:
            run.last = number
        else:
            run = runs[number] = _Run(number, number, following)
    return runs


def _before(posts: Sequence[QueuedPost], first_messages: Mapping[int, int]) -> dict[int, int]:
    """Give, by number, the next post of a greater number that was sent earlier."""
    earlier: dict[int, int] = {}
    # Posts of greater numbers, nearest last: one that was sent later than a nearer one is none's.
    following: list[int] = []
    for number in (one.post.number for one in reversed(posts)):
        sent = first_messages.get(number, inf)
        while following and first_messages.get(following[-1], inf) >= sent:
            following.pop()
        if following:
            earlier[number] = following[-1]
        following.append(number)
    return earlier
