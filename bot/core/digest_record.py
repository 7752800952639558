"""What is kept of a digest or a notice: when it was sent or why not, and what it covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.level import DigestKind, Exclusion, Level
from bot.core.ports import ThreadReference


class DigestState(StrEnum):
    """How far a digest is, or what became of it."""

    WAITING = "waiting"
    SENDING = "sending"
    """It was claimed; whether it has arrived is not known yet."""
    SENT = "sent"
    EMPTY = "empty"
    """At the moment of sending there was nothing left to say."""
    FAILED = "failed"
    QUIET = "quiet"
    """It was due, and there was no news."""
    SKIPPED = "skipped"
    """It was due, and nothing is sent to this person now."""


@dataclass(frozen=True, slots=True)
class PartRecord:
    """What a digest covered of one discussion: the news with a mark in (`after`, its `up_to`].

    `title` and `thread` (what one must be able to read to know of it) are None where the
    discussion is gone. `since` is the time from which on news was theirs. `exclusion` says why
    nothing was told of it; `shown` are the ids of the posts shown, or None for all that was new.
    """

    discussion_id: int
    title: str | None
    thread: ThreadReference | None
    after: int
    since: datetime
    exclusion: Exclusion | None
    shown: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """A digest or a notice, from its planning on.

    `next_attempt_at` counts while it is on its way, `settled_at` from its end on. `message_id` is
    that of the Discord message; `reason` says in words why it waits, failed or was skipped.
    """

    id: int
    kind: DigestKind
    up_to: int
    planned_at: datetime
    state: DigestState
    next_attempt_at: datetime
    settled_at: datetime | None
    message_id: int | None
    reason: str | None
    parts: tuple[PartRecord, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in (DigestState.WAITING, DigestState.SENDING)


@dataclass(frozen=True, slots=True)
class NoticeCounts:
    """What became of the notices of some time; `last` is the last of them, with no parts."""

    since: datetime
    sent: int
    failed: int
    last: DigestRecord | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person tracks a discussion now.

    `level` is the one in force, `since_mark` and `since` those from which on its news is theirs,
    `told_mark` up to where their digests have covered it.
    """

    level: Level
    since_mark: int
    since: datetime
    told_mark: int


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post and the digests of one person that had it before them.

    `title` is that of its discussion; `mark` and `edit_mark` are its news marks. `standing` is
    None where the person does not track the discussion, be it that they muted it (`is_muted`).
    `digests` are their last ones, newest first, with their parts of this discussion alone;
    `others` are earlier ones, and notices, that covered the post. `gone_at` is when it was deleted
    or withheld.
    """

    title: str
    mark: int
    edit_mark: int | None
    is_muted: bool
    standing: Standing | None
    digests: tuple[DigestRecord, ...]
    others: tuple[DigestRecord, ...]
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """When a person is next told, by level; `levels` are those at which they track something.

    Every post has no moment while there is nothing to tell. `is_paused` says that nothing is sent.
    """

    due: Mapping[Level, datetime]
    levels: frozenset[Level]
    is_paused: bool
