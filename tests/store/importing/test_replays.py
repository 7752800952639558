"""A replay as hosts steer it, and what of it may go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.errors import UserError
from bot.store.importing.replays import ReplayState
from tests.store.archive import (
    FIRST,
    FORUM,
    GUILD,
    NOW,
    SECOND,
    THREAD,
    WHOLE,
    Archive,
    message_of,
    page,
    post,
)

Steer = Callable[[Archive, int], Awaitable[None]]


async def pause(archive: Archive, discussion_id: int) -> None:
    await archive.replays.pause(discussion_id, NOW)


async def resume(archive: Archive, discussion_id: int) -> None:
    await archive.replays.resume(discussion_id)


async def cancel(archive: Archive, discussion_id: int) -> None:
    await archive.replays.cancel(discussion_id, NOW)


async def fail(archive: Archive, discussion_id: int) -> None:
    await archive.replays.fail(discussion_id, "I lack Manage Webhooks.")


async def fail_to_take_back(archive: Archive, discussion_id: int) -> None:
    await archive.replays.fail(discussion_id, "I lack Manage Threads.", taking_back=True)


async def state_of(archive: Archive, discussion_id: int) -> ReplayState:
    return (await archive.replays.progress(discussion_id)).state


async def test_progress_counts_the_posts_that_are_there_and_tells_where(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.attach_thread(discussion_id, THREAD)
    queued = await archive.replays.load(discussion_id)
    for one in queued.posts[:3]:
        await archive.replays.message_sent(one.id, 0, message_of(one.post.number))
    await archive.recording.delete(discussion_id, [message_of(2)], NOW)
    progress = await archive.replays.progress(discussion_id)
    assert (progress.posts, progress.posts_sent) == (5, 2)
    assert (progress.guild_id, progress.forum_id, progress.thread_id) == (GUILD, FORUM, THREAD)
    assert (progress.title, progress.state) == (WHOLE.title, ReplayState.RUNNING)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([pause], ReplayState.PAUSED),
        ([pause, pause], ReplayState.PAUSED),
        ([pause, resume], ReplayState.RUNNING),
        ([resume], ReplayState.RUNNING),
        ([fail], ReplayState.FAILED),
        ([fail, resume], ReplayState.RUNNING),
        ([pause, fail, resume], ReplayState.RUNNING),
        ([cancel], ReplayState.CANCELLED),
        ([pause, cancel], ReplayState.CANCELLED),
        ([fail, cancel], ReplayState.CANCELLED),
        ([cancel, fail], ReplayState.CANCELLED),
        ([cancel, fail_to_take_back], ReplayState.FAILED),
        ([cancel, fail_to_take_back, resume], ReplayState.CANCELLED),
        ([cancel, fail_to_take_back, cancel], ReplayState.CANCELLED),
    ],
)
async def test_a_host_steers_an_import_that_is_under_way(
    archive: Archive, steps: list[Steer], state: ReplayState
) -> None:
    discussion_id = await archive.bring(WHOLE)
    for step in steps:
        await step(archive, discussion_id)
    assert await state_of(archive, discussion_id) is state
    is_pending = state in {ReplayState.RUNNING, ReplayState.CANCELLED}
    assert await archive.replays.pending() == ((discussion_id,) if is_pending else ())
    may_go_on = await archive.replays.may_go_on(discussion_id)
    assert may_go_on is (state is ReplayState.RUNNING)


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        (cancel, pause, "being taken back"),
        (cancel, resume, "being taken back"),
        (cancel, cancel, "being taken back"),
        (fail, pause, "I lack Manage Webhooks"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    archive: Archive, before: Steer, step: Steer, words: str
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await before(archive, discussion_id)
    with pytest.raises(UserError, match=words):
        await step(archive, discussion_id)


@pytest.mark.parametrize("step", [pause, resume, cancel])
async def test_a_finished_import_and_one_that_is_gone_cannot_be_steered(
    archive: Archive, step: Steer
) -> None:
    discussion_id = await archive.replay(WHOLE)
    with pytest.raises(UserError, match="all 6 posts are in"):
        await step(archive, discussion_id)
    assert await state_of(archive, discussion_id) is ReplayState.FINISHED
    with pytest.raises(UserError, match="taken back"):
        await step(archive, discussion_id + 1)


async def test_what_was_paused_at_its_last_message_is_finished_all_the_same(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.replays.pause(discussion_id, NOW)
    await archive.replays.finish(discussion_id, NOW)
    assert await state_of(archive, discussion_id) is ReplayState.FINISHED


async def test_what_was_cancelled_at_its_last_message_is_not_finished(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.finish(discussion_id, NOW)
    assert await state_of(archive, discussion_id) is ReplayState.CANCELLED


async def test_a_replay_is_not_finished_while_later_pages_have_brought_more(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(FIRST)
    await archive.send(discussion_id)
    await archive.bring(SECOND)
    await archive.replays.finish(discussion_id, NOW)
    assert await archive.replays.pending() == (discussion_id,)


async def test_where_the_thread_was_deleted_nothing_more_is_sent_and_the_import_is_not_listed(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.removals.hide(THREAD, NOW)
    assert not await archive.replays.may_go_on(discussion_id)
    assert await archive.replays.pending() == ()
    assert await archive.replays.of_guild(GUILD) == ()


async def test_what_is_taken_back_goes_on_though_the_thread_was_deleted(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id)
    await archive.replays.cancel(discussion_id, NOW)
    await archive.removals.hide(THREAD, NOW)
    assert await archive.replays.pending() == (discussion_id,)


async def test_the_imports_of_a_server_are_told_latest_first(archive: Archive) -> None:
    first = await archive.bring(WHOLE)
    other = page(post(1), title="Another")
    later = (await archive.imports.queue(other, FORUM, NOW + timedelta(hours=1))).discussion_id
    assert [one.discussion_id for one in await archive.replays.of_guild(GUILD)] == [later, first]
    assert await archive.replays.of_guild(GUILD + 1) == ()


async def test_a_reply_that_came_before_its_parents_message_was_noted_hangs_below_it(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.attach_thread(discussion_id, THREAD)
    early = await archive.say(discussion_id, 5_000, reply_to=message_of(2, part=1))
    later = await archive.say(discussion_id, 5_001, reply_to=5_000)
    await archive.send(discussion_id, parts=2)
    chain = await archive.posts.chain(5_001)
    assert chain is not None
    assert [one.number for one in chain.posts[:2]] == [1, 2]
    assert [one.id for one in chain.posts[2:]] == [early, later]
    await archive.assert_consistent()


async def test_a_reply_from_another_thread_does_not_hang_below_it(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    other = await archive.bring(page(post(1), title="Another"))
    stranger = await archive.say(other, 5_000, reply_to=message_of(2))
    await archive.send(discussion_id)
    found = await archive.posts.get(stranger)
    assert found is not None
    assert found.parent_id is None
    await archive.assert_consistent()


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_native_reply_to_any_message_of_an_old_post_continues_its_chain(
    archive: Archive, part: int
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.send(discussion_id, parts=3)
    await archive.say(discussion_id, 5_000, reply_to=message_of(3, part))
    chain = await archive.posts.chain(5_000)
    assert chain is not None
    assert [one.number for one in chain.posts[:3]] == [1, 2, 3]
    assert (await archive.of_number(discussion_id, 3)).reply_count == 2
    await archive.assert_consistent()


async def test_of_a_message_that_two_bots_sent_the_first_that_was_noted_stays_the_posts(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    await archive.replays.attach_thread(discussion_id, THREAD)
    queued = await archive.replays.load(discussion_id)
    first = queued.posts[0]
    assert await archive.replays.message_sent(first.id, 0, 500) == 500
    assert await archive.replays.message_sent(first.id, 0, 501) == 500
    await archive.recording.delete(discussion_id, [501], NOW)
    kept = await archive.of_number(discussion_id, 1)
    assert (kept.message_id, kept.is_deleted) == (500, False)
