"""`/digest preview` shows what would be sent now, to the letter, and sends nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.client import Marginalia
from bot.store.person import PauseReason
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.answers import Answer
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from sandbox.wire import JsonObject
from tests.cogs.scenes import text_forum
from tests.harness import Club, Settled

PREVIEW = "digest preview"
NEXT_WEEK = timedelta(days=8)

Deliver = Callable[[], Awaitable[SandboxMessage]]


@pytest.fixture
def deliver(bot: Marginalia, club: Club) -> Deliver:
    """`await deliver()`: it is next week, and Ann's only digest has arrived."""
    courier = DiscordCourier(bot, Access(bot))

    async def deliver() -> SandboxMessage:
        await bot.app.digests.tick(courier, bot.clock.now() + NEXT_WEEK)
        await bot.app.digests.settled()
        (digest,) = [message for message in club.ann.inbox if message.embeds]
        return digest

    return deliver


def letters(shown: Answer | SandboxMessage) -> tuple[list[JsonObject], list[JsonObject]]:
    """Give all that is seen of a digest, but for the token in its footer."""
    embeds = [
        {key: value for key, value in each.items() if key != "footer"} for each in shown.embeds
    ]
    return embeds, shown.components


async def test_it_is_the_digest_to_the_letter_with_its_buttons_wherever_it_is_asked_for(
    club: Club, thread: SandboxThread, settled: Settled, deliver: Deliver
) -> None:
    await club.cleo.post(thread, "Is it ||the wife||?")
    await settled()

    previews = [await club.ann.slash(place, PREVIEW) for place in (thread, club.ann.dm)]
    digest = await deliver()

    assert digest.components
    for preview in previews:
        assert preview.ephemeral
        assert letters(preview) == letters(digest)


async def test_what_is_on_its_way_already_is_shown_and_still_comes(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, deliver: Deliver
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await bot.app.digests.plan(bot.clock.now() + NEXT_WEEK)
    await club.cleo.post(thread, "This is for the week after")
    await settled()

    preview = await club.ann.slash(thread, PREVIEW)

    assert "Is it the wife?" in str(preview.embeds)
    assert "the week after" not in str(preview.embeds)
    assert letters(preview) == letters(await deliver())


async def test_without_news_it_says_so(
    club: Club, thread: SandboxThread, settled: Settled, deliver: Deliver
) -> None:
    nothing = await club.ann.slash(thread, PREVIEW)
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await deliver()

    after = await club.ann.slash(thread, PREVIEW)

    for answer in (nothing, after):
        assert "nothing new" in answer.content
        assert (answer.embeds, answer.components) == ([], [])


async def test_it_cannot_be_made_while_discord_does_not_say_what_one_may_read(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    private = await club.ann.start_thread(channel, "Just us", "Hush.", private=True)
    for one in (club.guild.me, club.ben):
        await club.ann.add_to_thread(private, one)
    await settled()
    await club.ann.slash(private, "track discussion")
    await club.ben.post(private, "It is the wife.")
    await settled()
    sandbox.faults.fail("GET", "/channels/{}/thread-members/{}", status=418)

    unknown = await club.ann.slash(private, PREVIEW)
    known = await club.ann.slash(private, PREVIEW)

    assert "Try again in a minute" in unknown.content
    assert unknown.embeds == []
    assert "It is the wife." in str(known.embeds)


async def test_one_who_tracks_nothing_is_told_how_to_begin(club: Club) -> None:
    answer = await club.cleo.slash(club.cleo.dm, PREVIEW)
    assert "You track nothing yet" in answer.content


async def test_who_is_paused_sees_what_would_come_and_that_it_does_not(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await bot.app.people.pause(club.ann.id, PauseReason.ASKED, bot.clock.now())

    answer = await club.ann.slash(thread, PREVIEW)

    assert "you asked me to stop" in answer.content
    assert "Is it the wife?" in str(answer.embeds)
