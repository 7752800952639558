"""What `/import` refuses, in words: before anything is fetched, read or stored."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from bot.importers.page import read_page
from sandbox import SandboxAttachment
from sandbox.permissions import BOT_DEFAULT, MANAGE_WEBHOOKS, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel
from tests.bad_pages import BAD_PAGES, BadPage
from tests.cogs.importing import FIRST, SECOND
from tests.cogs.scenes import set_up
from tests.harness import Club, Settled, found_club
from tests.importers.page_text import page_text
from tests.replaying import queued

MEBIBYTE = 1024 * 1024


async def test_only_hosts_import(club: Club, lobby: SandboxChannel) -> None:
    answer = await club.ann.slash(lobby, "import", page1=FIRST)

    assert answer.ephemeral
    assert "Only a host can do this" in answer.content


@pytest.mark.parametrize("bad", BAD_PAGES.values(), ids=BAD_PAGES)
async def test_what_is_no_whole_page_is_refused_in_words_that_name_the_file(
    bot: Marginalia, club: Club, lobby: SandboxChannel, bad: BadPage
) -> None:
    file = SandboxAttachment(bad.name, bad.content)
    answer = await club.host.slash(lobby, "import", page1=FIRST, page2=file)

    assert answer.ephemeral
    assert answer.content.replace("\\", "").startswith(bad.said)
    assert answer.message.components == []
    assert await bot.app.replays.of_guild(club.guild.id) == ()


async def test_a_file_that_is_too_large_is_not_even_fetched(
    club: Club, lobby: SandboxChannel
) -> None:
    file = SandboxAttachment("page.txt", b"not fetched", size=8 * MEBIBYTE + 1)
    answer = await club.host.slash(lobby, "import", page1=FIRST, page2=file)

    assert "page.txt is larger than 8 MiB" in answer.content


@pytest.mark.slow
async def test_ten_thousand_posts_and_one_of_a_megabyte_can_be_imported(
    club: Club, lobby: SandboxChannel
) -> None:
    posts = [
        f"Posted on Jan {1 + n % 28}, {1000 + n // 28} 9:00:00 AM PST\nWren says:\nThought {n}."
        for n in range(10_000)
    ]
    posts[0] += " word" * 200_000
    file = SandboxAttachment("long.txt", page_text(posts).encode())
    answer = await club.host.slash(lobby, "import", page1=file)

    assert "**10,000 posts** would come back" in answer.content
    assert "This post is unusually long" in str(answer.embeds)


async def test_pages_of_two_discussions_are_not_mixed(club: Club, lobby: SandboxChannel) -> None:
    other = FIRST.content.replace(b"Why does Victor", b"When does *Victor*")
    answer = await club.host.slash(
        lobby, "import", page1=FIRST, page2=SECOND, page3=SandboxAttachment("other.txt", other)
    )

    assert "other.txt does not belong to the discussion of frankenstein-1.txt" in answer.content
    assert "“When does \\*Victor\\* never tell anyone?”" in answer.content


async def test_pages_of_what_is_being_taken_back_are_refused_with_its_title_as_it_is(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    marked = FIRST.content.replace(b"Why does Victor", b"Why does *Victor*")
    discussion_id = await queued(bot, read_page(marked, name="page.txt"), club.forum)
    await bot.app.replays.cancel(discussion_id, bot.clock.now())

    answer = await club.host.slash(lobby, "import", page1=SandboxAttachment("page.txt", marked))

    assert "Why does \\*Victor\\* never tell anyone?” is just being taken back" in answer.content
    assert answer.message.components == []


async def test_two_files_of_one_name_are_told_apart(club: Club, lobby: SandboxChannel) -> None:
    bad = SandboxAttachment("frankenstein-1.txt", b"Milk, bread.")
    answer = await club.host.slash(lobby, "import", page1=FIRST, page2=bad)

    assert answer.content.startswith("frankenstein-1.txt (page2) is not a saved forum page")


async def test_a_file_that_discord_does_not_hand_over_is_told(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel
) -> None:
    sandbox.cdn.refuse(503)
    answer = await club.host.slash(lobby, "import", page1=FIRST)

    assert "Discord did not hand frankenstein-1.txt over" in answer.content
    assert "use the command again" in answer.content


async def test_a_channel_that_is_not_set_up_is_refused(club: Club, lobby: SandboxChannel) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST, forum=lobby)

    assert f"{lobby.mention} is not set up" in answer.content
    assert "/setup forum" in answer.content


async def test_a_forum_that_was_ended_or_is_out_of_sight_is_refused(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=VIEW_CHANNEL)
    await settled()
    unseen = await club.host.slash(lobby, "import", page1=FIRST, forum=club.forum)
    assert f"I cannot see {club.forum.mention} any more" in unseen.content

    await bot.app.forums.remove(club.forum.id, bot.clock.now())
    ended = await club.host.slash(lobby, "import", page1=FIRST, forum=club.forum)
    assert f"{club.forum.mention} is not set up" in ended.content


async def test_where_several_forums_are_set_up_and_none_is_meant_they_are_named(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    other = await club.guild.create_forum("poems")
    await settled()
    await set_up(bot, club, other.id, is_forum=True)

    asked = await club.host.slash(lobby, "import", page1=FIRST)
    assert asked.content.startswith("Into which forum?")
    assert club.forum.mention in asked.content
    assert other.mention in asked.content

    thread = await club.ann.start_thread(other, "Odes", "Which one?")
    await settled()
    answer = await club.host.slash(thread, "import", page1=FIRST)
    assert f"a new thread of {other.mention}" in answer.content


async def test_what_the_bot_lacks_is_told_before_anything_is_read(
    bot: Marginalia, sandbox: Sandbox, settled: Settled
) -> None:
    guild = await sandbox.create_guild("Strict", bot_permissions=BOT_DEFAULT & ~MANAGE_WEBHOOKS)
    club = await found_club(bot, sandbox, guild)
    lobby = await guild.create_text_channel("lobby")
    await settled()

    answer = await club.host.slash(lobby, "import", page1=SandboxAttachment("x.txt", b"no page"))

    assert "I lack Manage Webhooks" in answer.content
    assert "Edit Channel" in answer.content
    await guild.remove_bot()
