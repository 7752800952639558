"""A discussion to record into, and messages for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.incoming import IncomingPost, ThreadFacts
from bot.core.model import Attachment
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
GUILD, FORUM, THREAD = 10, 20, 1_000


def minute(minutes: float) -> datetime:
    """Give a moment after the start of the debate."""
    return START + timedelta(minutes=minutes)


def message(
    message_id: int,
    content: str = "I disagree.",
    *,
    reply_to: int | None = None,
    edited: float | None = None,
    by: int | None = 7,
    name: str = "Ann",
    attachments: tuple[Attachment, ...] = (),
    notes: tuple[str, ...] = (),
    thread_id: int = THREAD,
) -> IncomingPost:
    """Give a message of the thread, one minute after the other by their ids."""
    return IncomingPost(
        message_id=message_id,
        channel_id=thread_id,
        user_id=by,
        author_name=name,
        content=content,
        attachments=attachments,
        notes=notes,
        posted_at=minute(message_id - thread_id),
        edited_at=None if edited is None else minute(edited),
        reply_to=reply_to,
        is_initial=message_id == thread_id,
    )


@dataclass(frozen=True, slots=True)
class Club:
    """A forum, and the making of discussions in it."""

    discussions: Discussions

    async def discussion(self, thread_id: int = THREAD, *, is_current: bool = True) -> int:
        """Give a discussion; one that is not current has a history still to be read."""
        discussion = await self.discussions.ensure(
            ThreadFacts(
                thread_id=thread_id,
                forum_id=FORUM,
                guild_id=GUILD,
                title="Was Emma right to meddle?",
                is_private=False,
                is_locked=False,
                is_archived=False,
                tag_ids=frozenset(),
                started_at=START,
            ),
            START,
        )
        assert discussion is not None
        if is_current:
            await self.discussions.settle(discussion.id)
        return discussion.id


async def found_club(database: Database) -> Club:
    """Set a forum up."""
    directory = Directory()
    await directory.load(database)
    await Forums(database, directory).set_up(
        FORUM, GUILD, "Tuesday Readers", "novels", is_forum_channel=True, host_id=1, now=START
    )
    return Club(Discussions(database, directory))
