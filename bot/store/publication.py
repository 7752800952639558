"""Who and what is published on the site: forums by their hosts, members by themselves."""

from __future__ import annotations

from datetime import datetime

from bot.core.model import Discussion, Forum
from bot.store.database import Database, to_milliseconds
from bot.store.rows import (
    IS_VISIBLE,
    SELECT_DISCUSSION,
    SELECT_FORUM,
    discussion_from_row,
    forum_from_row,
)


class Publication:
    """Keeps the consents; each is taken back as easily as it was given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def publish_forum(self, forum_id: int, now: datetime | None) -> None:
        """Publish a forum in use from now on; None takes it off the site."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE forum SET published_at = ? WHERE id = ? AND hidden_at IS NULL",
                (None if now is None else to_milliseconds(now), forum_id),
            )

    async def forums(self, guild_id: int) -> tuple[Forum, ...]:
        """Give a server's published forums, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_FORUM} WHERE forum.guild_id = ? AND forum.hidden_at IS NULL"
                " AND forum.published_at IS NOT NULL ORDER BY forum.name COLLATE NOCASE, forum.id",
                (guild_id,),
            )
        return tuple(forum_from_row(row) for row in rows)

    async def agree(self, guild_id: int, user_id: int, now: datetime) -> None:
        """Note that a member agrees: their name and texts may be published.

        The server must be known to the store.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO publication_consent (guild_id, user_id, agreed_at) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (guild_id, user_id, to_milliseconds(now)),
            )

    async def withdraw(self, guild_id: int, user_id: int) -> bool:
        """Take a member's consent back; say whether there was one."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "DELETE FROM publication_consent WHERE guild_id = ? AND user_id = ?",
                (guild_id, user_id),
            )
        return cursor.rowcount > 0

    async def agreed(self, guild_id: int) -> frozenset[int]:
        """Give the ids of the members of a server who agree at this moment."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT user_id FROM publication_consent WHERE guild_id = ?", (guild_id,)
            )
        return frozenset(row["user_id"] for row in rows)

    async def discussions(self) -> tuple[Discussion, ...]:
        """Give the discussions of all published forums, oldest first; private threads never."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE {IS_VISIBLE} AND forum.published_at IS NOT NULL"
                " AND NOT discussion.is_private ORDER BY discussion.started_at, discussion.id"
            )
        return tuple(discussion_from_row(row) for row in rows)
