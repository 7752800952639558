"""A courier without Discord: it fills the core's port with boxes in memory, and fails on demand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.core.digest import DigestMessage
from bot.core.ports import (
    CourierError,
    InboxClosedError,
    Recipient,
    ThreadReference,
    TooFastError,
    Verdict,
)

Trouble = Callable[[], Awaitable[None]]


async def silence() -> None:
    """Discord gives no clear answer."""
    raise CourierError("no answer")


async def refusal() -> None:
    """The inbox is closed."""
    raise InboxClosedError("your direct messages are closed to me")


async def too_fast() -> None:
    """Discord asks for fewer messages."""
    raise TooFastError("too fast")


class Eternity:
    """Discord never answers at all; `begun` says that it was asked."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        await asyncio.Event().wait()


class Held:
    """Discord answers when it is let; `begun` says that it was asked."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self._let = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        await self._let.wait()

    def let(self) -> None:
        self._let.set()


@dataclass
class Mailbag:
    """Inboxes by user, and channels by their ids, of (token, message).

    All threads may be read but the `unreadable`; `departed` are in no server any more, and of
    the `unknown` threads Discord does not say who may read them. `before` and `after` hold
    someone's troubles in delivering, each for one attempt: before the message is taken, or
    after. `rights` holds someone's troubles in saying what may be read: then it is unknown.
    `looking` holds those in looking for a message that was sent.
    """

    inboxes: defaultdict[int, list[tuple[str, DigestMessage]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    closed: set[int] = field(default_factory=set)
    unreadable: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    departed: set[int] = field(default_factory=set)
    unfit_channels: dict[int, str] = field(default_factory=dict)
    before: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    after: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    rights: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    looking: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    attempts: list[int] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(500))
    _sent: dict[tuple[int, str], int] = field(default_factory=dict)

    async def verdicts(
        self, asked: Mapping[int, Collection[ThreadReference]]
    ) -> Mapping[int, Mapping[int, Verdict]]:
        await asyncio.sleep(0)
        return {
            user_id: await self._verdicts(user_id, threads) for user_id, threads in asked.items()
        }

    async def channel_may_show(
        self,
        channel_id: int,
        forum_id: int,  # noqa: ARG002 - the port's
    ) -> str | None:
        return self.unfit_channels.get(channel_id)

    async def deliver(self, recipient: Recipient, message: DigestMessage, token: str) -> int:
        box = _box(recipient)
        self.attempts.append(box)
        # A question takes its way to Discord, and an answer back: much can happen meanwhile.
        await asyncio.sleep(0)
        if box in self.closed:
            await refusal()
        await _meet(self.before[box])
        message_id = next(self._ids)
        self.inboxes[box].append((token, message))
        self._sent[box, token] = message_id
        await asyncio.sleep(0)
        await _meet(self.after[box])
        return message_id

    async def find(self, recipient: Recipient, token: str) -> int | None:
        await asyncio.sleep(0)
        await _meet(self.looking[_box(recipient)])
        return self._sent.get((_box(recipient), token))

    def texts(self, box: int) -> list[str]:
        """Give every digest of the person, or of the channel, as one text."""
        return [_text(message) for _, message in self.inboxes[box]]

    async def _verdicts(
        self, user_id: int, threads: Collection[ThreadReference]
    ) -> Mapping[int, Verdict]:
        try:
            await _meet(self.rights[user_id])
        except CourierError:
            return {thread.thread_id: Verdict.UNKNOWN for thread in threads}
        return {thread.thread_id: self._verdict(user_id, thread.thread_id) for thread in threads}

    def _verdict(self, user_id: int, thread_id: int) -> Verdict:
        if user_id in self.departed:
            return Verdict.LEFT
        if thread_id in self.unknown:
            return Verdict.UNKNOWN
        return Verdict.NO_ACCESS if thread_id in self.unreadable else Verdict.READABLE


def _box(recipient: Recipient) -> int:
    box = recipient.channel_id if recipient.user_id is None else recipient.user_id
    assert box is not None
    return box


async def _meet(troubles: list[Trouble]) -> None:
    if troubles:
        await troubles.pop(0)()


def _text(message: DigestMessage) -> str:
    sections = [line for section in message.sections for line in (section.title, *section.lines)]
    return "\n".join((message.title, message.introduction, *sections))
