"""An old post goes with any of its messages, and what is left of it on Discord is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store.absences import Absence, Absences
from bot.store.forums import Forums
from bot.store.importing.replays import Leftover
from bot.store.reading import HistoryPage, Readings
from bot.store.servers import Servers
from tests.store.archive import (
    ANN,
    FORUM,
    GUILD,
    NOW,
    THREAD,
    WHOLE,
    Archive,
    message_of,
)


async def left(archive: Archive) -> list[int]:
    return [one.message_id for one in await archive.replays.leftovers(NOW)]


@pytest.mark.parametrize(
    ("part", "others"), [(0, (1, 2)), (1, (0, 2)), (2, (0, 1))], ids=["first", "middle", "last"]
)
async def test_a_post_goes_with_any_of_its_messages_and_leaves_the_others(
    archive: Archive, part: int, others: tuple[int, int]
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=3)
    deleted = await archive.recording.delete(discussion_id, [message_of(2, part)], NOW)
    assert deleted == 1
    post = await archive.of_number(discussion_id, 2)
    assert (post.is_deleted, post.content) == (True, "")
    assert await left(archive) == [message_of(2, other) for other in others]
    await archive.assert_consistent()


async def test_messages_of_one_post_that_are_deleted_at_once_are_one_post(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=3)
    gone = [message_of(2, 1), message_of(2, 2), message_of(3, 0), message_of(3, 1)]
    assert await archive.recording.delete(discussion_id, gone, NOW) == 2
    assert await left(archive) == [message_of(2, 0), message_of(3, 2)]
    await archive.assert_consistent()


async def test_what_was_removed_is_no_leftover_and_a_reply_to_it_still_has_its_chain(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    await archive.recording.delete(discussion_id, [message_of(2, 0)], NOW)
    await archive.replays.removed(message_of(2, 1), NOW)
    assert await left(archive) == []
    await archive.say(discussion_id, 5_000, reply_to=message_of(2, 1))
    chain = await archive.posts.chain(5_000)
    assert chain is not None
    assert [one.number for one in chain.posts] == [1, 2, 7]


async def test_what_discord_refused_to_remove_rests_for_a_day(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    await archive.recording.delete(discussion_id, [message_of(2, 0)], NOW)
    await archive.replays.removal_refused(message_of(2, 1), "Not allowed.", NOW)
    assert await archive.replays.leftovers(NOW + timedelta(hours=23)) == ()
    expected = Leftover(FORUM, THREAD, message_of(2, 1))
    assert await archive.replays.leftovers(NOW + timedelta(days=1)) == (expected,)


async def test_a_message_that_discord_took_while_its_post_was_erased_is_a_leftover(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.attach_thread(discussion_id, THREAD)
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    first = (await archive.replays.load(discussion_id)).posts[0]
    await archive.replays.message_sent(first.id, 0, message_of(1))
    assert await left(archive) == [message_of(1)]


async def test_a_deleted_thread_and_what_is_taken_back_leave_nothing_by_this_way(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id, parts=2)
    await archive.recording.delete(discussion_id, [message_of(2, 0)], NOW)
    await archive.replays.cancel(discussion_id, NOW)
    assert await left(archive) == []
    await archive.replays.undo(discussion_id, NOW)
    again = await archive.bring(WHOLE)
    await archive.send(again, parts=2, thread_id=THREAD + 500)
    await archive.recording.delete(again, [message_of(2, 0) + 500], NOW)
    await archive.removals.hide(THREAD + 500, NOW)
    assert await left(archive) == []


async def test_a_forum_that_was_ended_has_leftovers_as_long_as_the_bot_is_in_the_server(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    await archive.recording.delete(discussion_id, [message_of(2, 0)], NOW)
    await Forums(archive.database, archive.directory).remove(FORUM, NOW)
    assert await left(archive) == [message_of(2, 1)]
    await Servers(archive.database, archive.directory).left(GUILD, NOW)
    assert await left(archive) == []


async def read_without(archive: Archive, discussion_id: int, *missing: int) -> None:
    """Read the whole thread, in whose history these messages are not."""
    readings = Readings(archive.database)
    for forum in await readings.unlisted(GUILD):
        await readings.listed(forum, {THREAD: None}, 0, NOW)
    async with archive.database.transaction() as connection:
        await connection.execute(
            "UPDATE discussion SET read_after = 0 WHERE id = ?", (discussion_id,)
        )
    reading = await readings.next(GUILD)
    assert reading is not None
    present = sorted(
        {message_of(number, part) for number in range(1, 7) for part in (0, 1)} - {*missing}
    )
    await readings.advance(reading, HistoryPage(tuple(present), is_last=True))


async def test_a_part_that_a_reading_does_not_find_is_absent_and_to_be_asked_for(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    await read_without(archive, discussion_id, message_of(2, 1))
    absences = Absences(archive.database)
    absent = await absences.next(GUILD)
    assert absent is not None
    assert absent.absences == (Absence(message_of(2, 1), THREAD),)
    await read_without(archive, discussion_id)
    assert await absences.next(GUILD) is None


async def test_parts_that_are_gone_count_as_their_posts_and_may_be_kept_by_a_host(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    async with archive.database.transaction() as connection:
        # So many more that one post gone is no alarm, and two are.
        await connection.executemany(
            "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark)"
            " VALUES (?, 'post', 0, 'Live.', 0, 99)",
            [(discussion_id,)] * 33,
        )
    absences = Absences(archive.database)
    gone = [message_of(2, 0), message_of(2, 1)]
    assert not await absences.withhold(discussion_id, gone, NOW)
    gone += [message_of(3, 1)]
    assert await absences.withhold(discussion_id, gone, NOW)
    assert (await archive.of_number(discussion_id, 3)).is_deleted
    # The first message of the third post is there: that does not bring the post back.
    await read_without(archive, discussion_id, *gone)
    assert (await archive.of_number(discussion_id, 3)).is_deleted
    async with archive.database.reading() as connection:
        (question,) = await connection.execute_fetchall("SELECT id FROM vanished_question")
    await absences.keep(question["id"], NOW)
    await read_without(archive, discussion_id, *gone)
    assert (await archive.of_number(discussion_id, 3)).content == "Post 3."
    assert await absences.next(GUILD) is None


async def test_a_withheld_post_whose_messages_are_all_there_again_is_shown(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    gone = [message_of(number, 1) for number in range(1, 7)]
    async with archive.database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark)"
            " VALUES (?, 'post', 0, 'Live.', 0, 99)",
            [(discussion_id,)] * 33,
        )
    assert await Absences(archive.database).withhold(discussion_id, gone, NOW)
    await read_without(archive, discussion_id)
    assert not (await archive.of_number(discussion_id, 2)).is_deleted
