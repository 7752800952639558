"""Reads lists: the discussions of a forum, and what is to be told of each."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from bot.core.model import Discussion, Forum, Post
from bot.core.overview import ForumOverview, Overview, Sort
from bot.store.database import Database
from bot.store.posts import several_posts
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row
from bot.store.trackings_in_force import trackers

_LATEST = (
    "(SELECT posted_at FROM post WHERE post.discussion_id = discussion.id"
    " AND post.number IS NOT NULL AND deleted_at IS NULL AND withheld_at IS NULL"
    " ORDER BY post.number DESC LIMIT 1)"
)
_ORDER = {
    Sort.LATEST: f"ifnull({_LATEST}, discussion.started_at) DESC",
    Sort.POSTS: "discussion.post_count DESC",
    Sort.NEWEST: "discussion.started_at DESC",
    Sort.TITLE: "discussion.title COLLATE NOCASE",
}


class Overviews:
    """Gives what lists and panels show. Hidden discussions are not among it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def discussions(self, forum_id: int, sort: Sort) -> tuple[Discussion, ...]:
        """Give all discussions of a forum in that order, private ones among them."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE discussion.forum_id = ? AND {IS_VISIBLE}"
                f" ORDER BY {_ORDER[sort]}, discussion.id DESC",
                (forum_id,),
            )
        return tuple(discussion_from_row(row) for row in rows)

    async def of_discussions(self, discussions: Sequence[Discussion]) -> tuple[Overview, ...]:
        """Say of each discussion what a list tells."""
        async with self._database.reading() as connection:
            return tuple([await _overview(connection, each) for each in discussions])

    async def of_forum(self, forum: Forum, *, with_private: bool) -> ForumOverview:
        """Count what is in a forum, its private discussions only where they may be counted."""
        async with self._database.reading() as connection:
            (row,) = await connection.execute_fetchall(
                "SELECT count(*) AS discussions, ifnull(sum(post_count), 0) AS posts"
                " FROM discussion WHERE forum_id = ? AND hidden_at IS NULL AND is_private <= ?",
                (forum.id, with_private),
            )
        return ForumOverview(forum, row["discussions"], row["posts"])


async def _overview(connection: aiosqlite.Connection, discussion: Discussion) -> Overview:
    (participants,) = await connection.execute_fetchall(
        "SELECT count(DISTINCT author_id) AS authors FROM post"
        " WHERE discussion_id = ? AND deleted_at IS NULL AND withheld_at IS NULL",
        (discussion.id,),
    )
    return Overview(
        discussion=discussion,
        participants=participants["authors"],
        initial=await _one(connection, discussion, "post.kind = 'initial'"),
        latest=await _one(
            connection,
            discussion,
            "post.number IS NOT NULL AND deleted_at IS NULL AND withheld_at IS NULL"
            " ORDER BY post.number DESC",
        ),
        tracked_by=await trackers(connection, discussion.id),
    )


async def _one(
    connection: aiosqlite.Connection, discussion: Discussion, condition: str
) -> Post | None:
    posts = await several_posts(
        connection, f"WHERE post.discussion_id = ? AND {condition} LIMIT 1", (discussion.id,)
    )
    return next(iter(posts), None)
