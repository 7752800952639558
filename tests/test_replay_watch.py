"""A replay watched from another process: the terminal's bar, and what is said when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.errors import UserError
from bot.replay_watch import stored_words, watch
from bot.store.database import Database
from bot.store.recording import open_recording
from tests.store.archive import FIRST, FORUM, GUILD, NOW, THREAD, WHOLE, Archive, open_archive

PATIENCE = 20.0


@pytest.fixture
async def archive(database: Database) -> AsyncIterator[Archive]:
    async with open_recording(database) as recording:
        yield await open_archive(database, recording)


async def words_for(archive: Archive) -> str:
    queued = await archive.imports.queue(FIRST, FORUM, NOW)
    return stored_words(queued, await archive.replays.progress(queued.discussion_id))


async def test_what_was_stored_says_what_the_bot_does_with_it(archive: Archive) -> None:
    assert await words_for(archive) == (
        "Stored: 3 posts, new here. The running bot brings 3 to the forum."
    )
    assert await words_for(archive) == (
        "Nothing is new: all of these posts are here already. "
        "The running bot brings 3 to the forum."
    )


async def test_what_is_finished_already_says_where_it_is(archive: Archive) -> None:
    await archive.replay(WHOLE)

    words = await words_for(archive)

    assert "All of them are in the forum" in words
    assert f"https://discord.com/channels/{GUILD}/{THREAD}" in words


async def test_a_paused_import_says_how_it_goes_on(archive: Archive) -> None:
    await archive.replays.pause(await archive.bring(WHOLE), NOW)

    assert "paused it after 0 of 6 posts: `/imports` in Discord lets it go on" in await words_for(
        archive
    )


async def test_watching_ends_when_all_posts_are_in_the_forum(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    discussion_id = await archive.bring(WHOLE)
    watching = asyncio.create_task(watch(archive.replays, discussion_id, PATIENCE))
    await archive.send(discussion_id)
    await archive.replays.finish(discussion_id, NOW)

    assert (await watching).startswith("All of them are in the forum: https://discord.com/")
    assert "6/6 posts" in capsys.readouterr().out


async def test_watching_ends_when_a_host_pauses_it(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    watching = asyncio.create_task(watch(archive.replays, discussion_id, PATIENCE))
    await archive.replays.pause(discussion_id, NOW)

    assert "A host has paused it" in await watching


async def test_what_the_bot_was_refused_is_told_to_who_watches(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    watching = asyncio.create_task(watch(archive.replays, discussion_id, PATIENCE))
    await archive.replays.fail(discussion_id, "I lack Manage Webhooks. Allow it.")

    with pytest.raises(UserError, match=r"stopped after 0 of 6 posts: I lack Manage Webhooks"):
        await watching


@pytest.mark.parametrize("is_undone", [False, True])
async def test_a_cancelled_import_is_told_to_who_watches(
    archive: Archive, *, is_undone: bool
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.cancel(discussion_id, NOW)
    if is_undone:
        await archive.replays.undo(discussion_id, NOW)

    with pytest.raises(UserError, match="cancelled it in Discord"):
        await watch(archive.replays, discussion_id, PATIENCE)


async def test_where_nothing_moves_no_bot_seems_to_run(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)

    words = await watch(archive.replays, discussion_id, patience=0.1)

    assert "no bot seems to run with this database" in words
    assert "marginalia run" in words
