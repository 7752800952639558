"""An imported discussion as it stands, with how far its replay has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.imported import ImportedDiscussion
from bot.store.database import from_milliseconds
from bot.store.importing.imported_rows import QueuedPost, document_from, queued_post_from_row


@dataclass(frozen=True, slots=True)
class QueuedImport:
    """An imported discussion on its way to Discord; `thread_id` is None until it has a thread.

    `posts` are in the order of their numbers, those of `document` too. `tag` is the name of the
    forum tag that its thread is to get.
    """

    discussion_id: int
    guild_id: int
    forum_id: int
    thread_id: int | None
    queued_at: datetime
    tag: str | None
    document: ImportedDiscussion
    posts: tuple[QueuedPost, ...]

    @property
    def last_message_id(self) -> int:
        """The newest message known to have arrived, or 0."""
        return max((id_ for queued in self.posts for id_ in queued.message_ids), default=0)


async def load_import(connection: aiosqlite.Connection, discussion_id: int) -> QueuedImport:
    """Give an imported discussion with all its posts. Raises `LookupError` if there is none."""
    discussions = await connection.execute_fetchall(
        "SELECT discussion.id, guild_id, forum_id, thread_id, replay.title, box, queued_at,"
        " tag"
        " FROM replay JOIN discussion ON discussion.id = replay.discussion_id"
        " WHERE discussion.id = ?",
        (discussion_id,),
    )
    posts = await connection.execute_fetchall(
        "SELECT post.id, post.number, ifnull(saved_post.author, author.name) AS author,"
        " post.posted_at,"
        " post.edited_at, post.kind, post.content, parent.number AS in_reply_to,"
        " saved_post.reply_evidence, saved_post.message_id, saved_post.answered_id,"
        " post.deleted_at IS NOT NULL AS is_deleted,"
        " ifnull(saved_post.line_changes, 0) AS line_changes"
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
            tag=row["tag"],
            document=document_from(row["title"], row["box"], [one.post for one in queued]),
            posts=queued,
        )
    raise LookupError(f"Discussion {discussion_id} was not imported.")
