"""Reads posts: one, a chain, the texts of an edited one, a page of a discussion."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

import aiosqlite

from bot.core.model import Attachment, Author, Chain, Post, PostKind, Revision
from bot.store.database import Database, from_milliseconds
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row

POST_COLUMNS = """
    post.id, post.discussion_id, discussion.thread_id, post.message_id, post.channel_id,
    discussion.guild_id, post.number, post.author_id, author.name AS author_name,
    author.user_id AS author_user_id, post.kind, post.content, post.attachments, post.notes,
    post.posted_at, post.edited_at, post.edited_in_gap, post.parent_id, post.reply_count,
    post.deleted_at, post.withheld_at, post.is_imported
"""
POST_TABLES = """
    post
    JOIN discussion ON discussion.id = post.discussion_id
    LEFT JOIN author ON author.id = post.author_id
"""
SELECT_POST = f"SELECT {POST_COLUMNS} FROM {POST_TABLES}"  # noqa: S608 - the constants above

CHAIN_LIMIT = 25

# A long imported post is several messages.
_OF_MESSAGE = """
    WHERE post.message_id = ?
       OR post.id = (SELECT post_id FROM replayed_message WHERE message_id = ?)
"""

# The posts from one upwards, as many as the limit.
_PATH = """
    WHERE post.id IN (
        WITH RECURSIVE path (id, parent_id, length) AS (
            SELECT id, parent_id, 1 FROM post WHERE id = ?
            UNION ALL
            SELECT post.id, post.parent_id, path.length + 1
              FROM path JOIN post ON post.id = path.parent_id
             WHERE path.length < ?
        )
        SELECT id FROM path
    )
    ORDER BY post.depth
