"""What the tests of replays share: old discussions, and the engine run by hand and waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.guild import SandboxGuild
    from sandbox.server import Sandbox
    from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread

EXECUTE = "/webhooks/{}/{}"
"""The route by which every replayed message is sent."""

OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)

SHORT = ImportedDiscussion(
    title="Who is telling this?",
    forum="Wuthering Heights forum",
    book=None,
    participants=2,
    total_posts=3,
    tracked_by=None,
    initial_post=None,
    latest_post=None,
    missing_posts=(),
    posts=(
        ImportedPost(1, "Wren", OLD, None, PostKind.INITIAL, "Do you trust Nelly?"),
        ImportedPost(2, None, OLD + timedelta(days=1), None, PostKind.REPLY, "No.", 1),
        ImportedPost(3, "Tamsin", OLD + timedelta(days=2), None, PostKind.REPLY, "Why not?", 2),
    ),
    warnings=(),
)


def discussion(
    last: int, *, first: int = 1, total: int | None = None, title: str = SHORT.title
) -> ImportedDiscussion:
    """Give a page of posts, each a reply to the one before it."""
    total = last if total is None else total
    gaps = ((1, first - 1), (last + 1, total))
    return replace(
        SHORT,
        title=title,
        total_posts=total,
        initial_post=OLD.date(),
        missing_posts=tuple((start, end) for start, end in gaps if start <= end),
        posts=tuple(
            ImportedPost(
                number,
                "Wren" if number % 2 else "Tamsin",
                OLD + timedelta(days=number),
                None,
                PostKind.INITIAL if number == 1 else PostKind.REPLY,
                text_of(number),
                number - 1 if number > first else None,
            )
            for number in range(first, last + 1)
        ),
    )


def text_of(number: int) -> str:
    """Give the text of a post of `discussion`."""
    return f"Thought {number} about Nelly Dean."


async def queued(bot: Marginalia, document: ImportedDiscussion, channel: SandboxChannel) -> int:
    """Store a discussion to be replayed in a channel, and give its id."""
    return (await bot.app.imports.queue(document, channel.id, bot.clock.now())).discussion_id


async def begin(bot: Marginalia) -> None:
    """Let the bot look what is to be replayed, and go on while it does."""
    await bot.app.ticker.run("replay")


async def replay(bot: Marginalia) -> None:
    """Let the bot look what is to be replayed, and wait until it has done what it can."""
    await begin(bot)
    await bot.app.replay.settled()


@asynccontextmanager
async def replay_held(bot: Marginalia, sandbox: Sandbox, *, after: int) -> AsyncIterator[None]:
    """Replay until so many more messages are out; in the body, Discord is about to take the next.

    Afterwards the bot does what it then can.
    """
    held = sandbox.faults.hold("POST", EXECUTE, after=after)
    await begin(bot)
    await held.came.wait()
    yield
    held.let_in()
    await bot.app.replay.settled()


def only_thread(guild: SandboxGuild) -> SandboxThread:
    """Give the one thread of a server."""
    (thread,) = guild.threads.values()
    return thread


def by_webhook(thread: SandboxThread) -> list[SandboxMessage]:
    """Give the replayed messages of a thread."""
    return [message for message in thread.messages if message.webhook is not None]


def thoughts(thread: SandboxThread) -> list[int]:
    """Give the numbers of the posts of `discussion` that a thread shows, in its order."""
    return [
        int(line.split()[1])
        for message in by_webhook(thread)
        for line in message.content.split("\n")
        if line.startswith("Thought ")
    ]
