from __future__ import annotations

import asyncio

import discord
import pytest

from bot.client import Marginalia
from bot.core.ports import CourierError, ThreadReference
from cogs._access import Access, ReadableForums
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_THREADS, READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.harness import Club, Settled


@pytest.fixture
def access(bot: Marginalia) -> Access:
    return Access(bot)


def reference(thread: SandboxThread) -> ThreadReference:
    assert thread.guild is not None
    return ThreadReference(thread.guild.id, thread.parent.id, thread.id, thread.private)


async def test_a_member_reads_the_threads_of_a_channel_that_they_see(
    club: Club, access: Access, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()

    assert await access.readable(club.ben.id, [reference(thread)]) == {thread.id}


@pytest.mark.parametrize("lost", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_without_either_permission_on_the_channel_nothing_is_readable(
    club: Club, access: Access, settled: Settled, lost: int
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await club.guild.set_overwrite(club.forum, club.ben, deny=lost)
    await settled()

    assert await access.readable(club.ben.id, [reference(thread)]) == frozenset()
    assert await access.readable(club.ann.id, [reference(thread)]) == {thread.id}


async def test_a_role_that_was_lost_a_moment_ago_counts_no_more(
    club: Club, access: Access, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL)
    await club.ann.add_role(readers)
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()
    assert await access.readable(club.ann.id, [reference(thread)]) == {thread.id}

    await club.ann.remove_role(readers)

    assert await access.readable(club.ann.id, [reference(thread)]) == frozenset()


async def test_a_private_thread_is_read_by_those_in_it_and_by_those_who_manage_threads(
    club: Club, access: Access, settled: Settled
) -> None:
    text = await club.guild.create_text_channel("books")
    thread = await club.ann.start_thread(text, "Just us", "A secret", private=True)
    await settled()

    assert await access.readable(club.ann.id, [reference(thread)]) == {thread.id}
    assert await access.readable(club.ben.id, [reference(thread)]) == frozenset()

    await club.ann.add_to_thread(thread, club.ben)
    assert await access.readable(club.ben.id, [reference(thread)]) == {thread.id}

    await club.guild.set_overwrite(text, club.cleo, allow=MANAGE_THREADS)
    await settled()
    assert await access.readable(club.cleo.id, [reference(thread)]) == {thread.id}


async def test_one_who_left_and_one_who_was_never_there_read_nothing(
    club: Club, access: Access, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()
    await club.guild.remove_member(club.ben)

    assert await access.readable(club.ben.id, [reference(thread)]) == frozenset()
    assert await access.readable(4_000_000_000_000_000, [reference(thread)]) == frozenset()


async def test_what_the_bot_does_not_know_is_readable_by_nobody(
    club: Club, access: Access, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()
    known = reference(thread)
    elsewhere = ThreadReference(7, known.forum_id, known.thread_id, is_private=False)
    no_channel = ThreadReference(known.guild_id, 7, known.thread_id, is_private=False)

    assert await access.readable(club.ann.id, [elsewhere, no_channel]) == frozenset()


async def test_readability_is_unknown_while_a_server_is_unavailable(
    club: Club, access: Access, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await club.guild.become_unavailable()
    await settled()

    with pytest.raises(CourierError):
        await access.readable(club.ann.id, [reference(thread)])

    await club.guild.become_available()
    await settled()
    assert await access.readable(club.ann.id, [reference(thread)]) == {thread.id}


async def test_readability_is_unknown_when_discord_does_not_answer(
    club: Club, access: Access, settled: Settled, sandbox: Sandbox
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()
    sandbox.faults.fail("GET", "/guilds/{}/members/{}", status=418, times=1)

    with pytest.raises(CourierError):
        await access.readable(club.ann.id, [reference(thread)])


async def test_for_a_member_at_hand_unknown_means_no(
    bot: Marginalia, club: Club, access: Access, settled: Settled, sandbox: Sandbox
) -> None:
    text = await club.guild.create_text_channel("books")
    thread = await club.ann.start_thread(text, "Just us", "A secret", private=True)
    await settled()
    guild = bot.get_guild(club.guild.id)
    assert guild is not None
    ann: discord.Member = await guild.fetch_member(club.ann.id)
    assert await access.may_read(ann, reference(thread))

    sandbox.faults.fail("GET", "/channels/{}/thread-members/{}", status=418, times=1)

    assert not await access.may_read(ann, reference(thread))


async def interaction_of(bot: Marginalia, club: Club, member: SandboxMember) -> discord.Interaction:
    """What the bot hears when the member uses a command now."""
    lobby = await club.guild.create_text_channel("lobby")
    heard = asyncio.create_task(bot.wait_for("interaction"))
    await member.slash(lobby, "help")
    interaction: discord.Interaction = await heard
    return interaction


async def test_in_a_direct_message_the_rights_of_the_server_count(
    bot: Marginalia, club: Club, access: Access, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()

    heard = asyncio.create_task(bot.wait_for("interaction"))
    await club.ann.slash(club.ann.dm, "help")
    of_ann: discord.Interaction = await heard
    assert await access.may_read(of_ann, reference(thread))

    await club.guild.remove_member(club.ann)
    assert not await access.may_read(of_ann, reference(thread))


async def test_of_many_forums_those_are_readable_that_the_member_reads_at_this_moment(
    bot: Marginalia, club: Club, access: Access, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    closed = await club.guild.create_forum("poems")
    await club.guild.set_overwrite(closed, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(closed, readers, allow=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, club.cleo, allow=MANAGE_THREADS)
    await club.ann.add_role(readers)
    await settled()
    asked = {club.forum.id, closed.id, 7}

    before = await access.readable_forums(
        await interaction_of(bot, club, club.ann), club.guild.id, asked
    )
    await club.ann.remove_role(readers)
    after = await access.readable_forums(
        await interaction_of(bot, club, club.ann), club.guild.id, asked
    )
    moderator = await access.readable_forums(
        await interaction_of(bot, club, club.cleo), club.guild.id, asked
    )

    assert before == ReadableForums(frozenset({club.forum.id, closed.id}), frozenset())
    assert after == ReadableForums(frozenset({club.forum.id}), frozenset())
    assert moderator == ReadableForums(frozenset({club.forum.id}), frozenset({club.forum.id}))


async def test_of_another_server_no_forum_is_readable(
    bot: Marginalia, club: Club, access: Access, sandbox: Sandbox, settled: Settled
) -> None:
    elsewhere = await sandbox.create_guild("Thursday Readers")
    forum = await elsewhere.create_forum("plays")
    await settled()

    interaction = await interaction_of(bot, club, club.ann)

    assert (await access.readable_forums(interaction, elsewhere.id, [forum.id])).public == set()
    await elsewhere.remove_bot()


async def test_of_many_threads_private_ones_are_for_those_in_them_and_unknown_means_no(
    bot: Marginalia, club: Club, access: Access, settled: Settled, sandbox: Sandbox
) -> None:
    text = await club.guild.create_text_channel("books")
    public = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    private = [
        await club.ann.start_thread(text, f"Just us {number}", "A secret", private=True)
        for number in range(12)
    ]
    await club.ann.add_to_thread(private[3], club.ben)
    archived = await club.ann.start_thread(club.forum, "Old", "Long ago")
    await club.ann.archive(archived)
    await settled()
    asked = [reference(each) for each in (public, archived, *private)]
    gone = ThreadReference(club.guild.id, text.id, 4_000_000_000_000_000, is_private=True)

    of_ben = await interaction_of(bot, club, club.ben)
    assert await access.readable_threads(of_ben, [*asked, gone]) == {
        public.id,
        archived.id,
        private[3].id,
    }

    await club.guild.set_overwrite(club.forum, club.ben, deny=READ_MESSAGE_HISTORY)
    await club.ann.remove_from_thread(private[3], club.ben)
    await settled()
    of_ben = await interaction_of(bot, club, club.ben)
    assert await access.readable_threads(of_ben, asked) == frozenset()

    sandbox.faults.fail("GET", "/channels/{}/thread-members/{}", status=418, times=1)
    of_ann = await interaction_of(bot, club, club.ann)
    assert len(await access.readable_threads(of_ann, asked)) == len(asked) - 1
