"""Posts that are gone: plain deletions, or so many at once that a host is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Post
from bot.store.absences import Absences, is_alarming
from bot.store.database import Database
from bot.store.posts import Posts
from bot.store.recording import Recording, open_recording
from bot.store.vanished_questions import VanishedQuestion, VanishedQuestions
from tests.store.thread import GUILD, START, THREAD, found_club, message

NOW = START + timedelta(days=1)
LATER = NOW + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Debate:
    """A discussion of forty posts, and what knows of those that are gone."""

    discussion_id: int
    recording: Recording
    absences: Absences
    questions: VanishedQuestions
    posts: Posts

    async def texts(self) -> list[str]:
        page = await self.posts.page(self.discussion_id, limit=100)
        return [post.content for post in page if not post.is_deleted]

    async def post(self, place: int) -> Post:
        post = await self.posts.by_message(THREAD + place)
        assert post is not None
        return post

    async def ask(self, gone: Sequence[int]) -> VanishedQuestion:
        """Withhold these posts and give the question."""
        messages = [THREAD + place for place in gone]
        assert await self.absences.withhold(self.discussion_id, messages, NOW)
        (question,) = await self.questions.of_guild(GUILD)
        return question


@pytest.fixture
async def debate(database: Database) -> AsyncIterator[Debate]:
    discussion_id = await (await found_club(database)).discussion()
    async with open_recording(database) as recording:
        for place in range(40):
            await recording.record(discussion_id, message(THREAD + place, f"text {place}"))
        yield Debate(
            discussion_id,
            recording,
            Absences(database),
            VanishedQuestions(database),
            Posts(database),
        )


@pytest.mark.parametrize(
    ("gone", "living", "expected"),
    [
        (1, 10, False),  # one of few is no alarm, be it 10 %
        (5, 19, False),
        (1, 20, False),  # 5 % and not more
        (2, 20, True),
        (2, 40, False),
        (3, 40, True),
        (20, 1000, False),
        (21, 1000, True),
        (21, 21, True),
        (0, 0, False),
    ],
)
def test_more_than_twenty_posts_or_five_percent_at_once_are_an_alarm(
    gone: int, living: int, expected: bool
) -> None:
    assert is_alarming(gone, living) is expected


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_more_gone_never_alarms_less(gone: int, living: int) -> None:
    if is_alarming(gone, living):
        assert is_alarming(gone + 1, living)
        assert gone > 0


async def test_a_few_that_are_gone_are_not_withheld(debate: Debate) -> None:
    gone = [THREAD + 1, THREAD + 2]
    assert not await debate.absences.withhold(debate.discussion_id, gone, NOW)
    assert len(await debate.texts()) == 40
    assert await debate.questions.of_guild(GUILD) == ()


async def test_withheld_posts_are_hidden_from_every_read_and_a_host_is_asked(
    debate: Debate,
) -> None:
    question = await debate.ask(range(10, 20))
    assert (question.post_count, question.host_id, question.is_told) == (10, 1, False)
    assert question.title == "Was Emma right to meddle?"
    assert len(await debate.texts()) == 30
    hidden = await debate.post(10)
    assert (hidden.is_deleted, hidden.content) == (True, "")


async def test_kept_posts_are_shown_again_and_never_asked_for_again(debate: Debate) -> None:
    question = await debate.ask(range(10, 20))
    assert await debate.absences.keep(question.id, LATER) == 10
    assert len(await debate.texts()) == 40
    assert (await debate.post(10)).content == "text 10"
    assert await debate.questions.of_guild(GUILD) == ()
    await debate.absences.note(debate.discussion_id, THREAD + 10)
    assert await debate.absences.next(GUILD) is None


async def test_a_kept_post_that_is_deleted_for_all_to_see_is_deleted(debate: Debate) -> None:
    question = await debate.ask(range(10, 20))
    await debate.absences.keep(question.id, LATER)
    await debate.recording.delete(debate.discussion_id, [THREAD + 10], LATER)
    assert (await debate.post(10)).is_deleted


async def test_erased_posts_keep_their_place_without_their_text(debate: Debate) -> None:
    question = await debate.ask(range(10, 20))
    withheld = await debate.absences.withheld(debate.discussion_id)
    assert sorted(withheld) == [THREAD + place for place in range(10, 20)]
    assert await debate.recording.delete(debate.discussion_id, withheld, LATER) == 10
    assert await debate.absences.decided(question.id, LATER)
    erased = await debate.post(10)
    assert (erased.is_deleted, erased.content, erased.number) == (True, "", 11)
    assert await debate.absences.withheld(debate.discussion_id) == ()


async def test_a_question_is_decided_once(debate: Debate) -> None:
    question = await debate.ask(range(10, 20))
    assert await debate.absences.keep(question.id, LATER) == 10
    assert await debate.absences.keep(question.id, LATER) is None
    assert not await debate.absences.decided(question.id, LATER)
    assert await debate.questions.get(question.id) is None


async def test_what_vanishes_later_joins_the_open_question(debate: Debate) -> None:
    first = await debate.ask(range(10, 20))
    await debate.questions.told(first.id, NOW)
    second = await debate.ask(range(20, 25))
    assert (second.id, second.post_count) == (first.id, 15)
    assert not second.is_told, "it is told anew"


async def test_a_question_whose_posts_are_all_gone_or_back_is_none(debate: Debate) -> None:
    await debate.ask(range(10, 20))
    withheld = await debate.absences.withheld(debate.discussion_id)
    await debate.recording.delete(debate.discussion_id, withheld, LATER)
    assert await debate.questions.of_guild(GUILD) == ()
    assert await debate.questions.open() == ()


async def test_a_question_is_told_once_and_later_where_the_inbox_was_closed(
    debate: Debate,
) -> None:
    question = await debate.ask(range(10, 20))
    assert await debate.questions.untold(NOW) == (question,)
    await debate.questions.postpone(question.id, LATER)
    assert await debate.questions.untold(LATER - timedelta(seconds=1)) == ()
    assert await debate.questions.untold(LATER) == (question,)
    await debate.questions.told(question.id, LATER)
    assert await debate.questions.untold(LATER + timedelta(days=9)) == ()
    (still_open,) = await debate.questions.of_guild(GUILD)
    assert still_open.is_told


async def test_an_absent_post_must_be_known_and_alive(debate: Debate) -> None:
    await debate.recording.delete(debate.discussion_id, [THREAD + 1], NOW)
    for place in (1, 99):
        await debate.absences.note(debate.discussion_id, THREAD + place)
    assert await debate.absences.next(GUILD) is None
