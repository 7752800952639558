"""One copy of everything is left, though answers are lost and requests are repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cogs.scenes import text_forum
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


async def test_a_message_that_arrived_though_the_bot_ended_before_it_knew_is_not_sent_again(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    # What a crash after the last message leaves behind.
    async with bot.app.database.transaction() as connection:
        await connection.execute(
            "DELETE FROM replayed_message WHERE post_id IN"
            " (SELECT id FROM post WHERE discussion_id = ? AND number >= 2)",
            (discussion_id,),
        )
        await connection.execute(
            "UPDATE post SET message_id = NULL WHERE discussion_id = ? AND number >= 2",
            (discussion_id,),
        )
        await connection.execute(
            "UPDATE replay SET finished_at = NULL WHERE discussion_id = ?", (discussion_id,)
        )
    await replay(bot)
    await settled()
    messages = only_thread(club.guild).messages
    assert len(messages) == 3
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.message_id for post in posts] == [message.id for message in messages]


async def test_a_thread_that_was_made_though_the_bot_ended_before_it_knew_is_found_again(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    # What a crash while the thread was made leaves behind, when its event is lost as well.
    async with bot.app.database.transaction() as connection:
        await connection.execute(
            "DELETE FROM replayed_message WHERE post_id IN"
            " (SELECT id FROM post WHERE discussion_id = ?)",
            (discussion_id,),
        )
        await connection.execute(
            "UPDATE post SET message_id = NULL WHERE discussion_id = ?", (discussion_id,)
        )
        await connection.execute(
            "UPDATE discussion SET thread_id = NULL WHERE id = ?", (discussion_id,)
        )
        await connection.execute(
            "UPDATE replay SET finished_at = NULL WHERE discussion_id = ?", (discussion_id,)
        )
    await replay(bot)
    await settled()
    assert only_thread(club.guild) is thread
    assert len(thread.messages) == 3
    assert (await bot.app.replays.load(discussion_id)).thread_id == thread.id


@pytest.mark.parametrize("lost", [1, pytest.param(3, marks=pytest.mark.slow)])
async def test_one_thread_is_left_where_discord_made_it_and_then_answered_with_an_error(
    bot: Marginalia,
    sandbox: Sandbox,
    club: Club,
    settled: Settled,
    lost: int,
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    sandbox.faults.lose_answer("POST", EXECUTE, status=502, times=lost)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert [message.author_name for message in thread.messages] == ["Wren", "A reader", "Tamsin"]
    assert len(await bot.app.discussions.of_forum(club.forum.id)) == 1
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.message_id for post in posts] == [message.id for message in thread.messages]


async def test_of_a_second_thread_in_which_a_member_wrote_only_the_old_message_goes(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    sandbox.faults.lose_answer("POST", EXECUTE, status=502)
    async with replay_held(bot, sandbox, after=2):
        one, other = club.guild.threads.values()
        await club.ann.post(one, "Is this the place?")
        await club.ben.post(other, "Or this?")
        await settled()
    await settled()
    told = sorted([[m.content for m in thread.messages] for thread in (one, other)], key=len)
    assert [len(texts) for texts in told] == [1, 4]
    assert told[0] in (["Is this the place?"], ["Or this?"])
    assert [message.author_name for message in (*by_webhook(one), *by_webhook(other))] == [
        "Wren",
        "A reader",
        "Tamsin",
    ]


async def test_in_a_text_channel_too_one_thread_is_left(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    discussion_id = await queued(bot, SHORT, channel)
    sandbox.faults.lose_answer("POST", "/channels/{}/threads", status=502, times=1)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert [message.author_name for message in by_webhook(thread)] == ["Wren", "A reader", "Tamsin"]
    assert [one.id for one in await bot.app.discussions.of_forum(channel.id)] == [discussion_id]


async def test_a_members_thread_of_the_same_title_is_left_alone(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    members = await club.ann.start_thread(club.forum, SHORT.title, "The same question, today.")
    await settled()
    await replay(bot)
    await settled()
    assert [message.content for message in members.messages] == ["The same question, today."]
    assert members.id in club.guild.threads
    assert (await bot.app.replays.load(discussion_id)).thread_id != members.id


@pytest.mark.parametrize("place", [2, 7, 12])
async def test_one_copy_is_left_of_a_message_that_discord_took_and_then_answered_with_an_error(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled, place: int
) -> None:
    discussion_id = await queued(bot, discussion(12), club.forum)
    # discord.py itself sends it again, so that nobody is told of the first copy.
    sandbox.faults.lose_answer("POST", EXECUTE, status=502, after=place - 1)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thoughts(thread) == [*range(1, 13)]
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.message_id for post in posts] == [message.id for message in thread.messages]


async def test_a_reply_to_the_copy_that_is_then_removed_continues_the_chain(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    sandbox.faults.lose_answer("POST", EXECUTE, status=502, after=1)
    sent_again = sandbox.faults.hold("POST", EXECUTE, after=1)
    await begin(bot)
    await sent_again.came.wait()
    copy = only_thread(club.guild).messages[1]
    reply = await club.ann.reply(copy, "Nor do I.")
    await settled()
    sent_again.let_in()
    await bot.app.replay.settled()
    await settled()
    assert copy.deleted
    chain = await bot.app.posts.chain(reply.id)
    assert chain is not None
    assert [post.content for post in chain.posts] == ["Do you trust Nelly?", "No.", "Nor do I."]


@pytest.mark.parametrize("heard_of", [0, 1])
async def test_of_two_imports_of_one_title_each_keeps_one_thread_when_an_answer_is_lost(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled, heard_of: int
) -> None:
    ids = [await queued(bot, document, club.forum) for document in (discussion(3), SHORT)]
    sandbox.faults.lose_answer("POST", EXECUTE, status=502, after=heard_of)
    await replay(bot)
    await settled()
    told = {}
    for thread in club.guild.threads.values():
        kept = await bot.app.discussions.by_thread(thread.id)
        assert kept is not None
        told[kept.id] = [message.content.split("\n")[-1] for message in thread.messages[1:]]
    assert told == {ids[0]: [text_of(2), text_of(3)], ids[1]: ["No.", "Why not?"]}
