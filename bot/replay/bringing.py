"""Brings an import to its thread, from wherever it is to the end.

What Discord has is noted message by message. An answer of Discord's may be lost, and discord.py
repeats a request after a server error: so every run begins by asking Discord what has arrived,
and the last one removes what came twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum, auto

from bot.core.ports import Clock, Stage, StagedMessage, StagedPost
from bot.core.replay_text import is_same_post
from bot.replay.script import Script
from bot.replay.threads import Threads
from bot.store.importing.queued_imports import QueuedImport
from bot.store.importing.replays import Replays


class _End(Enum):
    """Why a run sends no more."""

    ALL_IS_THERE = auto()
    STOPPED = auto()
    OUTDATED = auto()


class Bringing:
    """Sends what is left of an import; whatever breaks it off, the next run goes on there."""

    def __init__(self, replays: Replays, threads: Threads, clock: Clock) -> None:
        self._replays = replays
        self._threads = threads
        self._clock = clock

    async def bring(self, discussion_id: int, stage: Stage) -> None:
        """Send what is left, as long as nobody pauses, cancels or hides it.

        Raises `StageRefusedError` where Discord refuses, `StageError` where it gives no clear
        answer, and `LookupError` where the import is gone.
        """
        end = _End.OUTDATED
        while end is _End.OUTDATED:
            queued = await self._replays.load(discussion_id)
            thread_id = queued.thread_id
            if thread_id is None:
                thread_id = await self._threads.open(queued, stage)
            if thread_id is None:
                return
            end = await self._send(queued, thread_id, stage)
            if end is _End.ALL_IS_THERE:
                await self._remove_repeated(queued, thread_id, stage)
                await self._replays.finish(discussion_id, self._clock.now())

    async def _send(self, queued: QueuedImport, thread_id: int, stage: Stage) -> _End:
        """Send what is left, until it is to stop or is not as it was loaded any more."""
        arrived = await self._arrived(queued, thread_id, stage)
        script = Script(queued, thread_id)
        lines = script.remaining()
        # In a thread: to cut a post of a megabyte takes seconds, in which others must be heard.
        while (line := await asyncio.to_thread(next, lines, None)) is not None:
            post_id, standing = line.queued.id, script.standing(line.queued)
            if not await self._replays.may_go_on(queued.discussion_id):
                return _End.STOPPED
            if await self._replays.standing(post_id) != standing:
                return _End.OUTDATED
            message_id = _take(arrived, line.staged)
            if message_id is None:
                message_id = await stage.post(queued.forum_id, thread_id, line.staged)
            noted = await self._replays.message_sent(post_id, line.part, message_id)
            if noted != message_id:
                # Another bot on the same database was faster: this is a second copy.
                await stage.remove_post(queued.forum_id, thread_id, message_id)
                return _End.OUTDATED
            script.note(line, message_id)
            if await self._replays.standing(post_id) != standing:
                await self._replays.line_outdated(post_id)
        return _End.ALL_IS_THERE

    async def _arrived(
        self, queued: QueuedImport, thread_id: int, stage: Stage
    ) -> deque[StagedMessage]:
        """Give what Discord has taken since the last message that is known."""
        known = {message_id for one in queued.posts for message_id in one.message_ids}
        posted = await stage.posted(queued.forum_id, thread_id, after=queued.last_message_id)
        return deque(message for message in posted if message.id not in known)

    async def _remove_repeated(self, queued: QueuedImport, thread_id: int, stage: Stage) -> None:
        """Leave one copy of each message; what was answered to another is its post's."""
        posted = await stage.posted(queued.forum_id, thread_id, after=0)
        # Loaded last: what has arrived is noted by now, whichever bot on this database sent it.
        queued = await self._replays.load(queued.discussion_id)
        posts = {message_id: one.id for one in queued.posts for message_id in one.message_ids}
        kept = {message.post: message.id for message in posted if message.id in posts}
        for message in posted:
            if message.id in posts:
                continue
            if message.post in kept:
                await self._replays.sent_twice(posts[kept[message.post]], message.id)
            await stage.remove_post(queued.forum_id, thread_id, message.id)
        await self._threads.remove_strays(queued, stage)


def _take(arrived: deque[StagedMessage], wanted: StagedPost) -> int | None:
    """Take the first message that is the wanted one out of `arrived`, with all before it."""
    for position, message in enumerate(arrived):
        if is_same_post(message.post, wanted):
            for _ in range(position + 1):
                arrived.popleft()
            return message.id
    return None
