"""`/imports` and the boards: hosts pause imports, let them go on, and have them taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.client import Marginalia
from bot.store.importing.replays import ReplayState
from sandbox.answers import Answer
from sandbox.permissions import MANAGE_WEBHOOKS, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage
from tests.cogs.importing import FIRST, Replayed, described
from tests.discord_address import discord_at
from tests.harness import Club, commands_ended, found_club, running_bot, settle
from tests.replaying import EXECUTE, SHORT, only_thread, queued, replay

CHOOSE = "Pause, cancel or try one again"


def buttons(message: SandboxMessage) -> list[str]:
    return [
        part["label"] for row in message.components for part in row["components"] if "label" in part
    ]


async def chosen(club: Club, lobby: SandboxChannel, title: str = SHORT.title) -> Answer:
    """Use `/imports`, and choose the import of that title."""
    shown = await club.host.slash(lobby, "imports")
    await club.host.select(shown, CHOOSE, [title])
    return shown


async def test_where_nothing_was_imported_the_host_learns_how_to(
    club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.host.slash(lobby, "imports")

    assert answer.ephemeral
    assert "give them to `/import`" in described(answer)
    assert answer.components == []
    assert "Only a host" in (await club.ann.slash(lobby, "imports")).content


async def test_the_imports_of_a_server_are_listed_with_how_they_stand(
    bot: Marginalia, club: Club, lobby: SandboxChannel
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    failed = await queued(bot, replace(SHORT, title="||Who|| dies?"), club.forum)
    await bot.app.replays.fail(failed, "The thread is locked. Unlock it.")
    await queued(bot, replace(SHORT, title="And *then*?"), club.forum)

    answer = await club.host.slash(lobby, "imports")

    third, second, first = described(answer).split("\n")
    assert "⏳ **“And \\*then\\*?”** is being brought back: 0 of 3 posts" in third
    assert "⚠️ **“▮▮▮ dies?”** stopped at 0 of 3 posts" in second
    assert "The thread is locked. Unlock it." in second
    assert first == (
        f"✅ **“{SHORT.title}”** is back, with 3 posts. "
        f"[Open the thread]({only_thread(club.guild).jump_url})"
    )
    (select,) = answer.components[0]["components"]
    assert [option["label"] for option in select["options"]] == ["And then?", "▮▮▮ dies?"]


async def test_a_chosen_import_is_paused_and_goes_on(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)

    answer = await chosen(club, lobby)
    assert buttons(answer.message) == ["Pause", "Cancel and take back"]
    await club.host.click(answer, "Pause")
    await replayed()
    assert "is paused: 0 of 3 posts." in described(answer)
    assert buttons(answer.message) == ["Resume", "Cancel and take back"]
    assert not club.guild.threads

    await club.host.click(answer, "Resume")
    await replayed()
    assert len(only_thread(club.guild).messages) == 3
    assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.FINISHED


async def test_a_failed_import_is_tried_again(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    await queued(bot, SHORT, club.forum)
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=MANAGE_WEBHOOKS)
    await replay(bot)
    answer = await chosen(club, lobby)
    assert "Manage Webhooks" in described(answer)

    await club.guild.set_overwrite(club.forum, club.guild.me, allow=MANAGE_WEBHOOKS)
    await replayed()
    await club.host.click(answer, "Try again")
    await replayed()

    assert len(only_thread(club.guild).messages) == 3


async def test_the_same_pages_try_a_failed_import_again(
    club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=MANAGE_WEBHOOKS)
    await club.host.click(answer, "Import 25 posts")
    await replayed()
    (board,) = lobby.messages
    assert "Manage Webhooks" in board.content
    assert buttons(board) == ["Try again", "Cancel and take back"]

    await club.guild.set_overwrite(club.forum, club.guild.me, allow=MANAGE_WEBHOOKS)
    await replayed()
    again = await club.host.slash(lobby, "import", page1=FIRST)
    assert "All 25 posts of these pages are here already" in again.content
    assert "stopped at 0 of 25 posts" in again.content
    await club.host.click(again, "Try again")
    await replayed()

    assert len(only_thread(club.guild).messages) == 25
    (board,) = lobby.messages
    assert "is back, with 25 posts" in board.content


async def test_taking_an_import_back_is_asked_for_once_more(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    answer = await chosen(club, lobby)

    question = await club.host.click(answer, "Cancel and take back")
    assert question.ephemeral
    assert f"Cancel the import of “{SHORT.title}”?" in question.content
    assert "Nothing of it has come yet" in question.content
    await club.host.click(question, "Keep it")
    assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.RUNNING

    question = await club.host.click(answer, "Cancel and take back")
    await club.host.click(question, "Take it back")
    await replayed()

    assert "being taken back" in question.message.content
    assert await bot.app.replays.of_guild(club.guild.id) == ()
    assert not club.guild.threads


async def test_a_board_pauses_an_import_on_its_way_and_has_it_taken_back(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    # One of these is the board, which goes through the interaction's webhook.
    held = sandbox.faults.hold("POST", EXECUTE, after=5)
    await club.host.click(answer, "Import 25 posts")
    await held.came.wait()
    (board,) = lobby.messages

    await club.host.click(board, "Pause")
    held.let_in()
    await replayed()
    assert "is paused" in board.content
    assert "5 of 25 posts" in board.content
    assert len(only_thread(club.guild).messages) == 5

    question = await club.host.click(board, "Cancel and take back")
    assert "The 5 messages that it has brought so far are removed" in question.content
    await club.host.click(question, "Take it back")
    await replayed()
    assert not club.guild.threads
    assert "was taken back" in board.content
    assert buttons(board) == []


async def test_only_hosts_use_the_buttons_of_a_board_though_everybody_sees_it(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    answer = await club.host.slash(lobby, "import", page1=FIRST)
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=MANAGE_WEBHOOKS)
    await club.host.click(answer, "Import 25 posts")
    await replayed()
    (board,) = lobby.messages

    for button in ("Try again", "Cancel and take back"):
        refused = await club.ann.click(board, button)
        assert refused.ephemeral
        assert "Only a host can do this" in refused.content
    (progress,) = await bot.app.replays.of_guild(club.guild.id)
    assert progress.state is ReplayState.FAILED


async def test_a_host_who_cannot_read_the_forum_any_more_steers_nothing_there(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    answer = await chosen(club, lobby)
    await club.guild.set_overwrite(club.forum, club.host, deny=VIEW_CHANNEL)
    await replayed()

    for button in ("Pause", "Cancel and take back"):
        refused = await club.host.click(answer, button)
        assert "Only a host who can read what this import brings" in refused.content
    assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.RUNNING


async def test_an_import_that_was_taken_back_meanwhile_is_told_to_be_gone(
    bot: Marginalia, club: Club, lobby: SandboxChannel, replayed: Replayed
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    answer = await chosen(club, lobby)
    await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await replay(bot)
    await replayed()

    assert "is not here any more" in (await club.host.click(answer, "Pause")).content
    stale = await club.host.click(answer, "Cancel and take back")
    assert "is not here any more" in stale.content


async def test_what_was_shown_before_a_restart_still_works(tmp_path: Path) -> None:
    path = tmp_path / "marginalia.sqlite3"
    async with Sandbox() as sandbox:
        with discord_at(sandbox):
            guild = await sandbox.create_guild("Tuesday Readers")
            async with running_bot(sandbox, path) as bot:
                club = await found_club(bot, sandbox, guild)
                lobby = await guild.create_text_channel("lobby")
                await settle(sandbox)
                answer = await club.host.slash(lobby, "import", page1=FIRST)
                await guild.set_overwrite(club.forum, guild.me, deny=MANAGE_WEBHOOKS)
                await club.host.click(answer, "Import 25 posts")
                await commands_ended(sandbox)
                await bot.app.replay.settled()
                await bot.app.ticker.run("import boards")
                listed = await club.host.slash(lobby, "imports")
            async with running_bot(sandbox, path) as bot:
                question = await club.host.click(lobby.messages[0], "Cancel and take back")
                assert "Cancel the import of" in question.content
                await club.host.select(listed, CHOOSE, ["Why does Victor never tell anyone?"])
                assert buttons(listed.message) == ["Try again", "Cancel and take back"]
                await guild.set_overwrite(club.forum, guild.me, allow=MANAGE_WEBHOOKS)
                await settle(sandbox)
                await club.host.click(lobby.messages[0], "Try again")
                await commands_ended(sandbox)
                await bot.app.replay.settled()
            assert len(only_thread(guild).messages) == 25


async def test_a_paused_import_without_a_board_goes_on_from_a_list_of_before_a_restart(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marginalia.sqlite3"
    async with Sandbox() as sandbox:
        with discord_at(sandbox):
            guild = await sandbox.create_guild("Tuesday Readers")
            async with running_bot(sandbox, path) as bot:
                club = await found_club(bot, sandbox, guild)
                lobby = await guild.create_text_channel("lobby")
                await settle(sandbox)
                discussion_id = await queued(bot, SHORT, club.forum)
                await bot.app.replays.pause(discussion_id, bot.clock.now())
                listed = await chosen(club, lobby)
            async with running_bot(sandbox, path) as bot:
                await club.host.click(listed, "Resume")
                await commands_ended(sandbox)
                await bot.app.replay.settled()
            assert len(only_thread(guild).messages) == 3
