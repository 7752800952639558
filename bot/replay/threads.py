"""The threads of imports, told from those that were made for them without anyone knowing.

An answer of Discord's may be lost, and discord.py repeats a request after a server error: a thread
may be there of which nothing is known, or there twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.core.ports import Clock, Stage, StagedPost, StagedThread, StageRefusedError
from bot.core.replay_text import is_same_post
from bot.replay.script import Script
from bot.store.importing.queued_imports import QueuedImport
from bot.store.importing.replays import Replays
from bot.store.importing.threads import OPENING_MARGIN, thread_name


class Threads:
    """Opens threads, one at a time in a forum, and finds those that are there too many."""

    def __init__(self, replays: Replays, clock: Clock) -> None:
        self._replays = replays
        self._clock = clock
        # Of two imports of one title, neither may take the other's thread for a stray of its own.
        self._by_forum: dict[int, asyncio.Lock] = {}

    async def open(self, queued: QueuedImport, stage: Stage) -> int | None:
        """Give the import a thread, and its id; None where it is not to go on."""
        async with self._alone_in(queued.forum_id):
            first = await asyncio.to_thread(Script(queued, None).opening)
            if first is None:
                raise StageRefusedError("All its posts were deleted: there is nothing to replay.")
            thread_id = next((stray.id for stray in await self._strays(queued, stage)), None)
            if thread_id is None:
                if not await self._replays.may_go_on(queued.discussion_id):
                    return None
                await self._replays.opening(queued.discussion_id, self._clock.now())
                thread_id = await stage.open_thread(
                    queued.forum_id, thread_name(queued.document.title), first, queued.tag
                )
            return await self._replays.attach_thread(queued.discussion_id, thread_id)

    async def remove_strays(self, queued: QueuedImport, stage: Stage) -> None:
        """Remove the threads that were made for this import and are not its own.

        Of one in which somebody else has written, just the import's messages go.
        """
        async with self._alone_in(queued.forum_id):
            for stray in await self._strays(queued, stage):
                if not await stage.others_wrote(queued.forum_id, stray.id):
                    await stage.remove_thread(queued.forum_id, stray.id)
                    continue
                for message in await stage.posted(queued.forum_id, stray.id, after=0):
                    await stage.remove_post(queued.forum_id, stray.id, message.id)

    async def _strays(self, queued: QueuedImport, stage: Stage) -> Sequence[StagedThread]:
        """Give threads that were made for this import, and are not known to be anybody's."""
        threads = await stage.threads(
            queued.forum_id,
            thread_name(queued.document.title),
            since=queued.queued_at - OPENING_MARGIN,
        )
        known = await self._replays.replayed_threads(queued.forum_id)
        first = await asyncio.to_thread(Script(queued, None).opening)
        return [one for one in threads if one.id not in known and _begins_with(one, first)]

    def _alone_in(self, forum_id: int) -> asyncio.Lock:
        return self._by_forum.setdefault(forum_id, asyncio.Lock())


def _begins_with(thread: StagedThread, first: StagedPost | None) -> bool:
    """Say whether the thread begins as the import does; a text channel's begins empty."""
    if thread.first is None or first is None:
        return thread.first is None
    return is_same_post(thread.first, first)
