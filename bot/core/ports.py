"""What the core asks of the outside: the clock, the courier of digests, the stage of replays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.core.digest import DigestMessage


class Clock(Protocol):
    """Says what time it is, as an aware UTC `datetime`."""

    def now(self) -> datetime:
        """Give the present moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Give the present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ThreadReference:
    """A thread whose readers are in question; `forum_id` is the channel it lies in."""

    guild_id: int
    forum_id: int
    thread_id: int
    is_private: bool


class InboxClosedError(Exception):
    """The person takes no messages from the bot (50007), or shares no server with it (50278)."""


class CourierError(Exception):
    """Discord gave no clear answer: whether it took the message is unknown."""


class Courier(Protocol):
    """Brings digests to people's inboxes."""

    async def readable(self, user_id: int, threads: Sequence[ThreadReference]) -> frozenset[int]:
        """Give the ids of those threads that the person may read at this moment.

        What cannot be known to be readable is left out. Raises `CourierError` when Discord
        does not answer, so that the question can be asked again.
        """
        ...

    async def deliver(self, user_id: int, message: DigestMessage, token: str) -> int:
        """Send a digest and give the id of the Discord message.

        `token` (at most 25 characters) marks the message, so that `find` knows it again.
        Raises `InboxClosedError` or `CourierError`.
        """
        ...

    async def find(self, user_id: int, token: str) -> int | None:
        """Give the id of the message with this token among the last of the person's inbox."""
        ...


@dataclass(frozen=True, slots=True)
class StagedPost:
    """One Discord message of an imported post, ready to be sent through a webhook."""

    author_name: str
    content: str


@dataclass(frozen=True, slots=True)
class StagedMessage:
    """A message of the stage's own, as Discord gives it back."""

    id: int
    post: StagedPost


@dataclass(frozen=True, slots=True)
class StagedThread:
    """A thread of the stage's own; `first` is what opens it, in a forum channel."""

    id: int
    first: StagedPost | None


class StageRefusedError(Exception):
    """Discord refuses, and will until a host changes something; the text tells a host what."""


class StageError(Exception):
    """Discord gave no clear answer: whether it did what was asked is unknown."""


class Stage(Protocol):
    """Puts an imported discussion on Discord.

    Every method may raise `StageRefusedError` or `StageError`.
    """

    async def open_thread(
        self, forum_id: int, name: str, first: StagedPost, tag: str | None
    ) -> int:
        """Make a thread and give its id; `tag` is the name of one of the forum's tags.

        In a forum channel it begins with `first`; a text channel's thread begins empty.
        """
        ...

    async def post(self, forum_id: int, thread_id: int, post: StagedPost) -> int:
        """Send one message into the thread and give its id."""
        ...

    async def edit_post(self, forum_id: int, thread_id: int, message_id: int, content: str) -> None:
        """Give a message of the stage's own another text.

        One that is gone, or lies in an archived thread, which refuses edits, is left.
        """
        ...

    async def threads(self, forum_id: int, name: str, since: datetime) -> Sequence[StagedThread]:
        """Give the stage's own threads of that name made since then, oldest first."""
        ...

    async def posted(self, forum_id: int, thread_id: int, after: int) -> Sequence[StagedMessage]:
        """Give the stage's own messages after that id, oldest first."""
        ...

    async def others_wrote(self, forum_id: int, thread_id: int) -> bool:
        """Say whether the thread holds a message of anybody else's."""
        ...

    async def remove_post(self, forum_id: int, thread_id: int, message_id: int) -> None:
        """Remove a message of the stage's own; one that is gone already is no error."""
        ...

    async def remove_thread(self, forum_id: int, thread_id: int) -> None:
        """Remove a thread of the stage's own; one that is gone already is no error."""
        ...
