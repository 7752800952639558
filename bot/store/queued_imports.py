"""An imported discussion as it stands: read whole, and completed by pages that come later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.importers.merging import Completed, complete
from bot.store.database import from_milliseconds, to_milliseconds
from bot.store.imported_rows import (
    PlacedPost,
    QueuedPost,
    box_json,
    document_from,
    insert_posts,
    put_saved_posts,
    queued_post_from_row,
    take_marks,
)


@dataclass(frozen=True, slots=True)
class QueuedImport:
    """An imported discussion on its way to Discord; `thread_id` is None until it has a thread.

    `posts` are in the order of their numbers, those of `document` too.
    """

    discussion_id: int
    guild_id: int
    forum_id: int
    thread_id: int | None
    queued_at: datetime
    document: ImportedDiscussion
    posts: tuple[QueuedPost, ...]

    @property
    def last_message_id(self) -> int:
        """The newest message known to have arrived, or 0."""
        return max((id_ for queued in self.posts for id_ in queued.message_ids), default=0)


async def load_import(connection: aiosqlite.Connection, discussion_id: int) -> QueuedImport:
    """Give an imported discussion with all its posts. Raises `LookupError` if there is none."""
    discussions = await connection.execute_fetchall(
        "SELECT discussion.id, guild_id, forum_id, thread_id, replay.title, box, queued_at"
        " FROM replay JOIN discussion ON discussion.id = replay.discussion_id"
        " WHERE discussion.id = ?",
        (discussion_id,),
    )
    posts = await connection.execute_fetchall(
        "SELECT post.id, post.number, author.name AS author, post.posted_at,"
        " post.edited_at, post.kind, post.content, parent.number AS in_reply_to,"
        " saved_post.reply_evidence, saved_post.message_id, saved_post.answered_id,"
        " post.deleted_at IS NOT NULL AS is_deleted"
        " FROM post LEFT JOIN author ON author.id = post.author_id"
        " LEFT JOIN post AS parent ON parent.id = post.parent_id"
        " LEFT JOIN saved_post ON saved_post.post_id = post.id"
        " WHERE post.discussion_id = ? AND post.is_imported ORDER BY post.number",
        (discussion_id,),
    )
    messages = await connection.execute_fetchall(
        "SELECT post_id, replayed_message.message_id FROM replayed_message"
        " JOIN post ON post.id = post_id WHERE post.discussion_id = ?"
        " ORDER BY post_id, part",
        (discussion_id,),
    )
    sent: dict[int, list[int]] = {}
    for message in messages:
        sent.setdefault(message["post_id"], []).append(message["message_id"])
    queued = tuple(queued_post_from_row(post, sent.get(post["id"], ())) for post in posts)
    for row in discussions:
        return QueuedImport(
            discussion_id=row["id"],
            guild_id=row["guild_id"],
            forum_id=row["forum_id"],
            thread_id=row["thread_id"],
            queued_at=from_milliseconds(row["queued_at"]),
            document=document_from(row["title"], row["box"], [one.post for one in queued]),
            posts=queued,
        )
    raise LookupError(f"Discussion {discussion_id} was not imported.")


async def add_pages(
    connection: aiosqlite.Connection,
    known: QueuedImport,
    document: ImportedDiscussion,
    book_id: int | None,
) -> None:
    """Add what pages of an imported discussion bring: their posts, and what replies answer.

    A replay that failed or was finished goes on. Raises `UserError` where the posts cannot have
    their numbers.
    """
    completed = complete(
        known.document, document, {one.post.number for one in known.posts if one.is_deleted}
    )
    await _refuse_taken_numbers(connection, known, completed.added)
    await _insert(connection, known, completed)
    await _link(connection, known, completed)
    await put_saved_posts(connection, known.discussion_id, completed.discussion.posts)
    whole = completed.discussion
    await connection.execute(
        "UPDATE discussion SET book_id = ifnull(book_id, ?), next_number = max(next_number, ?),"
        " post_count = post_count + ?, started_at = min(started_at, ?) WHERE id = ?",
        (
            book_id,
            max(whole.total_posts or 0, whole.posts[-1].number) + 1,
            len(completed.added),
            to_milliseconds(whole.posts[0].posted_at),
            known.discussion_id,
        ),
    )
    await connection.execute(
        "UPDATE replay SET failure = NULL, box = ?,"
        " finished_at = CASE WHEN ? THEN NULL ELSE finished_at END WHERE discussion_id = ?",
        (box_json(whole), len(completed.added) > 0, known.discussion_id),
    )


async def _refuse_taken_numbers(
    connection: aiosqlite.Connection, known: QueuedImport, added: Sequence[ImportedPost]
) -> None:
    rows = await connection.execute_fetchall(
        "SELECT number FROM post WHERE discussion_id = ? AND NOT is_imported"
        " AND number IS NOT NULL",
        (known.discussion_id,),
    )
    taken = {row["number"] for row in rows} & {post.number for post in added}
    if taken:
        raise UserError(
            f"Post {min(taken)} of “{known.document.title}” was written by a member here, so the "
            "page's cannot have its number. Import all its pages together, into another forum."
        )


async def _insert(
    connection: aiosqlite.Connection, known: QueuedImport, completed: Completed
) -> None:
    added = {post.number for post in completed.added}
    if not added:
        return
    places = await _places(connection, known)
    posts = [post for post in completed.discussion.posts if post.number in added]
    mark = await take_marks(connection, len(posts))
    await insert_posts(connection, known.discussion_id, posts, mark, places)


async def _link(
    connection: aiosqlite.Connection, known: QueuedImport, completed: Completed
) -> None:
    """Bring posts whose parent is known only now below it, with all that hangs below them."""
    places = await _places(connection, known)
    parents = {post.number: post.in_reply_to for post in completed.discussion.posts}
    for one in known.posts:
        parent = parents[one.post.number]
        if parent is None or one.post.in_reply_to is not None:
            continue
        parent_id = places[parent].post_id
        await connection.execute(
            """
            UPDATE post
               SET root_id = parent.root_id, depth = post.depth + parent.depth + 1
              FROM (SELECT root_id, depth FROM post WHERE id = ?) AS parent
             WHERE post.root_id = ?
            """,
            (parent_id, one.id),
        )
        await connection.execute("UPDATE post SET parent_id = ? WHERE id = ?", (parent_id, one.id))
        await connection.execute(
            "UPDATE post SET reply_count = reply_count + ? WHERE id = ?",
            (not one.is_deleted, parent_id),
        )


async def _places(connection: aiosqlite.Connection, known: QueuedImport) -> dict[int, PlacedPost]:
    rows = await connection.execute_fetchall(
        "SELECT number, id, root_id, depth FROM post WHERE discussion_id = ? AND is_imported",
        (known.discussion_id,),
    )
    return {row["number"]: PlacedPost(row["id"], row["root_id"], row["depth"]) for row in rows}
