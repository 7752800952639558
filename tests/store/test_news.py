from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.core.model import Digest, DiscussionNews
from bot.core.ports import ThreadReference
from bot.store.books import Books
from bot.store.news import POSTS_SHOWN, News
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, ReadingRoom


async def news_of(room: ReadingRoom, user_id: int, after: int = 0) -> Digest:
    """Compile everything after a mark, as for someone who may read all of it."""
    news = News(room.database)
    up_to = await room.mark()
    candidates = await news.candidates(user_id, after, up_to)
    return await news.digest(user_id, after, up_to, candidates)


def texts(news: DiscussionNews) -> list[str]:
    return [new.post.content for new in news.posts]


async def test_news_are_others_posts_since_one_tracks_with_what_they_answer(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    old = await room.post(discussion, BEN, "Before Ann tracks")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    await room.post(discussion, ANN, "Ann's own")
    reply = await room.post(discussion, BEN, "An answer", reply_to=old)
    await room.post(discussion, CLEO, "Another", reply_to=reply)
    await room.post(discussion, BEN, "And more")

    digest = await news_of(room, ANN)

    (news,) = digest.news
    assert texts(news) == ["An answer", "Another", "And more"]
    assert [new.parent and new.parent.content for new in news.posts] == [
        "Before Ann tracks",
        "An answer",
        None,
    ]
    assert (news.new_post_count, news.author_count, news.edited_count) == (3, 2, 0)
    assert news.discussion.title == "The Sea, the Sea"
    assert not news.is_new


async def test_each_mark_is_news_in_one_window_alone(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    news = News(room.database)
    marks = [await room.mark()]
    for text in ("one", "two", "three"):
        await room.post(discussion, BEN, text)
        marks.append(await room.mark())

    seen = []
    for after, up_to in pairwise(marks):
        candidates = await news.candidates(ANN, after, up_to)
        digest = await news.digest(ANN, after, up_to, candidates)
        seen += [text for each in digest.news for text in texts(each)]

    assert seen == ["one", "two", "three"]
    assert await news.candidates(ANN, marks[-1], marks[-1]) == ()


async def test_ones_own_posts_alone_are_no_news(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    own = await room.post(discussion, ANN, "Ann's own")
    await room.edit(discussion, own, ANN, "Ann's own, edited")

    assert (await news_of(room, ANN)).news == ()


async def test_deleted_and_withheld_posts_are_no_news(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    deleted = await room.post(discussion, BEN, "I should not have said that")
    withheld = await room.post(discussion, BEN, "Gone with many others")
    await room.post(discussion, BEN, "An answer to it", reply_to=deleted)
    await room.delete(discussion, deleted)
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE post SET withheld_at = 1 WHERE message_id = ?", (withheld,)
        )

    (news,) = (await news_of(room, ANN)).news

    assert texts(news) == ["An answer to it"]
    parent = news.posts[0].parent
    assert parent is not None
    assert parent.is_deleted
    assert parent.content == ""


async def test_hidden_discussions_and_forums_have_no_news(room: ReadingRoom) -> None:
    await room.open_forum(22)
    hidden = await room.begin("Hidden")
    of_hidden_forum = await room.begin("In a hidden forum", forum_id=22)
    for discussion in (hidden, of_hidden_forum):
        await room.tracking.track_discussion(ANN, discussion.id, room.now)
        await room.post(discussion, BEN, "Unread")
    assert len((await news_of(room, ANN)).news) == 2

    async with room.database.transaction() as connection:
        await connection.execute("UPDATE discussion SET hidden_at = 1 WHERE id = ?", (hidden.id,))
    await room.forums.hide(22, room.now)

    assert (await news_of(room, ANN)).news == ()


async def test_an_edit_of_an_earlier_post_is_mentioned_and_one_of_a_new_post_is_not(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    earlier = await room.post(discussion, BEN, "Frist")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    after = await room.mark()
    new = await room.post(discussion, BEN, "Secnod")
    await room.edit(discussion, earlier, BEN, "First")
    await room.edit(discussion, new, BEN, "Second")

    (news,) = (await news_of(room, ANN, after)).news

    assert texts(news) == ["Second"]
    assert [post.content for post in news.edited] == ["First"]
    assert (news.new_post_count, news.edited_count) == (1, 1)


async def test_an_edit_after_the_window_is_left_to_the_next_one(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    earlier = await room.post(discussion, BEN, "Frist")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    after = await room.mark()
    await room.post(discussion, BEN, "New")
    up_to = await room.mark()
    await room.edit(discussion, earlier, BEN, "First")
    news = News(room.database)

    (now,) = (await news.digest(ANN, after, up_to, await news.candidates(ANN, after, up_to))).news
    (later,) = (await news_of(room, ANN, up_to)).news

    assert (now.new_post_count, now.edited_count) == (1, 0)
    assert (later.new_post_count, later.edited_count) == (0, 1)


async def test_a_tracked_forum_brings_its_new_discussions(room: ReadingRoom) -> None:
    known = await room.begin("Known already")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    begun = await room.begin("Begun since")
    await room.open_forum(22)
    elsewhere = await room.begin("In another forum", forum_id=22)
    for discussion in (known, begun, elsewhere):
        await room.post(discussion, BEN, f"In {discussion.title}")

    digest = await news_of(room, ANN)

    assert {news.discussion.title: news.is_new for news in digest.news} == {
        "Known already": False,
        "Begun since": True,
    }


@pytest.mark.parametrize("named_by", ["the discussion", "a tag", "the forum"])
async def test_a_tracked_book_brings_its_discussions_however_it_is_named(
    room: ReadingRoom, named_by: str
) -> None:
    books = Books(room.database)
    book = await books.name(GUILD, "The Sea, the Sea")
    other = await books.name(GUILD, "Persuasion")
    await room.tracking.track_book(ANN, book.id, room.now)
    discussion = await room.begin("About it", tags=frozenset({7}))
    overruled = await room.begin("About another", tags=frozenset({7}))
    await room.discussions.set_book(overruled.id, other.id)
    if named_by == "the discussion":
        await room.forums.set_book(FORUM, other.id)
        await room.discussions.set_book(discussion.id, book.id)
    elif named_by == "a tag":
        await room.forums.set_book(FORUM, other.id)
        await room.forums.set_tag_book(FORUM, 7, book.id)
    else:
        await room.forums.set_book(FORUM, book.id)
    for each in (discussion, overruled):
        await room.post(each, BEN, "A thought")

    (news,) = (await news_of(room, ANN)).news

    assert news.discussion.title == "About it"
    assert news.discussion.book == book


async def test_a_forums_book_gives_way_to_that_of_a_tag(room: ReadingRoom) -> None:
    books = Books(room.database)
    book = await books.name(GUILD, "The Sea, the Sea")
    other = await books.name(GUILD, "Persuasion")
    await room.forums.set_book(FORUM, book.id)
    await room.forums.set_tag_book(FORUM, 7, other.id)
    await room.tracking.track_book(ANN, book.id, room.now)
    discussion = await room.begin("About another", tags=frozenset({7}))
    await room.post(discussion, BEN, "A thought")

    assert (await news_of(room, ANN)).news == ()


async def test_what_is_tracked_in_several_ways_is_told_once_from_the_earliest_on(
    room: ReadingRoom,
) -> None:
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)
    discussion = await room.begin("About it")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.post(discussion, BEN, "one")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    await room.post(discussion, BEN, "two")
    await room.tracking.track_book(ANN, book.id, room.now)

    (news,) = (await news_of(room, ANN)).news

    assert texts(news) == ["one", "two"]
    assert news.new_post_count == 2


async def test_a_history_read_after_one_began_to_track_is_no_news_but_a_late_find_is(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Read late")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    tracked_at = room.now
    room.pass_time(timedelta(days=2))
    await room.post(discussion, BEN, "Years ago", posted_at=tracked_at - timedelta(days=900))
    await room.post(discussion, BEN, "Missed", posted_at=tracked_at + timedelta(days=1))

    (news,) = (await news_of(room, ANN)).news

    assert texts(news) == ["Missed"]
    assert news.new_post_count == 1


async def test_an_imported_discussion_is_news_as_a_whole_though_it_is_old_and_has_no_thread(
    room: ReadingRoom,
) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)
    discussion = await room.begin("An old page")
    message_id = await room.post(
        discussion, BEN, "Years ago", posted_at=room.now - timedelta(days=7000)
    )
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE post SET is_imported = 1, message_id = NULL, channel_id = NULL"
            " WHERE message_id = ?",
            (message_id,),
        )
        await connection.execute(
            "UPDATE discussion SET thread_id = NULL, is_private = 1, started_at = 0 WHERE id = ?",
            (discussion.id,),
        )
        await connection.execute(
            "INSERT INTO replay (discussion_id, title, box, queued_at) VALUES (?, '', '{}', 0)",
            (discussion.id,),
        )

    (candidate,) = await News(room.database).candidates(ANN, 0, await room.mark())
    (news,) = (await news_of(room, ANN)).news

    # Who may read the forum may know of it.
    assert candidate.thread == ThreadReference(GUILD, FORUM, FORUM, is_private=False)
    assert (news.imported_count, news.new_post_count, news.posts) == (1, 0, ())
    assert news.is_new


async def test_a_private_thread_is_to_be_asked_for_as_such(room: ReadingRoom) -> None:
    discussion = await room.begin("Only us", is_private=True)
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    await room.post(discussion, BEN, "Psst")

    (candidate,) = await News(room.database).candidates(ANN, 0, await room.mark())

    assert discussion.thread_id is not None
    assert candidate.thread == ThreadReference(GUILD, FORUM, discussion.thread_id, is_private=True)


async def test_posts_come_in_their_order_and_a_busy_week_is_counted_to_the_end(
    room: ReadingRoom,
) -> None:
    quiet = await room.begin("Quiet")
    busy = await room.begin("Busy")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.post(quiet, BEN, "One thing")
    for number in range(POSTS_SHOWN + 5):
        await room.post(busy, BEN if number % 2 else CLEO, str(number))

    first, second = (await news_of(room, ANN)).news

    assert (first.discussion.title, second.discussion.title) == ("Busy", "Quiet")
    assert first.new_post_count == POSTS_SHOWN + 5
    assert first.author_count == 2
    assert texts(first) == [str(number) for number in range(POSTS_SHOWN)]


async def test_what_one_may_not_read_is_left_out(room: ReadingRoom) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)
    for title in ("Open", "Closed"):
        await room.post(await room.begin(title), BEN, "A thought")
    news = News(room.database)
    up_to = await room.mark()
    candidates = await news.candidates(ANN, 0, up_to)

    digest = await news.digest(ANN, 0, up_to, candidates[:1])

    assert [each.discussion.title for each in digest.news] == ["Open"]
    assert (await news.digest(ANN, 0, up_to, [])).news == ()
