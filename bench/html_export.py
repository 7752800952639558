"""How fast a discussion becomes an HTML file, against chat-exporter on the same posts.

Run `python -m bench.html_export [posts] [runs]`. chat-exporter is no dependency of this project
(its licence is the GPL): `pip install chat-exporter` into an environment of one's own and put that
on PYTHONPATH; without it, our own rate alone is measured. Both are handed posts that lie in
memory, both give one file; every eighth post has marks in it (emphasis, a quotation, a spoiler,
a link), the others are prose.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord
from discord.ext import commands

from bench.discussion import SENTENCE, TEXT
from bot.core.exported import ExportedDiscussion, ExportedPost
from bot.core.model import PostKind
from bot.exporters.html import discussion_html

READERS = 40
MARKED = (
    f"> {SENTENCE}\n**No**: she was *not* gentle. ||She meddled||, as https://example.org/emma has"
    f" it.\n\n{SENTENCE * 5}"
)[:650]
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def text(number: int) -> str:
    return f"{number} {TEXT}" if number % 8 else f"{number} {MARKED}"


def discussion(count: int) -> ExportedDiscussion:
    return ExportedDiscussion(
        id=1,
        title="Was Emma right to meddle?",
        forum="novels",
        book=None,
        participants=READERS,
        post_count=count,
        tracked_by=11,
        posts=tuple(
            ExportedPost(
                number=number,
                author=f"Reader {number % READERS}",
                kind=PostKind.REPLY if number > 1 else PostKind.INITIAL,
                posted_at=BEGUN + timedelta(minutes=number),
                content=text(number),
                answers=number - 1 if number > 1 else None,
                replies=(number + 1,) if number < count else (),
                url=f"https://discord.com/channels/1/2/{number}",
            )
            for number in range(1, count + 1)
        ),
    )


def messages(count: int) -> tuple[discord.TextChannel, list[discord.Message]]:
    """The same posts, as discord.py hands them over."""
    # Its state is what a message needs of a client; there is no public way to make one without.
    state = commands.Bot("!", intents=discord.Intents.default())._connection  # noqa: SLF001
    guild = discord.Guild(
        data={"id": "1", "name": "Tuesday Readers", "roles": [], "channels": [], "members": []},  # type: ignore[typeddict-item] # as much of it as is read
        state=state,
    )
    channel = discord.TextChannel(
        state=state,
        guild=guild,
        data={"id": "2", "name": "emma", "type": 0, "position": 0, "permission_overwrites": []},  # type: ignore[arg-type] # as much of it as is read
    )
    return channel, [
        discord.Message(state=state, channel=channel, data=message_data(number))  # type: ignore[arg-type] # as much of it as is read
        for number in range(1, count + 1)
    ]


def message_data(number: int) -> dict[str, object]:
    reader = number % READERS + 1
    answers = {"message_reference": {"message_id": str(number - 1), "channel_id": "2"}}
    return {
        "id": str(number),
        "channel_id": "2",
        "type": 19 if number > 1 else 0,
        "content": text(number),
        "author": {"id": str(reader), "username": f"Reader {reader}", "discriminator": "0"}
        | {"avatar": None, "global_name": None},
        "timestamp": (BEGUN + timedelta(minutes=number)).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "member": {"roles": [], "joined_at": BEGUN.isoformat(), "deaf": False, "mute": False}
        | {"flags": 0},
        "pinned": False,
        **(answers if number > 1 else {}),
    }


async def ours(count: int) -> float:
    exported = discussion(count)
    begun = time.process_time()
    page = discussion_html(exported)
    spent = time.process_time() - begun
    assert b"meddled" in page
    return spent


async def theirs(count: int) -> float:
    chat_exporter = importlib.import_module("chat_exporter")

    # It writes into the messages, so that they serve once.
    channel, posts = messages(count)
    begun = time.process_time()
    page = await chat_exporter.raw_export(channel, posts, raise_exceptions=True)
    spent = time.process_time() - begun
    assert page is not None
    assert "meddled" in page
    return spent


async def rate(count: int, runs: int, way: Callable[[int], Awaitable[float]]) -> float:
    """Give the posts a second of the processor's time, the median of the runs."""
    return count / statistics.median([await way(count) for _ in range(runs)])


async def main(count: int, runs: int) -> None:
    print(f"{count} posts of 650 characters, posts a second of one core, medians of {runs} runs")
    our_rate = await rate(count, runs, ours)
    print(f"  {'this exporter':20}{our_rate:>10,.0f}")
    if importlib.util.find_spec("chat_exporter") is None:
        print("  chat-exporter is not installed here")
        return
    their_rate = await rate(count, runs, theirs)
    print(f"  {'chat-exporter':20}{their_rate:>10,.0f}   ours is {our_rate / their_rate:.1f}×")


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 5_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 5,
        )
    )
