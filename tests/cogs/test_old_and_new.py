"""An imported post and its messages are one post to every other part of the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Marginalia
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.member import SandboxMember
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.cogs.old_posts import LONG_TEXT, PAGE, brought_back, message_of
from tests.harness import Club, Settled

WEEK = timedelta(days=8)


@pytest.fixture
async def thread(bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled) -> SandboxThread:
    """The old discussion; Ann tracks its forum, and has had the digest that tells of it."""
    native = await club.ben.start_thread(club.forum, "Another", "And one of today.")
    await settled()
    await club.ann.slash(native, "track forum")
    return await brought_back(bot, sandbox, club.forum)


async def weeks_digest(bot: Marginalia, member: SandboxMember, settled: Settled, week: int) -> str:
    """Give the one digest of that week, as text."""
    await settled()
    before = len(member.inbox)
    courier = DiscordCourier(bot, Access(bot))
    await bot.app.digests.tick(courier, bot.clock.now() + week * WEEK)
    await bot.app.digests.settled()
    (digest,) = member.inbox[before:]
    return text_of(digest)


def text_of(message: SandboxMessage) -> str:
    embeds = [f"{embed.get('title')}\n{embed.get('description')}" for embed in message.embeds]
    return "\n".join([message.content, *embeds])


async def test_a_digest_says_in_one_line_that_old_posts_came_and_tells_new_answers_to_them(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    first = await weeks_digest(bot, club.ann, settled, 1)
    assert "5 old posts imported" in first
    assert not any(post.content in first for post in PAGE.posts[1:])
    await club.ben.reply(await message_of(bot, thread, 3), "Because Lockwood did.")
    second = await weeks_digest(bot, club.ann, settled, 2)
    assert "Because Lockwood did." in second
    assert "imported" not in second


async def test_a_chain_goes_from_new_posts_through_any_part_of_old_ones_to_the_first(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    *_, last = thread.messages
    assert last.id != (await message_of(bot, thread, 5)).id, "a later part of a long post"
    answer = await club.ann.reply(last, "How true.")
    await settled()
    further = await club.ben.reply(answer, "Is it?")
    await settled()
    chain = await club.cleo.context_menu(further, "Reply chain")
    text = text_of(chain.message)
    for said in (LONG_TEXT[:40], "How true.", "Is it?"):
        assert said in text
    old = text_of(
        (await club.cleo.context_menu(await message_of(bot, thread, 3), "Reply chain")).message
    )
    assert PAGE.posts[0].content in old
    assert PAGE.posts[2].content in old
