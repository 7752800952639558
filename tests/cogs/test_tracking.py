from __future__ import annotations

from typing import Any

import pytest

from bot.client import Marginalia
from bot.core.model import Discussion
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from sandbox.wire import Json
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    return thread


async def kept(bot: Marginalia, thread: SandboxThread) -> Discussion:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return discussion


async def test_one_tracks_the_thread_one_is_in_and_hears_how_many_do(
    club: Club, thread: SandboxThread
) -> None:
    first = await club.ann.slash(thread, "track discussion")
    second = await club.cleo.slash(thread, "track discussion")
    again = await club.cleo.slash(thread, "track discussion")

    assert first.ephemeral
    assert "**Who is in the attic?**" in first.content
    assert "Tracked by 1 member." in first.content
    assert "Tracked by 2 members." in second.content
    assert "Tracked by 2 members." in again.content


async def test_the_first_tracking_is_greeted_with_one_direct_message(
    club: Club, thread: SandboxThread
) -> None:
    answer = await club.ann.slash(thread, "track discussion")
    await club.ann.slash(thread, "track forum")

    (greeting,) = club.ann.inbox
    assert "direct message" in answer.content
    assert "Once a week" in greeting.content
    assert "<t:" in greeting.content
    assert "`/digest settings`" in greeting.content
    assert "`/track stop`" in greeting.content


