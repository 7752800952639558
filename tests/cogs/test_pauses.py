"""Pauses: who does not know of theirs is told where they use the bot, and Resume ends it."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from bot.store.person import Inbox, PauseReason, Person
from cogs._pause_view import RESUME
from sandbox.answers import Answer
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.harness import Club, Settled, commands_ended

TOLD = "your direct messages were closed to me for a week"
FOLLOW_UP = "/webhooks/{application_id}/{interaction_token}"


@pytest.fixture
async def paused(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> SandboxThread:
    """The discussion, now that Ann's digests are paused, which she does not know."""
    # Until the command is done with, she would be told below its answer.
    await commands_ended(sandbox)
    club.ann.close_inbox()
    await bot.app.people.set_inbox(club.ann.id, Inbox.CLOSED, bot.clock.now())
    await bot.app.people.pause(club.ann.id, PauseReason.INBOX, bot.clock.now())
    return thread


async def ann(bot: Marginalia, club: Club) -> Person:
    person = await bot.app.people.get(club.ann.id)
    assert person is not None
    return person


def tellings(answer: Answer) -> list[SandboxMessage]:
    """Give the messages of an answer that say that digests are paused."""
    return [message for message in answer.messages if TOLD in message.content]


async def test_who_is_paused_is_told_privately_after_what_they_asked_for_and_once(
    sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    first = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)
    second = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)

    answered, told = first.messages
    assert TOLD not in answered.content
    assert TOLD in told.content
    assert "press Resume, and" in told.content
    assert told.ephemeral
    assert told.channel is paused
    assert tellings(second) == []


async def test_an_answer_that_takes_its_time_is_not_taken_the_place_of(
    sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    answer = await club.ann.slash(paused, "track list")
    await commands_ended(sandbox)

    listed, told = answer.messages
    assert listed.embeds[0]["title"] == "What you track"
    assert TOLD in told.content


async def test_who_is_refused_something_is_told_too(
    sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    answer = await club.ann.slash(paused, "setup show")
    await commands_ended(sandbox)

    assert "Only a host" in answer.messages[0].content
    assert len(tellings(answer)) == 1


async def test_a_press_tells_too_and_a_list_of_choices_does_not(
    bot: Marginalia, sandbox: Sandbox, club: Club, paused: SandboxThread, settled: Settled
) -> None:
    await bot.app.ticker.run("panels")
    await settled()
    (panel,) = [message for message in paused.messages if message.embeds]

    await club.ann.autocomplete(paused, "digest settings", "timezone", "par")
    await commands_ended(sandbox)
    form = await club.ann.click(panel, "Search")
    await commands_ended(sandbox)
    assert form.modal is not None
    assert tellings(form) == []
    pressed = await club.ann.click(panel, "Newest")
    await commands_ended(sandbox)

    assert len(tellings(pressed)) == 1


async def test_nobody_else_is_told(sandbox: Sandbox, club: Club, paused: SandboxThread) -> None:
    for member in (club.ben, club.host):
        answer = await member.slash(paused, "help")
        await commands_ended(sandbox)
        assert len(answer.messages) == 1


async def test_settings_say_it_themselves_and_have_the_button(
    sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    answer = await club.ann.slash(paused, "digest settings")
    await commands_ended(sandbox)
    assert len(answer.messages) == len(tellings(answer)) == 1
    club.ann.open_inbox()

    resumed = await club.ann.click(answer, "Resume")

    assert "Your digests go on" in resumed.content


async def test_telling_that_did_not_arrive_is_done_the_next_time(
    sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    sandbox.faults.fail("POST", FOLLOW_UP, status=404)
    first = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)
    sandbox.faults.clear()
    second = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)

    assert tellings(first) == []
    assert len(tellings(second)) == 1


async def test_resume_tries_the_inbox_and_the_digests_go_on_once_it_is_open(
    bot: Marginalia, sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    answer = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)
    before = len(club.ann.inbox)

    still = await club.ann.click(answer.messages[-1], "Resume")
    assert "still closed" in still.content
    assert (await ann(bot, club)).paused is not None
    club.ann.open_inbox()
    resumed = await club.ann.click(still, "Try again")

    assert "Your digests go on" in resumed.content
    assert "it arrived" in resumed.content
    assert resumed.components == []
    person = await ann(bot, club)
    assert (person.paused, person.inbox) == (None, Inbox.OPEN)
    (tried,) = club.ann.inbox[before:]
    assert "discussions you track" in tried.content


async def test_where_discord_does_not_say_whether_it_arrived_the_digests_go_on(
    bot: Marginalia, sandbox: Sandbox, club: Club, paused: SandboxThread
) -> None:
    answer = await club.ann.slash(paused, "help")
    await commands_ended(sandbox)
    club.ann.open_inbox()
    sandbox.faults.fail("POST", f"/channels/{club.ann.dm.id}/messages", status=503, times=10)

    resumed = await club.ann.click(answer.messages[-1], "Resume")
    sandbox.faults.clear()

    assert "could not find out" in resumed.content
    assert (await ann(bot, club)).paused is None


@pytest.mark.usefixtures("thread")
async def test_the_button_of_long_ago_means_whoever_presses_it(bot: Marginalia, club: Club) -> None:
    """It is pressed in a message of the inbox, as the one below a digest."""
    old = club.ann.inbox[-1]
    await bot.app.people.pause(club.ann.id, PauseReason.ASKED, bot.clock.now())

    resumed = await club.ann.forge_press(old, f"{RESUME}::")
    again = await club.ann.forge_press(old, f"{RESUME}::")

    for answer in (resumed, again):
        assert "Your digests go on" in answer.content
        assert answer.ephemeral
    assert (await ann(bot, club)).paused is None


async def test_who_tracks_nothing_has_nothing_to_resume(
    bot: Marginalia, club: Club, paused: SandboxThread
) -> None:
    message = next(iter(paused.messages))

    answer = await club.cleo.forge_press(message, f"{RESUME}::")

    assert "You track nothing yet" in answer.content
    assert await bot.app.people.get(club.cleo.id) is None


async def test_who_asked_for_a_pause_is_reminded_of_it_where_they_track(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await bot.app.people.pause(club.ann.id, PauseReason.ASKED, bot.clock.now())

    helped = await club.ann.slash(thread, "help")
    await commands_ended(sandbox)
    tracked = await club.ann.slash(thread, "track forum")
    shown = await club.ann.slash(thread, "digest settings")
    listed = await club.ann.slash(thread, "track list")

    assert len(helped.messages) == 1
    for answer in (tracked, shown, listed):
        assert "you asked me to stop" in answer.content
        assert "next one" not in f"{answer.content}{answer.embeds}"
    # It is said where the button is: in the settings it is right below.
    for answer in (tracked, listed):
        assert "press Resume in `/digest settings`" in answer.content
        assert answer.components == []
    assert "press Resume, and" in shown.content
    assert shown.components
