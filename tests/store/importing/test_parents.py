"""What an old post answers, by the word of a host."""

from __future__ import annotations

import pytest

from bot.core.errors import UserError
from tests.store.archive import FIRST, HOST, NOW, SECOND, THREAD, WHOLE, Archive, message_of


async def parent_of(archive: Archive, discussion_id: int, number: int) -> int | None:
    post = await archive.of_number(discussion_id, number)
    parent = None if post.parent_id is None else await archive.posts.get(post.parent_id)
    return None if parent is None else parent.number


async def choose(archive: Archive, discussion_id: int, number: int, parent: int | None) -> None:
    post = await archive.of_number(discussion_id, number)
    chosen = None if parent is None else (await archive.of_number(discussion_id, parent)).id
    await archive.parents.choose(post.id, chosen, HOST, NOW)


@pytest.mark.parametrize("parent", [1, 2, None])
async def test_a_host_says_what_a_post_answers_and_all_below_it_follows(
    archive: Archive, parent: int | None
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await choose(archive, discussion_id, 4, parent)
    assert await parent_of(archive, discussion_id, 4) == parent
    assert await parent_of(archive, discussion_id, 5) == 4
    await archive.assert_consistent()
    post = await archive.of_number(discussion_id, 4)
    assert await archive.parents.chosen_by(post.id) == HOST
    assert await archive.parents.evidence(post.id) is None


async def test_what_a_page_told_is_known_with_its_evidence(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    post = await archive.of_number(discussion_id, 4)
    assert await archive.parents.chosen_by(post.id) is None
    assert await archive.parents.evidence(post.id) == "link"


@pytest.mark.parametrize("parent", [2, None])
async def test_no_page_says_otherwise_afterwards(archive: Archive, parent: int | None) -> None:
    discussion_id = await archive.replay(FIRST)
    await choose(archive, discussion_id, 3, 1)
    await choose(archive, discussion_id, 3, parent)
    await archive.bring(WHOLE, FIRST, SECOND)
    assert await parent_of(archive, discussion_id, 3) == parent
    post = await archive.of_number(discussion_id, 3)
    assert await archive.parents.evidence(post.id) is None
    assert await archive.parents.chosen_by(post.id) == HOST
    await archive.assert_consistent()


@pytest.mark.parametrize("parent", [4, 5])
async def test_a_post_answers_neither_itself_nor_a_later_one(archive: Archive, parent: int) -> None:
    discussion_id = await archive.replay(WHOLE)
    with pytest.raises(UserError, match="earlier post"):
        await choose(archive, discussion_id, 4, parent)
    assert await parent_of(archive, discussion_id, 4) == 3


async def test_a_post_answers_none_of_another_discussion(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    elsewhere = await archive.imports.queue(FIRST, 21, NOW)
    stranger = await archive.of_number(elsewhere.discussion_id, 1)
    post = await archive.of_number(discussion_id, 4)
    with pytest.raises(UserError, match="earlier post"):
        await archive.parents.choose(post.id, stranger.id, HOST, NOW)


async def test_of_a_post_of_today_discord_itself_knows_what_it_answers(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    post_id = await archive.say(discussion_id, 5_000)
    with pytest.raises(UserError, match="Discord itself"):
        await archive.parents.choose(post_id, None, HOST, NOW)


async def test_a_deleted_post_answers_nothing_any_more(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.recording.delete(discussion_id, [message_of(4)], NOW)
    with pytest.raises(UserError, match="deleted"):
        await choose(archive, discussion_id, 4, 1)
    await archive.assert_consistent()


async def test_the_nearest_earlier_posts_that_are_there_may_be_answered(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.recording.delete(discussion_id, [message_of(4)], NOW)
    post = await archive.of_number(discussion_id, 6)
    assert [one.number for one in await archive.parents.candidates(post.id, 3)] == [5, 3, 2]
    first = await archive.of_number(discussion_id, 1)
    assert await archive.parents.candidates(first.id, 3) == ()


async def outdated(archive: Archive, discussion_id: int) -> list[int]:
    return [
        one.post.number
        for one in (await archive.replays.load(discussion_id)).posts
        if one.is_outdated
    ]


async def test_the_message_of_a_post_whose_parent_was_chosen_is_outdated_until_it_is_shown(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    assert await archive.replays.outdated() == ()
    await choose(archive, discussion_id, 4, 1)
    assert await archive.replays.outdated() == (discussion_id,)
    assert await outdated(archive, discussion_id) == [4]
    shown = (await archive.replays.load(discussion_id)).posts[3]
    await archive.replays.line_shown(shown)
    assert await archive.replays.outdated() == ()


async def test_what_a_host_chooses_while_another_choice_is_being_shown_is_shown_next(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await choose(archive, discussion_id, 4, 1)
    shown = (await archive.replays.load(discussion_id)).posts[3]
    await choose(archive, discussion_id, 4, 2)
    await archive.replays.line_shown(shown)
    assert await outdated(archive, discussion_id) == [4]


async def test_what_is_not_on_discord_is_not_outdated(archive: Archive) -> None:
    discussion_id = await archive.bring(WHOLE)
    await choose(archive, discussion_id, 4, 1)
    assert await archive.replays.outdated() == ()
    await archive.send(discussion_id)
    assert await archive.replays.outdated() == ()


async def test_later_pages_that_bring_a_parent_make_the_message_outdated(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(SECOND)
    await archive.bring(FIRST)
    assert await outdated(archive, discussion_id) == [4, 6]
    assert await archive.replays.outdated() == (discussion_id,)


async def test_in_a_deleted_thread_nothing_is_outdated(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await choose(archive, discussion_id, 4, 1)
    await archive.removals.hide(THREAD, NOW)
    assert await archive.replays.outdated() == ()
