"""Writes what pages bring: a discussion that is new here, or more of one that is."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.store.database import to_milliseconds
from bot.store.importing.arriving_pages import Arrivals
from bot.store.importing.imported_rows import (
    PlacedPost,
    box_json,
    insert_discussion,
    insert_posts,
    put_saved_posts,
    take_marks,
)
from bot.store.importing.known_discussions import KnownDiscussion
from bot.store.importing.outdated_lines import mark_outdated
from bot.store.subtrees import move_all_below


async def refuse_taken_numbers(connection: aiosqlite.Connection, arrivals: Arrivals) -> None:
    """Raise `UserError` where a member's post has the number of one that pages bring."""
    if arrivals.completed is None:
        return
    rows = await connection.execute_fetchall(
        "SELECT number FROM post WHERE discussion_id = ? AND NOT is_imported"
        " AND number IS NOT NULL",
        (arrivals.completed.discussion_id,),
    )
    taken = {row["number"] for row in rows} & {post.number for post in arrivals.added}
    if taken:
        raise UserError(
            f"Post {min(taken)} of “{arrivals.whole.title}” was written by a member here, so the "
            "page's cannot have its number. Import all its pages together, into another forum."
        )


async def store_discussion(
    connection: aiosqlite.Connection,
    arrivals: Arrivals,
    forum_id: int,
    guild_id: int,
    book_id: int | None,
    tag: str | None,
    now: datetime,
) -> int:
    """Store a discussion that is new here, to be replayed; give its local id."""
    document = arrivals.whole
    mark = await take_marks(connection, 1 + len(document.posts))
    discussion_id = await insert_discussion(
        connection, document, guild_id, forum_id, book_id, mark, arrivals.plan.added
    )
    await connection.execute(
        "INSERT INTO replay (discussion_id, title, box, queued_at, added_from, tag)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            discussion_id,
            document.title,
            box_json(document),
            to_milliseconds(now),
            mark + 1,
            tag,
        ),
    )
    # Discord may tell of its thread before it is known here, or after: the panel is wanted now.
    await connection.execute(
        "INSERT INTO panel (discussion_id, next_look_at) VALUES (?, ?)",
        (discussion_id, to_milliseconds(now)),
    )
    erased = dict.fromkeys(arrivals.erased, to_milliseconds(now))
    await insert_posts(connection, discussion_id, document.posts, mark + 1, known={}, erased=erased)
    await put_saved_posts(connection, discussion_id, document.posts)
    return discussion_id


async def store_further(
    connection: aiosqlite.Connection,
    completed: KnownDiscussion,
    arrivals: Arrivals,
    book_id: int | None,
    tag: str | None,
    now: datetime,
) -> None:
    """Add what pages bring to an imported discussion: their posts, and what replies answer.

    A replay that failed goes on, and one that was finished where there is more to replay; what
    can be taken back begins with these posts then.
    """
    discussion_id, whole = completed.discussion_id, arrivals.whole
    mark = await take_marks(connection, len(arrivals.added))
    erased = dict.fromkeys(arrivals.erased, to_milliseconds(now))
    places = await _places(connection, discussion_id)
    await insert_posts(connection, discussion_id, arrivals.added, mark, places, erased)
    await _link(connection, completed, arrivals)
    await put_saved_posts(connection, discussion_id, whole.posts)
    await connection.execute(
        "UPDATE discussion SET book_id = ifnull(book_id, ?), next_number = max(next_number, ?),"
        " post_count = post_count + ?, started_at = min(started_at, ?) WHERE id = ?",
        (
            book_id,
            max(whole.total_posts or 0, whole.posts[-1].number) + 1,
            arrivals.plan.added,
            to_milliseconds(whole.posts[0].posted_at),
            discussion_id,
        ),
    )
    await connection.execute(
        "UPDATE replay SET failure = NULL, box = :box, tag = ifnull(:tag, tag),"
        " added_from = iif(:adds AND finished_at IS NOT NULL, :mark, added_from),"
        " finished_at = iif(:adds, NULL, finished_at) WHERE discussion_id = :id",
        {
            "box": box_json(whole),
            "tag": tag,
            "adds": arrivals.plan.added > 0,
            "mark": mark,
            "id": discussion_id,
        },
    )


async def _link(
    connection: aiosqlite.Connection, completed: KnownDiscussion, arrivals: Arrivals
) -> None:
    """Bring posts whose parent is known only now below it, with all that hangs below them.

    Where a host said what a post answers, no page says otherwise.
    """
    chosen = await connection.execute_fetchall(
        "SELECT post_id FROM chosen_parent JOIN post ON post.id = post_id WHERE discussion_id = ?",
        (completed.discussion_id,),
    )
    fixed = {row["post_id"] for row in chosen}
    places = await _places(connection, completed.discussion_id)
    found = {post.number: post.in_reply_to for post in arrivals.whole.posts}
    parents: dict[int, int | None] = {}
    for post_id, post in zip(completed.post_ids, completed.document.posts, strict=True):
        parent = found[post.number]
        if parent is not None and post.in_reply_to is None and post_id not in fixed:
            parents[post_id] = places[parent].post_id
    if parents:
        await move_all_below(connection, completed.discussion_id, parents)
        await mark_outdated(connection, *parents)


async def _places(connection: aiosqlite.Connection, discussion_id: int) -> dict[int, PlacedPost]:
    rows = await connection.execute_fetchall(
        "SELECT number, id, root_id, depth FROM post WHERE discussion_id = ? AND is_imported",
        (discussion_id,),
    )
    return {row["number"]: PlacedPost(row["id"], row["root_id"], row["depth"]) for row in rows}
