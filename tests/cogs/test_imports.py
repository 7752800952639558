"""`/import`: from files to a preview, and from a host's word to a thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.client import Marginalia
from bot.importers.page import read_page
from sandbox import SandboxAttachment, SandboxRefused
from sandbox.answers import Answer
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel
from tests.cogs.importing import FIRST, SECOND, Replayed, described
from tests.cogs.scenes import set_up
from tests.discord_address import discord_at
from tests.harness import Club, Settled, found_club, running_bot, settle
from tests.importers.page_text import page_text
from tests.replaying import EXECUTE, only_thread, queued


async def test_a_preview_is_private_and_stores_nothing(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)

    assert answer.ephemeral
    assert answer.content.startswith(
        f"**25 posts** would come back as a new thread of {club.forum.mention}"
    )
    assert answer.embeds[0]["title"] == "Why does Victor never tell anyone?"
    for told in ("**Posts:** 25 of 29", "**Missing:** 26-29", "**Authors:** Marrow Lane (3)"):
        assert told in described(answer)
    assert answer.embeds[0]["fields"][0]["name"] == "What looked odd"
    assert await bot.app.replays.of_guild(club.guild.id) == ()
    assert not club.guild.threads


async def test_what_a_host_confirms_becomes_a_thread_and_everybody_sees_how_far_it_is(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=SECOND, page2=FIRST)
    confirmed = await club.host.click(answer, "Import 29 posts")
    await replayed()

    assert len(only_thread(club.guild).messages) == 29
    assert "29 posts stored" in answer.content or "29 posts stored" in confirmed.content
    assert answer.message.components == []
    (board,) = lobby.messages
    assert "is back, with 29 posts" in board.content


async def test_a_host_who_cancels_stores_nothing(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await club.host.click(answer, "Cancel")
    await replayed()

    assert answer.content == "Nothing was imported."
    assert answer.message.components == []
    assert await bot.app.replays.of_guild(club.guild.id) == ()


async def test_who_is_no_host_any_more_cannot_confirm(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await club.host.remove_role(club.host.roles[0])

    refused = await club.host.click(answer, "Import 25 posts")

    assert "Only a host can do this" in refused.content
    assert await bot.app.replays.of_guild(club.guild.id) == ()


async def test_what_cannot_be_stored_can_be_confirmed_once_more(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await bot.app.forums.remove(club.forum.id, bot.clock.now())

    refused = await club.host.click(answer, "Import 25 posts")
    assert "is not set up as a forum" in refused.content

    await set_up(bot, club, club.forum.id, is_forum=True)
    await club.host.click(answer, "Import 25 posts")
    await replayed()
    assert len(only_thread(club.guild).messages) == 25


async def test_where_a_thread_needs_a_tag_one_is_chosen_first(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled, replayed: Replayed
) -> None:
    forum = await club.guild.create_forum("tagged", tags=["Gothic", "Comic"], require_tag=True)
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)

    answer = await club.host.slash(lobby, "import", page1=FIRST, forum=forum)
    assert "needs a tag" in answer.content
    with pytest.raises(SandboxRefused, match="disabled"):
        await club.host.click(answer, "Import 25 posts")
    await club.host.select(answer, "The tag of its thread", ["Gothic"])
    await club.host.click(answer, "Import 25 posts")
    await replayed()

    assert only_thread(club.guild).tags_applied == ("Gothic",)
    further = await club.host.slash(lobby, "import", page1=SECOND, forum=forum)
    assert "needs a tag" not in further.content
    await club.host.click(further, "Import 4 posts")


async def test_a_tag_is_named_from_those_that_there_are(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    offered = await club.host.autocomplete(lobby, "import", "tag", "class", forum=club.forum)
    assert [choice.name for choice in offered] == ["Classics"]

    wrong = await club.host.slash(lobby, "import", page1=FIRST, tag="Comedies")
    assert "no such tag" in wrong.content
    assert "“Spoilers”, “Classics”" in wrong.content

    answer = await club.host.slash(lobby, "import", page1=FIRST, tag="classics")
    assert "with the tag “Classics”" in answer.content
    await club.host.click(answer, "Import 25 posts")
    await replayed()
    assert only_thread(club.guild).tags_applied == ("Classics",)


async def imported(club: Club, lobby: SandboxChannel, file: SandboxAttachment) -> Answer:
    answer = await club.host.slash(lobby, "import", page1=file)
    (row,) = answer.components
    return await club.host.click(answer, row["components"][0]["label"])


async def test_the_same_pages_again_bring_nothing(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    await imported(club, lobby, FIRST)
    await replayed()

    again = await club.host.slash(lobby, "import", page1=FIRST)

    assert again.content.startswith("All 25 posts of these pages are here already")
    assert only_thread(club.guild).jump_url in again.content
    assert again.components == []


async def test_a_missing_page_adds_its_posts_to_the_thread(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    await imported(club, lobby, FIRST)
    await replayed()

    answer = await club.host.slash(lobby, "import", page1=SECOND, page2=FIRST, tag="Classics")
    assert "here already, with 25 posts of these pages. **4 posts** are new" in answer.content
    assert "The thread keeps its tags: “Classics” is not added to it" in answer.content
    await club.host.click(answer, "Import 4 posts")
    await replayed()

    assert len(only_thread(club.guild).messages) == 29
    assert len(lobby.messages) == 2


async def test_pages_of_which_nothing_is_here_complete_the_discussion_too(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    await imported(club, lobby, SECOND)
    await replayed()

    answer = await club.host.slash(lobby, "import", page1=FIRST)

    assert answer.content.startswith(
        "Part of this discussion is here already. **25 posts** are new and would come to the end "
        f"of {only_thread(club.guild).mention}."
    )


async def test_a_page_for_a_paused_import_is_stored_and_waits_with_it(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    discussion_id = await queued(bot, read_page(FIRST.content, name="page.txt"), club.forum)
    await bot.app.replays.pause(discussion_id, bot.clock.now())

    answer = await imported(club, lobby, SECOND)
    await replayed()

    assert "4 posts stored. It is paused: 0 of 29 posts" in answer.message.content
    assert not lobby.messages
    assert not club.guild.threads


async def test_two_hosts_who_confirm_the_same_pages_at_once_import_them_once(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    other = await club.guild.add_member("Hugo", roles=club.host.roles)
    answers = [await host.slash(lobby, "import", page1=FIRST) for host in (club.host, other)]
    # The board goes out by the same route as the posts, which wait for their webhook.
    webhook = sandbox.faults.hold("POST", "/channels/{}/webhooks")
    board = sandbox.faults.hold("POST", EXECUTE)

    first = asyncio.create_task(club.host.click(answers[0], "Import 25 posts"))
    await board.came.wait()
    stored_again = asyncio.ensure_future(bot.wait_for("replay_wanted"))
    second = asyncio.create_task(other.click(answers[1], "Import 25 posts"))
    await stored_again
    for _ in range(20):  # long enough for the second to look for a board as well
        await bot.app.boards.open()
    board.let_in()
    webhook.let_in()
    await asyncio.gather(first, second)
    await replayed()

    assert len(only_thread(club.guild).messages) == 25
    said = sorted(answer.message.content for answer in answers)
    assert "25 posts stored" in said[0]
    assert "Nothing was new" in said[1]
    assert len(lobby.messages) == 1


async def test_a_second_click_while_the_first_is_dealt_with_imports_nothing_more(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    clicks = [club.host.click(answer, "Import 25 posts", finish=False) for _ in range(2)]
    await asyncio.gather(*clicks)
    await replayed()

    assert len(only_thread(club.guild).messages) == 25
    assert "25 posts stored" in answer.message.content
    assert len(lobby.messages) == 1


async def test_a_preview_of_before_a_restart_says_that_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "marginalia.sqlite3"
    async with Sandbox() as sandbox:
        with discord_at(sandbox):
            guild = await sandbox.create_guild("Tuesday Readers")
            async with running_bot(sandbox, path) as bot:
                club = await found_club(bot, sandbox, guild)
                lobby = await guild.create_text_channel("lobby")
                await settle(sandbox)
                answer = await club.host.slash(lobby, "import", page1=FIRST)
            async with running_bot(sandbox, path) as bot:
                for button in ("Import 25 posts", "Cancel"):
                    clicked = await club.host.click(answer, button)
                    assert clicked.ephemeral
                    assert "This preview is closed" in clicked.content
                    assert "use `/import` again" in clicked.content
                assert await bot.app.replays.of_guild(guild.id) == ()


@pytest.mark.parametrize("right", [VIEW_CHANNEL, READ_MESSAGE_HISTORY], ids=["seen", "read"])
async def test_a_forum_that_not_everybody_can_read_is_not_told_of_in_public(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed, right: int
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=right)
    await club.guild.set_overwrite(club.forum, club.guild.me, allow=right)
    await club.guild.set_overwrite(club.forum, club.host, allow=right)
    blind = await club.guild.add_member("Hugo", roles=club.host.roles)
    await replayed()

    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await club.host.click(answer, "Import 25 posts")
    await replayed()
    assert "`/imports` alone" in answer.message.content
    assert not lobby.messages

    for options in ({"page1": FIRST}, {"page1": FIRST, "forum": club.forum}):
        refused = await blind.slash(lobby, "import", **options)
        assert "Victor" not in str((refused.content, refused.embeds))
        assert refused.components == []
    assert "No channel is set up" in (await blind.slash(lobby, "import", page1=FIRST)).content
    assert "Victor" not in described(await blind.slash(lobby, "imports"))
    assert "Victor" in described(await club.host.slash(lobby, "imports"))
    (progress,) = await bot.app.replays.of_guild(club.guild.id)
    await bot.app.replays.fail(progress.discussion_id, "The thread is locked. Unlock it.")
    assert "Victor" not in str((await blind.slash(lobby, "setup show")).embeds)
    assert "Victor" in str((await club.host.slash(lobby, "setup show")).embeds)


async def test_where_the_bot_could_not_go_on_telling_how_far_it_is_it_begins_no_board(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    await club.guild.set_overwrite(lobby, club.guild.me, deny=VIEW_CHANNEL)
    await replayed()

    answer = await imported(club, lobby, FIRST)
    await replayed()

    assert not lobby.messages
    assert len(only_thread(club.guild).messages) == 25
    assert "I cannot show its progress in this channel" in answer.message.content


async def test_a_preview_that_is_too_long_for_a_message_comes_as_a_file_too(
    club: Club, lobby: SandboxChannel
) -> None:
    posts = [
        f"Posted on Jan {1 + n % 28}, {1990 + n // 28} 9:00:00 AM PST\nWren says:\nâ€œWell.â€"
        for n in range(200)
    ]
    long = SandboxAttachment("emma.txt", page_text(posts, title="On Emma").encode())
    answer = await club.host.slash(lobby, "import", page1=long)

    (file,) = answer.message.attachments
    assert file.filename == "preview.txt"
    told = file.content.decode()
    assert told.startswith("On Emma\n")
    assert told.count("garbled") == 200
    assert answer.embeds[0]["fields"][0]["value"].endswith("196 more, in the file preview.txt")
