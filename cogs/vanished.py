"""Asks hosts what is to become of posts that vanished in great number."""

from __future__ import annotations

from discord.ext import commands

from bot.client import Marginalia
from cogs._host_questions import QuestionMessenger
from cogs._hosts import HostRights
from cogs._vanished_verdicts import VanishedVerdicts


class Vanished(commands.Cog):
    """Brings the questions to the hosts' inboxes, once each."""

    def __init__(self, messenger: QuestionMessenger) -> None:
        self._messenger = messenger

    async def cog_load(self) -> None:
        """Let the buttons of the open questions work again."""
        await self._messenger.restore_buttons()

    @commands.Cog.listener()
    async def on_posts_withheld(self) -> None:
        """Ask at once."""
        await self._messenger.ask()


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it look at every tick whether somebody is to be asked."""
    app = bot.app
    host_rights = HostRights(bot, app.hosts)
    verdicts = VanishedVerdicts(
        bot, app.vanished_questions, app.absences, app.recording, host_rights, app.clock
    )
    messenger = QuestionMessenger(bot, app.clock, verdicts)
    await bot.add_cog(Vanished(messenger))
    app.ticker.every(app.settings.tick_seconds, messenger.ask, name="vanished")
