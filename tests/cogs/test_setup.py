from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.client import Marginalia
from bot.core.permissions import REQUIRED, invite_link, missing
from sandbox.answers import Answer
from sandbox.guild import SandboxGuild
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD, READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from tests.harness import Club, Settled, commands_ended

ALL_REQUIRED = sum(permission.bit for permission in REQUIRED)
WITHOUT_WEBHOOKS = ALL_REQUIRED & ~(1 << 29)


@pytest.fixture
async def host(guild: SandboxGuild) -> SandboxMember:
    role = await guild.create_role("Committee", permissions=MANAGE_GUILD)
    return await guild.add_member("Hester", roles=[role])


def described(answer: Answer) -> str:
    return str(answer.embeds[0]["description"])


async def test_a_host_sets_a_forum_up_and_sees_its_old_threads_read(
    bot: Marginalia, sandbox: Sandbox, guild: SandboxGuild, host: SandboxMember
) -> None:
    forum = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    for title in ("The attic", "The red room"):
        thread = await host.start_thread(forum, title, "What do you make of it?")
        await host.post(thread, "And of the ending?")

    answer = await host.slash(lobby, "setup forum", channel=forum)
    await commands_ended(sandbox)

    assert answer.ephemeral
    assert f"{forum.mention} is set up" in answer.content
    assert "Read: 2 discussions, 4 posts." in answer.content
    stored = await bot.app.forums.get(forum.id)
    assert stored is not None
    assert (stored.name, stored.host_id, stored.is_forum_channel) == ("novels", host.id, True)


async def test_a_text_channel_can_be_a_forum_and_its_book_is_named_at_once(
    bot: Marginalia, sandbox: Sandbox, guild: SandboxGuild, host: SandboxMember, settled: Settled
) -> None:
    text = await guild.create_text_channel("books")
    await settled()

    answer = await host.slash(text, "setup forum", book="Emma", book_author="Jane Austen")
    await commands_ended(sandbox)

    assert "Its book is *Emma* by Jane Austen." in answer.content
    assert "no thread yet" in answer.content
    stored = await bot.app.forums.get(text.id)
    assert stored is not None
    assert not stored.is_forum_channel
    assert stored.book is not None
    assert stored.book.author == "Jane Austen"


@pytest.mark.parametrize(
    ("options", "said"),
    [({"book": "   "}, "title is empty"), ({"book_author": "Jane Austen"}, "Which book")],
)
async def test_a_book_that_cannot_be_named_is_refused_before_anything_is_set_up(
    bot: Marginalia,
    guild: SandboxGuild,
    host: SandboxMember,
    settled: Settled,
    options: dict[str, Any],
    said: str,
) -> None:
    text = await guild.create_text_channel("books")
    await settled()

    answer = await host.slash(text, "setup forum", **options)

    assert said in answer.content
    assert await bot.app.forums.get(text.id) is None


async def test_in_a_thread_the_channel_it_lies_in_is_set_up_and_named(
    sandbox: Sandbox, guild: SandboxGuild, host: SandboxMember, settled: Settled
) -> None:
    forum = await guild.create_forum("novels")
    thread = await host.start_thread(forum, "The attic", "Who is up there?")
    await settled()

    answer = await host.slash(thread, "setup forum")
    await commands_ended(sandbox)

    assert f"{forum.mention} is set up" in answer.content
    assert "in which this thread lies" in answer.content


async def test_setting_up_again_says_so_and_keeps_the_book(club: Club, sandbox: Sandbox) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await club.host.slash(lobby, "setup forum", channel=club.forum, book="Emma")
    await commands_ended(sandbox)

    answer = await club.host.slash(lobby, "setup forum", channel=club.forum)
    await commands_ended(sandbox)

    assert "was set up already" in answer.content
    assert "Its book is *Emma*." in answer.content


async def test_progress_is_shown_until_the_answer_can_no_longer_be_changed(
    sandbox: Sandbox, guild: SandboxGuild, host: SandboxMember
) -> None:
    forum = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    await host.start_thread(forum, "The attic", "What do you make of it?")
    sandbox.faults.rate_limit("GET", "/channels/{}/messages", retry_after=1.0)

    answer = await host.slash(lobby, "setup forum", channel=forum)
    sandbox.clock.advance(timedelta(minutes=14, seconds=30))
    await commands_ended(sandbox)

    assert "`/setup show` tells how far it is" in answer.content


