"""What a host does to an import under way: pause it, go on with it, have it taken back."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.store.database import to_milliseconds
from bot.store.importing.replay_progress import ImportProgress, ReplayState, progress_of


async def pause(connection: aiosqlite.Connection, discussion_id: int, now: datetime) -> None:
    """Let a replay rest; one that rests already goes on doing so.

    Raises `UserError` where none is under way.
    """
    progress = await _under_way(connection, discussion_id)
    _refuse_without_thread(progress)
    if progress.state is ReplayState.FAILED:
        raise UserError(
            f"The import of “{progress.title}” has stopped by itself: {progress.failure}"
        )
    _refuse_cancelled(progress)
    await connection.execute(
        "UPDATE replay SET paused_at = ifnull(paused_at, ?) WHERE discussion_id = ?",
        (to_milliseconds(now), discussion_id),
    )


async def resume(connection: aiosqlite.Connection, discussion_id: int) -> None:
    """Go on with a replay that was paused, or, be it forwards or back, has failed.

    Raises `UserError` where it is finished, is being taken back, or is gone, or its thread is.
    """
    progress = await _under_way(connection, discussion_id)
    _refuse_without_thread(progress)
    _refuse_cancelled(progress)
    await connection.execute(
        "UPDATE replay SET paused_at = NULL, failure = NULL WHERE discussion_id = ?",
        (discussion_id,),
    )


async def cancel(connection: aiosqlite.Connection, discussion_id: int, now: datetime) -> None:
    """Have the import under way taken back.

    Raises `UserError` where it is finished, is being taken back already, or is gone.
    """
    progress = await _under_way(connection, discussion_id)
    _refuse_cancelled(progress)
    await connection.execute(
        "UPDATE replay SET cancelled_at = ifnull(cancelled_at, ?), failure = NULL"
        " WHERE discussion_id = ?",
        (to_milliseconds(now), discussion_id),
    )


async def _under_way(connection: aiosqlite.Connection, discussion_id: int) -> ImportProgress:
    progress = await progress_of(connection, discussion_id)
    if progress is None:
        raise UserError("This import was taken back; import its pages again to have it here.")
    if progress.state is ReplayState.FINISHED:
        raise UserError(
            f"The import of “{progress.title}” is finished: all {progress.posts} posts are in "
            "their thread."
        )
    return progress


def _refuse_without_thread(progress: ImportProgress) -> None:
    if progress.state is ReplayState.THREAD_DELETED:
        raise UserError(
            f"The thread of “{progress.title}” was deleted; import its pages again to have it here."
        )


def _refuse_cancelled(progress: ImportProgress) -> None:
    if progress.state is ReplayState.CANCELLED:
        raise UserError(f"The import of “{progress.title}” is just being taken back.")
