from __future__ import annotations

import pytest

from bot.core.place import Order, Place
from bot.store.database import Database
from bot.store.pages import Pages
from bot.store.recording import Recording
from tests.store.thread import THREAD, Club, message, minute


@pytest.fixture
def pages(database: Database) -> Pages:
    return Pages(database)


async def debate(recording: Recording, discussion: int, posts: int) -> None:
    """Record an initial post and so many after it, each answering the one before."""
    await recording.record(discussion, message(THREAD, "0"))
    for step in range(1, posts):
        before = THREAD + step - 1
        await recording.record(discussion, message(THREAD + step, f"{step}", reply_to=before))


async def shown(pages: Pages, place: Place) -> list[int]:
    return [int(read.post.content) for read in await pages.page(place)]


async def test_pages_are_read_in_either_order(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await debate(recording, discussion, 30)
    last = await pages.last_number(discussion)
    oldest, newest = Place(discussion, last), Place(discussion, last, Order.NEWEST)

    assert last == 30
    assert await shown(pages, oldest) == [*range(25)]
    assert await shown(pages, oldest.turned_to(2)) == [*range(25, 30)]
    assert await shown(pages, newest) == [*range(29, 4, -1)]
    assert await shown(pages, newest.turned_to(2)) == [*range(4, -1, -1)]


async def test_pages_stay_as_they_are_while_new_posts_arrive(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await debate(recording, discussion, 30)
    newest = Place(discussion, await pages.last_number(discussion), Order.NEWEST)
    second = await shown(pages, newest.turned_to(2))

    await recording.record(discussion, message(THREAD + 50, "50"))

    assert await shown(pages, newest.turned_to(2)) == second
    assert await pages.last_number(discussion) == 31


async def test_each_post_comes_with_what_it_answers_on_whichever_page_that_is(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await debate(recording, discussion, 26)

    first = await pages.page(Place(discussion, 26))
    (last,) = await pages.page(Place(discussion, 26).turned_to(2))

    assert first[0].parent is None
    assert [read.parent.content for read in first[1:] if read.parent] == [
        str(number) for number in range(24)
    ]
    assert last.parent == first[-1].post


async def test_a_deleted_post_keeps_its_place_without_its_text(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await debate(recording, discussion, 3)
    await recording.delete(discussion, [THREAD + 1], minute(9))

    read = await pages.page(Place(discussion, 3))

    assert [(each.post.number, each.post.content) for each in read] == [(1, "0"), (2, ""), (3, "2")]
    assert read[2].parent is not None
    assert read[2].parent.is_deleted


async def test_a_discussion_without_numbers_and_one_that_is_not_there_have_an_empty_page(
    pages: Pages, club: Club
) -> None:
    unread = await club.discussion(is_current=False)

    assert await pages.last_number(unread) == 0
    assert await pages.page(Place(unread, 0)) == ()
    assert await pages.last_number(4_000) == 0
    assert await pages.post(4_000) is None


async def test_the_direct_replies_of_a_post_are_given_in_the_order_of_writing(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await recording.record(discussion, message(THREAD, "0"))
    for late in (THREAD + 3, THREAD + 1, THREAD + 2):
        await recording.record(discussion, message(late, str(late - THREAD), reply_to=THREAD))
    await recording.record(discussion, message(THREAD + 4, "4", reply_to=THREAD + 1))
    (initial, *_) = await pages.page(Place(discussion, 5))

    replies = await pages.direct_replies(initial.post.id, 25)

    assert [post.content for post in replies] == ["1", "2", "3"]
    assert len(await pages.direct_replies(initial.post.id, 2)) == 2


async def test_a_branch_is_walked_depth_first_in_the_order_of_writing(
    recording: Recording, pages: Pages, discussion: int
) -> None:
    await recording.record(discussion, message(THREAD, "0"))
    answers = {1: 0, 2: 0, 3: 1, 4: 2, 5: 1, 6: 3, 7: None}
    # The second one was found last: the order is that of writing.
    for number in (1, 3, 4, 5, 6, 7, 2):
        answered = answers[number]
        reply_to = None if answered is None else THREAD + answered
        await recording.record(discussion, message(THREAD + number, f"{number}", reply_to=reply_to))
    (initial, *_) = await pages.page(Place(discussion, 8))
    top = initial.post.id

    found = await pages.branch(top, skipped=0, limit=25)

    walk = [(int(each.post.content), each.depth) for each in found]
    assert walk == [(1, 1), (3, 2), (6, 3), (5, 2), (2, 1), (4, 2)]
    paged = [
        each
        for skipped in range(0, 8, 2)
        for each in await pages.branch(top, skipped=skipped, limit=2)
    ]
    assert tuple(paged) == found
    assert await pages.branch(found[-1].post.id, skipped=0, limit=25) == ()