async def test_the_greeting_says_when_one_is_told_of_what_one_has_begun_to_track(
    club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track discussion", level="every_post")

    (greeting,) = club.ann.inbox
    assert "Every post, as it comes" in greeting.content
    assert "Once a week" not in greeting.content


async def test_one_tracks_from_outside_the_thread_by_the_list_a_link_or_the_title(
    club: Club, thread: SandboxThread
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    (choice,) = await club.ann.autocomplete(lobby, "track discussion", "discussion", "ATTIC")

    by_list = await club.ann.slash(lobby, "track discussion", discussion=str(choice.value))
    by_link = await club.ben.slash(
        lobby,
        "track discussion",
        discussion=f"https://discord.com/channels/{club.guild.id}/{thread.id}",
    )
    by_title = await club.cleo.slash(lobby, "track discussion", discussion="who is in the attic?")

    assert choice.name == "Who is in the attic?"
    assert "Tracked by 1 member." in by_list.content
    assert "Tracked by 2 members." in by_link.content
    assert "Tracked by 3 members." in by_title.content


async def test_an_archived_discussion_is_tracked_from_outside(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await club.ben.archive(thread)
    await settled()

    answer = await club.ann.slash(lobby, "track discussion", discussion=str(thread.id))

    assert "Tracked by 1 member." in answer.content


@pytest.mark.parametrize(
    "named", ["Persuasion", "9" * 40, "<#123>", "https://discord.com/channels/1/2", "🙂"]
)
async def test_what_is_not_known_is_answered_with_what_to_do(
    club: Club, thread: SandboxThread, named: str
) -> None:
    answer = await club.ann.slash(thread, "track discussion", discussion=named)

    assert "list that appears while you type" in answer.content
    assert answer.ephemeral
    assert club.ann.inbox == ()


async def test_a_title_that_means_several_discussions_is_answered_with_their_names(
    club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    for title in ("Attic, first part", "Attic, last part"):
        await club.ben.start_thread(club.forum, title, "A theory")
    await settled()

    answer = await club.ann.slash(lobby, "track discussion", discussion="attic")

    assert "Attic, first part" in answer.content
    assert "Attic, last part" in answer.content
    assert "more than one discussion" in answer.content


async def test_what_one_may_not_read_is_neither_offered_nor_found(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    discussion = await kept(bot, thread)
    lobby = await club.guild.create_text_channel("lobby")
    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)
    await settled()

    assert await club.ann.autocomplete(lobby, "track discussion", "discussion", "") == []
    assert await club.ann.autocomplete(lobby, "track forum", "forum", "") == []
    for command, option, named in (
        ("track discussion", "discussion", str(discussion.id)),
        ("track discussion", "discussion", str(thread.id)),
        ("track discussion", "discussion", discussion.title),
        ("track forum", "forum", str(club.forum.id)),
    ):
        options: dict[str, Json] = {option: named}
        answer = await club.ann.slash(lobby, command, finish=True, **options)
        assert "that you can read" in answer.content
    assert await bot.app.tracking.of_user(club.ann.id) == ()


async def test_a_spoiler_in_a_title_stays_hidden_in_the_list(club: Club, settled: Settled) -> None:
    await club.ben.start_thread(club.forum, "Was it ||the wife||?", "I think so")
    await settled()

    (choice,) = await club.ann.autocomplete(club.forum, "track discussion", "discussion", "was")

    assert choice.name == "Was it ▮▮▮?"


async def test_a_forum_is_tracked_from_within_and_by_name(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    lobby = await club.guild.create_text_channel("lobby")

    within = await club.ann.slash(thread, "track forum")
    (choice,) = await club.ben.autocomplete(lobby, "track forum", "forum", "nov")
    by_list = await club.ben.slash(lobby, "track forum", forum=str(choice.value))
    by_name = await club.cleo.slash(lobby, "track forum", forum="#novels")
    nowhere = await club.cleo.slash(lobby, "track forum")

    assert "**novels**" in within.content
    assert "Tracked by 2 members." in by_list.content
    assert "Tracked by 3 members." in by_name.content
    assert "not a forum that I keep" in nowhere.content
    (tracked,) = await bot.app.tracking.of_user(club.ann.id)
    assert tracked.kind == "forum"


async def test_a_book_is_tracked_by_its_discussion_and_by_name_where_it_is_read(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    without = await club.ann.slash(thread, "track book")
    book = await bot.app.books.name(club.guild.id, "Jane Eyre", "Charlotte Brontë")
    assert await club.ann.autocomplete(lobby, "track book", "book", "jane") == []
    await bot.app.discussions.set_book((await kept(bot, thread)).id, book.id)

    here = await club.ann.slash(thread, "track book")
    (choice,) = await club.ben.autocomplete(lobby, "track book", "book", "brontë")
    by_list = await club.ben.slash(lobby, "track book", book=str(choice.value))

    assert "No book is named for this place" in without.content
    assert "Jane Eyre — Charlotte Brontë" in here.content
    assert choice.name == "Jane Eyre — Charlotte Brontë"
    assert "Tracked by 2 members." in by_list.content


async def test_a_closed_inbox_is_found_at_once_and_tried_again_until_it_is_open(
    club: Club, thread: SandboxThread
) -> None:
    club.ann.close_inbox()

    closed = await club.ann.slash(thread, "track discussion")
    listed = await club.ann.slash(thread, "track list")
    club.ann.open_inbox()
    opened = await club.ann.slash(thread, "track discussion")
    later = await club.ann.slash(thread, "track list")

    assert "Tracked by 1 member." in closed.content
    for answer in (closed, listed):
        assert "direct messages are closed" in answer.content
        assert "Privacy Settings" in answer.content
    assert "I have sent you a direct message" in opened.content
    assert len(club.ann.inbox) == 1
    assert later.content == ""


async def test_in_a_direct_message_tracking_takes_a_link_and_says_so(
    club: Club, thread: SandboxThread
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        ("track discussion", {}),
        ("track discussion", {"discussion": "attic"}),
        ("track forum", {}),
        ("track forum", {"forum": "novels"}),
        ("track book", {}),
        ("track book", {"book": "Jane Eyre"}),
    ]
    for command, named in asked:
        answer = await club.ann.slash(club.ann.dm, command, **named)
        assert "by its link" in answer.content
        assert "use the command in the server" in answer.content

    link = f"https://discord.com/channels/{club.guild.id}/{thread.id}"
    answer = await club.ann.slash(club.ann.dm, "track discussion", discussion=link)
    assert "Tracked by 1 member." in answer.content


async def test_a_greeting_without_a_clear_answer_does_not_undo_the_tracking(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    sandbox.faults.refuse("POST", f"/channels/{club.ann.dm.id}/messages", 40003)

    answer = await club.ann.slash(thread, "track discussion")

    assert "Tracked by 1 member." in answer.content
    assert "closed" not in answer.content
    assert "I will try again" in answer.content
    assert len(await bot.app.tracking.of_user(club.ann.id)) == 1
    assert "sent you" in (await club.ann.slash(thread, "track forum")).content


async def test_a_greeting_whose_answer_was_lost_arrives_once(
    sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    sandbox.faults.lose_answer("POST", f"/channels/{club.ann.dm.id}/messages")

    answer = await club.ann.slash(thread, "track discussion")

    assert "sent you a direct message" in answer.content
    assert len(club.ann.inbox) == 1
