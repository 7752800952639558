"""Of all that is new, what concerns the reader is told first, and what drew replies."""

from __future__ import annotations

import pytest

from bot.core.model import Concern
from tests.reading_room import ANN, BEN, CLEO, ReadingRoom
from tests.store.compiled_news import news_of, texts


async def test_what_concerns_the_reader_comes_first_and_questions_before_all(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "He lies.")
    after = await room.mark()
    await room.post(discussion, BEN, "What a week!")
    await room.post(discussion, BEN, f"As <@{ANN}> says.")
    await room.post(discussion, CLEO, "He does.", reply_to=own)
    await room.post(discussion, CLEO, "To whom?", reply_to=own)
    await room.post(discussion, BEN, f"<@!{ANN}>, will you come?")

    (news,) = (await news_of(room, ANN, discussion, after=after)).news

    assert [(new.post.content.split()[-1], new.concern) for new in news.posts] == [
        ("whom?", Concern.QUESTION),
        ("come?", Concern.QUESTION),
        ("does.", Concern.ANSWER),
        ("says.", Concern.MENTION),
        ("week!", None),
    ]
    assert (len(news.answered_by), len(news.asked_by)) == (1, 2)
    (to_cleo,) = (await news_of(room, CLEO, discussion, after=after)).news
    assert {new.concern for new in to_cleo.posts} == {None}
    assert to_cleo.answered_by == to_cleo.asked_by == frozenset()


@pytest.mark.parametrize(
    ("answer", "concern"),
    [
        ("Why?\n> He lies.", Concern.QUESTION),
        ("> He lies. Does he?\nHe does.", Concern.ANSWER),
        ("See https://example.org/?q=1", Concern.ANSWER),
        ("`lies?` he does", Concern.ANSWER),
        ("||Does he?||", Concern.QUESTION),
        ("本当？", Concern.QUESTION),
        ("حقا؟", Concern.QUESTION),
    ],
)
async def test_a_question_is_one_in_the_authors_own_words(
    room: ReadingRoom, answer: str, concern: Concern
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "He lies.")
    await room.post(discussion, BEN, answer, reply_to=own)

    (news,) = (await news_of(room, ANN, discussion)).news

    assert [new.concern for new in news.posts] == [concern]


async def test_a_question_that_the_reader_has_answered_is_none_any_more(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "He lies.")
    question = await room.post(discussion, BEN, "To whom?", reply_to=own)
    up_to = await room.mark()
    await room.post(discussion, CLEO, "To Hartley.", reply_to=question)
    (before,) = (await news_of(room, ANN, discussion, up_to=up_to)).news

    reply = await room.post(discussion, ANN, "To himself.", reply_to=question)
    (after,) = (await news_of(room, ANN, discussion, up_to=up_to)).news
    await room.delete(discussion, reply)
    (again,) = (await news_of(room, ANN, discussion, up_to=up_to)).news

    assert [one.posts[0].concern for one in (before, after, again)] == [
        Concern.QUESTION,
        Concern.ANSWER,
        Concern.QUESTION,
    ]


async def test_an_answer_to_a_post_of_ones_own_that_is_deleted_is_still_one(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "He lies.")
    await room.post(discussion, BEN, "He does.", reply_to=own)
    await room.delete(discussion, own)

    (news,) = (await news_of(room, ANN, discussion)).news

    assert news.posts[0].concern is Concern.ANSWER
    assert news.posts[0].parent is not None
    assert news.posts[0].parent.is_deleted


async def test_an_erased_author_is_nobody(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    own = await room.post(discussion, ANN, "He lies.")
    await room.post(discussion, BEN, "He does.", reply_to=own)
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE post SET author_id = NULL")

    for reader in (ANN, None):
        (news,) = (await news_of(room, reader, discussion)).news
        assert {new.concern for new in news.posts} == {None}
        assert news.new_post_count == 2


async def test_the_initial_post_comes_before_those_that_drew_replies_and_those_before_the_rest(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.post(discussion, BEN, "The first")
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE post SET kind = 'initial'")
    await room.post(discussion, BEN, "Early")
    few, many = [await room.post(discussion, BEN, text) for text in ("Few", "Many")]
    for answered, count in ((few, 2), (many, 3)):
        for number in range(count):
            await room.post(discussion, CLEO, f"No {number}", reply_to=answered)

    (news,) = (await news_of(room, ANN, discussion)).news

    assert texts(news)[:4] == ["The first", "Many", "Few", "Early"]
    assert texts(news)[4:] == ["No 0", "No 1", "No 0", "No 1", "No 2"]


async def test_discussions_that_concern_the_reader_come_first_and_then_the_liveliest(
    room: ReadingRoom,
) -> None:
    titles = ("Quiet", "Lively", "Edited", "Answered", "Asked")
    quiet, lively, edited, answered, asked = [await room.begin(title) for title in titles]
    own = {each.id: await room.post(each, ANN, "Mine") for each in (answered, asked)}
    changed = await room.post(edited, BEN, "A thought")
    await room.post(edited, ANN, "Mine", reply_to=changed)
    after = await room.mark()
    await room.post(quiet, BEN, "A word")
    for number in range(3):
        await room.post(lively, BEN, f"Word {number}")
    await room.edit(edited, changed, BEN, "An afterthought")
    await room.post(answered, BEN, "Yes.", reply_to=own[answered.id])
    await room.post(asked, BEN, "Yes?", reply_to=own[asked.id])

    digest = await news_of(room, ANN, quiet, lively, edited, answered, asked, after=after)

    assert [each.discussion.title for each in digest.news] == [
        "Asked",
        "Answered",
        "Edited",
        "Lively",
        "Quiet",
    ]


async def test_a_long_week_is_counted_to_the_end_and_only_what_could_be_shown_is_read(
    room: ReadingRoom,
) -> None:
    busy, quiet = await room.begin("Busy"), await room.begin("Quiet")
    await room.post(quiet, BEN, "One thing")
    for number in range(100):
        await room.post(busy, BEN if number % 2 else CLEO, str(number))

    first, second = (await news_of(room, ANN, busy, quiet)).news

    assert (first.new_post_count, first.author_count) == (100, 2)
    assert texts(first) == [str(number) for number in range(len(first.posts))]
    assert 40 < len(first.posts) < 60
    assert texts(second) == ["One thing"]
