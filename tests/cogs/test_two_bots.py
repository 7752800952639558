"""Two bots on one database, as when a service is started twice: nothing is doubled or lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.guild import SandboxGuild
from sandbox.server import Sandbox
from tests.cogs.scenes import posts_of
from tests.harness import found_club, running_bot, settle
from tests.replaying import discussion, only_thread, queued, replay, thoughts


@pytest.mark.slow
async def test_two_bots_on_one_database_keep_each_post_once_and_send_one_digest(
    sandbox: Sandbox, guild: SandboxGuild, tmp_path: Path
) -> None:
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as one:
        club = await found_club(one, sandbox, guild)
        thread = await club.ann.start_thread(club.forum, "Emma", "0")
        await settle(sandbox)
        discussion = await one.app.discussions.by_thread(thread.id)
        assert discussion is not None
        await one.app.tracking.track_discussion(club.ben.id, discussion.id, one.clock.now())
        async with running_bot(sandbox, path) as two:
            for number in range(1, 31):
                message = await club.ann.post(thread, str(number))
                if number % 3 == 0:
                    await club.ann.edit(message, f"{number}!")
                if number % 7 == 0:
                    await club.ann.delete(message)
            await settle(sandbox)
            sandbox.clock.advance(timedelta(days=8))
            await asyncio.gather(*(bot.app.ticker.run("digests") for bot in (one, two)))
            posts = await posts_of(two, thread)
    assert [post.number for post in posts] == list(range(1, 32))
    assert [post.content for post in posts] == ["0"] + [
        "" if number % 7 == 0 else f"{number}!" if number % 3 == 0 else str(number)
        for number in range(1, 31)
    ]
    assert len([message for message in club.ben.inbox if message.embeds]) == 1


async def test_two_bots_on_one_database_bring_back_each_old_post_once(
    sandbox: Sandbox, guild: SandboxGuild, tmp_path: Path
) -> None:
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as one:
        club = await found_club(one, sandbox, guild)
        async with running_bot(sandbox, path) as two:
            discussion_id = await queued(one, discussion(12), club.forum)
            await asyncio.gather(replay(one), replay(two))
            await settle(sandbox)
            # What the two have told each other by deleting copies would be seen to by the next.
            await asyncio.gather(replay(one), replay(two))
            await settle(sandbox)
            posts = await one.app.posts.page(discussion_id, limit=100)
    thread = only_thread(guild)
    assert thoughts(thread) == [*range(1, 13)]
    assert [post.message_id for post in posts] == [message.id for message in thread.messages]
