from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    return thread


async def test_the_list_shows_what_one_tracks_there_and_in_direct_messages(
    club: Club, thread: SandboxThread
) -> None:
    nothing = await club.ann.slash(thread, "track list")
    await club.ann.slash(thread, "track discussion")
    await club.ann.slash(thread, "track forum")

    for place in (thread, club.ann.dm):
        answer = await club.ann.slash(place, "track list")
        text = str(answer.embeds[0]["description"])
        assert "**Tuesday Readers**" in text
        assert (
            f"discussion: [Who is in the attic?](https://discord.com/channels/{club.guild.id}"
            f"/{thread.id})" in text
        )
        assert "forum: [novels]" in text
    assert "You track nothing" in str(nothing.embeds[0]["description"])


async def test_one_who_left_can_list_and_stop_and_learns_no_new_title(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.ann.slash(thread, "track discussion")
    other = await sandbox.create_guild("Another club")
    await other.add_member(club.ann)
    await club.guild.remove_member(club.ann)
    await club.ben.rename(thread, "It was the wife")
    await settled()

    listed = await club.ann.slash(club.ann.dm, "track list")
    (choice,) = await club.ann.autocomplete(club.ann.dm, "track stop", "what", "")
    stopped = await club.ann.slash(club.ann.dm, "track stop", what=str(choice.value))

    shown = (str(listed.embeds[0]["description"]), choice.name, stopped.content)
    for text in shown:
        assert "wife" not in text
        assert "attic" not in text
    assert "a discussion that you cannot read now" in shown[0]
    assert "You track nothing now" in stopped.content
    assert await bot.app.tracking.of_user(club.ann.id) == ()


async def test_one_stops_what_one_is_in_what_one_names_or_everything(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await club.ben.slash(thread, "track discussion")
    await club.ann.slash(thread, "track discussion")

    here = await club.ann.slash(thread, "track stop")
    again = await club.ann.slash(thread, "track stop")
    await club.ann.slash(thread, "track forum")
    by_name = await club.ann.slash(thread, "track stop", what="novels")

    assert "You no longer track **Who is in the attic?** · Tracked by 1 member." in here.content
    assert "not track this place by itself" in again.content
    assert "Nobody tracks it now." in by_name.content
    assert "You track nothing now" in by_name.content

    await club.ann.slash(thread, "track discussion")
    await club.ann.slash(thread, "track forum")
    choices = await club.ann.autocomplete(thread, "track stop", "what", "")
    everything = await club.ann.slash(thread, "track stop", what=str(choices[0].value))

    assert choices[0].name == "Everything (2)"
    assert len(choices) == 3
    assert "You no longer track 2 things." in everything.content
    assert await bot.app.tracking.of_user(club.ann.id) == ()


async def test_who_stops_a_discussion_of_a_forum_that_they_track_hears_that_it_still_comes(
    club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track discussion", level="daily")
    await club.ann.slash(thread, "track forum", level="weekly")

    answer = await club.ann.slash(thread, "track stop")
    hint = await club.ann.slash(thread, "track stop")

    assert "by itself · Tracked by 1 member." in answer.content
    assert "still comes to you with its forum or its book: once a week" in answer.content
    assert "“Muted”" in answer.content
    assert "“Muted”" in hint.content


async def test_who_stops_a_muting_hears_how_often_it_comes_again(
    club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track discussion", level="muted")
    alone = await club.ann.slash(thread, "track stop")
    await club.ann.slash(thread, "track forum", level="daily")
    await club.ann.slash(thread, "track discussion", level="muted")
    choices = await club.ann.autocomplete(thread, "track stop", "what", "attic")
    of_forum = await club.ann.slash(thread, "track stop")

    assert [each.name for each in choices] == [
        "muted discussion: Who is in the attic?, Tuesday Readers"
    ]
    assert "is muted no more · Nobody tracks it now." in alone.content
    assert "You track nothing now" in alone.content
    assert "is muted no more · Tracked by 1 member." in of_forum.content
    assert "comes to you with its forum or its book: once a day" in of_forum.content


async def test_who_stops_a_discussion_of_a_forum_that_they_muted_hears_that_nothing_comes(
    club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track forum", level="muted")
    await club.ann.slash(thread, "track discussion")

    answer = await club.ann.slash(thread, "track stop")

    assert "You no longer track **Who is in the attic?** · Nobody tracks it now." in answer.content
    assert "comes to you" not in answer.content


async def test_the_list_says_how_often_each_tells_whichever_way_that_was_said(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    other = await club.ben.start_thread(club.forum, "Who set the fire?", "I know")
    await settled()
    await club.ann.slash(thread, "track forum", level="daily")
    await club.ann.slash(thread, "track discussion")
    await club.ann.slash(other, "track discussion", level="muted")
    book = await bot.app.books.name(club.guild.id, "Jane Eyre")
    await bot.app.tracking.track_book(club.ann.id, book.id, bot.clock.now())

    answer = await club.ann.slash(thread, "track list")

    text = str(answer.embeds[0]["description"])
    daily, weekly, muted = text.split("### ")[1:]
    assert daily.startswith("Once a day, at 18:00, UTC: the next one may come <t:")
    assert "forum: [novels]" in daily
    assert "Who is in the attic?" in daily
    assert weekly.startswith("Once a week, on Sundays at 18:00, UTC")
    assert "a book that you cannot read now" in weekly
    assert muted.startswith("Muted: nothing comes.")
    assert "Who set the fire?" in muted


async def test_while_discord_does_not_say_what_one_may_read_one_can_list_and_stop(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track discussion")
    (tracked,) = await bot.app.tracking.of_user(club.ann.id)
    rights = f"/guilds/{club.guild.id}/members/{club.ann.id}"
    sandbox.faults.fail("GET", rights, status=503, times=2)

    listed = await club.ann.slash(thread, "track list")
    stopped = await club.ann.slash(thread, "track stop", what=str(tracked.id))

    assert "a discussion that you cannot read now" in str(listed.embeds[0]["description"])
    assert "You track nothing now" in stopped.content