async def test_what_stands_in_the_way_of_reading_is_told(
    sandbox: Sandbox, settled: Settled
) -> None:
    guild = await sandbox.create_guild(
        "Night Owls", bot_permissions=ALL_REQUIRED & ~READ_MESSAGE_HISTORY
    )
    forum = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    await guild.set_overwrite(forum, guild.everyone, deny=READ_MESSAGE_HISTORY)
    await guild.owner.start_thread(forum, "The attic", "What do you make of it?")
    await settled()

    answer = await guild.owner.slash(lobby, "setup forum", channel=forum)
    await commands_ended(sandbox)

    assert "**Read Message History**" in answer.content
    assert "✅" not in answer.content
    await guild.set_overwrite(forum, guild.me, allow=READ_MESSAGE_HISTORY)
    await settled()
    again = await guild.owner.slash(lobby, "setup forum", channel=forum)
    await commands_ended(sandbox)
    assert "Read: 1 discussion, 1 post." in again.content
    await guild.remove_bot()


async def test_what_is_missing_is_told_permission_by_permission(
    sandbox: Sandbox, settled: Settled
) -> None:
    guild = await sandbox.create_guild("Night Owls", bot_permissions=WITHOUT_WEBHOOKS)
    forum = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    await settled()

    answer = await guild.owner.slash(lobby, "setup forum", channel=forum)
    await commands_ended(sandbox)

    assert "**Manage Webhooks**: without it, " in answer.content
    assert "Edit Channel → Permissions" in answer.content
    assert "Read Message History" not in answer.content
    await guild.remove_bot()


async def test_without_any_permission_but_to_view_every_other_is_told_in_one_message(
    sandbox: Sandbox, settled: Settled
) -> None:
    guild = await sandbox.create_guild("Night Owls", bot_permissions=VIEW_CHANNEL)
    forum = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    await guild.set_overwrite(forum, guild.everyone, deny=ALL_REQUIRED & ~VIEW_CHANNEL)
    await settled()

    answer = await guild.owner.slash(lobby, "setup forum", channel=forum)
    await commands_ended(sandbox)

    for permission in missing(0):
        if permission.bit != VIEW_CHANNEL:
            assert f"**{permission.label}**" in answer.content
    await guild.remove_bot()


async def test_a_channel_that_the_bot_cannot_see_is_refused_with_what_to_do(
    guild: SandboxGuild, host: SandboxMember, settled: Settled
) -> None:
    hidden = await guild.create_forum("novels")
    lobby = await guild.create_text_channel("lobby")
    await guild.set_overwrite(hidden, guild.me, deny=VIEW_CHANNEL)
    await settled()

    answer = await host.slash(lobby, "setup forum", channel=hidden)

    assert answer.ephemeral
    assert "cannot see" in answer.content
    assert "View Channel " in answer.content


