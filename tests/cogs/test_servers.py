"""What is kept of a server follows the bot's coming and going."""

from __future__ import annotations

from pathlib import Path

from bot.client import Marginalia
from sandbox.guild import SandboxGuild
from sandbox.server import Sandbox
from tests.cogs.scenes import texts_of
from tests.harness import Club, Settled, found_club, running_bot, settle


async def test_what_was_kept_of_a_server_is_hidden_while_the_bot_is_out_and_then_caught_up_with(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    await club.guild.remove_bot()
    await settled()
    await club.ben.post(thread, "missed")
    assert await bot.app.discussions.by_thread(thread.id) is None
    await club.guild.invite_bot()
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "missed"]


async def test_leaving_and_joining_while_the_bot_is_down_is_noticed_when_it_is_back(
    sandbox: Sandbox, guild: SandboxGuild, tmp_path: Path
) -> None:
    database = tmp_path / "marginalia.sqlite3"
    async with running_bot(sandbox, database) as bot:
        club = await found_club(bot, sandbox, guild)
        thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
        await settle(sandbox)
        assert await texts_of(bot, thread) == ["Handsome."]
    await guild.remove_bot()
    async with running_bot(sandbox, database) as bot:
        assert await bot.app.discussions.by_thread(thread.id) is None
        assert not bot.app.directory.is_forum(club.forum.id)
    await guild.invite_bot()
    await club.ben.post(thread, "missed")
    async with running_bot(sandbox, database) as bot:
        assert await texts_of(bot, thread) == ["Handsome.", "missed"]


async def test_an_outage_is_no_leaving(bot: Marginalia, club: Club, settled: Settled) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    await club.guild.become_unavailable()
    await settled()
    await bot.app.ticker.run("servers")
    assert await texts_of(bot, thread) == ["Handsome."]
    await club.guild.become_available()
    await settled()
    assert bot.app.directory.is_forum(club.forum.id)
