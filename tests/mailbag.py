"""A courier without Discord: it fills the core's port with boxes in memory, and fails on demand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.core.digest import DigestMessage
from bot.core.ports import CourierError, InboxClosedError, ThreadReference

Trouble = Callable[[], Awaitable[None]]


async def silence() -> None:
    """Discord gives no clear answer."""
    raise CourierError("no answer")


class Eternity:
    """Discord never answers at all; `begun` says that it was asked."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        await asyncio.Event().wait()


@dataclass
class Mailbag:
    """Inboxes by user, of (token, message); all threads may be read but the `unreadable`.

    `before` and `after` hold a person's troubles in delivering, each for one attempt: before the
    message is taken, or after. `rights` holds those in saying what may be read.
    """

    inboxes: defaultdict[int, list[tuple[str, DigestMessage]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    closed: set[int] = field(default_factory=set)
    unreadable: set[int] = field(default_factory=set)
    before: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    after: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    rights: defaultdict[int, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    attempts: list[int] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(500))
    _sent: dict[tuple[int, str], int] = field(default_factory=dict)

    async def readable(self, user_id: int, threads: Sequence[ThreadReference]) -> frozenset[int]:
        await _meet(self.rights[user_id])
        return frozenset(thread.thread_id for thread in threads) - self.unreadable

    async def deliver(self, user_id: int, message: DigestMessage, token: str) -> int:
        self.attempts.append(user_id)
        if user_id in self.closed:
            raise InboxClosedError("The person takes no direct messages from the bot")
        await _meet(self.before[user_id])
        message_id = next(self._ids)
        self.inboxes[user_id].append((token, message))
        self._sent[user_id, token] = message_id
        await _meet(self.after[user_id])
        return message_id

    async def find(self, user_id: int, token: str) -> int | None:
        return self._sent.get((user_id, token))

    def texts(self, user_id: int) -> list[str]:
        """Give every digest of the person as one text."""
        return [_text(message) for _, message in self.inboxes[user_id]]


async def _meet(troubles: list[Trouble]) -> None:
    if troubles:
        await troubles.pop(0)()


def _text(message: DigestMessage) -> str:
    sections = [line for section in message.sections for line in (section.title, *section.lines)]
    return "\n".join((message.title, message.introduction, *sections))
