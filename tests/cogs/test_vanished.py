"""Posts that vanish in great number: hidden, and a host is asked before anything is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Marginalia
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.cogs.scenes import outage, posts_of, set_up, texts_of
from tests.harness import Club, Settled, commands_ended

COUNT = 25


async def debate(club: Club) -> tuple[SandboxThread, list[SandboxMessage]]:
    thread = await club.ann.start_thread(club.forum, "Was Emma right?", "Well?")
    return thread, [await club.ben.post(thread, f"Reason {number}") for number in range(COUNT)]


@pytest.fixture
async def emptied(bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled) -> SandboxThread:
    """A debate of which ten posts vanished while the bot was away."""
    assert bot.is_ready()
    thread, messages = await debate(club)
    async with outage(sandbox, club, settled):
        for message in messages[5:15]:
            await club.ben.delete(message)
    return thread


async def living(bot: Marginalia, thread: SandboxThread) -> int:
    return sum(not post.is_deleted for post in await posts_of(bot, thread))


async def test_the_posts_are_hidden_and_the_host_is_asked_once(
    bot: Marginalia, club: Club, emptied: SandboxThread, settled: Settled
) -> None:
    assert await living(bot, emptied) == COUNT + 1 - 10
    asked = await club.host.next_dm()
    assert "10 posts" in asked.content
    assert "Was Emma right?" in asked.content
    assert "  " not in asked.content
    await bot.app.ticker.run("vanished")
    await settled()
    assert len(club.host.inbox) == 1


async def test_the_question_does_not_name_a_private_discussion(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await set_up(bot, club, lobby.id, is_forum=False)
    thread = await club.ann.start_thread(lobby, "Just us", private=True)
    await club.ann.add_to_thread(thread, club.guild.me)
    secrets = [await club.ann.post(thread, f"Secret {number}") for number in range(25)]
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    gone = [secret.id for secret in secrets]
    assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())

    await bot.app.ticker.run("vanished")
    listed = await club.host.slash(lobby, "removed list")
    await commands_ended(sandbox)

    for asked in (await club.host.next_dm(), listed.messages[1]):
        assert "25 posts of a private discussion" in asked.content
        assert "Just us" not in asked.content


async def test_the_host_can_have_them_erased(
    bot: Marginalia, sandbox: Sandbox, club: Club, emptied: SandboxThread
) -> None:
    answer = await club.host.click(await club.host.next_dm(), "They were deleted: erase them")
    await commands_ended(sandbox)
    assert "10 posts" in answer.content
    assert await living(bot, emptied) == COUNT + 1 - 10
    assert await bot.app.vanished_questions.of_guild(club.guild.id) == ()
    assert all(post.content == "" for post in await posts_of(bot, emptied) if post.is_deleted)


async def test_the_host_can_keep_them_and_is_not_asked_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, emptied: SandboxThread, settled: Settled
) -> None:
    await club.host.click(await club.host.next_dm(), "Keep them")
    await commands_ended(sandbox)
    assert await living(bot, emptied) == COUNT + 1
    assert "Reason 7" in await texts_of(bot, emptied)
    async with outage(sandbox, club, settled):
        pass
    assert await living(bot, emptied) == COUNT + 1
    assert len(club.host.inbox) == 1


async def test_a_question_is_decided_once(
    bot: Marginalia, sandbox: Sandbox, club: Club, emptied: SandboxThread
) -> None:
    (question,) = await bot.app.vanished_questions.of_guild(club.guild.id)
    await bot.app.absences.keep(question.id, bot.clock.now())
    answer = await club.host.click(await club.host.next_dm(), "They were deleted: erase them")
    await commands_ended(sandbox)
    assert "already" in answer.content
    assert await living(bot, emptied) == COUNT + 1


async def test_one_who_is_no_host_any_more_decides_nothing(
    bot: Marginalia, sandbox: Sandbox, club: Club, emptied: SandboxThread
) -> None:
    asked = await club.host.next_dm()
    for role in list(club.host.roles):
        await club.host.remove_role(role)
    await club.host.click(asked, "They were deleted: erase them")
    await commands_ended(sandbox)
    assert len(await bot.app.vanished_questions.of_guild(club.guild.id)) == 1
    assert await living(bot, emptied) == COUNT + 1 - 10


async def test_the_servers_owner_is_asked_where_the_one_who_set_it_up_is_no_host_any_more(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread, messages = await debate(club)
    for role in list(club.host.roles):
        await club.host.remove_role(role)
    async with outage(sandbox, club, settled):
        for message in messages[5:15]:
            await club.ben.delete(message)

    asked = await club.guild.owner.next_dm()
    assert club.host.inbox == ()
    await club.guild.owner.click(asked, "Keep them")
    await commands_ended(sandbox)
    assert await living(bot, thread) == COUNT + 1


async def test_a_closed_inbox_is_tried_again_and_another_host_can_decide_meanwhile(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    club.host.close_inbox()
    thread, messages = await debate(club)
    async with outage(sandbox, club, settled):
        for message in messages[5:15]:
            await club.ben.delete(message)
    (question,) = await bot.app.vanished_questions.of_guild(club.guild.id)
    assert not question.is_told
    club.host.open_inbox()
    await bot.app.ticker.run("vanished")
    assert len(club.host.inbox) == 0, "not before a day has passed"
    sandbox.clock.advance(timedelta(days=1))
    await bot.app.ticker.run("vanished")
    await club.host.next_dm()
    assert (await bot.app.vanished_questions.of_guild(club.guild.id))[0].is_told
    assert await living(bot, thread) == COUNT + 1 - 10


async def test_posts_that_are_there_after_all_are_shown_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread, messages = await debate(club)
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    gone = [message.id for message in messages]
    assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())
    assert await living(bot, thread) == 1
    async with outage(sandbox, club, settled):
        pass
    assert await living(bot, thread) == COUNT + 1
    assert await bot.app.vanished_questions.of_guild(club.guild.id) == ()


async def test_nothing_is_withheld_or_erased_when_only_the_right_to_read_was_lost(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread, _ = await debate(club)
    me = club.guild.bot_role
    async with outage(sandbox, club, settled):
        await club.guild.set_overwrite(club.forum, me, deny=READ_MESSAGE_HISTORY)
    assert await living(bot, thread) == COUNT + 1
    assert await bot.app.vanished_questions.of_guild(club.guild.id) == ()
    await club.guild.set_overwrite(club.forum, me)
    await settled()
    assert await living(bot, thread) == COUNT + 1
