"""What hosts are asked stays asked when the bot ends and starts again."""

from __future__ import annotations

from pathlib import Path

from sandbox.server import Sandbox
from tests.cogs.old_posts import brought_back, message_of
from tests.harness import commands_ended, found_club, running_bot, settle

COUNT = 25


async def test_every_button_and_select_of_a_question_works_after_a_restart(
    discord_alone: Sandbox, tmp_path: Path
) -> None:
    guild = await discord_alone.create_guild("Tuesday Readers")
    path = tmp_path / "marginalia.sqlite3"
    async with running_bot(discord_alone, path) as bot:
        club = await found_club(bot, discord_alone, guild)
        lobby = await guild.create_text_channel("lobby")
        thread = await brought_back(bot, discord_alone, club.forum)
        await club.ann.context_menu(await message_of(bot, thread, 1), "Claim my posts")
        about_ann = await club.host.next_dm()
        claims, now = bot.app.claims, bot.clock.now()
        about_ben = await claims.ask_name(guild.id, "Tamsin", club.ben.id, now)
        await claims.confirm(about_ben.id, club.host.id, now)
        listed = await club.host.slash(lobby, "claim list")
        await commands_ended(discord_alone)
        debate = await club.cleo.start_thread(club.forum, "Was Emma right?", "Well?")
        reasons = [await club.ben.post(debate, f"Reason {number}") for number in range(COUNT)]
        await settle(discord_alone)
        discussion = await bot.app.discussions.by_thread(debate.id)
        assert discussion is not None
        gone = [reason.id for reason in reasons]
        assert await bot.app.absences.withhold(discussion.id, gone, bot.clock.now())
        await bot.app.ticker.run("vanished")
        about_reasons = await club.host.next_dm()

    async with running_bot(discord_alone, path) as bot:
        await club.host.click(about_ann, "Yes, confirm it")
        await club.host.click(about_reasons, "Keep them")
        asked = await club.host.select(listed.messages[0], "Take one back …", ["Tamsin"])
        await club.host.click(asked, "Take it back")
        await commands_ended(discord_alone)

        confirmed = await bot.app.claims.confirmed(guild.id)
        assert [claim.author_name for claim in confirmed] == ["Wren"]
        assert await bot.app.vanished_questions.of_guild(guild.id) == ()
        assert len(club.host.inbox) == 2, "nobody is asked twice"
