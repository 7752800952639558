"""The messages in which the progress of imports is shown."""

from __future__ import annotations

from bot.store.importing.boards import Board
from bot.store.importing.replays import ReplayState
from tests.store.archive import FIRST, NOW, SECOND, WHOLE, Archive

CHANNEL, MESSAGE = 77, 770


async def boards(archive: Archive) -> list[tuple[int, int, str | None, ReplayState]]:
    return [
        (one.channel_id, one.message_id, one.text, one.progress.state)
        for one in await archive.boards.open()
    ]


async def test_a_board_tells_the_progress_and_what_it_says_now(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    progress = await archive.replays.progress(discussion_id)
    assert await archive.boards.open() == (Board(progress, CHANNEL, MESSAGE, None),)
    await archive.boards.shown(discussion_id, "0 of 6 posts")
    assert await archive.boards.open() == (Board(progress, CHANNEL, MESSAGE, "0 of 6 posts"),)


async def test_a_board_that_has_said_its_last_word_or_is_lost_is_forgotten(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    await archive.boards.forget(discussion_id)
    assert await boards(archive) == []


async def test_a_later_board_of_the_same_import_takes_the_place_of_the_first(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    await archive.boards.shown(discussion_id, "0 of 6 posts")
    await archive.boards.show_on(discussion_id, CHANNEL + 1, MESSAGE + 1)
    assert await boards(archive) == [(CHANNEL + 1, MESSAGE + 1, None, ReplayState.RUNNING)]


async def test_a_board_outlives_the_import_that_was_taken_back(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    await archive.replays.cancel(discussion_id, NOW)
    assert await boards(archive) == [(CHANNEL, MESSAGE, None, ReplayState.CANCELLED)]
    await archive.replays.undo(discussion_id, NOW)
    (board,) = await archive.boards.open()
    assert board.progress.state is ReplayState.UNDONE
    assert (board.progress.title, board.progress.thread_id) == (WHOLE.title, None)


async def test_a_board_says_that_later_pages_were_taken_back_though_the_first_stay(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.bring(SECOND)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    assert await boards(archive) == [(CHANNEL, MESSAGE, None, ReplayState.UNDONE)]


async def test_a_board_of_what_was_erased_is_forgotten(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.boards.show_on(discussion_id, CHANNEL, MESSAGE)
    await archive.removals.erase(discussion_id, NOW)
    assert await boards(archive) == []
