"""What Discord says, before it is rows: the parts of a batch, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.incoming import IncomingPost


class Outcome(StrEnum):
    """What a recorded message changed."""

    NEW = "new"
    """A post that was not known."""
    REVISED = "revised"
    """A known post with another text: a later one, or an earlier one that was missed."""
    KNOWN = "known"
    """Nothing: this text was known."""
    BLOCKED = "blocked"
    """Nothing of its text: it was deleted, or its discussion is gone."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recorded message.

    `post_id` is None where nothing is kept of it. `unknown_parent` is the id of the message it
    answers, while that is not known and not known to be deleted.
    """

    outcome: Outcome
    post_id: int | None
    unknown_parent: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it is now; `after_gap` when learned from the history."""

    discussion_id: int
    post: IncomingPost
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """Messages of one discussion that were deleted."""

    discussion_id: int
    message_ids: tuple[int, ...]
    at: datetime


@dataclass(slots=True)
class Batch:
    """What is stored in one transaction.

    The order within it does not matter, for recording is free of order. `missing_parents` are
    messages that do not exist any more; `missed` are discussions of which a post was refused.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    deletions: list[Deletion] = field(default_factory=list)
    missing_parents: list[int] = field(default_factory=list)
    missed: set[int] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How many requests it holds."""
        return len(self.arrivals) + len(self.deletions) + len(self.missing_parents)

    def singles(self) -> Iterator[Batch]:
        """Give batches of one request each, of every kind in its order."""
        if self.missed:
            yield Batch(missed=self.missed)
        for arrival in self.arrivals:
            yield Batch(arrivals=[arrival])
        for deletion in self.deletions:
            yield Batch(deletions=[deletion])
        for message_id in self.missing_parents:
            yield Batch(missing_parents=[message_id])


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of each arrival and each deletion of a batch, in their order."""

    recorded: list[Recorded]
    deleted: list[int]
