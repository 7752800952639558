from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.core.overview import Sort
from bot.store.books import Books
from bot.store.overviews import Overviews
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, START, ReadingRoom


@pytest.fixture
def overviews(room: ReadingRoom) -> Overviews:
    return Overviews(room.database)


async def begun(room: ReadingRoom, title: str, posts: int) -> Discussion:
    discussion = await room.begin(title)
    for _ in range(posts):
        await room.post(discussion, ANN, "So.", posted_at=room.pass_time(timedelta(minutes=1)))
    return discussion


async def test_a_discussion_tells_who_takes_part_and_its_first_and_latest_posts(
    room: ReadingRoom, overviews: Overviews
) -> None:
    discussion = await room.begin("Emma")
    for writer, text in ((ANN, "one"), (BEN, "two"), (ANN, "three")):
        await room.post(discussion, writer, text)
    await room.delete(discussion, await room.post(discussion, CLEO, "four"))

    (overview,) = await overviews.of_discussions([discussion])

    assert overview.participants == 2
    assert overview.latest is not None
    assert overview.latest.content == "three"
    assert overview.tracked_by == 0


async def test_who_tracks_the_discussion_its_forum_or_its_book_is_counted_once(
    room: ReadingRoom, overviews: Overviews
) -> None:
    discussion = await room.begin("Emma")
    book = await Books(room.database).name(GUILD, "Emma")
    await room.forums.set_book(FORUM, book.id)
    await room.tracking.track_discussion(ANN, discussion.id, START)
    await room.tracking.track_forum(ANN, FORUM, START)
    await room.tracking.track_forum(BEN, FORUM, START)
    await room.tracking.track_book(CLEO, book.id, START)

    (overview,) = await overviews.of_discussions([discussion])

    assert overview.tracked_by == 3

    await room.tracking.track_discussion(BEN, discussion.id, START, Level.MUTED)
    (overview,) = await overviews.of_discussions([discussion])
    assert overview.tracked_by == 2


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        (Sort.LATEST, ["beta", "Alpha", "gamma"]),
        (Sort.POSTS, ["gamma", "beta", "Alpha"]),
        (Sort.NEWEST, ["beta", "Alpha", "gamma"]),
        (Sort.TITLE, ["Alpha", "beta", "gamma"]),
    ],
)
async def test_the_discussions_of_a_forum_are_sorted(
    room: ReadingRoom, overviews: Overviews, sort: Sort, titles: list[str]
) -> None:
    await begun(room, "gamma", 3)
    room.pass_time(timedelta(hours=1))
    await begun(room, "Alpha", 1)
    room.pass_time(timedelta(hours=1))
    await begun(room, "beta", 2)

    assert [each.title for each in await overviews.discussions(FORUM, sort)] == titles


async def test_a_forum_counts_its_private_discussions_only_where_it_may(
    room: ReadingRoom, overviews: Overviews
) -> None:
    await begun(room, "Emma", 2)
    secret = await room.begin("Just us", is_private=True)
    await room.post(secret, ANN, "A secret.")
    forum = await room.forums.get(FORUM)
    assert forum is not None

    public = await overviews.of_forum(forum, with_private=False)
    every = await overviews.of_forum(forum, with_private=True)

    assert (public.discussions, public.posts) == (1, 2)
    assert (every.discussions, every.posts) == (2, 3)
