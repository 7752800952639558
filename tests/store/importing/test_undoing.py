"""Imports that are taken back: what goes, what stays, and that they can come again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import UserError
from bot.core.incoming import ThreadFacts
from bot.store.importing.replays import ReplayState, Undoing
from tests.store.archive import (
    FIRST,
    FORUM,
    GUILD,
    HOST,
    NOW,
    SECOND,
    THREAD,
    WHOLE,
    Archive,
    message_of,
)


async def numbers(archive: Archive, discussion_id: int) -> list[int | None]:
    return [one.number for one in await archive.posts.page(discussion_id)]


async def test_an_import_by_itself_is_taken_back_with_its_thread_and_leaves_nothing(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id, parts=2)
    await archive.replays.cancel(discussion_id, NOW)
    undoing = await archive.replays.undoing(discussion_id)
    assert undoing == Undoing(
        forum_id=FORUM,
        thread_id=THREAD,
        removes_thread=True,
        message_ids=tuple(message_of(n, part) for n in range(1, 7) for part in (0, 1)),
    )
    await archive.replays.undo(discussion_id, NOW)
    async with archive.database.reading() as connection:
        for table in ("discussion", "post", "saved_post", "author", "replay", "replayed_message"):
            rows = await connection.execute_fetchall(f"SELECT * FROM {table}")
            assert not list(rows), table
    assert archive.directory.kept(THREAD) is None


async def test_the_thread_of_what_was_taken_back_never_becomes_a_discussion(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    late = ThreadFacts(
        thread_id=THREAD,
        forum_id=FORUM,
        guild_id=GUILD,
        title=WHOLE.title,
        is_private=False,
        is_locked=False,
        is_archived=False,
        tag_ids=frozenset(),
        started_at=NOW,
    )
    assert await archive.discussions.ensure(late, NOW) is None


async def test_what_had_no_thread_yet_is_taken_back_without_one(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.cancel(discussion_id, NOW)
    assert await archive.replays.undoing(discussion_id) == Undoing(FORUM, None, False, ())
    await archive.replays.undo(discussion_id, NOW)
    assert await archive.replays.pending() == ()


async def test_taken_back_and_imported_again_is_imported(archive: Archive) -> None:
    first = await archive.bring(FIRST, SECOND)
    before = (await archive.replays.load(first)).document
    await archive.send(first)
    await archive.replays.cancel(first, NOW)
    # What goes from Discord is heard of as deletions.
    await archive.recording.delete(first, [message_of(4), message_of(5)], NOW)
    await archive.replays.undo(first, NOW)
    again = await archive.bring(FIRST, SECOND)
    assert (await archive.replays.load(again)).document == before
    await archive.assert_consistent()


async def test_a_members_posts_stay_with_the_thread_and_answer_something_unknown(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.say(discussion_id, 5_000, reply_to=message_of(3))
    await archive.say(discussion_id, 5_001, reply_to=5_000)
    await archive.replays.cancel(discussion_id, NOW)
    assert not (await archive.replays.undoing(discussion_id)).removes_thread
    await archive.replays.undo(discussion_id, NOW)
    chain = await archive.posts.chain(5_001)
    assert chain is not None
    assert [one.message_id for one in chain.posts] == [5_000, 5_001]
    assert chain.root_parent_unknown
    await archive.assert_consistent()
    assert (await archive.bring(WHOLE)) != discussion_id


async def test_a_members_post_that_was_deleted_keeps_no_thread(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.say(discussion_id, 5_000)
    await archive.recording.delete(discussion_id, [5_000], NOW)
    await archive.replays.cancel(discussion_id, NOW)
    assert (await archive.replays.undoing(discussion_id)).removes_thread


async def test_where_others_wrote_what_is_not_known_here_the_thread_stays_and_is_read(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.discussions.settle(discussion_id)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW, keeps_thread=True)
    discussion = await archive.discussions.by_thread(THREAD)
    assert discussion is not None
    assert (discussion.id, discussion.post_count) == (discussion_id, 0)
    assert not discussion.is_current


async def test_of_later_pages_only_their_posts_are_taken_back(archive: Archive) -> None:
    discussion_id = await archive.replay(FIRST)
    before = (await archive.replays.load(discussion_id)).document
    await archive.bring(SECOND)
    await archive.send(discussion_id)
    await archive.say(discussion_id, 5_000, reply_to=message_of(6))
    await archive.replays.cancel(discussion_id, NOW)
    undoing = await archive.replays.undoing(discussion_id)
    assert (undoing.removes_thread, undoing.message_ids) == (
        False,
        tuple(map(message_of, (4, 5, 6))),
    )
    await archive.replays.undo(discussion_id, NOW)
    assert await numbers(archive, discussion_id) == [1, 2, 3, 7]
    assert (await archive.replays.load(discussion_id)).document == before
    assert (await archive.replays.progress(discussion_id)).state is ReplayState.FINISHED
    await archive.assert_consistent()
    await archive.bring(SECOND)
    assert await numbers(archive, discussion_id) == [1, 2, 3, 4, 5, 6, 7]
    await archive.assert_consistent()


async def test_an_earlier_post_loses_the_parent_that_later_pages_brought(archive: Archive) -> None:
    discussion_id = await archive.replay(SECOND)
    await archive.bring(FIRST)
    for one in (await archive.replays.load(discussion_id)).posts:
        await archive.replays.line_shown(one)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    queued = await archive.replays.load(discussion_id)
    told = [
        (one.post.number, one.post.in_reply_to, one.post.reply_evidence) for one in queued.posts
    ]
    assert told == [(4, None, None), (5, 4, "link"), (6, None, None)]
    assert [one.is_outdated for one in queued.posts] == [True, False, True]
    await archive.bring(FIRST)
    document = (await archive.replays.load(discussion_id)).document
    assert [one.in_reply_to for one in document.posts] == [None, 1, 2, 3, 4, 1]
    await archive.assert_consistent()


async def test_what_a_host_chose_goes_with_the_post_that_was_chosen(archive: Archive) -> None:
    discussion_id = await archive.replay(SECOND)
    await archive.bring(FIRST)
    fourth, first = [await archive.of_number(discussion_id, number) for number in (4, 1)]
    await archive.parents.choose(fourth.id, first.id, HOST, NOW)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    assert await archive.parents.chosen_by(fourth.id) is None
    assert (await archive.of_number(discussion_id, 4)).parent_id is None


async def test_pages_of_what_was_begun_and_not_finished_are_taken_back_together(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(FIRST)
    await archive.send(discussion_id)
    await archive.bring(SECOND)
    await archive.replays.cancel(discussion_id, NOW)
    assert (await archive.replays.undoing(discussion_id)).removes_thread


async def test_a_post_that_was_deleted_before_later_pages_came_stays_deleted(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.recording.delete(discussion_id, [message_of(n) for n in (1, 2, 3)], NOW)
    await archive.bring(SECOND)
    await archive.replays.cancel(discussion_id, NOW)
    assert not (await archive.replays.undoing(discussion_id)).removes_thread
    await archive.replays.undo(discussion_id, NOW)
    await archive.bring(WHOLE)
    queued = await archive.replays.load(discussion_id)
    assert [one.is_deleted for one in queued.posts] == [True] * 3 + [False] * 3


async def test_pages_wait_until_what_they_complete_has_been_taken_back(archive: Archive) -> None:
    discussion_id = await archive.bring(FIRST)
    await archive.replays.cancel(discussion_id, NOW)
    with pytest.raises(UserError, match="just being taken back"):
        await archive.imports.queue(SECOND, FORUM, NOW)
    with pytest.raises(UserError, match="just being taken back"):
        await archive.imports.plan(SECOND, FORUM)


async def test_messages_of_what_was_taken_back_never_come_in_as_posts(archive: Archive) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.bring(SECOND)
    await archive.send(discussion_id)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    await archive.say(discussion_id, message_of(5))
    assert (await archive.of_number(discussion_id, 7)).is_deleted


async def test_an_import_that_is_not_there_has_nothing_to_be_taken_back(archive: Archive) -> None:
    with pytest.raises(LookupError):
        await archive.replays.undoing(1)


async def test_numbers_that_later_pages_promised_stay_free(archive: Archive) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.bring(replace(SECOND, total_posts=9))
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    await archive.discussions.settle(discussion_id)
    await archive.say(discussion_id, 5_000)
    assert await numbers(archive, discussion_id) == [1, 2, 3, 10]
