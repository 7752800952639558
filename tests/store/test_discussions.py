"""Discussions follow their threads, are found by their titles, and know their book."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.incoming import ThreadFacts
from bot.core.model import Discussion
from bot.store.books import Books
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.posts import Posts
from bot.store.recording import open_recording
from bot.store.removals import Removals
from tests.store.thread import FORUM, GUILD, START, THREAD, message

FACTS = ThreadFacts(
    thread_id=THREAD,
    forum_id=FORUM,
    guild_id=GUILD,
    title="Was Emma right to meddle?",
    is_private=False,
    is_locked=False,
    is_archived=False,
    tag_ids=frozenset(),
    started_at=START,
)


@pytest.fixture
def directory() -> Directory:
    return Directory()


@pytest.fixture
def forums(database: Database, directory: Directory) -> Forums:
    return Forums(database, directory)


@pytest.fixture
async def discussions(database: Database, directory: Directory, forums: Forums) -> Discussions:
    await set_up(forums)
    return Discussions(database, directory)


async def set_up(forums: Forums, forum_id: int = FORUM) -> None:
    await forums.set_up(
        forum_id, GUILD, "Tuesday Readers", "novels", is_forum_channel=True, host_id=1, now=START
    )


async def begun(discussions: Discussions, facts: ThreadFacts = FACTS) -> Discussion:
    discussion = await discussions.ensure(facts, START)
    assert discussion is not None
    return discussion


async def test_a_thread_is_one_discussion_however_often_it_is_told(
    discussions: Discussions, directory: Directory
) -> None:
    first = await begun(discussions)
    assert await begun(discussions) == first
    assert directory.discussion(THREAD) == first.id


async def test_a_discussion_follows_what_its_thread_is_now(discussions: Discussions) -> None:
    first = await begun(discussions)
    now = await begun(
        discussions, replace(FACTS, title="Emma, volume one", is_locked=True, is_archived=True)
    )
    assert (now.id, now.title, now.is_locked, now.is_archived) == (
        first.id,
        "Emma, volume one",
        True,
        True,
    )


async def test_a_thread_elsewhere_is_no_discussion(discussions: Discussions) -> None:
    assert await discussions.ensure(replace(FACTS, forum_id=FORUM + 1), START) is None


async def test_a_thread_of_a_removed_forum_is_no_discussion(
    forums: Forums, discussions: Discussions
) -> None:
    await forums.remove(FORUM, START)
    assert await discussions.ensure(FACTS, START) is None


async def test_an_erased_thread_has_no_way_back_in(
    database: Database, directory: Directory, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    await Removals(database, directory).erase(discussion.id, START)
    assert await discussions.ensure(FACTS, START) is None
    assert directory.discussion(THREAD) is None


async def test_a_hidden_thread_is_found_by_nobody(
    database: Database, directory: Directory, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    await Removals(database, directory).hide(THREAD, START)
    assert await discussions.get(discussion.id) is None
    assert await discussions.by_thread(THREAD) is None
    assert await discussions.of_forum(FORUM) == ()
    assert await discussions.matching(GUILD, "emma") == ()
    assert await discussions.ensure(FACTS, START) is None
    assert directory.discussion(THREAD) is None


async def test_a_hidden_forum_hides_its_discussions_and_comes_back_with_them_when_set_up(
    forums: Forums, directory: Directory, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    await forums.hide(FORUM, START)
    assert await discussions.get(discussion.id) is None
    assert not directory.is_forum(FORUM)
    assert directory.discussion(THREAD) is None
    await set_up(forums)
    assert await discussions.get(discussion.id) is not None
    assert directory.is_forum(FORUM)
    assert directory.discussion(THREAD) == discussion.id


async def test_a_forum_set_up_again_keeps_what_it_had(
    forums: Forums, directory: Directory, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    await discussions.settle(discussion.id)
    await forums.remove(FORUM, START)
    assert directory.discussion(THREAD) is None
    assert await forums.of_guild(GUILD) == ()
    await set_up(forums)
    found = await discussions.get(discussion.id)
    assert found is not None
    # What was posted meanwhile is still to be read.
    assert not found.is_current
    assert directory.discussion(THREAD) == discussion.id


async def test_what_a_directory_loads_is_what_was_put_in(
    database: Database, forums: Forums, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    await set_up(forums, FORUM + 1)
    await forums.remove(FORUM + 1, START)
    loaded = Directory()
    await loaded.load(database)
    assert loaded.is_forum(FORUM)
    assert not loaded.is_forum(FORUM + 1)
    assert loaded.discussion(THREAD) == discussion.id


async def test_a_discussions_own_book_comes_before_its_tags_and_its_forums(
    database: Database, forums: Forums, discussions: Discussions
) -> None:
    books = Books(database)
    own, of_tag, of_forum = [
        await books.name(GUILD, title) for title in ("Emma", "Persuasion", "Sanditon")
    ]
    await forums.set_book(FORUM, of_forum.id)
    discussion = await begun(discussions)
    assert discussion.book == of_forum
    await forums.set_tag_book(FORUM, 5, of_tag.id)
    assert (await begun(discussions, replace(FACTS, tag_ids=frozenset({4, 5})))).book == of_tag
    await discussions.set_book(discussion.id, own.id)
    found = await discussions.get(discussion.id)
    assert found is not None
    assert found.book == own
    await discussions.set_book(discussion.id, None)
    await forums.set_tag_book(FORUM, 5, None)
    found = await discussions.get(discussion.id)
    assert found is not None
    assert found.book == of_forum


async def test_titles_match_by_all_words_in_every_alphabet_latest_activity_first(
    database: Database, discussions: Discussions
) -> None:
    titles = ["Über Emma", "ÜBER Anna", "Anna Karénine", "Emma, encore"]
    for place, title in enumerate(titles):
        await begun(discussions, replace(FACTS, thread_id=THREAD + 100 * place, title=title))
    first = await discussions.by_thread(THREAD)
    assert first is not None
    async with open_recording(database) as recording:
        await recording.record(first.id, replace(message(THREAD + 1), posted_at=START))
        await recording.record(
            first.id, replace(message(THREAD + 2), posted_at=START + timedelta(days=1))
        )
    assert [found.title for found in await discussions.matching(GUILD, "über")] == [
        "Über Emma",
        "ÜBER Anna",
    ]
    assert [found.title for found in await discussions.matching(GUILD, "EMMA über")] == [
        "Über Emma"
    ]
    assert len(await discussions.matching(GUILD, "")) == len(titles)
    assert [found.title for found in await discussions.matching(GUILD, "", limit=1)] == [
        "Über Emma"
    ]
    assert await discussions.matching(GUILD + 1, "emma") == ()


async def test_what_came_before_all_was_known_is_numbered_in_order_afterwards(
    database: Database, discussions: Discussions
) -> None:
    discussion = await begun(discussions)
    async with open_recording(database) as recording:
        for message_id in (THREAD + 5, THREAD + 3, THREAD, THREAD + 4):
            await recording.record(discussion.id, message(message_id))
        assert [post.number for post in await Posts(database).page(discussion.id)] == []
        await discussions.settle(discussion.id)
        await recording.record(discussion.id, message(THREAD + 6))
    posts = await Posts(database).page(discussion.id)
    assert [(post.number, post.message_id) for post in posts] == [
        (1, THREAD),
        (2, THREAD + 3),
        (3, THREAD + 4),
        (4, THREAD + 5),
        (5, THREAD + 6),
    ]


async def test_progress_counts_what_has_been_read(
    database: Database, discussions: Discussions
) -> None:
    read = await begun(discussions)
    await begun(discussions, replace(FACTS, thread_id=THREAD + 100))
    async with open_recording(database) as recording:
        await recording.record(read.id, message(THREAD))
    await discussions.settle(read.id)
    progress = await discussions.progress(FORUM)
    assert (progress.discussions, progress.discussions_read, progress.posts) == (2, 1, 1)
    assert not progress.is_listed
    with pytest.raises(LookupError):
        await discussions.progress(FORUM + 1)
