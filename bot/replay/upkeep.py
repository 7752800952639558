"""Mends what has gone out: messages of deleted posts go, and lines name the parent known now."""

from __future__ import annotations

import asyncio
import logging

from bot.core.ports import Clock, Stage, StageRefusedError
from bot.replay.script import Script
from bot.store.replays import Replays

logger = logging.getLogger(__name__)


class Upkeep:
    """Removes and edits replayed messages that are not as they should be."""

    def __init__(self, replays: Replays, clock: Clock) -> None:
        self._replays = replays
        self._clock = clock

    async def mend(self, stage: Stage) -> None:
        """Do all that is to be done now. Raises `StageError` where Discord does not answer."""
        await self._remove_leftovers(stage)
        for discussion_id in await self._replays.outdated():
            await self._mend_lines(discussion_id, stage)

    async def _remove_leftovers(self, stage: Stage) -> None:
        for leftover in await self._replays.leftovers(self._clock.now()):
            message_id = leftover.message_id
            try:
                await stage.remove_post(leftover.forum_id, leftover.thread_id, message_id)
            except StageRefusedError as refusal:
                logger.warning("Message %d of a deleted post stays: %s", message_id, refusal)
                await self._replays.removal_refused(message_id, self._clock.now())
            else:
                await self._replays.removed(message_id, self._clock.now())

    async def _mend_lines(self, discussion_id: int, stage: Stage) -> None:
        try:
            queued = await self._replays.load(discussion_id)
        except LookupError:
            # It was erased a moment ago.
            return
        if queued.thread_id is None:
            return
        script = Script(queued, queued.thread_id)
        for one in queued.posts:
            if not one.is_outdated or not one.message_ids or script.awaits_parent(one):
                continue
            message_id = one.message_ids[0]
            first, *_ = await asyncio.to_thread(script.staged, one)
            try:
                await stage.edit_post(queued.forum_id, queued.thread_id, message_id, first.content)
            except StageRefusedError as refusal:
                logger.warning("What message %d answers is not shown: %s", message_id, refusal)
            await self._replays.line_shown(one)
