"""A replay that is broken off: by the end of the program, or by a Discord that does not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.store.replays import ReplayState
from tests.harness import found_club, running_bot, settle

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox

pytestmark = pytest.mark.slow

OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
COUNT = 70

PAGE = ImportedDiscussion(
    title="Who is telling this?",
    forum=None,
    book=None,
    participants=2,
    total_posts=COUNT,
    tracked_by=None,
    initial_post=None,
    latest_post=None,
    missing_posts=(),
    posts=tuple(
        ImportedPost(
            number,
            "Wren" if number % 2 else "Tamsin",
            OLD + timedelta(days=number),
            None,
            PostKind.INITIAL if number == 1 else PostKind.REPLY,
            f"Thought {number} about Nelly Dean.",
            number - 1 if number > 1 else None,
        )
        for number in range(1, COUNT + 1)
    ),
    warnings=(),
)


async def tick(bot: Marginalia) -> None:
    await bot.app.ticker.run("replay")
    await bot.app.replay.settled()


async def test_a_replay_goes_on_after_each_restart_without_a_double_or_a_gap(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    guild = await sandbox.create_guild("Tuesday Readers")
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as bot:
        club = await found_club(bot, sandbox, guild)
        queued = await bot.app.imports.queue(PAGE, club.forum.id, sandbox.clock.now())
        discussion_id = queued.discussion_id
        await tick(bot)
        await settle(sandbox)
    (thread,) = guild.threads.values()
    assert 0 < len(thread.messages) < COUNT
    # While the bot is away, a reader answers an old post.
    reply = await club.ann.reply(thread.messages[4], "And who listens to it?")
    for _ in range(2):
        async with running_bot(sandbox, path) as bot:
            await tick(bot)
            await settle(sandbox)
    async with running_bot(sandbox, path) as bot:
        posts = await bot.app.posts.page(discussion_id, limit=1000)
        chain = await bot.app.posts.chain(reply.id)
        (discussion,) = await bot.app.discussions.of_forum(club.forum.id)
    replayed = [message for message in thread.messages if message.webhook is not None]
    assert [post.content for post in posts] == [
        *(post.content for post in PAGE.posts),
        reply.content,
    ]
    assert [post.message_id for post in posts] == [*(one.id for one in replayed), reply.id]
    for message, post in zip(replayed, PAGE.posts, strict=True):
        assert post.content in message.content
    assert discussion.id == discussion_id
    assert chain is not None
    assert [post.number for post in chain.posts] == [1, 2, 3, 4, 5, COUNT + 1]


async def test_while_discord_does_not_answer_a_replay_waits_and_then_goes_on(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    guild = await sandbox.create_guild("Tuesday Readers")
    async with running_bot(sandbox, tmp_path / "marginalia.sqlite3") as bot:
        club = await found_club(bot, sandbox, guild)
        queued = await bot.app.imports.queue(PAGE, club.forum.id, sandbox.clock.now())
        discussion_id = queued.discussion_id
        # discord.py tries five times, over 16 seconds, before it gives up.
        sandbox.faults.fail("POST", "/webhooks/{}/{}", status=503, times=5)
        await tick(bot)
        assert (await bot.app.replays.progress(discussion_id)).failure is None
        assert not guild.threads
        for _ in range(3):
            await tick(bot)
        await settle(sandbox)
        assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.FINISHED
    (thread,) = guild.threads.values()
    assert len(thread.messages) == COUNT
