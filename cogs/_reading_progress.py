"""Shows in an answer how far a forum has been read, as long as the answer can be changed."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import discord

from bot.core.ports import Clock
from bot.store.discussions import Discussions
from cogs._no_answer import NO_ANSWER
from cogs._setup_report import is_read, progress_line

logger = logging.getLogger(__name__)

# An interaction's token lives 15 minutes (API documentation, "Interactions: Receiving and
# Responding", section "Followup Messages"); the last word must come before.
SHOWN_FOR = timedelta(minutes=14)
# A small forum is read at once; a large one takes minutes, and edits are rate-limited.
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0


async def show_progress(
    interaction: discord.Interaction,
    discussions: Discussions,
    forum_id: int,
    *,
    above: str,
    clock: Clock,
) -> None:
    """Keep the answer's last lines at the state of the reading until it is done, or stuck.

    `above` is the text over them. After 14 minutes, or when something stands in the way of
    reading, the answer says where to look instead. What the person dismissed is left alone.
    """
    ends = interaction.created_at + SHOWN_FOR
    pause = FIRST_PAUSE
    shown = ""
    try:
        while not interaction.client.is_closed():
            progress = await discussions.progress(forum_id)
            is_last = is_read(progress) or progress.trouble is not None or clock.now() >= ends
            line = progress_line(progress)
            if is_last and not is_read(progress):
                line += "\nIt goes on when it can; `/setup show` tells how far it is."
            if line != shown:
                await interaction.edit_original_response(content=f"{above}\n{line}")
                shown = line
            if is_last:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
    except NO_ANSWER as error:
        # The reading itself goes on; there is only nobody left to watch it here.
        logger.info("The progress of forum %s is not shown any more: %s", forum_id, error)
