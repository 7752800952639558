"""Imported discussions: stored like any other, then replayed into a thread.

The posts of a page are rows like a member's: the same reads, chains, tracking and digests
serve both. What is kept here besides is how far the replay has come, message by message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.excerpt import Surface, excerpt
from bot.core.imported import ImportedBook, ImportedDiscussion
from bot.importers.merging import is_same_discussion, is_same_title
from bot.store.books import AUTHOR_LIMIT, EDITION_LIMIT, TITLE_LIMIT, Books
from bot.store.database import Database, to_milliseconds
from bot.store.directory import Directory
from bot.store.imported_rows import (
    FailedReplay,
    box_json,
    insert_discussion,
    insert_posts,
    put_saved_posts,
    take_marks,
)
from bot.store.queued_imports import QueuedImport, add_pages, load_import
from bot.store.thread_claims import attach_thread


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a replay is: posts of which Discord has the first message, of all there are.

    `failure` says in words for a host why it stopped, and what to do.
    """

    posts: int
    posts_sent: int
    is_finished: bool
    failure: str | None


class Imports:
    """Stores imported discussions, and how far their replay has come."""

    def __init__(self, database: Database, directory: Directory, books: Books) -> None:
        self._database = database
        self._directory = directory
        self._books = books

    async def queue(self, document: ImportedDiscussion, forum_id: int, now: datetime) -> int:
        """Store a page's discussion in a forum, to be replayed there; give its local id.

        Numbers are the page's; those it promises and does not hold stay free, and live posts
        come after them. Of a discussion that is there already only the posts are added that
        were missing, none that was deleted here; and if its replay had failed, it is tried
        again. Raises `UserError` where the forum is not set up, or where posts cannot have
        their numbers any more.
        """
        guild_id = await self._guild_of(forum_id)
        book_id = await self._book(guild_id, document.book)
        async with self._database.transaction() as connection:
            known = await _find(connection, document, forum_id)
            if known is not None:
                await add_pages(connection, known, document, book_id)
                return known.discussion_id
            mark = await take_marks(connection, 1 + len(document.posts))
            discussion_id = await insert_discussion(
                connection, document, guild_id, forum_id, book_id, mark
            )
            await connection.execute(
                "INSERT INTO replay (discussion_id, title, box, queued_at) VALUES (?, ?, ?, ?)",
                (discussion_id, document.title, box_json(document), to_milliseconds(now)),
            )
            await insert_posts(connection, discussion_id, document.posts, mark + 1, known={})
            await put_saved_posts(connection, discussion_id, document.posts)
        return discussion_id

    async def pending(self) -> tuple[int, ...]:
        """Give the discussions whose replay is neither finished nor failed, oldest first.

        Where the forum is no longer in use, or the thread was deleted, the replay rests.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion_id FROM replay"
                " JOIN discussion ON discussion.id = discussion_id"
                " JOIN forum ON forum.id = discussion.forum_id"
                " WHERE finished_at IS NULL AND failure IS NULL"
                " AND discussion.hidden_at IS NULL"
                " AND forum.hidden_at IS NULL AND forum.removed_at IS NULL"
                " ORDER BY queued_at, discussion_id"
            )
        return tuple(row["discussion_id"] for row in rows)

    async def load(self, discussion_id: int) -> QueuedImport:
        """Give an imported discussion with all its posts. Raises `LookupError` if there is none."""
        async with self._database.reading() as connection:
            return await load_import(connection, discussion_id)

    async def progress(self, discussion_id: int) -> ImportProgress:
        """Say how far a replay is. Raises `LookupError` where the discussion was not imported."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT finished_at, failure,"
                " (SELECT count(*) FROM post WHERE discussion_id = replay.discussion_id"
                "   AND is_imported) AS posts,"
                " (SELECT count(*) FROM post JOIN replayed_message ON post_id = post.id"
                "   AND part = 0 WHERE discussion_id = replay.discussion_id) AS posts_sent"
                " FROM replay WHERE discussion_id = ?",
                (discussion_id,),
            )
        for row in rows:
            return ImportProgress(
                posts=row["posts"],
                posts_sent=row["posts_sent"],
                is_finished=row["finished_at"] is not None,
                failure=row["failure"],
            )
        raise LookupError(f"Discussion {discussion_id} was not imported.")

    async def failed(self, guild_id: int) -> tuple[FailedReplay, ...]:
        """Give the replays of a server that stopped, latest import first, of forums in use."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT discussion.title, forum_id, failure FROM replay"
                " JOIN discussion ON discussion.id = discussion_id"
                " JOIN forum ON forum.id = discussion.forum_id"
                " WHERE discussion.guild_id = ? AND failure IS NOT NULL"
                " AND discussion.hidden_at IS NULL"
                " AND forum.hidden_at IS NULL AND forum.removed_at IS NULL"
                " ORDER BY queued_at DESC, discussion_id DESC",
                (guild_id,),
            )
        return tuple(FailedReplay(row["title"], row["forum_id"], row["failure"]) for row in rows)

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

    async def message_sent(self, post_id: int, part: int, message_id: int) -> None:
        """Note a message that Discord has: part 0 is the post's first, and the post's own id."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO replayed_message (post_id, part, message_id) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (post_id, part, message_id),
            )
            if part == 0:
                await connection.execute(
                    "UPDATE post SET message_id = ?, channel_id ="
                    " (SELECT thread_id FROM discussion WHERE id = discussion_id) WHERE id = ?",
                    (message_id, post_id),
                )

    async def finish(self, discussion_id: int, now: datetime) -> None:
        """Note that all of the discussion is in its thread."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE replay SET finished_at = ? WHERE discussion_id = ?",
                (to_milliseconds(now), discussion_id),
            )

    async def fail(self, discussion_id: int, words: str) -> None:
        """Note why the replay cannot go on; importing the page again tries once more."""
        async with self._database.transaction() as connection:
            await connection.execute(
                # It asks for no thread any more: one that appears is somebody's own.
                "UPDATE replay SET failure = ?, opening_at = NULL WHERE discussion_id = ?",
                (words, discussion_id),
            )

    async def _guild_of(self, forum_id: int) -> int:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild_id FROM forum"
                " WHERE id = ? AND removed_at IS NULL AND hidden_at IS NULL",
                (forum_id,),
            )
        for row in rows:
            return int(row["guild_id"])
        raise UserError(
            f"The channel {forum_id} is not set up as a forum. Use /setup forum there first."
        )

    async def _book(self, guild_id: int, book: ImportedBook | None) -> int | None:
        if book is None:
            return None
        named = await self._books.name(
            guild_id,
            excerpt(book.title, TITLE_LIMIT, Surface.PLAIN),
            book.author and excerpt(book.author, AUTHOR_LIMIT, Surface.PLAIN),
            book.edition and excerpt(book.edition, EDITION_LIMIT, Surface.PLAIN),
            binding=book.binding,
            asin=book.asin,
            rating=book.rating,
            rating_count=book.rating_count,
        )
        return named.id


async def _find(
    connection: aiosqlite.Connection, document: ImportedDiscussion, forum_id: int
) -> QueuedImport | None:
    """Find the imported discussion of a forum that the pages are of."""
    rows = await connection.execute_fetchall(
        "SELECT discussion_id, replay.title FROM replay"
        " JOIN discussion ON discussion.id = discussion_id"
        " WHERE forum_id = ? ORDER BY discussion_id",
        (forum_id,),
    )
    for row in rows:
        if is_same_title(row["title"], document.title):
            queued = await load_import(connection, row["discussion_id"])
            if is_same_discussion(queued.document, document):
                return queued
    return None
