from __future__ import annotations

import pytest

from bot.client import Marginalia
from bot.core.level import Level
from sandbox.state import SandboxThread
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    return thread


async def levels(bot: Marginalia, club: Club) -> list[Level | None]:
    """Give the levels of what Ann tracks, in order of tracking."""
    return [each.level for each in await bot.app.tracking.of_user(club.ann.id)]


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("every_post", "Every post, as it comes"),
        ("daily", "Once a day, at 18:00, UTC: the next one may come <t:"),
        ("weekly", "Once a week, on Sundays at 18:00, UTC: the next one may come <t:"),
    ],
)
async def test_whoever_tracks_says_how_often_and_hears_when_the_next_message_comes(
    bot: Marginalia, club: Club, thread: SandboxThread, level: str, words: str
) -> None:
    answer = await club.ann.slash(thread, "track discussion", level=level)

    assert "You track the discussion **Who is in the attic?** · Tracked by 1 member." in (
        answer.content
    )
    assert words in answer.content
    assert await levels(bot, club) == [level]


async def test_the_levels_are_offered_in_words(bot: Marginalia) -> None:
    (command,) = [each for each in bot.tree.get_commands() if each.name == "track"]
    offered = command.to_dict(bot.tree)["options"][0]["options"][1]["choices"]

    assert [each["name"] for each in offered] == [
        "Every post, as it comes",
        "Once a day",
        "Once a week",
        "Muted: nothing of it",
        "As my settings say",
    ]


async def test_a_level_that_is_none_is_refused_in_words(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    for level in ("hourly", 7, "x" * 200):
        answer = await club.ann.forge_slash(thread, "track discussion", level=level)

        assert "incident" not in answer.content
        assert "of those" in answer.content
    assert await levels(bot, club) == []


async def test_without_a_level_the_settings_decide_until_one_is_chosen_and_when_it_is_given_up(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "digest settings", often="daily")

    first = await club.ann.slash(thread, "track discussion")
    chosen = await club.ann.slash(thread, "track discussion", level="weekly")
    kept = await club.ann.slash(thread, "track discussion")
    given_up = await club.ann.slash(thread, "track discussion", level="settings")

    assert "Once a day" in first.content
    assert "Once a week" in chosen.content
    assert "Once a week" in kept.content
    assert "Once a day" in given_up.content
    assert await levels(bot, club) == [None]


async def test_a_discussion_of_a_tracked_forum_can_be_muted_and_heard_of_again(
    club: Club, thread: SandboxThread
) -> None:
    await club.ben.slash(thread, "track forum")
    await club.ann.slash(thread, "track forum", level="daily")

    muted = await club.ann.slash(thread, "track discussion", level="muted")
    panel = await club.ann.slash(thread, "panel show")
    again = await club.ann.slash(thread, "track discussion")

    assert "you hear nothing of the discussion **Who is in the attic?**" in muted.content
    assert "Tracked by 1 member." in muted.content
    assert "1 member" in str(panel.embeds)
    assert "Once a day" in again.content
    assert "Tracked by 2 members." in again.content


async def test_muting_needs_no_open_inbox(club: Club, thread: SandboxThread) -> None:
    club.ann.close_inbox()

    answer = await club.ann.slash(thread, "track discussion", level="muted")

    assert "you hear nothing" in answer.content
    assert "closed" not in answer.content


@pytest.mark.parametrize("what", ["forum", "book"])
async def test_a_muted_forum_or_book_leaves_what_is_tracked_by_itself(
    bot: Marginalia, club: Club, thread: SandboxThread, what: str
) -> None:
    book = await bot.app.books.name(club.guild.id, "Jane Eyre")
    await bot.app.forums.set_book(club.forum.id, book.id)
    await club.ann.slash(thread, "track discussion")

    answer = await club.ann.slash(thread, f"track {what}", level="muted")

    assert "Nobody tracks it now." in answer.content
    assert "but for discussions of it that you track by themselves" in answer.content
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert await bot.app.tracking.levels(club.ann.id) == {discussion.id: Level.WEEKLY}


async def test_trackings_outlive_a_member_who_comes_back_and_a_bot_that_does(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.ann.slash(thread, "track discussion", level="daily")

    await club.guild.remove_member(club.ann)
    await settled()
    await club.guild.add_member(club.ann)
    await settled()
    of_member = await club.ann.slash(thread, "track list")
    await club.guild.remove_bot()
    await settled()
    await club.guild.invite_bot()
    await settled()
    of_bot = await club.ann.slash(thread, "track list")

    for answer in (of_member, of_bot):
        assert "Once a day" in str(answer.embeds)
        assert "Who is in the attic?" in str(answer.embeds)
    assert await levels(bot, club) == [Level.DAILY]
