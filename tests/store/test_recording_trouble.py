"""A locked or full database, a bad post, a caller that gives up: nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from bot.store.database import Database, StorageUnavailableError
from bot.store.posts import Posts
from bot.store.recording import Outcome, Recording, open_recording
from tests.store.conftest import Warned
from tests.store.thread import THREAD, found_club, message, minute


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def be_impatient(database: Database) -> None:
    """Let the writer give up at once where it would wait for a lock."""
    await database.write(lambda writer: writer.execute("PRAGMA busy_timeout = 1").close())


async def contents(database: Database, discussion: int) -> list[str]:
    return [post.content for post in await Posts(database).page(discussion, limit=10_000)]


def start(recording: Recording, discussion: int, *contents: str) -> list[asyncio.Task[object]]:
    return [
        asyncio.create_task(recording.record(discussion, message(THREAD + number, content)))
        for number, content in enumerate(contents, start=1)
    ]


async def test_a_locked_database_is_told_and_tried_again_until_it_is_free(
    database: Database, warned: Warned
) -> None:
    discussion = await (await found_club(database)).discussion()
    await be_impatient(database)
    async with open_recording(database) as recording:
        with locked(database):
            first = start(recording, discussion, "One.", "Two.")
            await warned.heard.wait()
            assert "another program holds it; close that program" in warned.text
            assert "2 wait" in warned.text
            deletion = asyncio.create_task(recording.delete(discussion, [1_002], minute(9)))
            assert not any(task.done() for task in first)
        await asyncio.gather(*first, deletion)

    assert await contents(database, discussion) == ["One.", ""]


async def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(
    database: Database, warned: Warned
) -> None:
    discussion = await (await found_club(database)).discussion()
    texts = [f"{number} " + "x" * 1_990 for number in range(300)]
    await database.write(lambda writer: writer.execute("PRAGMA max_page_count = 100").close())
    async with open_recording(database) as recording:
        posts = start(recording, discussion, *texts)
        await warned.heard.wait()
        assert "the disk is full; make room on it" in warned.text
        assert await contents(database, discussion) == []

        await database.write(
            lambda writer: writer.execute("PRAGMA max_page_count = 100000").close()
        )
        await asyncio.gather(*posts)

    assert await contents(database, discussion) == texts


async def test_a_bad_post_does_not_take_its_neighbours_along(database: Database) -> None:
    discussion = await (await found_club(database)).discussion()
    async with open_recording(database) as recording:
        results = await asyncio.gather(
            *start(recording, discussion, "One.", "lone \ud83d", "Three."),
            recording.delete(discussion, [1_003], minute(9)),
            return_exceptions=True,
        )

        assert isinstance(results[1], UnicodeEncodeError)
        assert [getattr(result, "outcome", None) for result in results] == [
            Outcome.NEW,
            None,
            Outcome.NEW,
            None,
        ]
        assert results[3] == 1
    assert await contents(database, discussion) == ["One.", ""]


async def test_a_caller_that_gives_up_does_not_take_the_post_back(database: Database) -> None:
    discussion = await (await found_club(database)).discussion()
    async with open_recording(database) as recording:
        with locked(database):
            given_up, other = start(recording, discussion, "One.", "Two.")
            await asyncio.sleep(0)
            given_up.cancel()
            await asyncio.wait({given_up})
        await other
        assert given_up.cancelled()

    assert await contents(database, discussion) == ["One.", "Two."]


async def test_closing_stores_what_still_waits_and_refuses_what_comes_later(
    database: Database,
) -> None:
    discussion = await (await found_club(database)).discussion()
    async with open_recording(database) as recording:
        posts = start(recording, discussion, *map(str, range(5_000)))
        await asyncio.sleep(0)

    assert len(await contents(database, discussion)) == 5_000
    assert all(task.done() for task in posts)
    with pytest.raises(StorageUnavailableError, match="closing"):
        await recording.record(discussion, message(9_999))


async def test_a_recording_closed_at_once_stores_what_it_was_given(database: Database) -> None:
    discussion = await (await found_club(database)).discussion()
    async with open_recording(database) as recording:
        # Up to its first wait, before the recording itself has had a turn.
        recorded = recording.record(discussion, message(1_001, "One."))
        recorded.send(None)
    recorded.close()

    assert await contents(database, discussion) == ["One."]


async def test_when_too_much_waits_posts_are_refused_and_their_discussion_read_again(
    database: Database,
) -> None:
    club = await found_club(database)
    discussion, other = await club.discussion(), await club.discussion(2_000)
    async with open_recording(database, waiting_limit=3) as recording:
        with locked(database):
            kept = start(recording, discussion, "One.", "Two.", "Three.")
            await asyncio.sleep(0)
            with pytest.raises(StorageUnavailableError, match="read again"):
                await recording.record(discussion, message(1_004, "Four."))
        await asyncio.gather(*kept)
        await recording.record(discussion, message(1_005, "Five."))

        discussions = [await club.discussions.get(each) for each in (discussion, other)]
        assert [each.is_current for each in discussions if each] == [False, True]

        # What reading the history again does: the late post gets its place before the later one.
        await recording.record(discussion, message(1_004, "Four."), after_gap=True)
    await club.discussions.settle(discussion)
    assert await contents(database, discussion) == ["One.", "Two.", "Three.", "Four.", "Five."]


@pytest.mark.slow
async def test_a_database_that_stays_locked_does_not_keep_the_bot_from_closing(
    database: Database, warned: Warned
) -> None:
    discussion = await (await found_club(database)).discussion()
    await be_impatient(database)
    with locked(database):
        async with open_recording(database) as recording:
            (post,) = start(recording, discussion, "One.")
            await warned.heard.wait()
        with pytest.raises(StorageUnavailableError, match="another program holds it"):
            await post
    assert "1 were not stored" in warned.text