"""


class Posts:
    """Gives posts as they now stand; deleted and withheld ones without text and author."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, post_id: int) -> Post | None:
        """Give a post by its local id."""
        async with self._database.reading() as connection:
            return await _one(connection, "WHERE post.id = ?", post_id)

    async def by_message(self, message_id: int) -> Post | None:
        """Give the post that a Discord message is, or is a part of."""
        async with self._database.reading() as connection:
            return await _of_message(connection, message_id)

    async def page(
        self, discussion_id: int, *, after_number: int = 0, limit: int = 25
    ) -> tuple[Post, ...]:
        """Give the next posts of a discussion by their numbers."""
        async with self._database.reading() as connection:
            return await several_posts(
                connection,
                "WHERE post.discussion_id = ? AND post.number > ? ORDER BY post.number LIMIT ?",
                (discussion_id, after_number, limit),
            )

    async def chain(self, message_id: int, *, limit: int = CHAIN_LIMIT) -> Chain | None:
        """Give what a message answers, up to the first known ancestor, in `limit` posts at most.

        Of a longer path the first post and the last ones are given. None where the message is
        not a post, or its discussion is hidden.
        """
        async with self._database.reading() as connection:
            chosen = await _of_message(connection, message_id)
            return None if chosen is None else await _chain(connection, chosen, limit)

    async def chain_to(self, post_id: int, *, limit: int = CHAIN_LIMIT) -> Chain | None:
        """Give the chain of a post by its local id, as `chain` does."""
        async with self._database.reading() as connection:
            chosen = await _one(connection, "WHERE post.id = ?", post_id)
            return None if chosen is None else await _chain(connection, chosen, limit)

    async def revisions(self, post_id: int) -> tuple[Revision, ...]:
        """Give the known texts of a post, oldest first and the present one last.

        Where the first was not written when the post was, earlier texts are not known. Empty for
        a post that is deleted, withheld or not known.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                """
                SELECT content, attachments, written_at, after_gap
                  FROM (SELECT content, attachments, written_at, after_gap
                          FROM revision WHERE post_id = :post
                        UNION ALL
                        SELECT content, attachments, ifnull(edited_at, posted_at), edited_in_gap
                          FROM post WHERE id = :post)
                 WHERE EXISTS (SELECT 1 FROM post WHERE id = :post
                                  AND deleted_at IS NULL AND withheld_at IS NULL)
                 ORDER BY written_at
                """,
                {"post": post_id},
            )
        return tuple(
            Revision(
                content=row["content"],
                attachments=_attachments(row["attachments"]),
                written_at=from_milliseconds(row["written_at"]),
                after_gap=bool(row["after_gap"]),
            )
            for row in _changes(rows)
        )


def post_from_row(row: sqlite3.Row) -> Post:
    """Give the post of a row of `POST_COLUMNS`, without text and author where it is gone.

    Columns that follow those are left alone.
    """
    # By place: that takes half the time that it takes by name.
    (
        post_id,
        discussion_id,
        thread_id,
        message_id,
        channel_id,
        guild_id,
        number,
        author_id,
        author_name,
        author_user_id,
        kind,
        content,
        attachments,
        notes,
        posted_at,
        edited_at,
        edited_in_gap,
        parent_id,
        reply_count,
        deleted_at,
        withheld_at,
        is_imported,
        *_,
    ) = row
    is_gone = deleted_at is not None or withheld_at is not None
    return Post(
        id=post_id,
        discussion_id=discussion_id,
        thread_id=thread_id,
        message_id=message_id,
        channel_id=channel_id,
        guild_id=guild_id,
        number=number,
        author=None
        if is_gone or author_id is None
        else Author(author_id, author_name, author_user_id),
        kind=PostKind(kind),
        content="" if is_gone else content,
        attachments=() if is_gone else _attachments(attachments),
        notes=() if is_gone or notes is None else tuple(json.loads(notes)),
        posted_at=from_milliseconds(posted_at),
        edited_at=None if is_gone or edited_at is None else from_milliseconds(edited_at),
        edited_in_gap=not is_gone and bool(edited_in_gap),
        parent_id=parent_id,
        reply_count=reply_count,
        is_deleted=is_gone,
        is_imported=bool(is_imported),
    )


def _attachments(stored: str | None) -> tuple[Attachment, ...]:
    return () if stored is None else tuple(Attachment(*fields) for fields in json.loads(stored))


def _changes(rows: Iterable[sqlite3.Row]) -> Iterable[sqlite3.Row]:
    # An edit may leave text and files as they were: that is no other text.
    before: tuple[str, str | None] | None = None
    for row in rows:
        text = (row["content"], row["attachments"])
        if text != before:
            yield row
        before = text


async def several_posts(
    connection: aiosqlite.Connection, condition: str, parameters: Iterable[int]
) -> tuple[Post, ...]:
    """Give the posts for which a condition holds, with what follows it in the statement."""
    rows = await connection.execute_fetchall(f"{SELECT_POST} {condition}", tuple(parameters))
    return tuple(post_from_row(row) for row in rows)


async def _one(connection: aiosqlite.Connection, condition: str, *parameters: int) -> Post | None:
    posts = await several_posts(connection, condition, parameters)
    return posts[0] if posts else None


async def _chain(connection: aiosqlite.Connection, chosen: Post, limit: int) -> Chain | None:
    discussion = await _discussion(connection, chosen.discussion_id)
    if discussion is None:
        return None
    root, depth = await _root_and_depth(connection, chosen.id)
    is_cut = depth + 1 > limit
    posts = await several_posts(connection, _PATH, (chosen.id, limit - 1 if is_cut else limit))
    if is_cut:
        posts = await several_posts(connection, "WHERE post.id = ?", (root,)) + posts
    initial = await _one(
        connection,
        "WHERE post.discussion_id = ? AND post.kind = 'initial'",
        chosen.discussion_id,
    )
    return Chain(
        discussion=discussion_from_row(discussion),
        initial=None if initial is not None and initial.id == posts[0].id else initial,
        posts=posts,
        is_cut=is_cut,
        root_parent_unknown=posts[0].kind is PostKind.REPLY,
    )


async def _of_message(connection: aiosqlite.Connection, message_id: int) -> Post | None:
    return await _one(connection, _OF_MESSAGE, message_id, message_id)


async def _discussion(connection: aiosqlite.Connection, discussion_id: int) -> sqlite3.Row | None:
    rows = await connection.execute_fetchall(
        f"{SELECT_DISCUSSION} WHERE discussion.id = ? AND {IS_VISIBLE}", (discussion_id,)
    )
    return next(iter(rows), None)


async def _root_and_depth(connection: aiosqlite.Connection, post_id: int) -> tuple[int, int]:
    cursor = await connection.execute("SELECT root_id, depth FROM post WHERE id = ?", (post_id,))
    root, depth = next(iter(await cursor.fetchall()))
    return root, depth
