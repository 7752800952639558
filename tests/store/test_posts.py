from __future__ import annotations

import pytest

from bot.store.database import Database
from bot.store.posts import Posts
from bot.store.recording import Outcome, Recorded, Recording
from tests.store.thread import GUILD, THREAD, message, minute


async def ladder(recording: Recording, discussion: int, steps: int) -> int:
    """Record an initial post, and a chain of so many below another post; give the last's id."""
    await recording.record(discussion, message(THREAD, "So?"))
    for step in range(1, steps + 1):
        answered = None if step == 1 else THREAD + step - 1
        await recording.record(discussion, message(THREAD + step, f"{step}", reply_to=answered))
    return THREAD + steps


async def test_a_chain_leads_from_the_first_ancestor_to_the_post_with_the_initial_post_apart(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    last = await ladder(recording, discussion, 3)

    chain = await posts.chain(last)

    assert chain is not None
    assert [post.content for post in chain.posts] == ["1", "2", "3"]
    assert chain.initial is not None
    assert chain.initial.content == "So?"
    assert chain.posts[0].parent_id is None
    assert (chain.is_cut, chain.root_parent_unknown) == (False, False)
    assert chain.discussion.id == discussion


async def test_the_initial_post_is_not_shown_twice_when_it_is_the_first_ancestor(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(THREAD, "So?"))
    await recording.record(discussion, message(1_001, "Well.", reply_to=THREAD))

    chain = await posts.chain(1_001)

    assert chain is not None
    assert chain.initial is None
    assert [post.content for post in chain.posts] == ["So?", "Well."]


@pytest.mark.parametrize(("steps", "is_cut"), [(24, False), (25, False), (26, True), (60, True)])
async def test_a_chain_of_more_than_25_posts_is_its_first_and_its_last_24(
    recording: Recording, posts: Posts, discussion: int, steps: int, is_cut: bool
) -> None:
    last = await ladder(recording, discussion, steps)

    chain = await posts.chain(last)

    assert chain is not None
    assert chain.is_cut is is_cut
    shown = [int(post.content) for post in chain.posts]
    assert shown == ([1, *range(steps - 23, steps + 1)] if is_cut else [*range(1, steps + 1)])


async def test_a_deleted_ancestor_keeps_its_place_without_its_text(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    last = await ladder(recording, discussion, 3)
    await recording.delete(discussion, [1_002], minute(9))

    chain = await posts.chain(last)

    assert chain is not None
    assert [(post.content, post.is_deleted) for post in chain.posts] == [
        ("1", False),
        ("", True),
        ("3", False),
    ]
    assert [post.author is None for post in chain.posts] == [False, True, False]


async def test_a_withheld_post_reads_as_a_deleted_one(
    recording: Recording, posts: Posts, discussion: int, database: Database
) -> None:
    recorded = await recording.record(discussion, message(1_001, "Before.", notes=("Sticker: x",)))
    await recording.record(discussion, message(1_001, "After.", edited=3))
    async with database.transaction() as connection:
        await connection.execute("UPDATE post SET withheld_at = 1")

    (post,) = await posts.page(discussion)

    assert (post.is_deleted, post.content, post.notes, post.edited_at) == (True, "", (), None)
    assert recorded.post_id is not None
    assert await posts.revisions(recorded.post_id) == ()


async def test_a_chain_of_a_hidden_discussion_is_not_shown(
    recording: Recording, posts: Posts, discussion: int, database: Database
) -> None:
    await recording.record(discussion, message(1_001))
    async with database.transaction() as connection:
        await connection.execute("UPDATE discussion SET hidden_at = 1")

    assert await posts.chain(1_001) is None


async def test_what_is_not_known_is_none(posts: Posts) -> None:
    assert await posts.get(1) is None
    assert await posts.by_message(1_001) is None
    assert await posts.chain(1_001) is None
    assert await posts.revisions(1) == ()
    assert await posts.page(1) == ()


async def test_pages_follow_each_other_by_number(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await ladder(recording, discussion, 6)

    first = await posts.page(discussion, limit=4)
    second = await posts.page(discussion, after_number=first[-1].number or 0, limit=4)

    assert [post.number for post in (*first, *second)] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_post_can_be_opened_in_discord(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(1_001))

    (post,) = await posts.page(discussion)

    assert post.jump_url == f"https://discord.com/channels/{GUILD}/{THREAD}/1001"


async def test_any_part_of_an_imported_post_leads_to_it(
    recording: Recording, posts: Posts, discussion: int, database: Database
) -> None:
    recorded = await recording.record(discussion, message(1_001, "A long one."))
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO replayed_message (post_id, part, message_id)"
            " VALUES (:post, 0, 1001), (:post, 1, 1002)",
            {"post": recorded.post_id},
        )
        await connection.execute("UPDATE post SET is_imported = 1")

    assert await posts.by_message(1_002) == await posts.by_message(1_001)
    again = await recording.record(discussion, message(1_002, "one."))
    reply = await recording.record(discussion, message(1_003, "Hm.", reply_to=1_002))

    assert again == Recorded(Outcome.KNOWN, recorded.post_id)
    assert reply.unknown_parent is None
    assert len(await posts.page(discussion)) == 2
    chain = await posts.chain(1_003)
    assert chain is not None
    assert [post.message_id for post in chain.posts] == [1_001, 1_003]
