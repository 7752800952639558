"""Replays: how imported discussions go out to Discord, message by message, or are taken back."""

from __future__ import annotations

from datetime import datetime

from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.importing import leftovers, outdated_lines, undoing
from bot.store.importing.imported_rows import QueuedPost
from bot.store.importing.leftovers import Leftover, RefusedRemovals
from bot.store.importing.queued_imports import QueuedImport, load_import
from bot.store.importing.replay_progress import (
    SELECT_PROGRESS,
    FailedReplay,
    ImportProgress,
    ReplayState,
    progress_from_row,
    progress_of,
)
from bot.store.importing.replay_steering import cancel, pause, resume
from bot.store.importing.standing import Standing, standing
from bot.store.importing.threads import attach_thread
from bot.store.importing.undoing import Undoing
from bot.store.orphans import adopt_replies_to

__all__ = [
    "ImportProgress",
    "Leftover",
    "QueuedImport",
    "ReplayState",
    "Replays",
    "Undoing",
]

_OF_IMPORTS = "JOIN forum ON forum.id = discussion.forum_id WHERE"
_FORUM_IN_USE = "forum.hidden_at IS NULL AND forum.removed_at IS NULL"


class Replays:
    """Says what is to be replayed or taken back, and keeps how far that has come."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def pending(self) -> tuple[int, ...]:
        """Give the discussions that are being replayed or taken back, oldest import first.

        Where the forum is no longer in use, both rest; where the thread was deleted, the replay.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion_id FROM replay"  # noqa: S608 - constants
                f" JOIN discussion ON discussion.id = discussion_id {_OF_IMPORTS}"
                " finished_at IS NULL AND failure IS NULL AND (cancelled_at IS NOT NULL"
                " OR (paused_at IS NULL AND discussion.hidden_at IS NULL))"
                f" AND {_FORUM_IN_USE} ORDER BY queued_at, discussion_id"
            )
        return tuple(row["discussion_id"] for row in rows)

    async def unfinished(self) -> tuple[int, ...]:
        """Give the discussions whose import has not ended, be it that it rests or has failed."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion_id FROM replay WHERE finished_at IS NULL"
            )
        return tuple(row["discussion_id"] for row in rows)

    async def load(self, discussion_id: int) -> QueuedImport:
        """Give an imported discussion with all its posts. Raises `LookupError` if there is none."""
        async with self._database.reading() as connection:
            return await load_import(connection, discussion_id)

    async def may_go_on(self, discussion_id: int) -> bool:
        """Say whether the next message may be sent: nobody has paused, cancelled or hidden it."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT 1 FROM replay"  # noqa: S608 - constants
                f" JOIN discussion ON discussion.id = discussion_id {_OF_IMPORTS}"
                " discussion_id = ? AND finished_at IS NULL AND failure IS NULL"
                " AND paused_at IS NULL AND cancelled_at IS NULL"
                f" AND discussion.hidden_at IS NULL AND {_FORUM_IN_USE}",
                (discussion_id,),
            )
        return bool(list(rows))

    async def standing(self, post_id: int) -> Standing | None:
        """Give what of a post may have changed since it was loaded; None where it is gone."""
        async with self._database.reading() as connection:
            return await standing(connection, post_id)

    async def line_outdated(self, post_id: int) -> None:
        """Note that what a post answers changed while its message was on its way."""
        async with self._database.transaction() as connection:
            await outdated_lines.mark_outdated(connection, post_id)

    async def progress(self, discussion_id: int) -> ImportProgress:
        """Say how far an import is. Raises `LookupError` where there is no such import (now)."""
        async with self._database.reading() as connection:
            progress = await progress_of(connection, discussion_id)
        if progress is None:
            raise LookupError(f"Discussion {discussion_id} was not imported.")
        return progress

    async def of_guild(self, guild_id: int) -> tuple[ImportProgress, ...]:
        """Give the imports of a server, the latest first, of threads and forums in use."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_PROGRESS} {_OF_IMPORTS} discussion.guild_id = ?"
                f" AND discussion.hidden_at IS NULL AND {_FORUM_IN_USE}"
                " ORDER BY queued_at DESC, discussion_id DESC",
                (guild_id,),
            )
        return tuple(progress_from_row(row) for row in rows)

    async def failed(self, guild_id: int) -> tuple[FailedReplay, ...]:
        """Give the replays of a server that stopped, latest import first, of forums in use."""
        return tuple(
            FailedReplay(one.title, one.forum_id, one.failure)
            for one in await self.of_guild(guild_id)
            if one.failure is not None
        )

    async def pause(self, discussion_id: int, now: datetime) -> None:
        """Let a replay rest until it is resumed. Raises `UserError` where none is under way."""
        async with self._database.transaction() as connection:
            await pause(connection, discussion_id, now)

    async def resume(self, discussion_id: int) -> None:
        """Go on with a replay that was paused or has failed, or with taking it back.

        Raises `UserError` where it is finished, is being taken back, or is gone.
        """
        async with self._database.transaction() as connection:
            await resume(connection, discussion_id)

    async def cancel(self, discussion_id: int, now: datetime) -> None:
        """Have the import under way taken back: see `undoing`.

        Raises `UserError` where it is finished, is being taken back already, or is gone.
        """
        async with self._database.transaction() as connection:
            await cancel(connection, discussion_id, now)

    async def replayed_threads(self, forum_id: int) -> frozenset[int]:
        """Give the threads of a forum that belong to imported discussions."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT thread_id FROM discussion JOIN replay ON discussion_id = discussion.id"
                " WHERE forum_id = ? AND thread_id IS NOT NULL",
                (forum_id,),
            )
        return frozenset(row["thread_id"] for row in rows)

    async def opening(self, discussion_id: int, now: datetime) -> None:
        """Note that its thread is about to be asked for, so that it is known when it appears."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE replay SET opening_at = ? WHERE discussion_id = ?",
                (to_milliseconds(now), discussion_id),
            )

    async def attach_thread(self, discussion_id: int, thread_id: int) -> int:
        """Give the discussion its thread, unless it has one; give the thread it has now."""
        async with self._database.transaction() as connection:
            await attach_thread(connection, discussion_id, thread_id)
            rows = await connection.execute_fetchall(
                "SELECT thread_id FROM discussion WHERE id = ?", (discussion_id,)
            )
        (attached,) = (int(row["thread_id"]) for row in rows)
        self._directory.put_discussion(attached, discussion_id)
        return attached

    async def message_sent(self, post_id: int, part: int, message_id: int) -> int:
        """Note a message that Discord has: part 0 is the post's first, and the post's own id.

        What members have answered to it already is below the post from now on. Gives the message
        that was noted for this part before it, by another bot on the same database, or this one.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO replayed_message (post_id, part, message_id) VALUES (?, ?, ?)"
                " ON CONFLICT (post_id, part) DO NOTHING",
                (post_id, part, message_id),
            )
            rows = await connection.execute_fetchall(
                "SELECT message_id FROM replayed_message WHERE post_id = ? AND part = ?",
                (post_id, part),
            )
            (noted,) = (int(row["message_id"]) for row in rows)
            if part == 0:
                await connection.execute(
                    "UPDATE post SET message_id = ?, channel_id ="
                    " (SELECT thread_id FROM discussion WHERE id = discussion_id) WHERE id = ?",
                    (noted, post_id),
                )
            await adopt_replies_to(connection, message_id, post_id)
        return noted

    async def sent_twice(self, post_id: int, message_id: int) -> None:
        """Note that Discord has a second copy of a message of a post, which is to be removed.

        What members have answered to the copy is below the post from now on.
        """
        async with self._database.transaction() as connection:
            await adopt_replies_to(connection, message_id, post_id)

    async def finish(self, discussion_id: int, now: datetime) -> None:
        """Note that all of the discussion is in its thread.

        Nothing is noted where it was cancelled meanwhile, or later pages have brought more.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE replay SET finished_at = ?, paused_at = NULL"
                " WHERE discussion_id = ? AND cancelled_at IS NULL AND NOT EXISTS ("
                " SELECT 1 FROM post WHERE post.discussion_id = replay.discussion_id"
                " AND is_imported AND deleted_at IS NULL AND message_id IS NULL)",
                (to_milliseconds(now), discussion_id),
            )

    async def fail(self, discussion_id: int, words: str, *, taking_back: bool = False) -> None:
        """Note why the replay, or taking it back, cannot go on until it is resumed.

        What stopped a replay that a host has cancelled meanwhile is of no matter any more.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                # It asks for no thread any more: one that appears is somebody's own.
                "UPDATE replay SET failure = ?, opening_at = NULL"
                " WHERE discussion_id = ? AND (cancelled_at IS NOT NULL) = ?",
                (words, discussion_id, taking_back),
            )

    async def undoing(self, discussion_id: int) -> Undoing:
        """Say what of a cancelled import is to go from Discord.

        Raises `LookupError` where there is no such import.
        """
        async with self._database.reading() as connection:
            return await undoing.undoing(connection, discussion_id)

    async def undo(self, discussion_id: int, now: datetime, *, keeps_thread: bool = False) -> None:
        """Erase what the import brought: the whole discussion where nothing else is in it.

        `keeps_thread` says that its thread stays, since others have written there: what they
        wrote may not be known here yet, and is to be read. Otherwise just the import's posts go.
        Importing the same pages again brings everything.
        """
        async with self._database.transaction() as connection:
            thread_id = await undoing.undo(
                connection, discussion_id, now, keeps_thread=keeps_thread
            )
        if thread_id is not None:
            self._directory.drop_discussion(thread_id)

    async def leftovers(self, now: datetime) -> tuple[Leftover, ...]:
        """Give messages on Discord of imported posts that are deleted here, oldest first.

        What Discord refused to remove is left out for a day.
        """
        async with self._database.reading() as connection:
            return await leftovers.leftovers(connection, now)

    async def removed(self, message_id: int, now: datetime) -> None:
        """Note that a leftover is gone from Discord."""
        async with self._database.transaction() as connection:
            await leftovers.removed(connection, message_id, now)

    async def removal_refused(self, message_id: int, words: str, now: datetime) -> None:
        """Note that Discord would not remove a leftover, and in words for a host why."""
        async with self._database.transaction() as connection:
            await leftovers.removal_refused(connection, message_id, words, now)

    async def refused_removals(self, guild_id: int) -> tuple[RefusedRemovals, ...]:
        """Give the leftovers of a server that Discord would not remove, by forum and reason."""
        async with self._database.reading() as connection:
            return await leftovers.refused_removals(connection, guild_id)

    async def outdated(self) -> tuple[int, ...]:
        """Give the discussions with posts whose messages name another parent than is known now.

        These are the posts that `load` gives as `is_outdated`. Where an import is being taken
        back, nothing is mended.
        """
        async with self._database.reading() as connection:
            return await outdated_lines.outdated_discussions(connection)

    async def line_shown(self, shown: QueuedPost) -> None:
        """Note that a post's message names the parent that was loaded, or never will.

        What has changed since it was loaded is still to be shown.
        """
        async with self._database.transaction() as connection:
            await outdated_lines.line_shown(connection, shown)
