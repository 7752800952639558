"""What is to be read: after a set-up, after a gap, by the sweep; and a crash in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.core.incoming import ThreadFacts
from bot.core.model import Post
from bot.store.absences import Absences
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from bot.store.posts import Posts
from bot.store.reading import HistoryPage, Reading, Readings
from bot.store.recording import Recording, open_recording
from tests.store.thread import FORUM, GUILD, START, THREAD, message

NOW = START + timedelta(days=1)
# Discord's ids hold the time; these come long after every message of the tests.
EVERYTHING = 0
NOTHING = 10**9


@dataclass(frozen=True, slots=True)
class Library:
    """A forum of threads, and all that reads them."""

    forums: Forums
    discussions: Discussions
    gaps: Gaps
    readings: Readings
    absences: Absences
    recording: Recording
    posts: Posts

    async def thread(self, thread_id: int = THREAD, *, is_archived: bool = False) -> int:
        discussion = await self.discussions.ensure(
            ThreadFacts(
                thread_id=thread_id,
                forum_id=FORUM,
                guild_id=GUILD,
                title="Was Emma right to meddle?",
                is_private=False,
                is_locked=False,
                is_archived=is_archived,
                tag_ids=frozenset(),
                started_at=START,
            ),
            START,
        )
        assert discussion is not None
        return discussion.id

    async def next(self) -> Reading:
        reading = await self.readings.next(GUILD)
        assert reading is not None
        return reading

    async def listed(self, last_messages: dict[int, int | None], compare_after: int) -> None:
        """List the forum's threads, as Discord would give them."""
        (forum,) = await self.readings.unlisted(GUILD)
        await self.readings.listed(forum, last_messages, compare_after, NOW)

    async def read(self, *message_ids: int, is_last: bool = True) -> None:
        """Read one page of what is next, as Discord's history would give it."""
        reading = await self.next()
        for message_id in message_ids:
            post = message(message_id, thread_id=reading.thread_id)
            await self.recording.record(reading.discussion_id, post, after_gap=True)
        await self.readings.advance(reading, HistoryPage(message_ids, is_last=is_last))

    async def is_current(self, thread_id: int = THREAD) -> bool:
        discussion = await self.discussions.by_thread(thread_id)
        assert discussion is not None
        return discussion.is_current

    async def page(self, discussion_id: int) -> tuple[Post, ...]:
        return await self.posts.page(discussion_id, limit=1000)


async def set_up(forums: Forums) -> None:
    await forums.set_up(
        FORUM, GUILD, "Tuesday Readers", "novels", is_forum_channel=True, host_id=1, now=START
    )


@pytest.fixture
async def library(database: Database) -> AsyncIterator[Library]:
    directory = Directory()
    forums = Forums(database, directory)
    await set_up(forums)
    async with open_recording(database) as recording:
        yield Library(
            forums,
            Discussions(database, directory),
            Gaps(database),
            Readings(database),
            Absences(database),
            recording,
            Posts(database),
        )


async def test_a_forum_that_was_just_set_up_is_to_be_listed_whole(library: Library) -> None:
    (forum,) = await library.readings.unlisted(GUILD)
    assert (forum.forum_id, forum.seen_at) == (FORUM, None)
    assert await library.readings.waiting() == (GUILD,)
    await library.thread()
    assert await library.readings.next(GUILD) is None, "the threads come first"


async def test_a_listed_thread_is_read_from_its_first_message_to_its_last(
    library: Library,
) -> None:
    discussion_id = await library.thread()
    await library.listed({THREAD: THREAD + 3}, EVERYTHING)
    assert await library.readings.unlisted(GUILD) == ()
    assert (await library.next()).after == 0
    await library.read(THREAD, THREAD + 1, is_last=False)
    assert not await library.is_current()
    assert (await library.next()).after == THREAD + 1
    await library.read(THREAD + 2, THREAD + 3)
    assert await library.is_current()
    assert await library.readings.next(GUILD) is None
    assert await library.readings.waiting() == ()
    assert [post.number for post in await library.page(discussion_id)] == [1, 2, 3, 4]


async def test_a_crash_in_a_long_history_goes_on_where_it_was(
    database: Database, library: Library
) -> None:
    await library.thread()
    await library.listed({THREAD: THREAD + 9}, EVERYTHING)
    await library.read(THREAD, THREAD + 1, is_last=False)

    restarted = Readings(database)
    await Gaps(database).session_began(0, 1)
    await library.listed({THREAD: THREAD + 9}, NOTHING)
    reading = await restarted.next(GUILD)
    assert reading is not None
    assert reading.after == THREAD + 1
    assert not await library.is_current()


