"""What is being read may be deleted or ended at that very moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.client import Marginalia
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.cogs.scenes import moderator, posts_of, set_up, texts_of
from tests.harness import Club, Settled

PATIENCE_SECONDS = 20.0
TEXTS = [str(number) for number in range(120)]


@pytest.fixture
async def unread(bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled) -> SandboxThread:
    """A thread of two pages that the bot has not heard of; the gap in which it began is open."""
    assert bot.is_ready()
    await settled()
    with sandbox.gateway.swallowing():
        thread = await club.ann.start_thread(club.forum, "War and Peace", TEXTS[0])
        for text in TEXTS[1:]:
            await club.ben.post(thread, text)
    await club.guild.become_unavailable()
    sandbox.requests.clear()
    return thread


async def is_reading(bot: Marginalia, club: Club) -> None:
    """Wait until the threads are listed; then the first page is asked for."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await bot.app.readings.next(club.guild.id) is None:  # noqa: ASYNC110 - a row sets none
            await asyncio.sleep(0.01)


async def is_listing(sandbox: Sandbox, club: Club) -> None:
    """Wait until Discord has told the active threads; then the archived ones are asked for."""
    active = f"/guilds/{club.guild.id}/threads/active"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(request.path == active for request in sandbox.requests):  # noqa: ASYNC110 - nor does the wire
            await asyncio.sleep(0.01)


async def test_a_thread_deleted_while_it_is_read_is_hidden_and_the_others_are_read(
    bot: Marginalia, sandbox: Sandbox, club: Club, unread: SandboxThread, settled: Settled
) -> None:
    mo = await moderator(club)
    sandbox.faults.hang("GET", f"/channels/{unread.id}/messages", seconds=0.5)
    await club.guild.become_available()
    await is_reading(bot, club)
    await mo.delete_thread(unread)
    other = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    assert await bot.app.discussions.by_thread(unread.id) is None
    assert [each.thread_id for each in await bot.app.removals.of_guild(club.guild.id)] == [
        unread.id
    ]
    assert await texts_of(bot, other) == ["Handsome."]
    assert club.guild.id not in await bot.app.readings.waiting()


@pytest.mark.parametrize("moment", ["listed", "read"])
async def test_a_forum_ended_while_it_is_listed_or_read_is_read_whole_when_it_is_set_up_again(
    bot: Marginalia,
    sandbox: Sandbox,
    club: Club,
    unread: SandboxThread,
    settled: Settled,
    moment: str,
) -> None:
    if moment == "listed":
        slow = f"/channels/{club.forum.id}/threads/archived/public"
    else:
        slow = f"/channels/{unread.id}/messages"
    sandbox.faults.hang("GET", slow, seconds=0.5)
    await club.guild.become_available()
    if moment == "listed":
        await is_listing(sandbox, club)
    else:
        await is_reading(bot, club)
    await bot.app.forums.remove(club.forum.id, bot.clock.now())
    await settled()
    assert await bot.app.discussions.by_thread(unread.id) is None
    assert club.guild.id not in await bot.app.readings.waiting()

    await set_up(bot, club, club.forum.id, is_forum=True)
    await settled()
    posts = await posts_of(bot, unread)
    assert [post.content for post in posts] == TEXTS
    assert [post.number for post in posts] == list(range(1, len(TEXTS) + 1))
