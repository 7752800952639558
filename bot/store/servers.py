"""The servers the bot is in, and those it was put out of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.forums import hide_forum, threads_of
from bot.store.removals import KEPT_AFTER_END


@dataclass(frozen=True, slots=True)
class Server:
    """A server of which something is kept; `has_left` says that the bot is not in it any more."""

    id: int
    has_left: bool


class Servers:
    """Follows the bot's coming and going; keeps the directory in step."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def all(self) -> tuple[Server, ...]:
        """Give every server that is known."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall("SELECT id, left_at FROM guild")
        return tuple(Server(row["id"], row["left_at"] is not None) for row in rows)

    async def rename(self, guild_id: int, name: str) -> None:
        """Follow the server's name."""
        async with self._database.transaction() as connection:
            await connection.execute("UPDATE guild SET name = ? WHERE id = ?", (name, guild_id))

    async def left(self, guild_id: int, now: datetime) -> None:
        """Note that the bot is out of a server: its forums are hidden, and erased in thirty days.

        What is hidden for another reason is erased when it would have been.
        """
        at = to_milliseconds(now)
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE guild SET left_at = ? WHERE id = ? AND left_at IS NULL", (at, guild_id)
            )
            rows = await connection.execute_fetchall(
                "SELECT id FROM forum WHERE guild_id = ? AND hidden_at IS NULL", (guild_id,)
            )
            hidden = {
                row["id"]: await hide_forum(connection, row["id"], now, KEPT_AFTER_END)
                for row in rows
            }
        for forum_id, threads in hidden.items():
            self._directory.hide_forum(forum_id, threads)

    async def joined(self, guild_id: int, name: str) -> None:
        """Note that the bot is in a server; what was hidden when it left is shown again."""
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "UPDATE forum SET hidden_at = NULL, erase_at = NULL, trouble = NULL"
                " WHERE guild_id = ? AND removed_at IS NULL"
                " AND hidden_at = (SELECT left_at FROM guild WHERE guild.id = guild_id)"
                " RETURNING id",
                (guild_id,),
            )
            shown = {row["id"]: await threads_of(connection, row["id"]) for row in rows}
            await connection.execute(
                "UPDATE guild SET name = ?, left_at = NULL WHERE id = ?", (name, guild_id)
            )
        for forum_id, discussions in shown.items():
            self._directory.put_forum(forum_id, discussions)
