"""Histories are read in, and gaps in the events are caught up with."""

from __future__ import annotations

from bot.client import Marginalia
from bot.core.model import Post
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.harness import Club, Settled


async def posts_of(bot: Marginalia, thread: SandboxThread) -> tuple[Post, ...]:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return await bot.app.posts.page(discussion.id, limit=1000)


async def texts_of(bot: Marginalia, thread: SandboxThread) -> list[str]:
    return [post.content for post in await posts_of(bot, thread)]


async def test_what_was_posted_in_an_outage_is_read_and_numbered_in_order(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Middlemarch", "Where to begin?")
    await club.ben.post(thread, "At the prelude.")
    await settled()
    with sandbox.gateway.swallowing():
        await club.ann.post(thread, "missed")
    await club.guild.become_unavailable()
    await club.guild.become_available()
    await club.ben.post(thread, "afterwards")
    await settled()
    assert await texts_of(bot, thread) == [
        "Where to begin?",
        "At the prelude.",
        "missed",
        "afterwards",
    ]
    assert [post.number for post in await posts_of(bot, thread)] == [1, 2, 3, 4]
