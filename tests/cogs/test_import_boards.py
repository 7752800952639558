"""The messages in which everyone sees how far an import is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import UserError
from sandbox.permissions import VIEW_CHANNEL
from tests.cogs.scenes import moderator, set_up
from tests.replaying import (
    EXECUTE,
    SHORT,
    begin,
    discussion,
    only_thread,
    queued,
    replay,
)

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.faults import Held
    from sandbox.server import Sandbox
    from sandbox.state import SandboxMessage
    from tests.harness import Club, Settled

EDIT = "/channels/{}/messages/{}"
COUNT = 8


async def show(bot: Marginalia) -> None:
    """Let the boards say what is new."""
    await bot.app.ticker.run("import boards")


async def board_for(bot: Marginalia, club: Club, discussion_id: int) -> SandboxMessage:
    """Put a board for the import into a channel of its own."""
    lobby = await club.guild.create_text_channel("lobby")
    channel = bot.get_partial_messageable(lobby.id, guild_id=club.guild.id)
    message = await channel.send("An import begins.")
    await bot.app.boards.show_on(discussion_id, lobby.id, message.id)
    return lobby.messages[0]


async def sent_so_far(bot: Marginalia, sandbox: Sandbox, count: int) -> Held:
    """Let the replay go on until so many more posts are out and the next is held."""
    held = sandbox.faults.hold("POST", EXECUTE, after=count)
    await begin(bot)
    await held.came.wait()
    return held


async def is_followed(bot: Marginalia, board: SandboxMessage) -> bool:
    """Say whether the bot still has something to tell there."""
    return board.id in {one.message_id for one in await bot.app.boards.open()}


def labels(message: SandboxMessage) -> list[str]:
    return [button["label"] for row in message.components for button in row["components"]]


def edits(sandbox: Sandbox, message: SandboxMessage) -> int:
    path = f"/channels/{message.channel.id}/messages/{message.id}"
    return sum(one.method == "PATCH" and one.path == path for one in sandbox.requests)


async def test_a_board_shows_the_share_that_is_out_and_then_links_to_the_thread(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    held = await sent_so_far(bot, sandbox, 4)
    await show(bot)
    assert "“Who is telling this?” is being brought back: 4 of 8 posts." in board.content
    assert "▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░" in board.content
    assert labels(board) == ["Pause", "Cancel and take back"]
    held.let_in()
    await bot.app.replay.settled()
    await settled()
    await show(bot)
    thread = only_thread(club.guild)
    assert "“Who is telling this?” is back, with 8 posts." in board.content
    assert f"https://discord.com/channels/{club.guild.id}/{thread.id}" in board.content
    assert labels(board) == []
    assert not await is_followed(bot, board)


async def test_a_board_tells_that_its_import_is_paused_and_that_it_was_taken_back(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    held = await sent_so_far(bot, sandbox, 4)
    await bot.app.replays.pause(discussion_id, bot.clock.now())
    held.let_in()
    await bot.app.replay.settled()
    await show(bot)
    assert "is paused" in board.content
    assert labels(board) == ["Resume", "Cancel and take back"]
    await bot.app.replays.cancel(discussion_id, bot.clock.now())
    await show(bot)
    assert "is being taken back" in board.content
    assert labels(board) == []
    await replay(bot)
    await settled()
    await show(bot)
    assert board.content == (
        "“Who is telling this?” was taken back: nothing of this import is left here."
    )
    assert not await is_followed(bot, board)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (30007, "The channel has as many webhooks"),
        (50001, "The channel or the thread is not there any more, or I may not see it."),
        (50006, "Discord refused it: Cannot send an empty message. Try again with /imports; if"),
    ],
)
async def test_a_board_tells_why_its_import_stopped_and_offers_another_try(
    bot: Marginalia, sandbox: Sandbox, club: Club, code: int, words: str
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    board = await board_for(bot, club, discussion_id)
    sandbox.faults.refuse("POST", EXECUTE, code)
    await replay(bot)
    await show(bot)
    assert f"stopped at 0 of 3 posts. {words}" in board.content
    assert labels(board) == ["Try again", "Cancel and take back"]
    await bot.app.replays.resume(discussion_id)
    await replay(bot)
    await show(bot)
    assert "is back, with 3 posts." in board.content


async def test_a_board_tells_that_its_forum_has_ended_and_goes_on_when_it_is_taken_up_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    held = await sent_so_far(bot, sandbox, 4)
    await bot.app.forums.remove(club.forum.id, bot.clock.now())
    held.let_in()
    await bot.app.replay.settled()
    await show(bot)
    assert f"of 8 posts: <#{club.forum.id}> is not kept any more" in board.content
    assert labels(board) == []
    await set_up(bot, club, club.forum.id, is_forum=True)
    await settled()
    await replay(bot)
    await show(bot)
    assert "is back, with 8 posts." in board.content


async def test_a_board_tells_that_its_thread_was_deleted_and_offers_nothing_more(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    held = await sent_so_far(bot, sandbox, 3)
    await show(bot)
    await (await moderator(club)).delete_thread(only_thread(club.guild))
    await settled()
    held.let_in()
    await bot.app.replay.settled()
    await show(bot)
    assert board.content == (
        "“Who is telling this?” is gone: its thread was deleted, with 3 of 8 posts in it. Import "
        "its pages again to bring it back."
    )
    assert labels(board) == []
    assert not await is_followed(bot, board)
    with pytest.raises(UserError, match="was deleted; import its pages again"):
        await bot.app.replays.resume(discussion_id)


async def test_a_board_is_not_edited_where_there_is_nothing_new_to_say(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    held = await sent_so_far(bot, sandbox, 2)
    await show(bot)
    await show(bot)
    assert edits(sandbox, board) == 1
    held.let_in()
    await bot.app.replay.settled()


async def test_an_old_board_moves_seldom_but_tells_the_end_at_once(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    discussion_id = await queued(bot, discussion(COUNT), club.forum)
    board = await board_for(bot, club, discussion_id)
    sandbox.clock.advance(timedelta(hours=2))
    held = await sent_so_far(bot, sandbox, 2)
    await show(bot)
    next_held = sandbox.faults.hold("POST", EXECUTE, after=2)
    held.let_in()
    await next_held.came.wait()
    sandbox.clock.advance(timedelta(minutes=1))
    await show(bot)
    assert edits(sandbox, board) == 1
    sandbox.clock.advance(timedelta(minutes=6))
    await show(bot)
    assert edits(sandbox, board) == 2
    next_held.let_in()
    await bot.app.replay.settled()
    await show(bot)
    assert edits(sandbox, board) == 3
    assert "is back" in board.content


async def test_a_board_that_discord_would_not_change_is_left_alone_for_a_while(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    board = await board_for(bot, club, discussion_id)
    await replay(bot)
    sandbox.faults.refuse("PATCH", EDIT, 30046)
    await show(bot)
    await show(bot)
    assert edits(sandbox, board) == 1
    sandbox.clock.advance(timedelta(minutes=11))
    await show(bot)
    assert "is back" in board.content


async def test_a_board_that_somebody_deleted_is_forgotten(bot: Marginalia, club: Club) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    board = await board_for(bot, club, discussion_id)
    channel = bot.get_partial_messageable(board.channel.id)
    await channel.get_partial_message(board.id).delete()
    await show(bot)
    assert not await is_followed(bot, board)


async def test_a_board_in_a_channel_that_was_closed_to_the_bot_is_forgotten_at_the_end(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    board = await board_for(bot, club, discussion_id)
    await club.guild.set_overwrite(board.channel, club.guild.me, deny=VIEW_CHANNEL)
    await settled()
    await show(bot)
    assert await is_followed(bot, board)
    await replay(bot)
    sandbox.clock.advance(timedelta(minutes=11))
    await show(bot)
    assert not await is_followed(bot, board)


async def test_a_title_is_shown_as_it_is_and_pings_nobody(bot: Marginalia, club: Club) -> None:
    discussion_id = await queued(
        bot, discussion(2, title=f"@everyone **is** it {club.ann.mention}?"), club.forum
    )
    board = await board_for(bot, club, discussion_id)
    await show(bot)
    assert r"@everyone \*\*is\*\* it \<@" in board.content
    assert not board.pinged.everyone
    assert not board.mentioned
