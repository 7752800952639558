"""The one place where a post with all that hangs below it changes its parent.

What is stored of a post's place follows from `parent_id` alone: `root_id` is its first known
ancestor (itself where it has no parent), `depth` how many posts lie above it, and `reply_count`
how many of its direct replies are not deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import aiosqlite

_COUNT_LESS = """
    UPDATE post SET reply_count = reply_count - 1
     WHERE id = (SELECT parent_id FROM post WHERE id = :post AND deleted_at IS NULL)
"""
_MOVE = "UPDATE post SET parent_id = :parent WHERE id = :post"
_COUNT_MORE = """
    UPDATE post SET reply_count = reply_count + 1
     WHERE id = (SELECT parent_id FROM post WHERE id = :post AND deleted_at IS NULL)
"""
_PLACE_ANEW = """
    WITH RECURSIVE below (id, root_id, depth) AS (
        SELECT post.id, ifnull(parent.root_id, post.id), ifnull(parent.depth + 1, 0)
          FROM post LEFT JOIN post AS parent ON parent.id = post.parent_id
         WHERE post.id = :post
        UNION ALL
        SELECT post.id, below.root_id, below.depth + 1
          FROM below JOIN post ON post.parent_id = below.id
    )
    UPDATE post SET root_id = below.root_id, depth = below.depth
      FROM below WHERE post.id = below.id
"""
_PLACE_ALL_ANEW = """
    WITH RECURSIVE placed (id, root_id, depth) AS (
        SELECT id, id, 0 FROM post WHERE discussion_id = :discussion AND parent_id IS NULL
        UNION ALL
        SELECT post.id, placed.root_id, placed.depth + 1
          FROM placed JOIN post ON post.parent_id = placed.id
    )
    UPDATE post SET root_id = placed.root_id, depth = placed.depth
      FROM placed WHERE post.id = placed.id
       AND (post.root_id, post.depth) IS NOT (placed.root_id, placed.depth)
"""
_STATEMENTS = (_COUNT_LESS, _MOVE, _COUNT_MORE, _PLACE_ANEW)


async def move_below(connection: aiosqlite.Connection, post_id: int, parent_id: int | None) -> None:
    """Hang a post, with all below it, under another one; None makes it a root.

    The parent must not itself hang below the post: that would close a circle.
    """
    for statement in _STATEMENTS:
        await connection.execute(statement, {"post": post_id, "parent": parent_id})


async def move_all_below(
    connection: aiosqlite.Connection, discussion_id: int, parents: Mapping[int, int | None]
) -> None:
    """Do `move_below` for many posts of a discussion, each with its parent.

    The places are computed once, at the end: one after the other, posts of one long chain would
    each have all those below them placed anew.
    """
    values = [{"post": post_id, "parent": parent_id} for post_id, parent_id in parents.items()]
    for statement in (_COUNT_LESS, _MOVE, _COUNT_MORE):
        await connection.executemany(statement, values)
    await connection.execute(_PLACE_ALL_ANEW, {"discussion": discussion_id})


def move_below_now(connection: sqlite3.Connection, post_id: int, parent_id: int | None) -> None:
    """Do `move_below` in the writer's own thread."""
    for statement in _STATEMENTS:
        connection.execute(statement, {"post": post_id, "parent": parent_id})
