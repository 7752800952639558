"""The boards of imports: messages in which everyone sees how far an import is."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.store.importing.boards import Board, Boards
from bot.store.importing.replays import ReplayState
from bot.ticker import Ticker
from cogs._error_codes import ARCHIVED_THREAD
from cogs._import_board import board_text, is_last_word, shown_buttons
from cogs._no_answer import NO_ANSWER
from cogs._stage_refusals import GONE

logger = logging.getLogger(__name__)

TICK_NAME = "import boards"

REFUSAL_RESTS = timedelta(minutes=10)
"""How long a board is left alone that Discord would not change."""

EDITS_WHILE_IT_AGES = 20
"""How many times a board is edited in as long as it has been there.

Discord takes few edits of messages over an hour old (30046, "Maximum number of edits to messages
older than 1 hour reached"): a board moves ever more slowly.
"""


class ImportBoards(commands.Cog):
    """Edits each board when there is something new to say."""

    def __init__(
        self, bot: commands.AutoShardedBot, boards: Boards, ticker: Ticker, clock: Clock
    ) -> None:
        self._bot = bot
        self._boards = boards
        self._ticker = ticker
        self._clock = clock
        self._editing = asyncio.Lock()
        self._edited_at: dict[int, datetime] = {}
        self._refused_at: dict[int, datetime] = {}

    async def cog_unload(self) -> None:
        """Tick no more."""
        self._ticker.stop(TICK_NAME)

    @commands.Cog.listener()
    async def on_replay_wanted(self) -> None:
        """Show at once that somebody imported, paused, resumed or cancelled something."""
        await self.tick()

    async def tick(self) -> None:
        """Edit the boards whose imports have moved."""
        async with self._editing:
            for board in await self._boards.open():
                text = board_text(board.progress)
                # A server that the bot has left shows it nothing any more.
                is_here = self._bot.get_guild(board.progress.guild_id) is not None
                if is_here and text != board.text and self._is_due(board):
                    await self._edit(board, text)

    def _is_due(self, board: Board) -> bool:
        now = self._clock.now()
        refused_at = self._refused_at.get(board.message_id)
        if refused_at is not None and now - refused_at < REFUSAL_RESTS:
            return False
        edited_at = self._edited_at.get(board.message_id)
        if edited_at is None or board.progress.state is not ReplayState.RUNNING:
            return True
        age = now - discord.utils.snowflake_time(board.message_id)
        return now - edited_at >= age / EDITS_WHILE_IT_AGES

    async def _edit(self, board: Board, text: str) -> None:
        progress, message_id = board.progress, board.message_id
        channel = self._bot.get_partial_messageable(board.channel_id, guild_id=progress.guild_id)
        try:
            await channel.get_partial_message(message_id).edit(
                content=text,
                view=shown_buttons(progress),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except NO_ANSWER as error:
            if _is_gone(error) or (is_last_word(progress) and _is_closed(error)):
                await self._boards.forget(progress.discussion_id)
                self._forget(message_id)
                return
            logger.warning("The board %d of an import cannot be edited: %s", message_id, error)
            self._refused_at[message_id] = self._clock.now()
            return
        if is_last_word(progress):
            await self._boards.forget(progress.discussion_id)
            self._forget(message_id)
            return
        await self._boards.shown(progress.discussion_id, text)
        self._edited_at[message_id] = self._clock.now()

    def _forget(self, message_id: int) -> None:
        self._edited_at.pop(message_id, None)
        self._refused_at.pop(message_id, None)


def _is_gone(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in GONE


def _is_closed(error: Exception) -> bool:
    """Say whether a message cannot be edited before somebody opens its channel or thread again."""
    return isinstance(error, discord.Forbidden) or (
        isinstance(error, discord.HTTPException) and error.code == ARCHIVED_THREAD
    )


async def setup(bot: Marginalia) -> None:
    """Add the cog, and let the boards move more often than the ticks that nobody watches."""
    app = bot.app
    boards = ImportBoards(bot, app.boards, app.ticker, app.clock)
    await bot.add_cog(boards)
    app.ticker.every(app.settings.tick_seconds / 4, boards.tick, name=TICK_NAME)
