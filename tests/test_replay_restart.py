"""A replay that is broken off: by the end of the program, or by a Discord that does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store.importing.replays import ReplayState
from tests.harness import found_club, running_bot, settle
from tests.replaying import (
    EXECUTE,
    begin,
    by_webhook,
    discussion,
    only_thread,
    queued,
    replay,
    text_of,
    thoughts,
)

if TYPE_CHECKING:
    from sandbox.server import Sandbox

pytestmark = pytest.mark.slow

COUNT = 12


async def test_a_replay_goes_on_after_each_restart_without_a_double_or_a_gap(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    guild = await sandbox.create_guild("Tuesday Readers")
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as bot:
        club = await found_club(bot, sandbox, guild)
        discussion_id = await queued(bot, discussion(COUNT), club.forum)
        held = sandbox.faults.hold("POST", EXECUTE, after=6)
        await begin(bot)
        await held.came.wait()
    # Discord takes the last one when the bot has ended.
    held.let_in()
    thread = only_thread(guild)
    # While the bot is away, a reader answers an old post.
    reply = await club.ann.reply(thread.messages[4], "And who listens to it?")
    async with running_bot(sandbox, path) as bot:
        held = sandbox.faults.hold("POST", EXECUTE, after=2)
        await begin(bot)
        await held.came.wait()
    held.let_in()
    async with running_bot(sandbox, path) as bot:
        await replay(bot)
        await settle(sandbox)
        posts = await bot.app.posts.page(discussion_id, limit=1000)
        chain = await bot.app.posts.chain(reply.id)
        (kept,) = await bot.app.discussions.of_forum(club.forum.id)
    assert thoughts(thread) == [*range(1, COUNT + 1)]
    assert [post.content for post in posts] == [
        *(text_of(number) for number in range(1, COUNT + 1)),
        reply.content,
    ]
    assert [post.message_id for post in posts] == [
        *(message.id for message in by_webhook(thread)),
        reply.id,
    ]
    assert kept.id == discussion_id
    assert chain is not None
    assert [post.number for post in chain.posts] == [1, 2, 3, 4, 5, COUNT + 1]


async def test_an_import_is_taken_back_though_the_bot_ended_on_the_way(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    guild = await sandbox.create_guild("Tuesday Readers")
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as bot:
        club = await found_club(bot, sandbox, guild)
        discussion_id = await queued(bot, discussion(4), club.forum)
        held = sandbox.faults.hold("POST", EXECUTE, after=3)
        await begin(bot)
        await held.came.wait()
        thread = only_thread(guild)
        await club.ann.post(thread, "How old all this is!")
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
        held.let_in()
        deleting = sandbox.faults.hold("DELETE", "/webhooks/{}/{}/messages/{}", after=2)
        await deleting.came.wait()
    deleting.let_in()
    async with running_bot(sandbox, path) as bot:
        await replay(bot)
        await settle(sandbox)
        posts = await bot.app.posts.page(discussion_id, limit=10)
    assert [message.content for message in thread.messages] == ["How old all this is!"]
    assert [post.content for post in posts] == ["How old all this is!"]


async def test_while_discord_does_not_answer_a_replay_waits_and_then_goes_on(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    guild = await sandbox.create_guild("Tuesday Readers")
    async with running_bot(sandbox, tmp_path / "marginalia.sqlite3") as bot:
        club = await found_club(bot, sandbox, guild)
        discussion_id = await queued(bot, discussion(COUNT), club.forum)
        # discord.py tries five times, over 16 seconds, before it gives up.
        sandbox.faults.fail("POST", EXECUTE, status=503, times=5)
        await replay(bot)
        progress = await bot.app.replays.progress(discussion_id)
        assert progress.state is ReplayState.RUNNING
        assert not guild.threads
        await replay(bot)
        await settle(sandbox)
        progress = await bot.app.replays.progress(discussion_id)
        assert progress.state is ReplayState.FINISHED
    assert thoughts(only_thread(guild)) == [*range(1, COUNT + 1)]
