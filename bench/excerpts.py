"""How long it takes to shorten a post, and to put a long reply chain into words.

Run `python -m bench.excerpts [runs]`. The limit beside it cuts the text at a place and collapses
its blanks, and knows nothing of Markdown, spoilers and characters of several code points. The
times are the processor's: nothing here waits.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from bench.discussion import TEXT
from bench.measuring import Way, medians, print_table
from bot.core.chains import compose_chain
from bot.core.excerpt import excerpt
from bot.core.model import Author, Chain, Discussion, Post, PostKind

Given = TypeVar("Given")

LENGTH = 300
TEXTS = {
    "prose": TEXT * 3,
    "prose in Cyrillic": "Она была другом и спутницей, какие редко бывают. " * 40,
    "prose in Chinese": "她是难得的朋友和伴侣：聪明、有用、温和。" * 95,
    "a mark in every other word": "He **said** _no_ to <@123456> and ||left||. " * 43,
}
DISCUSSION = Discussion(
    id=1, guild_id=1, forum_id=1, thread_id=1, title="Emma", book=None, is_private=False,
    is_locked=False, is_archived=False, is_current=True, post_count=26,
)  # fmt: skip


def chain_of(text: str) -> Chain:
    """Give a chain of as many posts as are ever shown."""
    posts = [
        Post(
            id=place, discussion_id=1, thread_id=1, message_id=10**18 + place, channel_id=10**18,
            guild_id=10**18, number=place, author=Author(place, f"Reader {place}", place),
            kind=PostKind.REPLY, content=text, attachments=(), notes=(),
            posted_at=datetime(2026, 11, 1, tzinfo=UTC), edited_at=None, edited_in_gap=False,
            parent_id=place - 1, reply_count=1, is_deleted=False, is_imported=False,
        )
        for place in range(26)
    ]  # fmt: skip
    return Chain(DISCUSSION, posts[0], tuple(posts[1:]), is_cut=True, root_parent_unknown=True)


def cut(text: str) -> str:
    """The limit."""
    return " ".join(text[: 2 * LENGTH].split())[:LENGTH]


def shortened(text: str) -> str:
    return excerpt(text, LENGTH)


def at_once(work: Callable[[Given], object], given: Given) -> Way:
    """Give work that waits for nothing as a way to be measured."""

    async def way() -> object:
        return work(given)

    return way


async def main(runs: int) -> None:
    prose = TEXTS["prose"]
    limit = "cut anywhere, all marks left open (limit)"
    ways = {limit: at_once(cut, prose)}
    for name, text in TEXTS.items():
        ways[name] = at_once(shortened, text)
    measured = await medians(ways, runs, time.process_time)
    print_table(f"{len(prose):,} characters shortened to {LENGTH}", measured, limit)
    ways = {limit: at_once(lambda texts: [*map(cut, texts)], [prose] * 26)}
    for name, text in TEXTS.items():
        ways[name] = at_once(compose_chain, chain_of(text))
    measured = await medians(ways, max(1, runs // 20), time.process_time)
    print_table("A chain of 25 such posts and its initial post", measured, limit)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400))
