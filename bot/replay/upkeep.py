"""Mends what has gone out: messages of deleted posts go, and lines name the parent known now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from bot.core.ports import Clock, Stage, StageError, StageRefusedError
from bot.replay.script import Script
from bot.store.importing.leftovers import REFUSAL_RESTS
from bot.store.importing.replays import Leftover, Replays

logger = logging.getLogger(__name__)


class Upkeep:
    """Removes and edits replayed messages that are not as they should be."""

    def __init__(self, replays: Replays, clock: Clock) -> None:
        self._replays = replays
        self._clock = clock
        # By discussion: when Discord refused to change its lines.
        self._refused_at: dict[int, datetime] = {}

    async def mend(self, stage: Stage) -> None:
        """Do all that can be done now.

        Where Discord gives no clear answer, the rest of that forum or discussion waits for the
        next time; where it refuses, for a day.
        """
        by_forum = attrgetter("forum_id")
        leftovers = sorted(await self._replays.leftovers(self._clock.now()), key=by_forum)
        for _, of_forum in groupby(leftovers, key=by_forum):
            with _the_rest_waits():
                await self._remove(tuple(of_forum), stage)
        for discussion_id in await self._replays.outdated():
            if self._rests(discussion_id):
                continue
            with _the_rest_waits():
                await self._mend_lines(discussion_id, stage)

    async def _remove(self, leftovers: Sequence[Leftover], stage: Stage) -> None:
        for leftover in leftovers:
            message_id = leftover.message_id
            try:
                await stage.remove_post(leftover.forum_id, leftover.thread_id, message_id)
            except StageRefusedError as refusal:
                logger.warning("Message %d of a deleted post stays: %s", message_id, refusal)
                now = self._clock.now()
                await self._replays.removal_refused(message_id, str(refusal), now)
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
                self._refused_at[discussion_id] = self._clock.now()
                return
            await self._replays.line_shown(one)

    def _rests(self, discussion_id: int) -> bool:
        refused_at = self._refused_at.get(discussion_id)
        if refused_at is None:
            return False
        if self._clock.now() - refused_at < REFUSAL_RESTS:
            return True
        del self._refused_at[discussion_id]
        return False


@contextmanager
def _the_rest_waits() -> Iterator[None]:
    """Leave what is in the body for the next time where Discord gives no clear answer."""
    try:
        yield
    except StageError as error:
        logger.warning("The upkeep of replays waits: %s", error)
