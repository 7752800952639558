"""`/discussions` and `/forums`."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from cogs.lists import MOST_PRIVATE
from sandbox.answers import Answer
from sandbox.permissions import MANAGE_THREADS, VIEW_CHANNEL
from sandbox.state import SandboxChannel
from tests.cogs.scenes import set_up, text_forum, text_of
from tests.harness import Club, Settled


def titles(answer: Answer) -> list[str]:
    lines = text_of(answer).split("\n")
    return [line[3:].split("]")[0] for line in lines if line.startswith("**[")]


async def test_the_discussions_of_a_forum_are_listed_privately_and_lead_to_their_pages(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    emma = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await club.ben.reply(emma.messages[0], "No.")
    await club.ann.start_thread(club.forum, "Persuasion", "And Anne?")
    await settled()

    answer = await club.ann.slash(lobby, "discussions", forum="novels")

    assert answer.ephemeral
    assert titles(answer) == ["Persuasion", "Emma"]
    assert "2 posts · 2 participants · latest <t:" in text_of(answer)
    assert "tracked by 0 members" in text_of(answer)
    by_title = await club.ann.select(answer, "Sort", ["By title"])
    assert titles(by_title) == ["Emma", "Persuasion"]
    page = await club.ann.select(by_title, "Read a discussion", ["Emma"])
    assert page.content.startswith("Showing 1-2 of 2 posts in this discussion")


async def test_a_long_list_is_turned_page_by_page(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    for number in range(12):
        await club.ann.start_thread(club.forum, f"Chapter {number:02}", "So?")
    await settled()

    first = await club.ann.slash(lobby, "discussions", forum="novels", sort="t")
    assert titles(first) == [f"Chapter {number:02}" for number in range(10)]
    second = await club.ann.click(first, "Next ›")
    assert titles(second) == ["Chapter 10", "Chapter 11"]
    assert len(titles(await club.ann.click(second, "‹ Previous"))) == 10


async def test_private_discussions_are_listed_for_those_in_them_and_for_moderators(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    await settled()
    for title, added in (("Just us", club.ben), ("Just you", None)):
        thread = await club.ann.start_thread(channel, title, "A secret", private=True)
        await club.ann.add_to_thread(thread, club.guild.me)
        if added is not None:
            await club.ann.add_to_thread(thread, added)
    await settled()

    of_ben = await club.ben.slash(lobby, "discussions", forum="books")
    of_cleo = await club.cleo.slash(lobby, "discussions", forum="books")
    await club.guild.set_overwrite(channel, club.cleo, allow=MANAGE_THREADS)
    await settled()
    of_moderator = await club.cleo.slash(lobby, "discussions", forum="books", sort="t")

    assert titles(of_ben) == ["Just us"]
    assert titles(of_cleo) == []
    assert titles(of_moderator) == ["Just us", "Just you"]


@pytest.mark.slow
async def test_where_not_every_private_thread_is_asked_for_the_list_says_so(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    for number in range(MOST_PRIVATE + 1):
        thread = await club.ann.start_thread(channel, f"Just us {number}", "Well?", private=True)
        await club.ann.add_to_thread(thread, club.guild.me)
    await settled()

    of_ann = await club.ann.slash(lobby, "discussions", forum="books")
    (embed,) = of_ann.embeds

    assert embed["footer"]["text"] == (
        "100 discussions · Latest post first · page 1 of 10"
        " · of private threads, the first 100 in this order were looked at"
    )


async def test_forums_that_one_may_not_read_are_neither_listed_nor_counted(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    closed = await club.guild.create_forum("classics")
    await settled()
    await set_up(bot, club, closed.id, is_forum=True)
    await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await settled()

    before = await club.ben.slash(lobby, "forums")
    await club.guild.set_overwrite(closed, club.ben, deny=VIEW_CHANNEL)
    await settled()
    after = await club.ben.slash(lobby, "forums")

    assert f"<#{closed.id}>" in text_of(before)
    assert f"<#{closed.id}>" not in text_of(after)
    assert "1 discussion · 1 post" in text_of(after)
    listed = await club.ben.select(after, "List a forum's discussions", ["novels"])
    assert titles(listed) == ["Emma"]
    assert f"<#{club.forum.id}>" in text_of(await club.ben.click(listed, "All forums"))


async def test_the_buttons_of_a_list_show_nothing_to_one_who_lost_a_role_a_moment_ago(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.host.start_thread(club.forum, "Emma", "Was she right?")
    await settled()
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL)
    await club.ann.add_role(readers)
    await settled()
    listed = await club.ann.slash(lobby, "discussions", forum="novels")
    shown = listed.message
    forums = (await club.ann.slash(lobby, "forums")).message
    assert titles(listed) == ["Emma"]
    await club.ann.remove_role(readers)

    answers = [
        await club.ann.select(shown, "Sort", ["By title"]),
        await club.ann.select(shown, "Read a discussion", ["Emma"]),
        await club.ann.select(forums, "List a forum's discussions", ["novels"]),
    ]
    for answer in answers:
        assert "no longer there for you" in answer.content
        assert answer.embeds == []