@pytest.mark.parametrize(
    "command",
    ["setup forum", "setup book", "setup hosts", "setup show", "setup remove"],
)
async def test_members_who_are_no_hosts_are_refused_everything_privately(
    bot: Marginalia, club: Club, settled: Settled, command: str
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()

    answer = await club.ann.slash(lobby, command)

    assert answer.ephemeral
    assert "Manage Server" in answer.content
    assert await bot.app.forums.get(lobby.id) is None


async def test_a_role_makes_hosts_until_a_member_loses_it(club: Club, settled: Settled) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    role = await club.guild.create_role("Readers' committee")
    await club.ann.add_role(role)
    await settled()

    named = await club.host.slash(lobby, "setup hosts", role=role)
    allowed = await club.ann.slash(lobby, "setup show")
    assert role.mention in named.content
    assert allowed.embeds

    await club.ann.remove_role(role)
    refused = await club.ann.slash(lobby, "setup show")
    assert not refused.embeds

    await club.ann.add_role(role)
    taken_back = await club.host.slash(lobby, "setup hosts")
    assert "Manage Server alone" in taken_back.content
    assert not (await club.ann.slash(lobby, "setup show")).embeds


async def test_hosts_by_role_do_not_name_hosts_and_everyone_is_no_host_role(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    role = await club.guild.create_role("Readers' committee")
    await club.ann.add_role(role)
    await settled()
    await club.host.slash(lobby, "setup hosts", role=role)

    refused = await club.ann.slash(lobby, "setup hosts")
    everyone = await club.host.slash(lobby, "setup hosts", role=club.guild.everyone)

    assert "needs the Manage Server permission" in refused.content
    assert "every member would be a host" in everyone.content
    assert await bot.app.hosts.role(club.guild.id) == role.id


async def test_show_tells_forums_books_progress_what_is_missing_hosts_and_the_invite_link(
    club: Club, sandbox: Sandbox, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await club.ann.start_thread(club.forum, "The attic", "Who is up there?", tags=["Spoilers"])
    await settled()
    tag = next(tag for tag in club.forum.tags if tag.name == "Classics")
    await club.host.slash(lobby, "setup book", title="Jane Eyre", forum=str(club.forum.id))
    await club.host.slash(
        lobby, "setup book", title="Emma", forum=str(club.forum.id), tag=str(tag.id)
    )
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=1 << 29)
    await settled()

    answer = await club.host.slash(lobby, "setup show")

    text = described(answer)
    assert answer.ephemeral
    assert f"**{club.forum.mention}**: *Jane Eyre*" in text
    assert "Tag “Classics”: *Emma*" in text
    assert "Read: 1 discussion, 1 post." in text
    assert "**Manage Webhooks**" in text
    fields = {field["name"]: field["value"] for field in answer.embeds[0]["fields"]}
    assert "Manage Server" in fields["Hosts"]
    assert invite_link(sandbox.application.id) in fields["Invite link"]


async def test_show_tells_that_a_question_waits_for_a_host(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    posts = [await club.ben.post(thread, f"Guess {number}") for number in range(25)]
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    before = await club.host.slash(thread, "setup show")
    gone = [post.id for post in posts]
    assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())

    answer = await club.host.slash(thread, "setup show")

    assert "Waiting for a host" not in str(before.embeds)
    assert "1 question about posts that vanished: `/removed list`" in str(answer.embeds)


async def test_show_before_any_set_up_says_how_to_begin(
    guild: SandboxGuild, host: SandboxMember, settled: Settled
) -> None:
    lobby = await guild.create_text_channel("lobby")
    await settled()

    assert "`/setup forum`" in described(await host.slash(lobby, "setup show"))


async def test_a_forum_is_removed_when_that_is_confirmed_and_can_be_taken_up_again(
    bot: Marginalia, club: Club, sandbox: Sandbox, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    thread = await club.ann.start_thread(club.forum, "The attic", "Who is up there?")
    await settled()

    asked = await club.host.slash(lobby, "setup remove", channel=club.forum)
    assert "Stop keeping" in asked.content
    assert "What was kept (1 discussion, 1 post) is hidden" in asked.content
    assert "erased for good after 30 days" in asked.content
    for command in ("`/removed export`", "`/removed erase`", "`/setup forum`"):
        assert command in asked.content
    assert bot.app.directory.is_forum(club.forum.id)
    done = await club.host.click(asked, "Stop keeping it")
    await commands_ended(sandbox)

    assert "not kept any more" in done.content
    assert done.components == []
    assert not bot.app.directory.is_forum(club.forum.id)
    listed = await club.host.slash(lobby, "removed list")
    assert "The attic" in listed.content
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    assert hidden.erase_at is not None
    assert f"<t:{int(hidden.erase_at.timestamp())}:R>" in listed.content
    await club.ben.post(thread, "Nobody hears this")
    await settled()
    again = await club.host.slash(lobby, "setup forum", channel=club.forum)
    await commands_ended(sandbox)
    assert "is set up" in again.content
    assert "Read: 1 discussion, 2 posts." in again.content


async def test_a_removal_can_be_cancelled_and_needs_a_host_when_it_is_confirmed(
    bot: Marginalia, club: Club, sandbox: Sandbox, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()
    asked = await club.host.slash(lobby, "setup remove", channel=club.forum)
    cancelled = await club.host.click(asked, "Cancel")
    assert "Nothing was changed" in cancelled.content

    asked = await club.host.slash(lobby, "setup remove", channel=club.forum)
    await club.host.remove_role(club.host.roles[0])
    refused = await club.host.click(asked, "Stop keeping it")
    await commands_ended(sandbox)

    assert "Only a host" in refused.content
    assert bot.app.directory.is_forum(club.forum.id)


async def test_removing_what_is_not_set_up_is_refused(club: Club, settled: Settled) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()

    answer = await club.host.slash(lobby, "setup remove")

    assert "is not set up" in answer.content
