"""Imports that hosts pause, resume and cancel, at any moment, and several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.importing.replays import ReplayState
from cogs._error_codes import TOO_MANY_WEBHOOKS
from sandbox.permissions import BOT_DEFAULT, MANAGE_THREADS
from tests.cogs.scenes import moderator, text_forum
from tests.replaying import (
    EXECUTE,
    SHORT,
    begin,
    by_webhook,
    discussion,
    only_thread,
    queued,
    replay,
    replay_held,
    text_of,
    thoughts,
)

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from tests.harness import Club, Settled

COUNT = 8


@pytest.mark.parametrize("sent", [0, 1, 5])
async def test_a_paused_import_sends_nothing_more_until_it_is_resumed(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled, sent: int
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=sent):
        await bot.app.replays.pause(discussion_id, bot.clock.now())
    await replay(bot)
    await settled()
    # What was on its way arrives.
    thread = only_thread(club.guild)
    assert thoughts(thread) == [*range(1, sent + 2)]
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.PAUSED

    await bot.app.replays.resume(discussion_id)
    await replay(bot)
    await settled()
    assert thoughts(thread) == [*range(1, COUNT + 1)]
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.FINISHED


@pytest.mark.parametrize("sent", [0, 1, 5, 7])
async def test_a_cancelled_import_is_gone_from_discord_and_from_here(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled, sent: int
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=sent):
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert not club.guild.threads
    assert await bot.app.discussions.get(discussion_id) is None
    assert await bot.app.discussions.of_forum(club.forum.id) == ()


async def test_a_paused_import_can_be_cancelled(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=3):
        await bot.app.replays.pause(discussion_id, bot.clock.now())
    await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await replay(bot)
    await settled()
    assert not club.guild.threads


async def test_in_a_text_channel_too_a_cancelled_import_takes_its_thread_along(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    discussion_id = await queued(bot, discussion(COUNT), channel)
    async with replay_held(bot, sandbox, after=3):
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert not club.guild.threads


async def test_an_import_whose_thread_somebody_deleted_can_still_be_cancelled(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=3):
        await bot.app.replays.pause(discussion_id, bot.clock.now())
    await (await moderator(club)).delete_thread(only_thread(club.guild))
    await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await replay(bot)
    await settled()
    with pytest.raises(LookupError):
        await bot.app.replays.progress(discussion_id)


async def test_without_the_right_to_take_the_thread_away_the_host_is_told_and_tries_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    guild = club.guild
    await guild.edit_role(guild.bot_role, permissions=BOT_DEFAULT & ~MANAGE_THREADS)
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=3):
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.FAILED
    assert progress.failure is not None
    assert "Manage Threads" in progress.failure
    await guild.edit_role(guild.bot_role, permissions=BOT_DEFAULT)
    await settled()
    await bot.app.replays.resume(discussion_id)
    await replay(bot)
    await settled()
    assert not guild.threads


async def test_what_discord_refuses_while_a_host_cancels_does_not_keep_the_import(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    held = sandbox.faults.hold("GET", "/channels/{}/webhooks")
    await begin(bot)
    await held.came.wait()
    sandbox.faults.refuse("POST", "/channels/{}/webhooks", TOO_MANY_WEBHOOKS)
    await bot.app.replays.cancel(discussion_id, bot.clock.now())
    held.let_in()
    await bot.app.replay.settled()
    await settled()

    assert await bot.app.discussions.get(discussion_id) is None


async def test_a_thread_in_which_members_have_written_loses_the_imports_messages_alone(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=4):
        thread = only_thread(club.guild)
        reply = await club.ann.reply(thread.messages[1], "I was there.")
        await settled()
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert [message.content for message in thread.messages] == ["I was there."]
    kept = await bot.app.discussions.by_thread(thread.id)
    assert kept is not None
    chain = await bot.app.posts.chain(reply.id)
    assert chain is not None
    assert [post.content for post in chain.posts] == ["I was there."]


async def test_what_members_wrote_unheard_keeps_the_thread_too(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=4):
        thread = only_thread(club.guild)
        with sandbox.gateway.swallowing():
            await club.ann.post(thread, "I was there.")
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert [message.content for message in thread.messages] == ["I was there."]


async def test_a_copy_that_nobody_knows_of_is_taken_back_too(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    sandbox.faults.lose_answer("POST", EXECUTE, after=2)
    async with replay_held(bot, sandbox, after=5):
        thread = only_thread(club.guild)
        await club.ann.post(thread, "So many posts!")
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert [message.content for message in thread.messages] == ["So many posts!"]


async def test_cancelling_later_pages_leaves_what_was_there_before(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(4, total=8), club.forum)
    await replay(bot)
    await queued(bot, discussion(8, first=5), club.forum)
    async with replay_held(bot, sandbox, after=2):
        await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await settled()
    assert thoughts(only_thread(club.guild)) == [1, 2, 3, 4]
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.content for post in posts] == [text_of(number) for number in range(1, 5)]


async def test_a_cancelled_import_comes_back_whole_when_it_is_imported_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    cancelled = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=3):
        await bot.app.replays.cancel(cancelled, bot.clock.now())
    await settled()
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [*range(1, COUNT + 1)]
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert len(posts) == COUNT


async def test_pages_that_come_while_their_discussion_is_replayed_are_replayed_too(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(4, total=8), club.forum)
    async with replay_held(bot, sandbox, after=3):
        await queued(bot, discussion(8, first=5), club.forum)
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [*range(1, 9)]
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.FINISHED


async def test_two_imports_into_one_forum_at_once_both_come_whole_and_in_their_order(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    titles = ("The moors", "The Grange")
    for title in titles:
        await queued(bot, discussion(COUNT, title=title), club.forum)
    await replay(bot)
    await settled()
    threads = club.guild.threads.values()
    assert {thread.name for thread in threads} == {*titles}
    assert [thoughts(thread) for thread in threads] == [[*range(1, COUNT + 1)]] * 2


async def test_an_import_that_waits_for_discord_does_not_hold_up_another_forums(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    other = await text_forum(bot, club, settled)
    waiting = await queued(bot, discussion(COUNT), club.forum)
    async with replay_held(bot, sandbox, after=1):
        moving = await queued(bot, discussion(COUNT), other)
        # The other one's last message is held as well: by then it has all but that.
        last = sandbox.faults.hold("POST", EXECUTE, after=COUNT - 1)
        await begin(bot)
        await last.came.wait()
        assert (await bot.app.replays.progress(moving)).posts_sent == COUNT - 1
        assert (await bot.app.replays.progress(waiting)).posts_sent == 1
        last.let_in()
    await settled()
    assert [thoughts(thread) for thread in club.guild.threads.values()] == [
        [*range(1, COUNT + 1)]
    ] * 2


async def test_two_discussions_of_one_title_get_a_thread_each(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, discussion(3), club.forum)
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    assert sorted(len(by_webhook(thread)) for thread in club.guild.threads.values()) == [3, 3]
    assert len({len(thoughts(thread)) for thread in club.guild.threads.values()}) == 2


async def test_an_import_does_not_take_the_lost_thread_of_another_of_its_title(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    await queued(bot, discussion(3), club.forum)
    # Discord makes the thread, and the bot hears nothing of it.
    sandbox.faults.lose_answer("POST", EXECUTE, status=400)
    with sandbox.gateway.swallowing():
        await replay(bot)
    lost = only_thread(club.guild)
    other = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    own = await bot.app.discussions.get(other)
    assert own is not None
    assert own.thread_id not in {None, lost.id}
    assert thoughts(lost) == [1]
