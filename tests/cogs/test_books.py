"""`/book show`, `/book rate` and `/book edit`."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.permissions import VIEW_CHANNEL
from sandbox.state import SandboxChannel
from tests.cogs.scenes import text_forum, text_of
from tests.harness import Club, Settled


@pytest.fixture
async def lobby(bot: Marginalia, club: Club, settled: Settled) -> SandboxChannel:
    """A channel beside the forum, which reads Emma."""
    book = await bot.app.books.name(club.guild.id, "Emma", "Jane Austen")
    await bot.app.forums.set_book(club.forum.id, book.id)
    lobby = await club.guild.create_text_channel("lobby")
    await settled()
    return lobby


async def test_a_book_is_shown_privately_with_its_stars_and_where_it_is_discussed(
    club: Club, lobby: SandboxChannel
) -> None:
    await club.ben.slash(lobby, "book rate", book="Emma", stars=4)

    answer = await club.ann.slash(lobby, "book show", book="Emma")

    assert answer.ephemeral
    assert "By Jane Austen" in text_of(answer)
    assert "4.0 out of 5 stars (1)" in text_of(answer)
    assert f"Discussed in <#{club.forum.id}>" in text_of(answer)


async def test_each_member_rates_once_and_hears_the_mean(club: Club, lobby: SandboxChannel) -> None:
    await club.ben.slash(lobby, "book rate", book="Emma", stars=4)
    await club.ann.slash(lobby, "book rate", book="Emma", stars=1)

    again = await club.ann.slash(lobby, "book rate", book="Emma", stars=5)
    assert again.content == "You gave 5 stars: **Emma** · 4.5 out of 5 stars (2)."
    taken_back = await club.ann.slash(lobby, "book rate", book="Emma")
    assert "4.0 out of 5 stars (1)" in taken_back.content


async def test_the_book_of_the_discussion_one_is_in_needs_no_name(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Was she right?", "Well?")
    await settled()

    assert "By Jane Austen" in text_of(await club.ann.slash(thread, "book show"))
    assert lobby.id != thread.id


async def test_a_host_corrects_a_book_and_takes_things_away(
    club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(
        lobby,
        "book edit",
        book="Emma",
        edition="Penguin, 2003",
        isbn="978-0-14-143958-7",
        link="https://example.org/emma",
    )
    assert "Edition Penguin, 2003" in text_of(answer)
    assert "https://openlibrary.org/isbn/9780141439587" in text_of(answer)
    cleared = await club.host.slash(lobby, "book edit", book="Emma", clear="edition")
    assert "Penguin" not in text_of(cleared)
    assert "ISBN 9780141439587" in text_of(cleared)


@pytest.mark.parametrize(
    ("option", "typed", "what"),
    [
        ("isbn", "9780141439588", "no ISBN"),
        ("asin", "123", "An ASIN has 10"),
        ("link", "example.org", "https://"),
        ("title", "Emma", "Nothing is to be changed"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_changed(
    bot: Marginalia, club: Club, lobby: SandboxChannel, option: str, typed: str, what: str
) -> None:
    before = await bot.app.books.of_guild(club.guild.id)

    answer = await club.host.slash(lobby, "book edit", finish=True, book="Emma", **{option: typed})

    assert what in answer.content
    assert await bot.app.books.of_guild(club.guild.id) == before


async def test_only_a_host_corrects_a_book(club: Club, lobby: SandboxChannel) -> None:
    answer = await club.ann.slash(lobby, "book edit", book="Emma", title="Ema")

    assert "Only a host" in answer.content


async def test_a_book_of_a_forum_that_one_may_not_read_is_neither_shown_nor_rated(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)
    await settled()

    for answer in (
        await club.ann.slash(lobby, "book show", book="Emma"),
        await club.ann.slash(lobby, "book rate", book="Emma", stars=5),
    ):
        assert "I know no book called" in answer.content
        assert answer.embeds == []
    assert await club.ann.autocomplete(lobby, "book show", "book", "") == []


async def test_the_book_of_a_private_discussion_is_known_to_those_in_it_alone(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    thread = await club.ann.start_thread(channel, "Just us", "Hush.", private=True)
    await club.ann.add_to_thread(thread, club.guild.me)
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    book = await bot.app.books.name(club.guild.id, "How to dismiss a cook")
    await bot.app.discussions.set_book(discussion.id, book.id)

    theirs = await club.ann.slash(lobby, "book show", book="dismiss")
    assert f"Discussed in <#{thread.id}>" in text_of(theirs)
    refused = await club.ben.slash(lobby, "book show", book=str(book.id))
    assert "I know no book called" in refused.content
    assert refused.embeds == []
    assert await club.ben.autocomplete(lobby, "book show", "book", "dismiss") == []


async def test_the_book_of_a_channel_that_is_not_kept_any_more_is_not_shown_there(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    book = await bot.app.books.name(club.guild.id, "Persuasion", "Jane Austen")
    await bot.app.forums.set_book(channel.id, book.id)
    assert "By Jane Austen" in text_of(await club.ann.slash(channel, "book show"))

    await bot.app.forums.remove(channel.id, bot.clock.now())

    answer = await club.ann.slash(channel, "book show")
    assert "No book is named for this place" in answer.content
    assert answer.embeds == []
