"""A club without Discord: forums, threads and posts written straight into a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.incoming import IncomingPost, ThreadFacts
from bot.core.model import Discussion
from bot.core.schedule import WeeklySchedule
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.people import People
from bot.store.recording import Recording, open_recording
from bot.store.tracking import Tracking

GUILD = 11
FORUM = 21
HOST = 91
ANN, BEN, CLEO = 101, 102, 103
NAMES = {ANN: "Ann", BEN: "Ben", CLEO: "Cleo"}
# A Monday.
START = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUNDAY_EVENING = WeeklySchedule(weekday=6, hour=18, zone="UTC")


@dataclass
class ReadingRoom:
    """One forum, set up; a discussion is current as soon as it begins."""

    database: Database
    recording: Recording
    forums: Forums
    discussions: Discussions
    people: People
    tracking: Tracking
    now: datetime = START
    _next_message: int = 1_000
    _posted: dict[int, datetime] = field(default_factory=dict)

    def pass_time(self, length: timedelta) -> datetime:
        """Move this room's time, and give it."""
        self.now += length
        return self.now

    async def open_forum(self, forum_id: int, guild_id: int = GUILD) -> None:
        await self.forums.set_up(
            forum_id,
            guild_id,
            "Tuesday Readers",
            f"forum {forum_id}",
            is_forum_channel=True,
            host_id=HOST,
            now=self.now,
        )

    async def begin(
        self,
        title: str,
        *,
        forum_id: int = FORUM,
        guild_id: int = GUILD,
        tags: frozenset[int] = frozenset(),
        is_private: bool = False,
    ) -> Discussion:
        """Begin a discussion that has no post yet."""
        facts = ThreadFacts(
            thread_id=self._new_message(),
            forum_id=forum_id,
            guild_id=guild_id,
            title=title,
            is_private=is_private,
            is_locked=False,
            is_archived=False,
            tag_ids=tags,
            started_at=self.now,
        )
        discussion = await self.discussions.ensure(facts, self.now)
        assert discussion is not None
        await self.discussions.settle(discussion.id)
        return discussion

    async def post(
        self,
        discussion: Discussion,
        user_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        posted_at: datetime | None = None,
    ) -> int:
        """Record a post and give its message id."""
        message_id = self._new_message()
        self._posted[message_id] = posted_at or self.now
        await self._record(discussion, message_id, user_id, text, None, reply_to)
        return message_id

    async def edit(self, discussion: Discussion, message_id: int, user_id: int, text: str) -> None:
        """Record, a minute later, that a message was edited."""
        self.pass_time(timedelta(minutes=1))
        await self._record(discussion, message_id, user_id, text, self.now, None)

    async def delete(self, discussion: Discussion, message_id: int) -> None:
        await self.recording.delete(discussion.id, [message_id], self.now)

    async def mark(self) -> int:
        """Give the present news mark."""
        async with self.database.reading() as connection:
            (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
        mark: int = row["value"]
        return mark

    def _new_message(self) -> int:
        self._next_message += 1
        return self._next_message

    async def _record(
        self,
        discussion: Discussion,
        message_id: int,
        user_id: int,
        text: str,
        edited_at: datetime | None,
        reply_to: int | None,
    ) -> None:
        assert discussion.thread_id is not None
        await self.recording.record(
            discussion.id,
            IncomingPost(
                message_id=message_id,
                channel_id=discussion.thread_id,
                user_id=user_id,
                author_name=NAMES[user_id],
                content=text,
                attachments=(),
                notes=(),
                posted_at=self._posted[message_id],
                edited_at=edited_at,
                reply_to=reply_to,
                is_initial=False,
            ),
        )


@asynccontextmanager
async def open_reading_room(database: Database) -> AsyncIterator[ReadingRoom]:
    """Set up a room on a fresh database."""
    directory = Directory()
    people = People(database, SUNDAY_EVENING)
    async with open_recording(database) as recording:
        room = ReadingRoom(
            database=database,
            recording=recording,
            forums=Forums(database, directory),
            discussions=Discussions(database, directory),
            people=people,
            tracking=Tracking(database, people),
        )
        await room.open_forum(FORUM)
        yield room
