"""`/digest why`: what became of one's last digests, and of one post in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Marginalia
from sandbox.answers import Answer
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.scenes import Tick, text_of
from tests.harness import Club, Settled


async def why(club: Club, place: SandboxChannel, post: str | None = None) -> str:
    """Have Ann ask, and give what she is told."""
    asked = {} if post is None else {"post": post}
    answer = await club.ann.slash(place, "digest why", finish=True, **asked)
    assert answer.ephemeral
    return _told(answer)


def _told(answer: Answer) -> str:
    return f"{answer.content}{text_of(answer)}"


async def test_who_never_tracked_is_told_how_to_begin(club: Club, lobby: SandboxChannel) -> None:
    words = await why(club, lobby)

    assert "No digest has been due for you yet." in words
    assert "You track nothing now" in words


async def test_who_muted_everything_is_promised_nothing(club: Club, thread: SandboxThread) -> None:
    await club.ann.slash(thread, "track discussion", level="muted")

    words = await why(club, thread)

    assert "You track nothing now" in words
    assert "Next" not in words


async def test_a_digest_that_came_is_linked_and_one_without_news_says_so(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await tick(8)
    await tick(16)

    words = await why(club, lobby)

    (digest,) = [message for message in club.ann.inbox if message.embeds]
    quiet, sent, coming = words.split("\n\n")
    assert "Not sent: nothing was new." in quiet
    assert "✅ Sent" in sent
    assert digest.jump_url in sent
    assert f"In it: [Who is in the attic?](https://discord.com/channels/{club.guild.id}/" in sent
    assert "Next, if there is news: your weekly digest" in coming


async def test_it_works_in_a_direct_message(club: Club, thread: SandboxThread, tick: Tick) -> None:
    post = await club.cleo.post(thread, "Is it the wife?")
    await tick(8)

    assert "In it: [Who is in the attic?]" in await why(club, club.ann.dm)
    assert "It was in it." in await why(club, club.ann.dm, post=post.jump_url)


async def test_a_closed_inbox_is_the_reason_that_is_told(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    club.ann.close_inbox()

    await tick(8)

    words = await why(club, lobby)
    assert "⏳ Not sent yet: your direct messages are closed to me. The next try is" in words
    assert "It is to tell of: [Who is in the attic?]" in words


async def test_rights_that_were_not_known_are_the_reason_that_is_told(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick, settled: Settled
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await club.guild.become_unavailable()
    await tick(8)
    await club.guild.become_available()
    await settled()

    words = await why(club, lobby)

    assert "⏳ Not sent yet: Discord does not say just now what you may read." in words


async def test_a_discussion_that_one_may_not_read_any_more_is_not_named(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    post = await club.cleo.post(thread, "Is it the wife?")
    await tick(8)

    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)
    await tick(9)

    words = await why(club, lobby)
    assert "In it: 1 discussion that you cannot read now" in words
    assert "attic" not in words
    assert "That is no post that you can read." in await why(club, lobby, post=post.jump_url)


async def test_a_role_lost_before_the_sending_is_told_without_a_name(
    bot: Marginalia, club: Club, lobby: SandboxChannel, thread: SandboxThread, settled: Settled,
    tick: Tick,
) -> None:  # fmt: skip
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await bot.app.digests.plan(bot.clock.now() + timedelta(days=8))
    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)

    await tick(8)

    words = await why(club, lobby)
    assert "Not sent: when its turn came, nothing was left to say." in words
    left_out = (
        "Left out (not for you to read at that moment): 1 discussion that you cannot read now"
    )
    assert left_out in words


async def test_for_a_post_each_digest_says_whether_it_had_it(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, tick: Tick
) -> None:
    before = thread.messages[0]
    told = await club.cleo.post(thread, "Is it the wife?")
    own = await club.ann.post(thread, "I do not think so")
    await tick(8)
    later = await club.cleo.post(thread, "Or the aunt?")

    await tick(7)

    assert "It was in it." in await why(club, lobby, post=told.jump_url)
    assert "It is your own: digests tell what others wrote." in await why(
        club, lobby, post=str(own.id)
    )
    assert "It was there before you began to track" in await why(club, lobby, post=before.jump_url)
    words = await why(club, lobby, post=later.jump_url)
    assert "It is to be in your weekly digest" in words
    assert "It came later." in words


async def test_a_post_that_was_deleted_was_in_no_digest_from_then_on(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel, thread: SandboxThread, settled: Settled,
    tick: Tick,
) -> None:  # fmt: skip
    await club.cleo.post(thread, "Is it the wife?")
    before = await club.cleo.post(thread, "Is it the cousin?")
    after = await club.cleo.post(thread, "Is it the aunt?")
    await settled()
    await club.cleo.delete(before)
    await tick(8)
    sandbox.clock.advance(timedelta(days=8))
    await club.cleo.delete(after)
    await settled()

    words = await why(club, lobby, post=before.jump_url)
    assert "It was deleted before that" in words
    assert "It was in it." not in words
    assert "It was in it." in await why(club, lobby, post=after.jump_url)


async def test_once_untracked_or_muted_no_digest_is_promised(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.cleo.post(thread, "Is it the wife?")
    await settled()

    await club.ann.slash(thread, "track discussion", level="muted")
    assert "You muted its discussion" in await why(club, lobby, post=post.jump_url)

    words = await club.ben.slash(lobby, "digest why", post=post.jump_url)
    assert "You do not track its discussion" in _told(words)


@pytest.mark.parametrize("named", ["nonsense", "https://example.org/1", "99999999999999999999"])
async def test_what_is_no_post_is_refused_with_what_to_do(
    club: Club, lobby: SandboxChannel, named: str
) -> None:
    assert "choose Copy Message Link" in await why(club, lobby, post=named)
