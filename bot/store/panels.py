"""The panels: which discussions have one, what it says, and when it may be changed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.model import Discussion
from bot.store.database import Database, to_milliseconds
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row

EDIT_PAUSE = timedelta(minutes=10)
"""A panel is edited once in so long at most."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel that is due to be posted or looked at.

    `message_id` is None until it is known to be there; `was_attempted` says that it may be.
    """

    discussion: Discussion
    message_id: int | None
    was_attempted: bool
    shown: str | None


class Panels:
    """The ledger: what is to be posted survives a crash, and is posted once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def want(self, discussion_id: int, now: datetime) -> None:
        """Let a discussion have a panel, if it has none."""
        await self._write(
            "INSERT INTO panel (discussion_id, next_look_at) SELECT id, :now FROM discussion"
            " WHERE id = :id ON CONFLICT DO NOTHING",
            discussion_id,
            now=to_milliseconds(now),
        )

    async def due(self, now: datetime, limit: int) -> tuple[Panel, ...]:
        """Give the panels to be posted, or looked at: those of archived threads are left alone.

        That of an imported discussion waits until its replay has ended: it would stand between
        the old posts.
        """
        async with self._database.reading() as connection:
            due = await connection.execute_fetchall(
                "SELECT panel.* FROM panel"  # noqa: S608 - a constant
                " JOIN discussion ON discussion.id = panel.discussion_id"
                " JOIN forum ON forum.id = discussion.forum_id"
                f" WHERE next_look_at <= ? AND discussion.thread_id IS NOT NULL AND {IS_VISIBLE}"
                " AND (message_id IS NULL OR NOT discussion.is_archived)"
                " AND (message_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM replay"
                "  WHERE replay.discussion_id = discussion.id AND finished_at IS NULL))"
                " ORDER BY next_look_at, discussion_id LIMIT ?",
                (to_milliseconds(now), limit),
            )
            panels = []
            for row in due:
                (discussion,) = await connection.execute_fetchall(
                    f"{SELECT_DISCUSSION} WHERE discussion.id = ?", (row["discussion_id"],)
                )
                panels.append(
                    Panel(
                        discussion=discussion_from_row(discussion),
                        message_id=row["message_id"],
                        was_attempted=row["attempted_at"] is not None,
                        shown=row["shown"],
                    )
                )
        return tuple(panels)

    async def attempt(self, discussion_id: int, now: datetime) -> None:
        """Note that a panel is being sent: from now on it may be there."""
        await self._write(
            "UPDATE panel SET attempted_at = :now WHERE discussion_id = :id",
            discussion_id,
            now=to_milliseconds(now),
        )

    async def shows(self, discussion_id: int, message_id: int, shown: str, now: datetime) -> None:
        """Note that a panel is there, and says what was so at that moment."""
        await self._write(
            "UPDATE panel SET message_id = :message, shown = :shown, next_look_at = :next"
            " WHERE discussion_id = :id",
            discussion_id,
            message=message_id,
            shown=shown,
            next=to_milliseconds(now + EDIT_PAUSE),
        )

    async def postpone(self, discussion_id: int, until: datetime) -> None:
        """Leave a panel alone until then."""
        await self._write(
            "UPDATE panel SET next_look_at = :until WHERE discussion_id = :id",
            discussion_id,
            until=to_milliseconds(until),
        )

    async def drop(self, discussion_id: int) -> None:
        """Forget a panel that somebody deleted: it comes back when a host asks for it."""
        await self._write("DELETE FROM panel WHERE discussion_id = :id", discussion_id)

    async def _write(self, statement: str, discussion_id: int, **values: int | str) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(statement, {"id": discussion_id, **values})
