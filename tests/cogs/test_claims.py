"""Members claim old posts, and hosts decide."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.old_posts import (
    OTHER_PAGE,
    PAGE,
    brought_back,
    claimed,
    forum_of_the_few,
    message_of,
    post_numbered,
    replay_settled,
)
from tests.cogs.scenes import moderator
from tests.harness import Club, Settled, commands_ended

CONFIRM, REFUSE = "Yes, confirm it", "No, refuse it"


@pytest.fixture
async def thread(bot: Marginalia, sandbox: Sandbox, club: Club) -> SandboxThread:
    """The old discussion, in the club's forum."""
    return await brought_back(bot, sandbox, club.forum)


async def owners(bot: Marginalia, thread: SandboxThread) -> list[int | None]:
    """Give whose each post is, by user id."""
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    posts = await bot.app.posts.page(discussion.id, limit=100)
    return [None if post.author is None else post.author.user_id for post in posts]


# Claiming, and the host's word


async def test_a_member_claims_a_post_a_host_confirms_and_all_under_that_name_are_theirs(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    answer = await club.ann.context_menu(await message_of(bot, thread, 4), "Claim my posts")
    assert answer.ephemeral
    assert "“Wren”" in answer.content
    assert "3 posts in “Who is telling this?”" in answer.content
    assert "A host has been asked" in answer.content
    assert await owners(bot, thread) == [None] * 5, "not before a host has confirmed it"

    asked = await club.host.next_dm()
    for said in ("Ann", "“Wren”", "3 posts in “Who is telling this?”", "Tuesday Readers"):
        assert said in asked.content
    assert "****" not in asked.content
    decided = await club.host.click(asked, CONFIRM)
    await commands_ended(sandbox)

    assert "Confirmed" in decided.content
    assert not decided.components
    ann = club.ann.id
    assert await owners(bot, thread) == [ann, None, None, ann, ann]
    told = await club.ann.next_dm()
    assert "confirmed that you are “Wren”" in told.content


async def test_a_host_refuses_and_nothing_changes(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    decided = await club.host.click(await club.host.next_dm(), REFUSE)
    await commands_ended(sandbox)

    assert "Refused" in decided.content
    assert await owners(bot, thread) == [None] * 5
    assert "you are not “Wren”" in (await club.ann.next_dm()).content


async def test_the_name_can_be_chosen_elsewhere_as_for_an_archived_thread(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    offered = await club.ann.autocomplete(lobby, "claim posts", "name", "r")
    assert [choice.name for choice in offered] == ["Wren"]
    answer = await club.ann.slash(lobby, "claim posts", name=str(offered[0].value))
    assert "“Wren”" in answer.content
    await club.host.click(await club.host.next_dm(), CONFIRM)
    await commands_ended(sandbox)

    assert club.ann.id in await owners(bot, thread)
    assert await club.ben.autocomplete(lobby, "claim posts", "name", "wren") == []


async def test_a_name_typed_in_another_case_is_the_same_and_an_unknown_one_is_refused(
    club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    found = await club.ann.slash(lobby, "claim posts", name=" wREN ")
    assert "“Wren”" in found.content
    unknown = await club.ann.slash(lobby, "claim posts", name="Wre")
    assert "I know no author “Wre”" in unknown.content


async def test_of_a_name_that_is_somebodys_already_it_is_said_whose(
    bot: Marginalia, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    await claimed(bot, club, club.ann, "Wren")
    own = await club.ann.slash(lobby, "claim posts", name="wren")
    assert "“Wren” are yours already" in own.content
    others = await club.ben.slash(lobby, "claim posts", name="Wren")
    assert "“Wren” belong to another member" in others.content
    assert not club.host.inbox


async def test_asking_twice_asks_the_host_once(
    bot: Marginalia, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    again = await club.ann.slash(lobby, "claim posts", name="Wren")
    assert "A host has been asked" in again.content
    assert len(club.host.inbox) == 1


async def test_any_part_of_a_long_old_post_is_that_post(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    first = await message_of(bot, thread, 5)
    *_, last = thread.messages
    assert last.id != first.id
    answer = await club.ann.context_menu(last, "Claim my posts")
    assert "“Wren”" in answer.content


async def test_what_is_no_old_post_cannot_be_claimed(
    bot: Marginalia, club: Club, thread: SandboxThread, lobby: SandboxChannel, settled: Settled
) -> None:
    native = await club.ben.post(thread, "I only just got here.")
    chat = await club.ben.post(lobby, "Hello!")
    await settled()
    for message in (native, chat):
        answer = await club.ann.context_menu(message, "Claim my posts")
        assert "not an old post" in answer.content
    nameless = await club.ann.context_menu(await message_of(bot, thread, 2), "Claim my posts")
    assert "names no old author" in nameless.content
    assert club.host.inbox == ()


async def test_two_members_claim_one_name_and_only_one_of_them_can_be_confirmed(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    message = await message_of(bot, thread, 1)
    await club.ann.context_menu(message, "Claim my posts")
    await club.ben.context_menu(message, "Claim my posts")
    about_ann = await club.host.next_dm()
    about_ben = await club.host.next_dm()
    assert "The same is said by" not in about_ann.content
    assert f"The same is said by {club.ann.mention}" in about_ben.content

    await club.host.click(about_ann, CONFIRM)
    await commands_ended(sandbox)
    refused = await club.host.click(about_ben, CONFIRM)
    await commands_ended(sandbox)

    assert "/claim list" in refused.content
    assert club.ben.id not in await owners(bot, thread)
    third = await club.cleo.context_menu(message, "Claim my posts")
    assert "another member" in third.content


async def test_one_who_has_left_is_not_confirmed_until_they_are_back(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    asked = await club.host.next_dm()
    await club.guild.remove_member(club.ann)
    refused = await club.host.click(asked, CONFIRM)
    await commands_ended(sandbox)

    assert "not in the server any more" in refused.content
    assert await owners(bot, thread) == [None] * 5
    await club.host.click(asked, REFUSE)
    await commands_ended(sandbox)
    assert await bot.app.claims.open(club.guild.id) == ()


async def test_a_claim_to_posts_of_a_thread_that_was_deleted_meanwhile_can_be_decided(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    asked = await club.host.next_dm()
    await (await moderator(club)).delete_thread(thread)
    await replay_settled(bot, sandbox)

    assert await club.ben.autocomplete(lobby, "claim posts", "name", "") == []
    listed = await club.host.slash(lobby, "claim list")
    await commands_ended(sandbox)
    assert "No post under that name is here now" in listed.content
    assert "Who is telling this?" not in listed.content
    await club.host.click(asked, CONFIRM)
    await commands_ended(sandbox)
    (claim,) = await bot.app.claims.confirmed(club.guild.id)
    assert claim.user_id == club.ann.id


async def test_a_host_may_confirm_a_claim_of_their_own_and_is_told_that_it_is(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.host.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    asked = await club.host.next_dm()
    assert "This claim is your own" in asked.content
    await club.host.click(asked, CONFIRM)
    await commands_ended(sandbox)

    assert club.host.id in await owners(bot, thread)
    assert len(club.host.inbox) == 1, "they know what they decided"


async def test_one_who_is_no_host_any_more_decides_nothing(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    asked = await club.host.next_dm()
    for role in list(club.host.roles):
        await club.host.remove_role(role)
    answer = await club.host.click(asked, CONFIRM)
    await commands_ended(sandbox)
    assert "Only a host" in answer.content
    assert await owners(bot, thread) == [None] * 5


async def test_a_claim_is_decided_once(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    (claim,) = await bot.app.claims.open(club.guild.id)
    await bot.app.claims.refuse(claim.id, club.guild.owner.id, bot.clock.now())
    answer = await club.host.click(await club.host.next_dm(), CONFIRM)
    await commands_ended(sandbox)
    assert "decided already" in answer.content
    assert await owners(bot, thread) == [None] * 5


# Closed inboxes


async def test_a_host_with_a_closed_inbox_finds_the_claim_in_the_list(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    club.host.close_inbox()
    answer = await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    assert "`/claim list`" in answer.content

    overview = await club.host.slash(lobby, "setup show")
    assert "1 claim to old posts: `/claim list` asks." in str(overview.embeds)
    listed = await club.host.slash(lobby, "claim list")
    await commands_ended(sandbox)
    summary, question = listed.messages
    assert "1 claim waiting" in summary.content
    assert question.ephemeral
    await club.host.click(question, CONFIRM)
    await commands_ended(sandbox)
    assert club.ann.id in await owners(bot, thread)


async def test_a_member_with_a_closed_inbox_is_told_with_their_next_command_and_once(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    club.ann.close_inbox()
    await club.host.click(await club.host.next_dm(), CONFIRM)
    await commands_ended(sandbox)

    helped = await club.ann.slash(lobby, "help")
    await commands_ended(sandbox)
    first, second = helped.messages
    assert "/track" in first.content
    assert second.ephemeral
    assert "confirmed that you are “Wren”" in second.content
    again = await club.ann.slash(lobby, "help")
    await commands_ended(sandbox)
    assert len(again.messages) == 1


# What cannot be read is not learned of


async def test_a_member_learns_nothing_of_posts_in_places_they_cannot_read(
    bot: Marginalia,
    sandbox: Sandbox,
    club: Club,
    thread: SandboxThread,
    lobby: SandboxChannel,
    settled: Settled,
) -> None:
    assert thread.name == PAGE.title
    await brought_back(bot, sandbox, await forum_of_the_few(bot, club, settled), OTHER_PAGE)

    offered = await club.ann.autocomplete(lobby, "claim posts", "name", "")
    refused = await club.ann.slash(lobby, "claim posts", name="Rook")
    answer = await club.ann.slash(lobby, "claim posts", name="Wren")

    assert [choice.name for choice in offered] == ["Tamsin", "Wren"]
    assert "I know no author" in refused.content
    assert "3 posts in “Who is telling this?”." in answer.content
    assert "Lockwood" not in answer.content


async def test_a_host_learns_no_more_than_that_there_are_posts_where_they_cannot_read(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await brought_back(bot, sandbox, await forum_of_the_few(bot, club, settled), OTHER_PAGE)
    await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
    asked = await club.host.next_dm()
    assert "3 posts in “Who is telling this?”" in asked.content
    assert "in places that you cannot read" in asked.content
    assert "Lockwood" not in asked.content


async def test_where_the_host_cannot_read_the_posts_the_owner_is_asked(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    forum = await forum_of_the_few(bot, club, settled)
    await club.guild.set_overwrite(forum, club.ann, allow=VIEW_CHANNEL)
    await settled()
    hidden = await brought_back(bot, sandbox, forum, OTHER_PAGE)
    await club.ann.context_menu(await message_of(bot, hidden, 1), "Claim my posts")

    asked = await club.guild.owner.next_dm()
    assert "“Rook”" in asked.content
    assert club.host.inbox == ()
    listed = await club.host.slash(lobby, "claim list")
    await commands_ended(sandbox)
    (only,) = listed.messages
    assert "1 claim to posts in places that you cannot read" in only.content
    assert "Rook" not in only.content
    await club.guild.owner.click(asked, CONFIRM)
    await commands_ended(sandbox)
    assert club.ann.id in await owners(bot, hidden)


async def test_the_list_is_for_hosts(
    club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    answer = await club.ann.slash(lobby, "claim list")
    assert "Only a host" in answer.content


# Taking back


async def test_a_host_takes_a_confirmed_claim_back_and_the_posts_have_their_old_name_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await claimed(bot, club, club.ann, "Wren")
    await claimed(bot, club, club.ben, "Tamsin")
    listed = await club.host.slash(lobby, "claim list", name="wr")
    assert f"{club.ann.mention} is “Wren”" in listed.content
    assert "Tamsin" not in listed.content

    asked = await club.host.select(listed, "Take one back …", ["Wren"])
    assert club.ann.id in await owners(bot, thread), "not before it is confirmed"
    done = await club.host.click(asked, "Take it back")
    await commands_ended(sandbox)

    assert "no longer" in done.content
    assert await owners(bot, thread) == [None, None, club.ben.id, None, None]
    first = await post_numbered(bot, thread, 1)
    assert first.author is not None
    assert first.author.name == "Wren"
    assert "you are not “Wren”" in (await club.ann.next_dm()).content


async def test_what_was_taken_back_already_cannot_be_taken_back(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    await claimed(bot, club, club.ann, "Wren")
    listed = await club.host.slash(lobby, "claim list")
    (claim,) = await bot.app.claims.confirmed(club.guild.id)
    await bot.app.claims.revoke(claim.id, club.host.id, bot.clock.now())
    answer = await club.host.select(listed, "Take one back …", ["Wren"])
    await commands_ended(sandbox)
    assert "nothing to take back" in answer.content


async def test_with_no_claims_the_list_says_how_one_is_made(
    club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    assert thread.name == PAGE.title
    listed = await club.host.slash(lobby, "claim list")
    assert "Claim my posts" in listed.content
