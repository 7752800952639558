"""What is gone, or is not for a member, is shown to them by no way at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from discord import AppCommandType, app_commands

from bot.client import Marginalia
from bot.core.model import Discussion
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.everything_shown import (
    ASKED,
    OF_HOSTS,
    OF_THE_ASKER,
    OFFERED,
    ON_MESSAGES,
    ON_OLD_POSTS,
    everything_shown,
)
from tests.cogs.old_posts import brought_back, claimed, old_page, old_post
from tests.cogs.quarrel import TITLE, WORD, leaking, quarrel
from tests.cogs.scenes import text_forum, texts_of
from tests.harness import Club, Settled

BOOK = "The Moonstone"
OLD_PAGE = old_page(
    TITLE,
    old_post(1, "Wren", "Who goes?"),
    old_post(2, "Tamsin", "Nobody goes at midsummer.", 1, "link"),
    old_post(3, "Wren", "Thank you.", 2, "link"),
)


async def kept(bot: Marginalia, thread: SandboxThread) -> Discussion:
    """Give the discussion of a thread, with a book of its own."""
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    book = await bot.app.books.name(discussion.guild_id, BOOK)
    await bot.app.discussions.set_book(discussion.id, book.id)
    return replace(discussion, book=book)


def test_every_command_is_asked_here_or_there_is_a_reason_why_not(bot: Marginalia) -> None:
    slash = {
        command.qualified_name
        for command in bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    on_messages = {each.name for each in bot.tree.get_commands(type=AppCommandType.message)}

    assert slash == ASKED | OF_THE_ASKER | OF_HOSTS
    assert on_messages == {*ON_MESSAGES} | ON_OLD_POSTS
    assert bot.tree.get_commands(type=AppCommandType.user) == []


def test_every_name_that_is_offered_while_one_types_is_asked_for_here_but_for_hosts(
    bot: Marginalia,
) -> None:
    offering = {
        (command.qualified_name, option.display_name)
        for command in bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
        for option in command.parameters
        if option.autocomplete and command.qualified_name not in OF_HOSTS
    }

    offered = {(command, option) for command, options in OFFERED.items() for option in options}
    assert offering == offered | {("digest settings", "timezone")}


async def test_a_reader_is_shown_all_of_it_by_every_way(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    await settled()

    discussion = await kept(bot, thread)
    first = await everything_shown(club.cleo, lobby, discussion, WORD)
    await club.ben.post(thread, "It is midsummer again.")
    await settled()
    shown = await everything_shown(club.cleo, lobby, discussion, WORD)

    assert {way for way in first if way in ASKED} == ASKED
    told = leaking(shown, TITLE, WORD, BOOK, club.forum.name, "Ann")
    assert shown.keys() - set(told) == {"claim posts: name offered", "track stop"}


@pytest.mark.parametrize("lost", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_a_member_who_lost_a_role_a_moment_ago_is_shown_nothing(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled, lost: int
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=lost)
    for who in (readers, club.ann, club.ben, club.guild.bot_role):
        await club.guild.set_overwrite(club.forum, who, allow=lost)
    await club.cleo.add_role(readers)
    thread = await quarrel(club, club.forum)
    await settled()
    discussion = await kept(bot, thread)
    assert WORD in (await everything_shown(club.cleo, lobby, discussion, WORD))["search within"]
    await club.ben.post(thread, "Nobody goes at midsummer, then.")
    await settled()

    await club.cleo.remove_role(readers)

    shown = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(shown, TITLE, "goes at", "Ben", BOOK, club.forum.name) == []


async def test_of_a_private_thread_only_those_in_it_are_shown_anything(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    thread = await quarrel(club, channel, private=True)
    await settled()
    discussion = await kept(bot, thread)

    strangers = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(strangers, TITLE, "cook", "Ben", BOOK) == []
    theirs = await everything_shown(club.ben, lobby, discussion, WORD)
    assert len(leaking(theirs, TITLE, WORD)) > 20


async def test_of_a_forum_that_has_ended_nothing_is_shown(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    await settled()
    discussion = await kept(bot, thread)
    await bot.app.forums.remove(club.forum.id, bot.clock.now())

    shown = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(shown, TITLE, "goes at", "Ben", BOOK) == []


async def test_no_text_of_a_deleted_post_is_shown_earlier_ones_neither(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    await settled()
    await club.ann.delete(thread.messages[2])
    await settled()

    shown = await everything_shown(club.cleo, lobby, await kept(bot, thread), WORD)
    assert leaking(shown, "cook") == []
    assert leaking(shown, "Nobody goes")


async def test_who_wrote_a_deleted_post_is_shown_by_no_way(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    await settled()
    discussion = await kept(bot, thread)
    assert leaking(await everything_shown(club.cleo, lobby, discussion, WORD), "Ben")
    await club.ben.delete(thread.messages[1])
    await settled()

    shown = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(shown, "Ben", "Nobody goes") == []
    assert leaking(shown, "a deleted post")


async def test_no_text_of_a_post_that_is_withheld_is_shown(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    secrets = [await club.ben.post(thread, f"A cellar at midsummer, {nr}") for nr in range(30)]
    await settled()
    discussion = await kept(bot, thread)
    gone = [secret.id for secret in secrets]
    assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())

    shown = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(shown, "cellar", "Ben (30)") == []
    assert leaking(shown, "The cook")


async def test_neither_name_nor_text_of_an_old_author_is_shown_who_had_them_erased(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel
) -> None:
    thread = await brought_back(bot, sandbox, club.forum, OLD_PAGE)
    discussion = await kept(bot, thread)
    before = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(before, "Tamsin")
    await claimed(bot, club, club.ben, "Tamsin")
    await bot.app.erasures.erase_claimed(club.guild.id, club.ben.id, bot.clock.now())

    shown = await everything_shown(club.cleo, lobby, discussion, WORD)
    assert leaking(shown, "Tamsin", "Ben", "Nobody goes") == []
    assert leaking(shown, "Thank you.")


async def test_the_name_that_another_server_gives_a_member_is_shown_by_no_way(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await quarrel(club, club.forum)
    elsewhere = await sandbox.create_guild("Thursday Readers")
    plays = await elsewhere.create_forum("plays")
    auntie = await elsewhere.add_member(club.ann)
    auntie.nick = "Auntie"
    await settled()
    await bot.app.forums.set_up(
        plays.id,
        elsewhere.id,
        elsewhere.name,
        plays.name,
        is_forum_channel=True,
        host_id=elsewhere.owner.id,
        now=bot.clock.now(),
    )
    there = await auntie.start_thread(plays, "Macbeth", "Who is guilty at midsummer?")
    await settled()
    await auntie.post(there, "She is.")
    await settled()
    assert await texts_of(bot, there) == ["Who is guilty at midsummer?", "She is."]

    shown = await everything_shown(club.cleo, lobby, await kept(bot, thread), WORD)
    assert leaking(shown, "Auntie", "Macbeth") == []
    assert leaking(shown, "Ann")
    await elsewhere.remove_bot()
