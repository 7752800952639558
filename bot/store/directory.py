"""Which channels and threads are ours: asked for every message, so kept in memory.

SQLite has the facts; this is read from it when the bot opens, and the stores that change
forums and discussions change it after their commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.store.database import Database


class Directory:
    """The forums in use, and their discussions by thread."""

    def __init__(self) -> None:
        self._forums: set[int] = set()
        self._discussions: dict[int, int] = {}

    async def load(self, database: Database) -> None:
        """Read everything anew: forums in use, and discussions with a thread that is not hidden."""
        async with database.reading() as connection:
            forums = await connection.execute_fetchall(
                "SELECT id FROM forum WHERE removed_at IS NULL AND hidden_at IS NULL"
            )
            discussions = await connection.execute_fetchall(
                "SELECT discussion.thread_id, discussion.id FROM discussion"
                " JOIN forum ON forum.id = discussion.forum_id"
                " WHERE discussion.thread_id IS NOT NULL AND discussion.hidden_at IS NULL"
                " AND forum.removed_at IS NULL AND forum.hidden_at IS NULL"
            )
        self._forums = {row["id"] for row in forums}
        self._discussions = {row["thread_id"]: row["id"] for row in discussions}

    def is_forum(self, channel_id: int) -> bool:
        """Say whether the threads of this channel are discussions."""
        return channel_id in self._forums

    def discussion(self, thread_id: int) -> int | None:
        """Give the discussion of a thread, or None where it has none (yet)."""
        return self._discussions.get(thread_id)

    def put_forum(self, channel_id: int, discussions: Iterable[tuple[int, int]] = ()) -> None:
        """Note a forum in use, with the (thread id, discussion id) of what it already has."""
        self._forums.add(channel_id)
        self._discussions.update(discussions)

    def drop_forum(self, channel_id: int, thread_ids: Iterable[int] = ()) -> None:
        """Forget a forum that was removed or deleted, and its discussions' threads."""
        self._forums.discard(channel_id)
        for thread_id in thread_ids:
            self.drop_discussion(thread_id)

    def put_discussion(self, thread_id: int, discussion_id: int) -> None:
        """Note a discussion whose thread is known."""
        self._discussions[thread_id] = discussion_id

    def drop_discussion(self, thread_id: int) -> None:
        """Forget a discussion that was hidden or erased."""
        self._discussions.pop(thread_id, None)
