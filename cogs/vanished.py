"""Asks hosts what is to become of posts that vanished in great number."""

from __future__ import annotations

import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.store.notices import Notice, Notices
from cogs._access import NO_ANSWER, Access
from cogs._vanished_question import question
from cogs._verdicts import Verdicts

logger = logging.getLogger(__name__)

# `/setup show` and `/removed list` show the question meanwhile.
CLOSED_INBOX_PAUSE = timedelta(days=1)
NO_ANSWER_PAUSE = timedelta(minutes=10)


class Vanished(commands.Cog):
    """Brings the questions to the hosts' inboxes, once each."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        notices: Notices,
        verdicts: Verdicts,
        access: Access,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._notices = notices
        self._verdicts = verdicts
        self._access = access
        self._clock = clock

    async def cog_load(self) -> None:
        """Let the buttons of the open questions work again."""
        for notice in await self._notices.open():
            self._bot.add_view(self._verdicts.buttons(notice.id))

    @commands.Cog.listener()
    async def on_posts_withheld(self) -> None:
        """Ask at once."""
        await self.tick()

    async def tick(self) -> None:
        """Ask the hosts who have not been asked yet."""
        for notice in await self._notices.untold(self._clock.now()):
            await self._ask(notice)

    async def _ask(self, notice: Notice) -> None:
        now = self._clock.now()
        try:
            inbox = await self._bot.create_dm(discord.Object(await self._whom_to_ask(notice)))
            await inbox.send(
                question(notice),
                view=self._verdicts.buttons(notice.id),
                # Asked twice within minutes, for want of an answer, it arrives once.
                nonce=f"vanished-{notice.id}",
            )
        except (discord.Forbidden, discord.NotFound):
            logger.warning("The host of forum %d cannot be told a question", notice.forum_id)
            await self._notices.postpone(notice.id, now + CLOSED_INBOX_PAUSE)
        except NO_ANSWER as error:
            logger.warning("A question to a host got no clear answer: %s", error)
            await self._notices.postpone(notice.id, now + NO_ANSWER_PAUSE)
        else:
            await self._notices.told(notice.id, now)

    async def _whom_to_ask(self, notice: Notice) -> int:
        """Give the host who set the forum up, or the server's owner where they are none any more.

        Without the Server Members intent, the other hosts are not known.
        """
        guild = self._bot.get_guild(notice.guild_id)
        if guild is None or await self._access.is_host_of(guild.id, notice.host_id):
            return notice.host_id
        return guild.owner_id or notice.host_id


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it look at every tick whether somebody is to be asked."""
    app = bot.app
    access = Access(bot, app.hosts)
    verdicts = Verdicts(app.notices, app.absences, app.recording, access, app.clock)
    vanished = Vanished(bot, app.notices, verdicts, access, app.clock)
    await bot.add_cog(vanished)
    app.ticker.every(app.settings.tick_seconds, vanished.tick, name="vanished")
