"""What is gone, or is not for a member, is in no digest of theirs, and in nothing told of one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.client import Marginalia
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.member import SandboxMember
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from sandbox.wire import Json
from tests.cogs.old_posts import brought_back, claimed, old_page, old_post
from tests.cogs.quarrel import TITLE, WORD, leaking, quarrel
from tests.cogs.scenes import text_forum
from tests.harness import Club, Settled


async def track_and_post(club: Club, lobby: SandboxChannel, forum: SandboxChannel) -> None:
    """Have Cleo and Ben track a forum, and have its digest posted in the lobby."""
    for member in (club.cleo, club.ben):
        await member.slash(lobby, "track forum", forum=str(forum.id))
    answer = await club.host.slash(lobby, "digest channel", forum=str(forum.id), channel=lobby)
    assert "is posted in" in answer.content


async def told_of(
    bot: Marginalia, club: Club, member: SandboxMember, lobby: SandboxChannel, thread: SandboxThread
) -> dict[str, str]:
    """Let the digests of a week come, and give all that the member is shown of them, by the way."""
    shown = {"preview": _text(await member.slash(lobby, "digest preview"))}
    week = bot.clock.now() + timedelta(days=8)
    await bot.app.digests.tick(DiscordCourier(bot, Access(bot)), week)
    await bot.app.digests.settled()
    shown["digest"] = _text(*member.inbox)
    posted = [
        message for message in club.guild.history(lobby) if message.author == club.guild.me.user
    ]
    shown["channel"] = _text(*posted)
    shown["why"] = _text(await member.slash(lobby, "digest why"))
    asked = [await _why(member, lobby, message) for message in thread.messages]
    shown["why of a post"] = "\n".join(asked)
    shown["stats"] = _text(await club.host.slash(lobby, "digest stats"))
    return shown


async def _why(member: SandboxMember, lobby: SandboxChannel, message: SandboxMessage) -> str:
    return _text(await member.slash(lobby, "digest why", post=message.jump_url))


def _text(*messages: object) -> str:
    told: list[Json] = []
    for message in messages:
        told += [getattr(message, part) for part in ("content", "embeds", "components")]
    return json.dumps(told, ensure_ascii=False)


async def test_a_reader_is_told_of_it_by_every_way_but_in_what_hosts_are_told(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await track_and_post(club, lobby, club.forum)
    thread = await quarrel(club, club.forum)
    await settled()

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, TITLE) == ["preview", "digest", "channel", "why", "why of a post"]
    assert leaking(shown, WORD) == ["preview", "digest", "channel"]


@pytest.mark.parametrize("lost", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_a_member_who_lost_a_role_a_moment_ago_is_told_nothing(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled, lost: int
) -> None:
    await track_and_post(club, lobby, club.forum)
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=lost)
    for who in (readers, club.ann, club.ben, club.guild.bot_role):
        await club.guild.set_overwrite(club.forum, who, allow=lost)
    await club.cleo.add_role(readers)
    thread = await quarrel(club, club.forum)
    await settled()
    await club.cleo.remove_role(readers)

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, TITLE, "goes at", "Ben", club.forum.name) == []


async def test_of_a_private_thread_only_those_in_it_are_told_and_no_channel(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    await track_and_post(club, lobby, channel)
    thread = await quarrel(club, channel, private=True)
    await settled()

    outside = await told_of(bot, club, club.cleo, lobby, thread)
    inside = await told_of(bot, club, club.ben, lobby, thread)

    assert leaking(outside, TITLE, "cook") == []
    assert "digest" in leaking(inside, TITLE)


async def test_of_a_forum_that_has_ended_nothing_is_told(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await track_and_post(club, lobby, club.forum)
    thread = await quarrel(club, club.forum)
    await settled()
    await bot.app.forums.remove(club.forum.id, bot.clock.now())

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, TITLE, "goes at", "Ben") == []


async def test_no_text_of_a_deleted_post_is_told_earlier_ones_neither(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await track_and_post(club, lobby, club.forum)
    thread = await quarrel(club, club.forum)
    await settled()
    await club.ann.delete(thread.messages[2])
    await settled()

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, "cook") == []
    assert leaking(shown, "Nobody goes")


async def test_no_text_of_a_post_that_is_withheld_is_told(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await track_and_post(club, lobby, club.forum)
    thread = await quarrel(club, club.forum)
    secrets = [await club.ben.post(thread, f"A cellar at midsummer, {nr}") for nr in range(30)]
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    gone = [secret.id for secret in secrets]
    assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, "cellar") == []
    assert leaking(shown, "The cook")


async def test_neither_name_nor_text_of_an_old_author_is_told_who_had_them_erased(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel
) -> None:
    await track_and_post(club, lobby, club.forum)
    page = old_page(
        TITLE, old_post(1, "Wren", "Who goes?"), old_post(2, "Tamsin", "Nobody goes.", 1, "link")
    )
    thread = await brought_back(bot, sandbox, club.forum, page)
    await claimed(bot, club, club.ben, "Tamsin")
    await bot.app.erasures.erase_claimed(club.guild.id, club.ben.id, bot.clock.now())

    shown = await told_of(bot, club, club.cleo, lobby, thread)

    assert leaking(shown, "Tamsin", "Nobody goes") == []
    assert leaking(shown, TITLE)
