"""The messages in which the progress of imports is shown, until their last word stands there."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import aiosqlite

from bot.store.database import Database
from bot.store.importing.replay_progress import ImportProgress, ReplayState, progress_of


@dataclass(frozen=True, slots=True)
class Board:
    """A message that shows the progress of an import; `text` is what it says now, None: nothing."""

    progress: ImportProgress
    channel_id: int
    message_id: int
    text: str | None


class Boards:
    """Keeps which messages show the progress of imports, and what they say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show_on(self, discussion_id: int, channel_id: int, message_id: int) -> None:
        """Show the progress of an import on this message; an earlier one is forgotten."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT OR REPLACE INTO import_board"
                " (discussion_id, guild_id, forum_id, title, channel_id, message_id)"
                " SELECT discussion.id, guild_id, forum_id, replay.title, ?, ? FROM replay"
                " JOIN discussion ON discussion.id = replay.discussion_id"
                " WHERE discussion.id = ?",
                (channel_id, message_id, discussion_id),
            )

    async def open(self) -> tuple[Board, ...]:
        """Give the messages that do not say their last word yet.

        One whose import has been taken back has the state UNDONE.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT * FROM import_board ORDER BY message_id"
            )
            return tuple([await _board(connection, row) for row in rows])

    async def shown(self, discussion_id: int, text: str) -> None:
        """Note what the message says now."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE import_board SET text = ? WHERE discussion_id = ?", (text, discussion_id)
            )

    async def forget(self, discussion_id: int) -> None:
        """Follow the message no more: it has said its last word, or is gone."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM import_board WHERE discussion_id = ?", (discussion_id,)
            )


async def undone(connection: aiosqlite.Connection, discussion_id: int) -> None:
    """Note that what the message tells of has been taken back, and is here no more."""
    await connection.execute(
        "UPDATE import_board SET is_undone = 1 WHERE discussion_id = ?", (discussion_id,)
    )


async def _board(connection: aiosqlite.Connection, row: sqlite3.Row) -> Board:
    progress = None
    if not row["is_undone"]:
        progress = await progress_of(connection, row["discussion_id"])
    if progress is None:
        progress = ImportProgress(
            discussion_id=row["discussion_id"],
            guild_id=row["guild_id"],
            forum_id=row["forum_id"],
            thread_id=None,
            title=row["title"],
            posts=0,
            posts_sent=0,
            state=ReplayState.UNDONE,
            failure=None,
        )
    return Board(progress, row["channel_id"], row["message_id"], row["text"])
