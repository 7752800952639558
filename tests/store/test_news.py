"""What counts as news, for whom."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from bot.core.activity import DigestPart
from bot.core.fan_out import Wanted
from bot.core.level import DigestKind
from bot.core.model import Digest, Discussion
from bot.store.database import to_milliseconds
from bot.store.news import News
from tests.reading_room import ANN, BEN, CLEO, NAMES, ReadingRoom
from tests.store.compiled_news import news_of, texts


async def test_news_are_others_posts_after_a_mark_with_what_they_answer(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    old = await room.post(discussion, BEN, "Told before")
    after = await room.mark()
    await room.post(discussion, ANN, "Ann's own")
    reply = await room.post(discussion, BEN, "An answer", reply_to=old)
    await room.post(discussion, CLEO, "Another", reply_to=reply)
    await room.post(discussion, BEN, "And more")

    digest = await news_of(room, ANN, discussion, after=after)

    (news,) = digest.news
    assert texts(news) == ["An answer", "Another", "And more"]
    assert [new.parent and new.parent.content for new in news.posts] == [
        "Told before",
        "An answer",
        None,
    ]
    assert (news.new_post_count, news.author_count, news.edited_count) == (3, 2, 0)
    assert news.discussion.title == "The Sea, the Sea"
    assert news.first_number == 3
    assert not news.is_new
    assert (digest.reader_id, digest.kind, digest.up_to) == (
        ANN,
        DigestKind.WEEKLY,
        await room.mark(),
    )


async def test_each_mark_is_news_in_one_window_alone(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    marks = [await room.mark()]
    for text in ("one", "two", "three"):
        await room.post(discussion, BEN, text)
        marks.append(await room.mark())

    seen = []
    for after, up_to in pairwise(marks):
        digest = await news_of(room, ANN, discussion, after=after, up_to=up_to)
        seen += [text for each in digest.news for text in texts(each)]

    assert seen == ["one", "two", "three"]
    assert (await news_of(room, ANN, discussion, after=marks[-1])).news == ()


async def test_ones_own_posts_alone_are_no_news(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "Ann's own")
    after = await room.mark()
    await room.post(discussion, ANN, "More of Ann's", reply_to=own)
    await room.edit(discussion, own, ANN, "Ann's own, edited")

    assert (await news_of(room, ANN, discussion, after=after)).news == ()
    (news,) = (await news_of(room, None, discussion, after=after)).news
    assert (news.new_post_count, news.edited_count) == (1, 1)


async def test_deleted_and_withheld_posts_are_no_news(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    deleted = await room.post(discussion, BEN, "I should not have said that")
    withheld = await room.post(discussion, BEN, "Gone with many others")
    await room.post(discussion, BEN, "An answer to it", reply_to=deleted)
    await room.delete(discussion, deleted)
    await withhold(room, withheld)

    (news,) = (await news_of(room, ANN, discussion)).news

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
        await room.post(discussion, BEN, "Unread")
    assert len((await news_of(room, ANN, hidden, of_hidden_forum)).news) == 2

    async with room.database.transaction() as connection:
        await connection.execute("UPDATE discussion SET hidden_at = 1 WHERE id = ?", (hidden.id,))
    await room.forums.hide(22, room.now)

    assert (await news_of(room, ANN, hidden, of_hidden_forum)).news == ()


async def test_an_edit_of_an_earlier_post_is_mentioned_and_one_of_a_new_post_is_not(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    earlier = await room.post(discussion, BEN, "Frist")
    after = await room.mark()
    new = await room.post(discussion, BEN, "Secnod")
    await room.edit(discussion, earlier, BEN, "First")
    await room.edit(discussion, new, BEN, "Second")

    (news,) = (await news_of(room, ANN, discussion, after=after)).news

    assert texts(news) == ["Second"]
    assert [edited.post.content for edited in news.edited] == ["First"]
    assert (news.new_post_count, news.edited_count) == (1, 1)


async def test_an_edit_after_the_window_is_left_to_the_next_one(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    earlier = await room.post(discussion, BEN, "Frist")
    after = await room.mark()
    await room.post(discussion, BEN, "New")
    up_to = await room.mark()
    await room.edit(discussion, earlier, BEN, "First")

    (now,) = (await news_of(room, ANN, discussion, after=after, up_to=up_to)).news
    (later,) = (await news_of(room, ANN, discussion, after=up_to)).news

    assert (now.new_post_count, now.edited_count) == (1, 0)
    assert (later.new_post_count, later.edited_count) == (0, 1)


async def test_an_edit_of_a_post_that_one_had_answered_comes_first(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    passed_by = await room.post(discussion, BEN, "One")
    answered = await room.post(discussion, BEN, "Two")
    answered_late = await room.post(discussion, BEN, "Three")
    await room.post(discussion, ANN, "I disagree", reply_to=answered)
    after = await room.mark()
    for message_id, text in ((passed_by, "1"), (answered_late, "3"), (answered, "2")):
        await room.edit(discussion, message_id, BEN, text)
    room.pass_time(timedelta(minutes=1))
    await room.post(discussion, ANN, "I have read the edit", reply_to=answered_late)

    (to_ann,) = (await news_of(room, ANN, discussion, after=after)).news
    (to_cleo,) = (await news_of(room, CLEO, discussion, after=after)).news

    assert [(edited.post.content, edited.is_answered) for edited in to_ann.edited] == [
        ("2", True),
        ("1", False),
        ("3", False),
    ]
    assert {edited.is_answered for edited in to_cleo.edited} == {False}


async def test_a_discussion_that_began_since_is_told_as_new(room: ReadingRoom) -> None:
    known = await room.begin("Known already")
    await room.post(known, BEN, "Old")
    after, tracked_at = await room.mark(), room.now
    begun = await room.begin("Begun since")
    for discussion in (known, begun):
        await room.post(discussion, BEN, f"In {discussion.title}")

    digest = await news_of(room, ANN, known, begun, after=after, since=tracked_at)
    later = await news_of(
        room, ANN, begun, after=after, since=tracked_at + timedelta(milliseconds=1)
    )

    assert {news.discussion.title: news.is_new for news in digest.news} == {
        "Known already": False,
        "Begun since": True,
    }
    # It became known since, and is older: its history was read late.
    assert later.news == ()


async def test_a_history_read_after_one_began_to_track_is_no_news_but_a_late_find_is(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Read late")
    tracked_at = room.now
    room.pass_time(timedelta(days=2))
    await room.post(discussion, BEN, "Years ago", posted_at=tracked_at - timedelta(days=900))
    await room.post(discussion, BEN, "Missed", posted_at=tracked_at + timedelta(days=1))

    (news,) = (await news_of(room, ANN, discussion, since=tracked_at)).news

    assert texts(news) == ["Missed"]
    assert news.new_post_count == 1


async def test_each_of_two_readers_gets_what_was_written_since_they_track(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Read late")
    await room.post(discussion, CLEO, "Years ago", posted_at=room.now - timedelta(days=900))
    await room.post(discussion, CLEO, "Just now")
    up_to = await room.mark()
    both = [
        Wanted(reader, DigestKind.DAILY, reader, up_to, (DigestPart(discussion.id, 0, since),))
        for reader, since in ((ANN, to_milliseconds(room.now)), (BEN, 0))
    ]

    compiled = await News(room.database).compile(both)

    assert {reader: texts(digest.news[0]) for reader, digest in compiled.items()} == {
        ANN: ["Just now"],
        BEN: ["Years ago", "Just now"],
    }


async def test_an_imported_discussion_is_news_as_a_whole_though_it_is_old_and_has_no_thread(
    room: ReadingRoom,
) -> None:
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
            "UPDATE discussion SET thread_id = NULL, started_at = 0 WHERE id = ?",
            (discussion.id,),
        )
        await connection.execute(
            "INSERT INTO replay (discussion_id, title, box, queued_at) VALUES (?, '', '{}', 0)",
            (discussion.id,),
        )

    (news,) = (await news_of(room, ANN, discussion, since=room.now)).news

    assert (news.imported_count, news.new_post_count, news.posts) == (1, 0, ())
    assert news.is_new
    # What an importing member has claimed is their own.
    assert (await news_of(room, BEN, discussion, since=room.now)).news == ()


async def test_readers_together_get_what_each_of_them_would_alone(room: ReadingRoom) -> None:
    chance = random.Random(5)
    discussions = [await room.begin(f"Topic {number}") for number in range(4)]
    everything: list[tuple[Discussion, int, int]] = []
    marks = [0]
    for _ in range(150):
        room.pass_time(timedelta(minutes=1))
        discussion, author = chance.choice(discussions), chance.choice(list(NAMES))
        own = [one for one in everything if one[0] is discussion]
        match chance.choice(["post", "reply", "ask", "edit", "delete", "mark"]):
            case "post":
                message_id = await room.post(
                    discussion, author, f"Hello, <@{chance.choice([*NAMES])}>"
                )
                everything.append((discussion, message_id, author))
            case "reply" | "ask" as what if own:
                text = "Why?" if what == "ask" else "Indeed."
                answered = chance.choice(own)[1]
                message_id = await room.post(discussion, author, text, reply_to=answered)
                everything.append((discussion, message_id, author))
            case "edit" if own:
                _, message_id, writer = chance.choice(own)
                await room.edit(discussion, message_id, writer, f"Edited at {room.now}")
            case "delete" if len(own) > 10:
                await room.delete(discussion, own[chance.randrange(len(own))][1])
            case _:
                marks.append(await room.mark())
    up_to = await room.mark()
    halfway = to_milliseconds(room.now - timedelta(minutes=75))
    wanted = [
        Wanted(
            key=key,
            kind=DigestKind.WEEKLY,
            reader_id=chance.choice([*NAMES, 999, None]),
            up_to=chance.choice([up_to, up_to, marks[-2]]),
            parts=tuple(
                DigestPart(
                    each.id,
                    chance.choice(marks),
                    chance.choice([0, halfway]),
                )
                for each in discussions
            ),
        )
        for key in range(60)
    ]
    news = News(room.database)

    together = await news.compile(wanted)

    for one in wanted:
        alone = (await news.compile([one]))[one.key]
        assert same(together[one.key]) == same(alone)
        told = [new.post for each in alone.news for new in each.posts]
        told += [edited.post for each in alone.news for edited in each.edited]
        own_posts = {post.author.user_id for post in told if post.author is not None}
        assert one.reader_id not in own_posts - {None}


def same(digest: Digest) -> Digest:
    """What is told, whatever more was read for somebody else."""
    return replace(
        digest,
        news=tuple(
            replace(each, posts=each.posts[:12], edited=each.edited[:12]) for each in digest.news
        ),
    )


async def withhold(room: ReadingRoom, message_id: int) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE post SET withheld_at = 1 WHERE message_id = ?", (message_id,)
        )
