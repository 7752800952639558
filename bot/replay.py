"""Brings imported discussions back as threads, one message after the other.

What Discord has is noted message by message, so that a replay goes on where it ended. An
answer of Discord's may be lost, and discord.py repeats a request after a server error: so
every run begins by asking Discord what has arrived, and the last one removes what came twice.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model import jump_url
from bot.core.ports import (
    Clock,
    Stage,
    StagedMessage,
    StagedPost,
    StagedThread,
    StageError,
    StageRefusedError,
)
from bot.core.replay_text import Answered, staged_posts
from bot.core.sameness import is_same_text
from bot.store.imported_rows import QueuedPost
from bot.store.queued_imports import QueuedImport
from bot.store.replays import Replays
from bot.store.thread_claims import OPENING_MARGIN, thread_name

logger = logging.getLogger(__name__)

MESSAGES_A_RUN = 30
"""How many messages of one discussion are sent before the next discussion has its turn."""


class Replay:
    """Replays what is queued in `Replays` on a stage."""

    def __init__(self, replays: Replays, clock: Clock) -> None:
        self._replays = replays
        self._clock = clock

    async def tick(self, stage: Stage) -> None:
        """Take every pending import some messages further.

        What Discord refuses stops that import, with its reason kept for a host. Where Discord
        gives no clear answer, the next tick finds out and goes on.
        """
        for discussion_id in await self._replays.pending():
            try:
                await self._continue(discussion_id, stage)
            except StageRefusedError as refusal:
                logger.warning("The replay of discussion %d stops: %s", discussion_id, refusal)
                await self._replays.fail(discussion_id, str(refusal))
            except StageError as error:
                logger.warning("The replay of discussion %d pauses: %s", discussion_id, error)

    async def _continue(self, discussion_id: int, stage: Stage) -> None:
        queued = await self._replays.load(discussion_id)
        thread_id = queued.thread_id
        if thread_id is None:
            thread_id = await self._open(queued, stage)
        if await self._send(queued, thread_id, stage):
            await self._remove_repeated(discussion_id, thread_id, stage)
            await self._replays.finish(discussion_id, self._clock.now())

    async def _open(self, queued: QueuedImport, stage: Stage) -> int:
        stray = next(iter(await self._stray_threads(queued, stage)), None)
        thread_id = None if stray is None else stray.id
        if thread_id is None:
            first = next(_Script(queued).remaining(), None)
            if first is None:
                raise StageRefusedError("All its posts were deleted: there is nothing to replay.")
            await self._replays.opening(queued.discussion_id, self._clock.now())
            thread_id = await stage.open_thread(
                queued.forum_id, thread_name(queued.document.title), first.staged, None
            )
        return await self._replays.attach_thread(queued.discussion_id, thread_id)

    async def _send(self, queued: QueuedImport, thread_id: int, stage: Stage) -> bool:
        """Send what is left, or as much as one run may; say whether all of it is there now."""
        arrived = deque(
            await stage.posted(queued.forum_id, thread_id, after=queued.last_message_id)
        )
        script = _Script(queued, thread_id)
        sent = 0
        for line in script.remaining():
            message_id = _take(arrived, line.staged.content)
            if message_id is None:
                if sent == MESSAGES_A_RUN:
                    return False
                message_id = await stage.post(queued.forum_id, thread_id, line.staged)
                sent += 1
            await self._replays.message_sent(line.queued.id, line.part, message_id)
            script.note(line, message_id)
        return True

    async def _remove_repeated(self, discussion_id: int, thread_id: int, stage: Stage) -> None:
        queued = await self._replays.load(discussion_id)
        known = {message_id for one in queued.posts for message_id in one.message_ids}
        for message in await stage.posted(queued.forum_id, thread_id, after=0):
            if message.id not in known:
                await stage.remove_post(queued.forum_id, thread_id, message.id)
        for stray in await self._stray_threads(queued, stage):
            await stage.remove_thread(queued.forum_id, stray.id)

    async def _stray_threads(self, queued: QueuedImport, stage: Stage) -> list[StagedThread]:
        """Give threads that were made for this import, and are not known to be its own."""
        name = thread_name(queued.document.title)
        threads = await stage.threads(
            queued.forum_id, name, since=queued.queued_at - OPENING_MARGIN
        )
        known = await self._replays.replayed_threads(queued.forum_id)
        return [thread for thread in threads if thread.id not in known]


@dataclass(frozen=True, slots=True)
class _Line:
    """A message that is to be sent: part `part` of a post."""

    queued: QueuedPost
    part: int
    staged: StagedPost


class _Script:
    """The messages of an import in their order; a reply names the address of what it answers."""

    def __init__(self, queued: QueuedImport, thread_id: int | None = None) -> None:
        self._queued = queued
        self._thread_id = thread_id
        self._by_number = {one.post.number: one for one in queued.posts}
        self._first_messages = {
            one.post.number: one.message_ids[0] for one in queued.posts if one.message_ids
        }

    def remaining(self) -> Iterator[_Line]:
        """Give what Discord is not known to have; a post deleted meanwhile is not sent."""
        for one in self._queued.posts:
            if one.is_deleted:
                continue
            is_first = one is self._queued.posts[0]
            staged = staged_posts(
                one.post,
                answered=self._answered(one),
                boxed=self._queued.document if is_first else None,
            )
            for part in range(len(one.message_ids), len(staged)):
                yield _Line(one, part, staged[part])

    def note(self, line: _Line, message_id: int) -> None:
        """Take note of a message that Discord has."""
        if line.part == 0:
            self._first_messages[line.queued.post.number] = message_id

    def _answered(self, queued: QueuedPost) -> Answered | None:
        parent = self._by_number.get(queued.post.in_reply_to or 0)
        if parent is None:
            return None
        message_id = self._first_messages.get(parent.post.number)
        if self._thread_id is None or message_id is None:
            return Answered(parent.post)
        url = jump_url(self._queued.guild_id, self._thread_id, message_id)
        return Answered(parent.post, url)


def _take(arrived: deque[StagedMessage], content: str) -> int | None:
    """Take the first message of this text out of `arrived`, with all before it; give its id."""
    for position, message in enumerate(arrived):
        if is_same_text(message.post.content, content):
            for _ in range(position + 1):
                arrived.popleft()
            return message.id
    return None
