"""The buttons below a digest, as they are pressed in the inbox and in a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
import pytest

from bot.client import Marginalia
from bot.core.digest import DigestMessage, DigestSection
from bot.core.level import DigestKind, Level
from bot.core.model import Discussion
from bot.store.person import PauseReason
from cogs._access import Access
from cogs._courier import DiscordCourier
from cogs._digest_view import digest_view
from sandbox.answers import Answer
from sandbox.clock import SandboxClock
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from tests.cogs.scenes import text_of
from tests.harness import Club, Settled, running_bot, settle

Sent = Callable[..., Awaitable[SandboxMessage]]


@pytest.fixture
async def long_thread(club: Club, thread: SandboxThread, settled: Settled) -> SandboxThread:
    """The same with thirty posts: two pages."""
    for number in range(2, 31):
        await club.cleo.post(thread, f"Theory number {number}")
    await settled()
    return thread


@pytest.fixture
async def other(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ben.start_thread(club.forum, "Who set the fire?", "I know")
    await settled()
    return thread


async def kept(bot: Marginalia, thread: SandboxThread) -> Discussion:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return discussion


@pytest.fixture
def sent(bot: Marginalia, club: Club, settled: Settled) -> Sent:
    """`await sent(kind, *threads)`: the digest of them is in Ann's inbox, or in that channel.

    The first new post is the 27th, unless it is said that it has no number.
    """

    async def send(
        kind: DigestKind,
        *threads: SandboxThread,
        place: SandboxChannel | None = None,
        number: int | None = 27,
    ) -> SandboxMessage:
        kept_ones = [await kept(bot, thread) for thread in threads]
        sections = [DigestSection(each.title, None, ("…",), each.id, number) for each in kept_ones]
        view = digest_view(DigestMessage(kind, "News", "…", tuple(sections), "", {}))
        channel: discord.abc.Messageable
        if place is None:
            channel = await bot.create_dm(discord.Object(club.ann.id))
        else:
            found = bot.get_channel(place.id)
            assert isinstance(found, discord.TextChannel)
            channel = found
        message = await channel.send("News", view=view)
        await settled()
        return next(each for each in (place or club.ann.dm).messages if each.id == message.id)

    return send


async def level_of(bot: Marginalia, club: Club, thread: SandboxThread) -> Level | None:
    """Give how often Ann is told of a discussion."""
    levels = await bot.app.tracking.levels(club.ann.id)
    return levels.get((await kept(bot, thread)).id)


def assert_is_page_of_the_27th(answer: Answer) -> None:
    assert answer.ephemeral
    assert answer.content.startswith("Showing 26-30 of 30 posts")
    assert "Theory number 27" in text_of(answer)


async def test_read_opens_a_discussion_at_the_first_new_post(
    club: Club, long_thread: SandboxThread, sent: Sent
) -> None:
    notice = await sent(DigestKind.NOTICE, long_thread)

    answer = await club.ann.click(notice, "Read")
    assert_is_page_of_the_27th(answer)
    turned = await club.ann.click(answer, "‹ Previous")

    assert turned.content.startswith("Showing 1-25 of 30 posts")
    assert notice.content == "News"


async def test_read_opens_the_newest_posts_where_the_new_one_had_no_number(
    club: Club, long_thread: SandboxThread, sent: Sent
) -> None:
    notice = await sent(DigestKind.NOTICE, long_thread, number=None)

    answer = await club.ann.click(notice, "Read")

    assert "Sort: Newest first" in answer.content
    assert "Theory number 30" in text_of(answer)


async def test_a_digest_that_came_opens_at_what_it_told_and_its_discussion_can_be_muted(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    for number in range(2, 32):
        await club.cleo.post(thread, f"Theory number {number}")
    await settled()
    courier = DiscordCourier(bot, Access(bot))
    next_week = bot.clock.now() + timedelta(days=8)
    await bot.app.digests.tick(courier, next_week)
    await bot.app.digests.settled()
    await club.ben.post(thread, "The thirty-second")
    await settled()
    await bot.app.digests.tick(courier, next_week + timedelta(days=8))
    await bot.app.digests.settled()
    digest = club.ann.inbox[-1]

    read = await club.ann.click(digest, "Read")
    muted = await club.ann.click(digest, "Mute this discussion")

    assert len([each for each in club.ann.inbox if each.embeds]) == 2
    assert read.content.startswith("Showing 26-32 of 32 posts")
    assert "The thirty-second" in text_of(read)
    assert "you hear nothing of **Who is in the attic?**" in muted.content


async def test_of_several_discussions_one_chooses_which_to_read_or_to_mute(
    bot: Marginalia, club: Club, long_thread: SandboxThread, other: SandboxThread, sent: Sent
) -> None:
    await club.ann.slash(long_thread, "track forum")
    digest = await sent(DigestKind.WEEKLY, other, long_thread)

    read = await club.ann.select(digest, "Read from the first new post", ["Who is in the attic?"])
    muted = await club.ann.select(digest, "Mute a discussion", ["Who set the fire?"])

    assert_is_page_of_the_27th(read)
    assert "you hear nothing of **Who set the fire?** any more" in muted.content
    assert await level_of(bot, club, other) is Level.MUTED
    assert await level_of(bot, club, long_thread) is Level.WEEKLY


async def test_what_was_muted_below_a_digest_is_heard_of_again_with_a_press(
    bot: Marginalia, club: Club, thread: SandboxThread, sent: Sent
) -> None:
    notice = await sent(DigestKind.NOTICE, thread)

    muted = await club.ann.click(notice, "Mute this discussion")
    assert await level_of(bot, club, thread) is Level.MUTED
    again = await club.ann.click(muted, "Hear of it again")

    assert "You track the discussion **Who is in the attic?**" in again.content
    assert await level_of(bot, club, thread) is Level.WEEKLY


async def test_a_notice_of_one_discussion_changes_how_often_this_one_is_told(
    bot: Marginalia, club: Club, thread: SandboxThread, other: SandboxThread, sent: Sent
) -> None:
    await club.ann.slash(thread, "track forum", level="every_post")
    notice = await sent(DigestKind.NOTICE, thread)

    answer = await club.ann.click(notice, "This one once a day")

    assert "**Who is in the attic?** alone" in answer.content
    assert "Once a day, at 18:00, UTC: the next one may come <t:" in answer.content
    assert await level_of(bot, club, thread) is Level.DAILY
    assert await level_of(bot, club, other) is Level.EVERY_POST


async def test_a_digest_changes_how_often_everything_is_told(
    bot: Marginalia, club: Club, thread: SandboxThread, other: SandboxThread, sent: Sent
) -> None:
    await club.ann.slash(other, "track discussion", level="every_post")
    digest = await sent(DigestKind.WEEKLY, thread, other)

    answer = await club.ann.click(digest, "Everything once a day")

    assert "everything that you track" in answer.content
    assert "Once a day, at 18:00, UTC: the next one may come <t:" in answer.content
    for each in (thread, other):
        assert await level_of(bot, club, each) is Level.DAILY
    person = await bot.app.people.get(club.ann.id)
    assert person is not None
    assert person.level is Level.DAILY


async def test_stop_all_pauses_says_so_and_offers_to_go_on(
    bot: Marginalia, club: Club, thread: SandboxThread, sent: Sent
) -> None:
    digest = await sent(DigestKind.WEEKLY, thread)

    stopped = await club.ann.click(digest, "Stop all")

    assert stopped.ephemeral
    assert "I send you nothing more" in stopped.content
    assert "What you track is kept" in stopped.content
    person = await bot.app.people.get(club.ann.id)
    assert person is not None
    assert person.paused is not None
    assert person.paused.reason is PauseReason.ASKED

    await club.ann.click(stopped, "Resume")

    person = await bot.app.people.get(club.ann.id)
    assert person is not None
    assert person.paused is None
    assert await level_of(bot, club, thread) is Level.WEEKLY


async def test_whoever_is_paused_is_told_so_when_they_choose_how_often(
    club: Club, thread: SandboxThread, sent: Sent
) -> None:
    digest = await sent(DigestKind.WEEKLY, thread)
    await club.ann.click(digest, "Stop all")

    answer = await club.ann.click(digest, "Everything once a day")

    assert "Paused since" in answer.content
    assert "next one" not in answer.content


async def test_the_buttons_work_months_later_and_after_a_restart(
    discord_alone: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bot") / "marginalia.sqlite3"
    guild = await discord_alone.create_guild("Tuesday Readers")
    ann = await guild.add_member("Ann")
    async with running_bot(discord_alone, path) as bot:
        forum = await guild.create_forum("novels")
        await settle(discord_alone)
        await bot.app.forums.set_up(
            forum.id,
            guild.id,
            guild.name,
            "novels",
            is_forum_channel=True,
            host_id=guild.owner.id,
            now=bot.clock.now(),
        )
        bot.dispatch("forum_set_up", forum.id)
        thread = await guild.owner.start_thread(forum, "Who is in the attic?", "I have a theory")
        await settle(discord_alone)
        await ann.slash(thread, "track discussion")
        discussion = await kept(bot, thread)
        section = DigestSection(discussion.title, None, ("…",), discussion.id, 1)
        message = DigestMessage(DigestKind.NOTICE, "News", "…", (section,), "", {})
        channel = await bot.create_dm(discord.Object(ann.id))
        await channel.send("News", view=digest_view(message))
    assert isinstance(discord_alone.clock, SandboxClock)
    discord_alone.clock.advance(timedelta(days=200))

    async with running_bot(discord_alone, path) as bot:
        notice = ann.inbox[-1]
        read = await ann.click(notice, "Read")
        muted = await ann.click(notice, "Mute this discussion")

        assert "I have a theory" in text_of(read)
        assert "you hear nothing of **Who is in the attic?**" in muted.content
        assert await bot.app.tracking.levels(ann.id) == {discussion.id: Level.MUTED}


@pytest.mark.parametrize("label", ["Mute this discussion", "This one once a day"])
async def test_after_one_has_stopped_tracking_a_press_says_so_and_begins_nothing(
    bot: Marginalia, club: Club, thread: SandboxThread, sent: Sent, label: str
) -> None:
    notice = await sent(DigestKind.NOTICE, thread)
    await club.ann.slash(thread, "track stop")

    answer = await club.ann.click(notice, label)

    assert "You do not track it any more" in answer.content
    assert await bot.app.tracking.of_user(club.ann.id) == ()


async def test_of_a_discussion_that_is_gone_everything_is_answered(
    bot: Marginalia, club: Club, thread: SandboxThread, sent: Sent, settled: Settled
) -> None:
    notice = await sent(DigestKind.NOTICE, thread)
    await club.guild.owner.delete_thread(thread)
    await settled()

    read = await club.ann.click(notice, "Read")
    # It is hidden for a week, and tracked until it is erased.
    muted = await club.ann.click(notice, "Mute this discussion")
    async with bot.app.database.transaction() as connection:
        await connection.execute("DELETE FROM discussion WHERE thread_id = ?", (thread.id,))
    erased = await club.ann.click(notice, "Mute this discussion")

    assert "no longer there for you" in read.content
    assert read.embeds == []
    assert "you hear nothing of that discussion any more" in muted.content
    assert "You do not track it any more" in erased.content


async def test_who_may_not_read_it_any_more_can_mute_it_and_is_shown_nothing_of_it(
    bot: Marginalia, club: Club, thread: SandboxThread, sent: Sent, settled: Settled
) -> None:
    notice = await sent(DigestKind.NOTICE, thread)
    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)
    await club.ben.rename(thread, "It was the wife")
    await settled()

    read = await club.ann.click(notice, "Read")
    daily = await club.ann.click(notice, "This one once a day")
    muted = await club.ann.click(notice, "Mute this discussion")

    assert "no longer there for you" in read.content
    for answer in (read, daily, muted):
        assert answer.embeds == []
        assert "wife" not in answer.content
        assert "attic" not in answer.content
    assert await level_of(bot, club, thread) is Level.MUTED


async def test_a_channels_digest_answers_whoever_presses_privately(
    bot: Marginalia,
    club: Club,
    lobby: SandboxChannel,
    long_thread: SandboxThread,
    other: SandboxThread,
    sent: Sent,
) -> None:
    one = await sent(DigestKind.CHANNEL, long_thread, place=lobby)
    several = await sent(DigestKind.CHANNEL, long_thread, other, place=lobby)

    read = await club.cleo.click(one, "Read")
    tracked = await club.cleo.click(one, "Track")
    chosen = await club.cleo.select(several, "Track a discussion", ["Who set the fire?"])

    assert_is_page_of_the_27th(read)
    for answer in (tracked, chosen):
        assert answer.ephemeral
    assert "**Who is in the attic?** · Tracked by 2 members." in tracked.content
    assert "**Who set the fire?** · Tracked by 1 member." in chosen.content
    assert len(await bot.app.tracking.of_user(club.cleo.id)) == 2
    assert (one.content, several.content) == ("News", "News")
