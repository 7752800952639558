"""What the core asks of the outside: the clock, the courier of digests, the stage of replays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
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

    @classmethod
    def of_discussion(
        cls, guild_id: int, forum_id: int, thread_id: int | None, *, is_private: bool
    ) -> ThreadReference:
        """Give what one must be able to read to know of a discussion.

        It is the thread, or the forum's channel (as a thread of itself) while an imported
        discussion has no thread yet.
        """
        if thread_id is None:
            return cls(guild_id, forum_id, forum_id, is_private=False)
        return cls(guild_id, forum_id, thread_id, is_private)


class Verdict(StrEnum):
    """Whether a person may read a thread at this moment."""

    READABLE = "readable"
    LEFT = "left"
    """They are not in its server any more, or the bot is not."""
    NO_ACCESS = "no access"
    UNKNOWN = "unknown"
    """Discord does not say: the question is to be asked again."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a digest goes: a person's inbox, or a channel. Exactly one is given.

    Raises `ValueError` otherwise.
    """

    user_id: int | None = None
    channel_id: int | None = None

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.channel_id is None):
            raise ValueError("A digest goes either to a person or to a channel")


class InboxClosedError(Exception):
    """The person takes no messages from the bot (50007), or shares no server with it (50278).

    The text tells the person which.
    """


class ChannelClosedError(Exception):
    """The bot may not post in the channel, or it is gone; the text tells a host which."""


class CourierError(Exception):
    """Discord gave no clear answer: whether it took the message is unknown."""


class TooFastError(CourierError):
    """Discord asks for fewer messages (40003, or 429 time and again): all of them must wait."""


class Courier(Protocol):
    """Brings digests to people's inboxes and to channels."""

    async def verdicts(
        self, asked: Mapping[int, Collection[ThreadReference]]
    ) -> Mapping[int, Mapping[int, Verdict]]:
        """Say of each of these people, by user id, which of their threads they may read now.

        Gives a verdict for every thread id that was asked for. One server's or one person's
        trouble is `UNKNOWN` for them, and never an error.
        """
        ...

    async def channel_may_show(self, channel_id: int, forum_id: int) -> str | None:
        """Say in words for a host why the forum's digest may not be posted in that channel now.

        None where it may: nobody who may read the channel is kept out of the forum. Raises
        `CourierError` when it cannot be known.
        """
        ...

    async def deliver(self, recipient: Recipient, message: DigestMessage, token: str) -> int:
        """Send a digest and give the id of the Discord message.

        `token` (at most 25 characters) marks the message, so that `find` knows it again.
        Raises `InboxClosedError` for a person, `ChannelClosedError` for a channel, and
        `CourierError`.
        """
        ...

    async def find(self, recipient: Recipient, token: str) -> int | None:
        """Give the id of the bot's message with this token among the last ones there.

        None where there is none. Raises as `deliver` does.
        """
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
