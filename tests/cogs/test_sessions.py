"""Sessions that end and go on, and bots that end and start again: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.client import Marginalia
from sandbox.server import Sandbox
from tests.cogs.scenes import posts_of, texts_of
from tests.harness import Club, Settled, commands_ended, found_club, running_bot, settle


def reads_of(sandbox: Sandbox, thread_id: int) -> list[int]:
    """Give after which message each reading of the thread's history began."""
    return [
        int(request.query["after"])
        for request in sandbox.requests
        if request.method == "GET" and request.path == f"/channels/{thread_id}/messages"
    ]


async def test_a_resumed_session_needs_no_reading(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    reads = len(reads_of(sandbox, thread.id))
    sandbox.gateway.refuse()
    await sandbox.gateway.drop(4000, resumable=True)
    await club.ben.post(thread, "Clever.")
    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    await club.ben.post(thread, "Rich.")
    await settled()
    assert [(post.number, post.content) for post in await posts_of(bot, thread)] == [
        (1, "Handsome."),
        (2, "Clever."),
        (3, "Rich."),
    ]
    assert len(reads_of(sandbox, thread.id)) == reads


@pytest.mark.slow  # discord.py waits for five seconds before it identifies anew
async def test_a_new_session_brings_what_the_lost_one_missed(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    edited = await club.ben.post(thread, "Clevver.")
    regretted = await club.ben.post(thread, "regretted")
    await settled()
    sandbox.gateway.refuse()
    await sandbox.gateway.drop(4000, resumable=False)
    await club.ben.post(thread, "Rich.")
    await club.ben.edit(edited, "Clever.")
    await club.ben.delete(regretted)
    unknown = await club.cleo.start_thread(club.forum, "Villette", "New.")
    ready = asyncio.create_task(bot.wait_for("shard_ready", timeout=20))
    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    # The first event of the new session: it must not get the number of the missed one.
    await club.ben.post(thread, "Happy.")
    await ready
    await settled()
    assert [(post.number, post.content) for post in await posts_of(bot, thread)] == [
        (1, "Handsome."),
        (2, "Clever."),
        (3, ""),
        (4, "Rich."),
        (5, "Happy."),
    ]
    assert await texts_of(bot, unknown) == ["New."]


async def test_a_bot_that_was_down_catches_up_from_where_it_was(
    discord_alone: Sandbox, tmp_path: Path
) -> None:
    sandbox, path = discord_alone, tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as first:
        club = await found_club(first, sandbox, await sandbox.create_guild("Tuesday Readers"))
        thread = await club.ann.start_thread(club.forum, "War and Peace", "0")
        asleep = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
        await club.ann.archive(asleep)
        for number in range(1, 121):
            await club.ben.post(thread, str(number))
        await settle(sandbox)
        sandbox.clock.advance(timedelta(days=30))
        await first.app.ticker.run("gaps")
    for number in range(121, 131):
        await club.ben.post(thread, str(number))
    sandbox.requests.clear()

    async with running_bot(sandbox, path) as second:
        posts = await posts_of(second, thread)
        assert [post.content for post in posts] == [str(number) for number in range(131)]
        assert [post.number for post in posts] == list(range(1, 132))
        found = await second.app.discussions.by_thread(asleep.id)
        assert found is not None
        assert found.is_current
    assert len(reads_of(sandbox, thread.id)) == 1, "old pages are not read again"
    assert reads_of(sandbox, asleep.id) == []


async def test_a_history_whose_reading_was_cut_off_is_read_to_its_end_by_the_next_bot(
    discord_alone: Sandbox, tmp_path: Path
) -> None:
    sandbox, path = discord_alone, tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as first:
        club = await found_club(first, sandbox, await sandbox.create_guild("Tuesday Readers"))
        with sandbox.gateway.swallowing():
            older = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
            newer = await club.ann.start_thread(club.forum, "Villette", "Bleak.")
        # The newest thread is read first; the other one's reading fails.
        sandbox.faults.fail("GET", f"/channels/{older.id}/messages", status=400)
        await club.guild.become_unavailable()
        await club.guild.become_available()
        await settle(sandbox)
        assert await texts_of(first, newer) == ["Bleak."]
        assert await texts_of(first, older) == []
        progress = await first.app.discussions.progress(club.forum.id)
        assert (progress.discussions, progress.discussions_read) == (2, 1)

    async with running_bot(sandbox, path) as second:
        assert await texts_of(second, older) == ["Handsome."]
        assert await texts_of(second, newer) == ["Bleak."]
        progress = await second.app.discussions.progress(club.forum.id)
        assert (progress.discussions, progress.discussions_read) == (2, 2)


async def test_a_hosts_question_is_asked_and_answered_across_restarts(
    discord_alone: Sandbox, tmp_path: Path
) -> None:
    sandbox, path = discord_alone, tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as first:
        club = await found_club(first, sandbox, await sandbox.create_guild("Tuesday Readers"))
        thread = await club.ann.start_thread(club.forum, "Emma", "Well?")
        messages = [await club.ben.post(thread, f"Reason {number}") for number in range(25)]
        await settle(sandbox)
    for message in messages[:10]:
        await club.ben.delete(message)
    async with running_bot(sandbox, path) as second:
        (question,) = await second.app.vanished_questions.of_guild(club.guild.id)
        assert (question.post_count, question.is_told) == (10, True)
    asked = await club.host.next_dm()
    async with running_bot(sandbox, path) as third:
        await club.host.click(asked, "Keep them")
        await commands_ended(sandbox)
        living = [post for post in await posts_of(third, thread) if not post.is_deleted]
        assert len(living) == 26
    assert len(club.host.inbox) == 1
