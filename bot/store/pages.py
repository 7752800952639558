"""Reads a discussion as its readers do: page by page, and a post with what answers it."""

from __future__ import annotations

import aiosqlite

from bot.core.branch import BranchPost
from bot.core.model import Post
from bot.core.page import ReadPost
from bot.core.place import Order, Place
from bot.core.tree import OutlinePost
from bot.store.database import Database, from_milliseconds
from bot.store.posts import several_posts

# The posts below one, depth first, in the order of writing: SQLite takes from its queue what
# comes first by ORDER BY (sqlite.org/lang_with.html, section "Controlling Depth-First Versus
# Breadth-First Search Of a Tree Using ORDER BY"), and walks no further than LIMIT wants.
_BRANCH = """
    WITH RECURSIVE branch (id, depth, posted_at) AS (
        SELECT id, 1, posted_at FROM post WHERE parent_id = :post
        UNION ALL
        SELECT post.id, branch.depth + 1, post.posted_at
          FROM branch JOIN post ON post.parent_id = branch.id
         ORDER BY 2 DESC, 3, 1
    )
    SELECT id, depth FROM branch LIMIT :limit OFFSET :skipped
"""


class Pages:
    """Gives the posts that a reader sees, each with the post it answers.

    Of one that is deleted or withheld, neither text nor author is given. It does not look whether
    the discussion is hidden: see `Discussions`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_number(self, discussion_id: int) -> int:
        """Give the highest number given in a discussion; 0 where there is none yet."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT next_number - 1 AS last FROM discussion WHERE id = ?", (discussion_id,)
            )
        return next((row["last"] for row in rows), 0)

    async def page(self, place: Place) -> tuple[ReadPost, ...]:
        """Give the posts of a page in the order of reading; its last page costs as its first."""
        numbers = place.numbers
        if not numbers:
            return ()
        async with self._database.reading() as connection:
            posts = await several_posts(
                connection,
                "WHERE post.discussion_id = ? AND post.number BETWEEN ? AND ? ORDER BY post.number",
                (place.discussion_id, numbers[0], numbers[-1]),
            )
            read = await _with_parents(connection, posts)
        return read if place.order is Order.OLDEST else read[::-1]

    async def post(self, post_id: int) -> ReadPost | None:
        """Give one post by its local id."""
        async with self._database.reading() as connection:
            posts = await several_posts(connection, "WHERE post.id = ?", (post_id,))
            read = await _with_parents(connection, posts)
        return next(iter(read), None)

    async def direct_replies(self, post_id: int, limit: int) -> tuple[Post, ...]:
        """Give the first posts that answer a post, in the order in which they were written."""
        async with self._database.reading() as connection:
            return await several_posts(
                connection,
                "WHERE post.parent_id = ? ORDER BY post.posted_at, post.id LIMIT ?",
                (post_id, limit),
            )

    async def branch(self, post_id: int, *, skipped: int, limit: int) -> tuple[BranchPost, ...]:
        """Give posts below a post, each followed by all that are below itself.

        Those that answer the same post are in the order in which they were written.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                _BRANCH, {"post": post_id, "skipped": skipped, "limit": limit}
            )
            depths = {row["id"]: row["depth"] for row in rows}
            marks = ", ".join("?" * len(depths))
            posts = await several_posts(connection, f"WHERE post.id IN ({marks})", depths)
        by_id = {post.id: post for post in posts}
        return tuple(BranchPost(by_id[id_], depth) for id_, depth in depths.items())

    async def outline(self, discussion_id: int, limit: int) -> tuple[OutlinePost, ...]:
        """Give the last posts of a discussion without their texts, in the order of numbers."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                """
                SELECT post.id, number, parent_id, posted_at, author.name AS author,
                       deleted_at IS NOT NULL OR withheld_at IS NOT NULL AS is_deleted
                  FROM post LEFT JOIN author ON author.id = post.author_id
                                            AND deleted_at IS NULL AND withheld_at IS NULL
                 WHERE discussion_id = ? AND number IS NOT NULL
                 ORDER BY number DESC LIMIT ?
                """,
                (discussion_id, limit),
            )
        posts = [
            OutlinePost(
                id=row["id"],
                number=row["number"],
                parent_id=row["parent_id"],
                author=row["author"],
                posted_at=from_milliseconds(row["posted_at"]),
                is_deleted=bool(row["is_deleted"]),
            )
            for row in rows
        ]
        return tuple(reversed(posts))


async def _with_parents(
    connection: aiosqlite.Connection, posts: tuple[Post, ...]
) -> tuple[ReadPost, ...]:
    known = {post.id: post for post in posts}
    wanted = sorted({post.parent_id for post in posts if post.parent_id is not None} - {*known})
    marks = ", ".join("?" * len(wanted))
    parents = await several_posts(connection, f"WHERE post.id IN ({marks})", wanted)
    known |= {parent.id: parent for parent in parents}
    return tuple(
        ReadPost(post, None if post.parent_id is None else known.get(post.parent_id))
        for post in posts
    )
