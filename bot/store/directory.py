"""Which channels and threads are ours: asked for every message, so kept in memory.

SQLite has the facts; this is read from it when the bot opens, and the stores that change
forums and discussions change it after their commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.store.database import Database
from bot.store.rows import IS_VISIBLE


class Directory:
    """The forums in use, and the discussions by their threads: those followed, and all kept."""

    def __init__(self) -> None:
        self._forums: set[int] = set()
        self._kept: dict[int, int] = {}
        self._followed: set[int] = set()

    async def load(self, database: Database) -> None:
        """Read everything anew: forums in use, and all discussions with a thread."""
        async with database.reading() as connection:
            forums = await connection.execute_fetchall(
                "SELECT id FROM forum WHERE hidden_at IS NULL"
            )
            discussions = tuple(
                await connection.execute_fetchall(
                    f"SELECT thread_id, discussion.id, {IS_VISIBLE} AS is_followed"  # noqa: S608 - a constant
                    " FROM discussion JOIN forum ON forum.id = discussion.forum_id"
                    " WHERE thread_id IS NOT NULL"
                )
            )
        self._forums = {row["id"] for row in forums}
        self._kept = {row["thread_id"]: row["id"] for row in discussions}
        self._followed = {row["thread_id"] for row in discussions if row["is_followed"]}

    def is_forum(self, channel_id: int) -> bool:
        """Say whether the threads of this channel are discussions."""
        return channel_id in self._forums

    def discussion(self, thread_id: int) -> int | None:
        """Give the discussion of a thread that is followed, or None where it has none (yet)."""
        return self._kept[thread_id] if thread_id in self._followed else None

    def kept(self, thread_id: int) -> int | None:
        """Give the discussion of a thread of which something is kept, be it followed or hidden.

        Whatever else is not followed any more: what is deleted on Discord loses its text here.
        """
        return self._kept.get(thread_id)

    def put_forum(self, channel_id: int, discussions: Iterable[tuple[int, int]] = ()) -> None:
        """Note a forum in use, with the (thread id, discussion id) of what it already has."""
        self._forums.add(channel_id)
        for thread_id, discussion_id in discussions:
            self.put_discussion(thread_id, discussion_id)

    def hide_forum(self, channel_id: int, thread_ids: Iterable[int] = ()) -> None:
        """Follow a forum and its discussions' threads no more; what was kept of them stays."""
        self._forums.discard(channel_id)
        self._followed.difference_update(thread_ids)

    def put_discussion(self, thread_id: int, discussion_id: int) -> None:
        """Note a discussion whose thread is followed."""
        self._kept[thread_id] = discussion_id
        self._followed.add(thread_id)

    def hide_discussion(self, thread_id: int) -> None:
        """Follow a thread no more; what was kept of it stays."""
        self._followed.discard(thread_id)

    def drop_discussion(self, thread_id: int) -> None:
        """Forget a discussion that was erased."""
        self._followed.discard(thread_id)
        self._kept.pop(thread_id, None)
