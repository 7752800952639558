"""How far the replays of imported discussions are."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

import aiosqlite


class ReplayState(StrEnum):
    """What becomes of an import.

    A cancelled one is being taken back; an undone one has been. A failed one stopped on its way,
    forwards or back, until it is resumed. Of one that is thread_deleted somebody has deleted the
    thread on Discord before all was in it. One whose forum has ended rests, forwards or back,
    until the forum is set up again.
    """

    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    FINISHED = "finished"
    THREAD_DELETED = "thread_deleted"
    FORUM_ENDED = "forum_ended"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: posts of which Discord has the first message, of all there are.

    Deleted ones count in neither. `title` is the page's. `failure` says in words for a host why
    it stopped, and what to do.
    """

    discussion_id: int
    guild_id: int
    forum_id: int
    thread_id: int | None
    title: str
    posts: int
    posts_sent: int
    state: ReplayState
    failure: str | None


@dataclass(frozen=True, slots=True)
class FailedReplay:
    """An imported discussion whose replay stopped; `failure` tells a host why."""

    title: str
    forum_id: int
    failure: str


SELECT_PROGRESS = (
    "SELECT discussion_id, discussion.guild_id, forum_id, thread_id, replay.title,"
    " finished_at, failure, paused_at, cancelled_at, discussion.hidden_at,"
    " (SELECT hidden_at IS NOT NULL OR removed_at IS NOT NULL FROM forum"
    "   WHERE forum.id = forum_id) AS is_forum_ended,"
    " (SELECT count(*) FROM post WHERE post.discussion_id = replay.discussion_id"
    "   AND is_imported AND deleted_at IS NULL) AS posts,"
    " (SELECT count(*) FROM post JOIN replayed_message ON post_id = post.id AND part = 0"
    "   WHERE post.discussion_id = replay.discussion_id AND deleted_at IS NULL) AS posts_sent"
    " FROM replay JOIN discussion ON discussion.id = discussion_id"
)


async def progress_of(
    connection: aiosqlite.Connection, discussion_id: int
) -> ImportProgress | None:
    """Give how far an import is; None where the discussion was not imported, or is gone."""
    rows = await connection.execute_fetchall(
        f"{SELECT_PROGRESS} WHERE discussion_id = ?", (discussion_id,)
    )
    return next((progress_from_row(row) for row in rows), None)


def progress_from_row(row: sqlite3.Row) -> ImportProgress:
    """Read the progress of a row of `SELECT_PROGRESS`."""
    return ImportProgress(
        discussion_id=row["discussion_id"],
        guild_id=row["guild_id"],
        forum_id=row["forum_id"],
        thread_id=row["thread_id"],
        title=row["title"],
        posts=row["posts"],
        posts_sent=row["posts_sent"],
        state=_state(row),
        failure=row["failure"],
    )


def _state(row: sqlite3.Row) -> ReplayState:
    is_under_way = row["finished_at"] is None and row["cancelled_at"] is None
    if is_under_way and row["hidden_at"] is not None:
        return ReplayState.THREAD_DELETED
    if row["finished_at"] is None and row["is_forum_ended"]:
        return ReplayState.FORUM_ENDED
    if row["failure"] is not None:
        return ReplayState.FAILED
    if row["cancelled_at"] is not None:
        return ReplayState.CANCELLED
    if row["finished_at"] is not None:
        return ReplayState.FINISHED
    return ReplayState.RUNNING if row["paused_at"] is None else ReplayState.PAUSED
