from __future__ import annotations

from typing import Any

import pytest

from bot.client import Marginalia
from bot.core.model import Book
from sandbox.state import SandboxChannel, SandboxThread
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(
        club.forum, "The attic", "Who is up there?", tags=["Classics"]
    )
    await settled()
    return thread


async def book_of(bot: Marginalia, thread: SandboxThread) -> Book | None:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return discussion.book


async def test_a_forums_book_is_that_of_its_discussions(
    bot: Marginalia, club: Club, lobby: SandboxChannel, thread: SandboxThread
) -> None:
    answer = await club.host.slash(
        lobby,
        "setup book",
        title="Jane Eyre",
        author="Charlotte Brontë",
        edition="Penguin 2006",
        forum=str(club.forum.id),
    )

    assert answer.ephemeral
    assert f"The book of {club.forum.mention} is *Jane Eyre* by Charlotte Brontë" in answer.content
    book = await book_of(bot, thread)
    assert book is not None
    assert (book.title, book.edition) == ("Jane Eyre", "Penguin 2006")


async def test_in_a_thread_without_more_words_the_book_is_its_forums(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await club.host.slash(thread, "setup book", title="Jane Eyre")

    forum = await bot.app.forums.get(club.forum.id)
    assert forum is not None
    assert forum.book is not None


async def test_a_tags_book_stands_before_the_forums_and_a_discussions_own_before_both(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await club.host.slash(thread, "setup book", title="Forum's")
    await club.host.slash(thread, "setup book", title="Tag's", tag="classics")
    tagged = await book_of(bot, thread)
    await club.host.slash(thread, "setup book", title="Its own", discussion="The attic")
    own = await book_of(bot, thread)
    await club.host.slash(thread, "setup book", discussion="The attic", clear=True)
    after = await book_of(bot, thread)
    await club.host.slash(thread, "setup book", tag="Classics", clear=True)
    last = await book_of(bot, thread)

    titles = [None if book is None else book.title for book in (tagged, own, after, last)]
    assert titles == ["Tag's", "Its own", "Tag's", "Forum's"]


async def test_without_a_title_one_is_told_which_book_it_is(
    club: Club, lobby: SandboxChannel
) -> None:
    forum = str(club.forum.id)
    before = await club.host.slash(lobby, "setup book", forum=forum)
    await club.host.slash(lobby, "setup book", forum=forum, title="Emma")
    after = await club.host.slash(lobby, "setup book", forum=forum)
    await club.host.slash(lobby, "setup book", forum=forum, clear=True)
    cleared = await club.host.slash(lobby, "setup book", forum=forum)

    assert "has no book yet" in before.content
    assert "is *Emma*. To change it" in after.content
    assert "has no book yet" in cleared.content


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"author": "Jane Austen"}, "Which book?"),
        ({"title": "Emma", "clear": True}, "not both"),
        ({"title": "Emma", "tag": "x", "discussion": "y"}, "`discussion` or `tag`"),
        ({"title": "Emma", "tag": "Romance"}, "no such tag. It has: “Spoilers”, “Classics”"),
        ({"title": "Emma", "discussion": "Nothing like it"}, "Nothing like it"),
        ({"title": "Emma", "forum": "no such forum"}, "no such forum"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(
    club: Club, thread: SandboxThread, options: dict[str, Any], said: str
) -> None:
    answer = await club.host.slash(thread, "setup book", **options)

    assert answer.ephemeral
    assert said in answer.content


async def test_titles_forums_tags_and_discussions_are_offered_while_one_types(
    club: Club, thread: SandboxThread
) -> None:
    await club.host.slash(thread, "setup book", title="Emma", author="Jane Austen")

    async def offered(option: str, typed: str, **given: str) -> dict[str, object]:
        choices = await club.host.autocomplete(thread, "setup book", option, typed, **given)
        return {choice.name: choice.value for choice in choices}

    assert await offered("title", "austen") == {"Emma — Jane Austen": "Emma"}
    assert await offered("forum", "nov") == {"novels": str(club.forum.id)}
    assert list(await offered("tag", "class")) == ["Classics"]
    assert list(await offered("tag", "", forum=str(club.forum.id))) == ["Spoilers", "Classics"]
    assert list(await offered("discussion", "attic")) == ["The attic"]
    assert await club.ann.autocomplete(thread, "setup book", "title", "austen") == []


async def test_no_tags_are_offered_where_there_is_no_forum(
    club: Club, lobby: SandboxChannel
) -> None:
    assert await club.host.autocomplete(lobby, "setup book", "tag", "class") == []


async def test_a_spoiler_in_a_discussions_title_stays_hidden_from_hosts_too(
    club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma ||marries||", "Well?")
    await settled()
    for options in ({"title": "Emma"}, {}, {"clear": True}):
        answer = await club.host.slash(thread, "setup book", discussion=str(thread.id), **options)
        assert "“Emma ▮▮▮”" in answer.content


async def test_a_title_that_looks_like_markdown_is_shown_as_it_was_typed_but_for_its_spoilers(
    club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(
        lobby, "setup book", title="**Emma** [1815]", forum=str(club.forum.id)
    )

    spoiling = await club.host.slash(
        lobby, "setup book", title="Emma ||dies||", forum=str(club.forum.id)
    )

    assert r"\*\*Emma\*\* \[1815\]" in answer.content
    assert "*Emma ▮▮▮*" in spoiling.content
