"""`/digest channel`: a forum's weekly digest in a channel, from its choice to its posting."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.permissions import SEND_MESSAGES, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from tests.cogs.scenes import Tick, text_forum
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    """A discussion with one post."""
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    return thread


async def choose(club: Club, lobby: SandboxChannel, **options: object) -> str:
    """Have the host use the command on the club's forum, and give the answer."""
    answer = await club.host.slash(lobby, "digest channel", forum=str(club.forum.id), **options)  # type: ignore[arg-type]  # each its own type
    assert answer.ephemeral
    return answer.content


def posted_in(club: Club, channel: SandboxChannel) -> list[SandboxMessage]:
    """Give the digests in a channel."""
    return [message for message in club.guild.history(channel) if message.embeds]


def text_of(message: SandboxMessage) -> str:
    return "\n".join(
        f"{embed.get('title')}\n{embed.get('description')}" for embed in message.embeds
    )


async def test_what_is_new_in_the_forum_is_posted_once_a_week(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    words = await choose(club, lobby, channel=lobby, day=6, hour=18)
    await club.cleo.post(thread, "Is it ||the wife||?")

    await tick(8)
    await tick(8)

    assert f"posted in <#{lobby.id}> every Sunday at 18:00 (" in words
    (digest,) = posted_in(club, lobby)
    assert digest.author == club.guild.me.user
    assert "Who is in the attic?" in text_of(digest)
    assert "||the wife||" in text_of(digest)
    assert "I have a theory" not in text_of(digest)
    assert "you" not in text_of(digest).casefold().split()


@pytest.mark.usefixtures("thread")
async def test_a_week_without_news_posts_nothing(
    club: Club, lobby: SandboxChannel, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)

    await tick(8)

    assert posted_in(club, lobby) == []


async def test_it_has_buttons_that_answer_each_reader_for_themselves(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)
    await club.cleo.post(thread, "Is it the wife?")
    await tick(8)
    (digest,) = posted_in(club, lobby)

    labels = [item.get("label") for row in digest.components for item in row["components"]]

    assert "Track" in " ".join(filter(None, labels))
    assert "Stop all" not in labels


async def test_private_threads_are_never_in_it(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled, tick: Tick
) -> None:
    books = await text_forum(bot, club, settled)
    await club.host.slash(lobby, "digest channel", forum=str(books.id), channel=books)
    secret = await club.ann.start_thread(books, "Among us", "A secret", private=True)
    await club.ann.add_to_thread(secret, club.guild.me)
    await settled()
    await club.ann.post(secret, "Another secret")
    await tick(8)
    assert posted_in(club, books) == []

    open_to_all = await club.ann.start_thread(books, "For all", "No secret")
    await settled()
    await club.ann.post(open_to_all, "Nor this")
    await tick(16)

    (digest,) = posted_in(club, books)
    assert "For all" in text_of(digest)
    assert "ecret" not in text_of(digest).replace("No secret", "")


async def test_a_channel_that_more_people_read_is_refused_with_the_reason(
    club: Club, lobby: SandboxChannel, tick: Tick
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    for role in (readers, club.guild.bot_role):
        await club.guild.set_overwrite(club.forum, role, allow=VIEW_CHANNEL)
    await club.host.add_role(readers)
    await tick(0)

    words = await choose(club, lobby, channel=lobby)

    assert f"Everyone can read <#{lobby.id}>" in words
    assert "has no digest in a channel" in await choose(club, lobby)


async def test_a_channel_opened_to_more_people_meanwhile_gets_none_and_hosts_see_why(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)
    await club.cleo.post(thread, "Is it the wife?")
    barred = await club.guild.create_role("Barred")
    await club.guild.set_overwrite(club.forum, barred, deny=VIEW_CHANNEL)

    await tick(8)

    assert posted_in(club, lobby) == []
    told = await choose(club, lobby)
    assert f"⚠️ The latest was not posted: Whoever has <@&{barred.id}>" in told
    await club.guild.set_overwrite(club.forum, barred)
    await tick(16)
    (digest,) = posted_in(club, lobby)
    assert "Is it the wife?" in text_of(digest)
    assert "⚠️" not in await choose(club, lobby)


async def test_a_host_who_looks_how_everything_stands_sees_that_one_was_not_posted(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)
    await club.cleo.post(thread, "Is it the wife?")
    barred = await club.guild.create_role("Barred")
    await club.guild.set_overwrite(club.forum, barred, deny=VIEW_CHANNEL)
    words = f"The digest of <#{club.forum.id}> was not posted in <#{lobby.id}>"
    assert words not in str((await club.host.slash(lobby, "setup show")).embeds)

    await tick(8)

    assert words in str((await club.host.slash(lobby, "setup show")).embeds)
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await tick(8)
    assert words not in str((await club.host.slash(lobby, "setup show")).embeds)


async def test_a_channel_that_was_closed_or_deleted_stops_nothing_but_its_digest(
    bot: Marginalia, club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    hall = await club.guild.create_text_channel("hall")
    await tick(0)
    await choose(club, lobby, channel=hall)
    await club.cleo.post(thread, "Is it the wife?")
    await club.guild.set_overwrite(hall, club.guild.bot_role, deny=SEND_MESSAGES)
    await tick(8)
    assert "I may not post in" in await choose(club, lobby)

    await club.guild.owner.delete_channel(hall)
    await club.cleo.post(thread, "Or the aunt?")
    await tick(16)

    assert f"<#{hall.id}> is gone" in await choose(club, lobby)
    forum = await bot.app.forums.get(club.forum.id)
    assert forum is not None
    assert forum.hidden_at is None
    await choose(club, lobby, channel=lobby)
    await tick(24)
    (digest,) = posted_in(club, lobby)
    assert "Is it the wife?" in text_of(digest)
    assert "Or the aunt?" in text_of(digest)


async def test_one_that_discord_never_answered_for_says_so_beside_the_one_that_was_posted(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)
    await club.cleo.post(thread, "Is it the wife?")
    await tick(8)
    await club.cleo.post(thread, "Or the aunt?")

    sandbox.faults.fail("POST", f"/channels/{lobby.id}/messages", status=503, times=5)
    for attempt in range(5):
        await tick(15 + 2 * attempt)

    lines = (await choose(club, lobby)).splitlines()
    assert len(posted_in(club, lobby)) == 1
    assert any(line.startswith("The last one that was posted came <t:") for line in lines)
    assert (
        "⚠️ The latest was not posted: Discord gives no clear answer. The next one brings its news."
    ) in lines


async def test_a_host_ends_it(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await choose(club, lobby, channel=lobby)
    await club.cleo.post(thread, "Is it the wife?")

    assert "posted in no channel any more" in await choose(club, lobby, end=True)
    assert "there is none to end" in await choose(club, lobby, end=True)

    await tick(8)
    assert posted_in(club, lobby) == []


async def test_to_end_it_and_to_say_when_it_comes_is_refused_and_changes_nothing(
    club: Club, lobby: SandboxChannel
) -> None:
    await choose(club, lobby, channel=lobby, day=2, hour=18)

    assert "Choose one of the two" in await choose(club, lobby, end=True, hour=9)

    assert "every Wednesday at 18:00" in await choose(club, lobby)


async def test_an_hour_without_a_channel_is_of_the_one_that_is_there(
    club: Club, lobby: SandboxChannel
) -> None:
    assert "Name one with the `channel` option" in await choose(club, lobby, hour=9)

    await choose(club, lobby, channel=lobby, day=2, hour=18)

    assert "every Wednesday at 09:00" in await choose(club, lobby, hour=9)


async def test_it_is_for_hosts_who_may_read_the_forum(
    club: Club, lobby: SandboxChannel, tick: Tick
) -> None:
    answer = await club.ann.slash(lobby, "digest channel", forum=str(club.forum.id), channel=lobby)
    assert "Only a host can do this" in answer.content

    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await tick(0)
    assert "I know no forum" in await choose(club, lobby, channel=lobby)
    assert await club.host.autocomplete(lobby, "digest channel", "forum", "") == []


async def test_in_a_direct_message_it_is_refused_in_words(
    club: Club, lobby: SandboxChannel
) -> None:
    await club.host.slash(lobby, "track forum", forum=str(club.forum.id))

    answer = await club.host.slash(club.host.dm, "digest channel", forum=str(club.forum.id))

    assert "only in a server" in answer.content


async def test_it_comes_by_the_clocks_of_the_server(club: Club, lobby: SandboxChannel) -> None:
    await choose(club, lobby, channel=lobby, hour=18)

    await club.host.slash(lobby, "setup timezone", timezone="Asia/Kolkata")

    assert "at 18:00 (Asia/Kolkata)" in await choose(club, lobby)


@pytest.mark.parametrize(
    "forged",
    [{"hour": 24}, {"hour": -1}, {"day": 9}, {"hour": "soon"}, {"channel": "7"}, {"end": "maybe"}],
)
async def test_forged_values_are_refused_in_words_and_change_nothing(
    bot: Marginalia, club: Club, lobby: SandboxChannel, forged: dict[str, int | str]
) -> None:
    answer = await club.host.forge_slash(
        lobby, "digest channel", forum=str(club.forum.id), **forged
    )

    assert answer.content
    assert "Something went wrong" not in answer.content
    assert await bot.app.channel_digests.get(club.forum.id) is None