async def test_a_post_that_arrives_while_the_history_is_read_is_numbered_after_it(
    library: Library,
) -> None:
    discussion_id = await library.thread()
    await library.listed({THREAD: THREAD + 1}, EVERYTHING)
    await library.recording.record(discussion_id, message(THREAD + 2))
    assert await library.page(discussion_id) == ()
    await library.read(THREAD, THREAD + 1)
    assert [post.message_id for post in await library.page(discussion_id)] == [
        THREAD,
        THREAD + 1,
        THREAD + 2,
    ]


async def read_to_the_end(library: Library, *message_ids: int) -> int:
    discussion_id = await library.thread()
    await library.listed({THREAD: message_ids[-1]}, EVERYTHING)
    await library.read(*message_ids)
    return discussion_id


async def test_after_a_gap_new_posts_get_no_number_until_it_has_been_read(
    library: Library,
) -> None:
    discussion_id = await read_to_the_end(library, THREAD)
    await library.gaps.server_interrupted(GUILD)
    assert not await library.is_current()
    await library.recording.record(discussion_id, message(THREAD + 5))
    await library.listed({THREAD: THREAD + 5}, NOTHING)
    assert (await library.next()).after == THREAD
    await library.read(THREAD + 4, THREAD + 5)
    assert [post.message_id for post in await library.page(discussion_id)] == [
        THREAD,
        THREAD + 4,
        THREAD + 5,
    ]


async def test_a_page_that_was_asked_for_before_a_gap_makes_nothing_current(
    library: Library,
) -> None:
    await library.thread()
    await library.listed({THREAD: THREAD}, EVERYTHING)
    reading = await library.next()
    await library.gaps.server_interrupted(GUILD)
    await library.readings.advance(reading, HistoryPage((THREAD,), is_last=True))
    assert not await library.is_current()
    await library.listed({THREAD: THREAD + 1}, EVERYTHING)
    assert (await library.next()).after == 0


@pytest.mark.parametrize("is_ended", [False, True])
async def test_a_listing_in_which_a_gap_opened_or_its_forum_ended_proves_nothing(
    library: Library,
    is_ended: bool,
) -> None:
    await read_to_the_end(library, THREAD)
    await library.gaps.server_interrupted(GUILD)
    (begun,) = await library.readings.unlisted(GUILD)
    if is_ended:
        await library.forums.remove(FORUM, NOW)
        await set_up(library.forums)
    else:
        await library.gaps.server_interrupted(GUILD)
    await library.readings.listed(begun, {THREAD: THREAD}, NOTHING, NOW)
    assert not await library.is_current()
    (again,) = await library.readings.unlisted(GUILD)
    await library.readings.listed(again, {THREAD: THREAD}, NOTHING, NOW)
    assert await library.is_current()


async def test_a_thread_without_anything_new_is_current_at_once_and_compared_besides(
    library: Library,
) -> None:
    await read_to_the_end(library, THREAD, THREAD + 1)
    await library.gaps.server_interrupted(GUILD)
    await library.listed({THREAD: THREAD + 1}, THREAD)
    assert await library.is_current()
    assert (await library.next()).after == THREAD


async def test_a_live_post_counts_as_known_after_a_gap(library: Library) -> None:
    discussion_id = await read_to_the_end(library, THREAD)
    await library.recording.record(discussion_id, message(THREAD + 7))
    await library.gaps.server_interrupted(GUILD)
    await library.listed({THREAD: THREAD + 7}, NOTHING)
    assert await library.is_current()


async def test_a_thread_that_slept_through_the_gap_is_current_without_being_read(
    library: Library,
) -> None:
    await library.thread(is_archived=True)
    await library.listed({THREAD: THREAD}, EVERYTHING)
    await library.read(THREAD)
    await library.gaps.server_interrupted(GUILD)
    await library.listed({}, EVERYTHING)
    assert await library.is_current()
    assert await library.readings.next(GUILD) is None


async def test_an_archived_thread_that_was_never_read_to_its_end_still_is(
    library: Library,
) -> None:
    await library.thread(is_archived=True)
    await library.listed({THREAD: THREAD + 9}, EVERYTHING)
    await library.read(THREAD, is_last=False)
    await library.gaps.server_interrupted(GUILD)
    await library.listed({}, NOTHING)
    assert not await library.is_current()
    assert (await library.next()).after == THREAD


async def test_an_active_thread_that_is_in_no_list_is_read_to_see_what_became_of_it(
    library: Library,
) -> None:
    await read_to_the_end(library, THREAD)
    await library.gaps.server_interrupted(GUILD)
    await library.listed({}, NOTHING)
    assert not await library.is_current()
    assert (await library.next()).after == THREAD


