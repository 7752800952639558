from __future__ import annotations

import asyncio

import pytest

from bot.core.model import PostKind
from bot.store.posts import Posts
from bot.store.recording import Outcome, Recording
from tests.store.thread import THREAD, Club, message, minute


async def path(posts: Posts, message_id: int) -> list[int | None]:
    chain = await posts.chain(message_id)
    assert chain is not None
    return [post.message_id for post in chain.posts]


async def test_a_reply_hangs_below_what_it_answers(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(1_001))
    recorded = await recording.record(discussion, message(1_002, reply_to=1_001))

    assert recorded.unknown_parent is None
    parent, reply = await posts.page(discussion)
    assert (reply.parent_id, reply.kind) == (parent.id, PostKind.REPLY)
    assert (parent.parent_id, parent.kind, parent.reply_count) == (None, PostKind.POST, 1)


async def test_replies_of_one_storm_find_each_other(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    storm = [message(1_001 + n, reply_to=1_000 + n if n else None) for n in range(20)]

    await asyncio.gather(*(recording.record(discussion, each) for each in reversed(storm)))

    assert await path(posts, 1_020) == list(range(1_001, 1_021))


async def test_a_reply_waits_for_an_unknown_parent_and_brings_all_below_it_along(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    orphan = await recording.record(discussion, message(1_005, reply_to=1_003))
    await recording.record(discussion, message(1_006, reply_to=1_005))
    await recording.record(discussion, message(1_007, reply_to=1_006))
    assert orphan.unknown_parent == 1_003
    assert await path(posts, 1_007) == [1_005, 1_006, 1_007]

    parent = await recording.record(discussion, message(1_003, reply_to=1_001))
    assert parent.unknown_parent == 1_001
    await recording.record(discussion, message(1_001))

    assert await path(posts, 1_007) == [1_001, 1_003, 1_005, 1_006, 1_007]
    counts = {post.message_id: post.reply_count for post in await posts.page(discussion)}
    assert counts == {1_001: 1, 1_003: 1, 1_005: 1, 1_006: 1, 1_007: 0}


async def test_a_waiting_reply_told_again_still_says_what_it_waits_for(
    recording: Recording, discussion: int
) -> None:
    await recording.record(discussion, message(1_005, reply_to=1_003))
    again = await recording.record(discussion, message(1_005, reply_to=1_003))
    assert (again.outcome, again.unknown_parent) == (Outcome.KNOWN, 1_003)

    await recording.record(discussion, message(1_003))

    resolved = await recording.record(discussion, message(1_005, reply_to=1_003))
    assert resolved.unknown_parent is None


async def test_a_parent_that_does_not_exist_is_waited_for_no_longer(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(1_005, reply_to=1_003))

    await recording.parent_unknown(1_003)

    again = await recording.record(discussion, message(1_005, reply_to=1_003))
    assert again.unknown_parent is None
    chain = await posts.chain(1_005)
    assert chain is not None
    assert chain.root_parent_unknown
    assert chain.posts[0].kind is PostKind.REPLY


async def test_a_parent_known_to_be_deleted_is_not_asked_for_and_found_if_it_comes(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.delete(discussion, [1_003], minute(4))

    recorded = await recording.record(discussion, message(1_005, reply_to=1_003))
    assert recorded.unknown_parent is None

    await recording.record(discussion, message(1_003, "A secret."))
    assert await path(posts, 1_005) == [1_003, 1_005]


async def test_a_message_of_another_discussion_is_not_a_parent(
    recording: Recording, posts: Posts, club: Club
) -> None:
    here, there = await club.discussion(), await club.discussion(2_000)
    await recording.record(here, message(1_001))

    early = await recording.record(there, message(2_001, reply_to=1_001, thread_id=2_000))
    late = await recording.record(there, message(2_002, reply_to=1_002, thread_id=2_000))
    await recording.record(here, message(1_002))

    assert (early.unknown_parent, late.unknown_parent) == (None, 1_002)
    assert [post.parent_id for post in await posts.page(there)] == [None, None]
    assert [post.reply_count for post in await posts.page(here)] == [0, 0]


@pytest.mark.parametrize("answered", [1_001, 1_002])
async def test_a_message_cannot_answer_itself_or_a_later_one(
    recording: Recording, posts: Posts, discussion: int, answered: int
) -> None:
    await recording.record(discussion, message(1_001, reply_to=answered))
    await recording.record(discussion, message(1_002, reply_to=1_001))

    first, second = await posts.page(discussion)
    assert (first.parent_id, second.parent_id) == (None, first.id)
    assert (first.reply_count, second.reply_count) == (1, 0)
    assert await path(posts, 1_002) == [1_001, 1_002]


async def test_a_deleted_reply_is_no_longer_counted_and_keeps_its_place(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(1_001))
    await recording.record(discussion, message(1_002, reply_to=1_001))
    await recording.record(discussion, message(1_003, reply_to=1_002))

    await recording.delete(discussion, [1_002], minute(9))

    assert await path(posts, 1_003) == [1_001, 1_002, 1_003]
    assert [post.reply_count for post in await posts.page(discussion)] == [0, 1, 0]


async def test_the_initial_post_answers_nothing(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(THREAD, "So?", reply_to=999))

    (post,) = await posts.page(discussion)
    assert (post.kind, post.parent_id) == (PostKind.INITIAL, None)
