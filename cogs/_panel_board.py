"""Posts and edits panels in their threads, each once, and seldom."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.core.book_card import Ratings
from bot.core.model import Discussion
from bot.core.panel import PanelMessage, compose_panel
from bot.core.ports import Clock
from bot.store.book_ratings import BookRatings
from bot.store.overviews import Overviews
from bot.store.panels import EDIT_PAUSE, Panel, Panels
from cogs._error_codes import TOO_MANY_LATE_EDITS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from cogs._no_answer import NO_ANSWER
from cogs._panel_view import is_panel, panel_embed, panel_view

logger = logging.getLogger(__name__)

# Discord takes few edits of a message over an hour old (error 30046).
LATE_EDIT_PAUSE = timedelta(hours=6)
# Where the bot may not write, it asks again whether it may.
REFUSED_PAUSE = timedelta(hours=6)
# The latest messages of a thread, among which a panel that was sent is looked for.
_SEARCHED_MESSAGES = 100
_GONE = (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL)


class PanelBoard:
    """Brings panels up to date."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        panels: Panels,
        overviews: Overviews,
        ratings: BookRatings,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._panels = panels
        self._overviews = overviews
        self._ratings = ratings
        self._clock = clock

    async def composed(self, discussion: Discussion) -> PanelMessage:
        """Put into words how a discussion stands now."""
        (overview,) = await self._overviews.of_discussions([discussion])
        book = discussion.book
        ratings = Ratings(None, 0) if book is None else await self._ratings.of_book(book.id)
        return compose_panel(overview, ratings)

    async def bring_up_to_date(self, panel: Panel) -> None:
        """Post a panel, or edit it where it says something else now."""
        now = self._clock.now()
        discussion = panel.discussion
        try:
            if panel.message_id is None:
                await self._post(panel, now)
            else:
                await self._edit(panel, panel.message_id, now)
        except discord.Forbidden as error:
            logger.warning("The panel of discussion %d is refused: %s", discussion.id, error)
            await self._panels.postpone(discussion.id, now + REFUSED_PAUSE)
        except NO_ANSWER as error:
            logger.info("The panel of discussion %d is not changed now: %s", discussion.id, error)
            code = error.code if isinstance(error, discord.HTTPException) else None
            if code in _GONE:
                await self._panels.drop(discussion.id)
                return
            pause = LATE_EDIT_PAUSE if code == TOO_MANY_LATE_EDITS else EDIT_PAUSE
            await self._panels.postpone(discussion.id, now + pause)

    async def _post(self, panel: Panel, now: datetime) -> None:
        discussion = panel.discussion
        thread = self._thread(discussion)
        message_id = await self._found(discussion) if panel.was_attempted else None
        if message_id is not None:
            # What it says may be true no more.
            await self._edit(panel, message_id, now)
        else:
            composed = await self.composed(discussion)
            await self._panels.attempt(discussion.id, now)
            message = await thread.send(
                embed=panel_embed(composed, discussion),
                view=panel_view(discussion),
                silent=True,
                nonce=f"panel-{discussion.id}",
            )
            message_id = message.id
            await self._panels.shows(discussion.id, message_id, composed.as_text, now)
        try:
            await thread.get_partial_message(message_id).pin()
        except discord.Forbidden:
            logger.info("The panel of discussion %d may not be pinned", discussion.id)

    async def _edit(self, panel: Panel, message_id: int, now: datetime) -> None:
        """Let it say how the discussion stands; what changes from `now` on, its next edit says."""
        discussion = panel.discussion
        composed = await self.composed(discussion)
        if composed.as_text != panel.shown:
            message = self._thread(discussion).get_partial_message(message_id)
            await message.edit(embed=panel_embed(composed, discussion), view=panel_view(discussion))
        await self._panels.shows(discussion.id, message_id, composed.as_text, now)

    async def _found(self, discussion: Discussion) -> int | None:
        """Give the panel that was sent, though no answer came."""
        async for message in self._thread(discussion).history(limit=_SEARCHED_MESSAGES):
            if message.author == self._bot.user and is_panel(message, discussion):
                return message.id
        return None

    def _thread(self, discussion: Discussion) -> discord.PartialMessageable:
        if discussion.thread_id is None:
            raise LookupError(f"discussion {discussion.id} has no thread")
        # An archived thread is not in memory, and the id is all that is needed.
        return self._bot.get_partial_messageable(discussion.thread_id, guild_id=discussion.guild_id)
