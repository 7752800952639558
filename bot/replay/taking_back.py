"""Takes a cancelled import back: first from Discord, then from the store."""

from __future__ import annotations

from bot.core.ports import Clock, Stage
from bot.replay.threads import Threads
from bot.store.importing.queued_imports import QueuedImport
from bot.store.importing.replays import Replays, Undoing


class TakingBack:
    """Removes what an import has brought; whatever breaks it off, the next run goes on there."""

    def __init__(self, replays: Replays, threads: Threads, clock: Clock) -> None:
        self._replays = replays
        self._threads = threads
        self._clock = clock

    async def take_back(self, discussion_id: int, stage: Stage) -> None:
        """Remove the import's thread, or just its messages where anything else is there.

        Raises `StageRefusedError` where Discord refuses, `StageError` where it gives no clear
        answer, and `LookupError` where the import is gone.
        """
        queued = await self._replays.load(discussion_id)
        undoing = await self._replays.undoing(discussion_id)
        await self._threads.remove_strays(queued, stage)
        keeps_thread = undoing.thread_id is not None and not await self._remove_thread(
            undoing, undoing.thread_id, stage
        )
        if undoing.thread_id is not None and keeps_thread:
            await self._remove_messages(queued, undoing, undoing.thread_id, stage)
        await self._replays.undo(discussion_id, self._clock.now(), keeps_thread=keeps_thread)

    async def _remove_thread(self, undoing: Undoing, thread_id: int, stage: Stage) -> bool:
        """Remove the thread and say so, unless somebody else has written in it."""
        if not undoing.removes_thread or await stage.others_wrote(undoing.forum_id, thread_id):
            return False
        await stage.remove_thread(undoing.forum_id, thread_id)
        return True

    async def _remove_messages(
        self, queued: QueuedImport, undoing: Undoing, thread_id: int, stage: Stage
    ) -> None:
        known = {message_id for one in queued.posts for message_id in one.message_ids}
        posted = await stage.posted(undoing.forum_id, thread_id, after=0)
        # What Discord took without anyone knowing goes too; the last first, so that no gap shows.
        unknown = {message.id for message in posted} - known
        for message_id in sorted(unknown.union(undoing.message_ids), reverse=True):
            await stage.remove_post(undoing.forum_id, thread_id, message_id)
