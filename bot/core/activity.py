"""What happened in a discussion, and what of it is news for whom.

Everything here is about one discussion, read once for many readers. Most of them neither wrote
in it nor were answered: they share one `Selection`, which is what makes a digest for thousands
cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from typing import NamedTuple

from bot.core.model import Concern, Discussion
from bot.core.questions import asks, named_in
from bot.core.selection import Arrival, Change, Selection, authors_of

# Two clocks are never quite the same.
CLOCK_MARGIN = timedelta(minutes=1)

_NO_ONE: frozenset[int | None] = frozenset()


def news_since(began_at: int) -> int:
    """Give since when what is written is news to someone who began to track at that time.

    Both are in milliseconds. A history that is read later gives its old posts new marks: this is
    what keeps them from being news.
    """
    return began_at - CLOCK_MARGIN // timedelta(milliseconds=1)


class Reply(NamedTuple):
    """Somebody on Discord answered a post, at a time in milliseconds."""

    answered_id: int
    user_id: int
    posted_at: int


@dataclass(frozen=True, slots=True)
class DigestPart:
    """What a digest covers of one discussion: the news marks after `after`.

    What was written before `since`, in milliseconds, is no news. `is_busy` says that so much is
    written there that those who want to hear of every post are told once an hour.
    """

    discussion_id: int
    after: int
    since: int
    is_busy: bool = False


class Activity:
    """What happened in a discussion within the widest span of its readers.

    `mark` is its own news mark, and `began_at` when it began, in milliseconds: None where it
    is news at whatever time it began, as one that was brought back.
    """

    def __init__(
        self,
        discussion: Discussion,
        mark: int,
        began_at: int | None,
        arrivals: Sequence[Arrival],
        changes: Sequence[Change],
    ) -> None:
        self.discussion = discussion
        self.arrivals = arrivals
        self.changes = changes
        self._mark = mark
        self._began_at = began_at
        self._named: dict[int, frozenset[int | None]] = {
            each.id: frozenset[int | None](named)
            for each in arrivals
            if each.text is not None and (named := named_in(each.text))
        }
        self._repliers: dict[int, dict[int, int]] = {}
        self._concerned = self._everyone_concerned()
        self._shared: dict[tuple[int, int, bool, bool], tuple[float, Selection]] = {}

    def answers_wanted(self, readers: frozenset[int]) -> Iterable[int]:
        """Give the ids of the posts of which `hear_of` is to be told who answered them."""
        yield from (change.id for change in self.changes)
        for each in self.arrivals:
            if each.text is not None and not readers.isdisjoint(self._addressed(each)):
                yield each.id

    def hear_of(self, reply: Reply) -> None:
        """Note who answered one of these posts."""
        repliers = self._repliers.setdefault(reply.answered_id, {})
        first = repliers.get(reply.user_id, reply.posted_at)
        repliers[reply.user_id] = min(first, reply.posted_at)
        self._concerned.add(reply.user_id)

    def select(self, reader_id: int | None, part: DigestPart, up_to: int) -> Selection:
        """Give what is news up to a mark for a reader; None reads for a channel."""
        is_new = part.after < self._mark <= up_to and (
            self._began_at is None or self._began_at >= part.since
        )
        if reader_id not in self._concerned:
            key = (part.after, up_to, is_new, part.is_busy)
            shared = self._shared.get(key)
            if shared is None:
                shared = self._shared[key] = self._of_strangers(part, up_to, is_new=is_new)
            oldest, selection = shared
            if oldest >= part.since:
                return selection
        return self._of_one(reader_id, part, up_to, is_new=is_new)

    def _of_strangers(
        self, part: DigestPart, up_to: int, *, is_new: bool
    ) -> tuple[float, Selection]:
        """Give what is news for all whom nothing concerns, and the time of the oldest post."""
        arrivals = [each for each in self.arrivals if part.after < each.mark <= up_to]
        changes = [(each, False) for each in self._changed(part.after, up_to)]
        oldest = min((each.posted_at for each in arrivals if not each.is_imported), default=inf)
        return oldest, Selection(
            self.discussion, arrivals, {}, changes, is_new=is_new, is_busy=part.is_busy
        )

    def _of_one(
        self, reader_id: int | None, part: DigestPart, up_to: int, *, is_new: bool
    ) -> Selection:
        arrivals = [
            each
            for each in self.arrivals
            if part.after < each.mark <= up_to
            and (each.is_imported or each.posted_at >= part.since)
            and (reader_id is None or each.user_id != reader_id)
        ]
        changes = [
            (each, reader_id is not None and self._had_answered(reader_id, each))
            for each in self._changed(part.after, up_to)
            if reader_id is None or each.user_id != reader_id
        ]
        concerns = {} if reader_id is None else self._concerns(arrivals, reader_id)
        return Selection(
            self.discussion,
            arrivals,
            concerns,
            changes,
            answered_by=authors_of(
                each
                for each in arrivals
                if each.id in concerns and each.answered_user_id == reader_id
            ),
            is_new=is_new,
            is_busy=part.is_busy,
        )

    def _changed(self, after: int, up_to: int) -> list[Change]:
        # An edit of a post that is news itself is none: the post is shown as it is now.
        return [
            each for each in self.changes if after < each.edit_mark <= up_to and each.mark <= after
        ]

    def _concerns(self, arrivals: Iterable[Arrival], reader_id: int) -> dict[int, Concern]:
        return {
            each.id: self._concern(each, reader_id)
            for each in arrivals
            if not each.is_imported and reader_id in self._addressed(each)
        }

    def _concern(self, arrival: Arrival, reader_id: int) -> Concern:
        has_replied = reader_id in self._repliers.get(arrival.id, ())
        if arrival.text is not None and not has_replied and asks(arrival.text):
            return Concern.QUESTION
        is_answer = arrival.answered_user_id == reader_id
        return Concern.ANSWER if is_answer else Concern.MENTION

    def _addressed(self, arrival: Arrival) -> frozenset[int | None]:
        return self._named.get(arrival.id, _NO_ONE) | {arrival.answered_user_id}

    def _had_answered(self, reader_id: int, change: Change) -> bool:
        replied_at = self._repliers.get(change.id, {}).get(reader_id)
        return replied_at is not None and replied_at < change.edited_at

    def _everyone_concerned(self) -> set[int | None]:
        """Give all who wrote something here, were answered or are named."""
        concerned: set[int | None] = set().union(*self._named.values())
        for arrival in self.arrivals:
            concerned |= {arrival.user_id, arrival.answered_user_id}
        concerned |= {change.user_id for change in self.changes}
        concerned.discard(None)
        return concerned