async def test_a_gap_begins_when_events_were_last_certainly_received(library: Library) -> None:
    await library.listed({}, EVERYTHING)
    await library.forums.seen([GUILD], NOW + timedelta(hours=1))
    await library.gaps.server_interrupted(GUILD)
    await library.forums.seen([GUILD], NOW + timedelta(hours=9))
    (forum,) = await library.readings.unlisted(GUILD)
    assert forum.seen_at == NOW + timedelta(hours=1)


async def test_a_new_session_opens_a_gap_in_its_shards_servers_alone(library: Library) -> None:
    await library.listed({}, EVERYTHING)
    other_shard = 1 - (GUILD >> 22) % 2
    await library.gaps.session_began(other_shard, 2)
    assert await library.readings.unlisted(GUILD) == ()
    await library.gaps.session_began(1 - other_shard, 2)
    assert len(await library.readings.unlisted(GUILD)) == 1


async def test_what_discord_refuses_waits_until_rights_may_have_changed(library: Library) -> None:
    discussion_id = await library.thread()
    await library.listed({THREAD: THREAD}, EVERYTHING)
    await library.readings.refused(discussion_id, "I may not read it.")
    assert await library.readings.next(GUILD) is None
    assert (await library.discussions.progress(FORUM)).trouble == "I may not read it."
    assert await library.readings.troubled() == (GUILD,)
    await library.readings.try_again(GUILD)
    assert (await library.next()).discussion_id == discussion_id
    assert (await library.discussions.progress(FORUM)).trouble is None


async def test_a_forum_in_trouble_is_not_listed_until_rights_may_have_changed(
    library: Library,
) -> None:
    await library.gaps.forum_interrupted(FORUM, "I may not read it.")
    assert await library.readings.unlisted(GUILD) == ()
    assert await library.readings.waiting() == ()
    await library.readings.try_again(GUILD)
    assert len(await library.readings.unlisted(GUILD)) == 1


async def test_what_is_not_current_is_read_before_what_is_compared(library: Library) -> None:
    await read_to_the_end(library, THREAD)
    newer = await library.thread(THREAD + 100)
    older = await library.thread(THREAD - 100)
    swept_on = START + timedelta(days=40)
    assert await library.readings.sweep(swept_on, 30) == GUILD
    assert (await library.next()).discussion_id == newer
    await library.read(THREAD + 100)
    assert (await library.next()).discussion_id == older
    await library.read(THREAD - 100)
    assert (await library.next()).thread_id == THREAD


async def test_the_sweep_takes_each_discussion_once_in_its_days(library: Library) -> None:
    discussion_id = await read_to_the_end(library, THREAD)
    assert await library.readings.sweep(START + timedelta(days=29), 30) is None
    due = START + timedelta(days=30)
    assert await library.readings.sweep(due, 30) == GUILD
    assert await library.readings.sweep(due, 30) is None, "it is under way"
    assert await library.is_current(), "new posts are numbered meanwhile"
    assert (await library.next()).after == 0
    await library.read(THREAD)
    assert await library.readings.sweep(due + timedelta(days=29), 30) is None
    assert await library.readings.sweep(due + timedelta(days=30), 30) == GUILD
    assert (await library.next()).discussion_id == discussion_id


async def test_a_post_missing_from_its_page_is_absent_and_one_that_came_later_is_not(
    library: Library,
) -> None:
    discussion_id = await read_to_the_end(library, THREAD, THREAD + 1, THREAD + 2)
    await library.gaps.thread_interrupted(THREAD)
    reading = await library.next()
    # It arrives between the question and the answer.
    await library.recording.record(discussion_id, message(THREAD + 3))
    await library.readings.advance(reading, HistoryPage((THREAD, THREAD + 2), is_last=True))
    absent = await library.absences.next(GUILD)
    assert absent is not None
    assert [absence.message_id for absence in absent.absences] == [THREAD + 1]


async def test_a_full_page_says_nothing_of_what_lies_beyond_it(library: Library) -> None:
    await read_to_the_end(library, THREAD, THREAD + 1, THREAD + 2)
    await library.gaps.thread_interrupted(THREAD)
    reading = await library.next()
    await library.readings.advance(reading, HistoryPage((THREAD,), is_last=False))
    reading = await library.next()
    page = HistoryPage((THREAD + 1, THREAD + 2), is_last=True)
    await library.readings.advance(reading, page)
    assert await library.absences.next(GUILD) is None


async def test_what_is_absent_and_comes_back_is_not_absent(library: Library) -> None:
    await read_to_the_end(library, THREAD, THREAD + 1)
    for page in (
        HistoryPage((THREAD,), is_last=True),
        HistoryPage((THREAD, THREAD + 1), is_last=True),
    ):
        await library.gaps.thread_interrupted(THREAD)
        await library.readings.advance(await library.next(), page)
    assert await library.absences.next(GUILD) is None
