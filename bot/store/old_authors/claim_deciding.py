"""Decides claims, and gives old posts to members or back to the names on the pages."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.store.database import to_milliseconds
from bot.store.old_authors.claim_rows import SELECT_CLAIM, Claim, claim_from_row
from bot.store.removals import forget_authors


async def confirm(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> int:
    """Give the member every old post under the name; say how many. Raises `UserError`.

    Deleted ones do not count.
    """
    claim = await _open(connection, claim_id)
    others = await connection.execute_fetchall(
        "SELECT 1 FROM claim WHERE is_confirmed AND guild_id = ? AND author_name = ?",
        (claim.guild_id, claim.author_name),
    )
    if list(others):
        raise UserError(
            f"“{claim.author_name}” was confirmed as another member meanwhile. Take that back "
            "first with /claim list, if it was wrong."
        )
    await _decide(connection, claim_id, host_id, now, is_confirmed=True)
    # A member who has never written here is known by the old name until they do.
    await connection.execute(
        "INSERT INTO author (user_id, name) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING",
        (claim.user_id, claim.author_name),
    )
    posts = await connection.execute_fetchall(
        "SELECT post.id, post.deleted_at, post.author_id FROM author"
        " JOIN post ON post.author_id = author.id"
        " JOIN discussion ON discussion.id = post.discussion_id"
        " WHERE author.name = ? AND author.user_id IS NULL AND post.is_imported"
        " AND discussion.guild_id = ?",
        (claim.author_name, claim.guild_id),
    )
    await connection.executemany(
        "INSERT INTO saved_post (post_id, author) VALUES (?, ?)"
        " ON CONFLICT (post_id) DO UPDATE SET author = excluded.author",
        [(row["id"], claim.author_name) for row in posts],
    )
    await connection.executemany(
        "UPDATE post SET author_id = (SELECT id FROM author WHERE user_id = ?) WHERE id = ?",
        [(claim.user_id, row["id"]) for row in posts],
    )
    await forget_authors(connection, {row["author_id"] for row in posts})
    return sum(row["deleted_at"] is None for row in posts)


async def refuse(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> None:
    """Refuse a claim. Raises `UserError` where it was decided already."""
    await _open(connection, claim_id)
    await _decide(connection, claim_id, host_id, now, is_confirmed=False)


async def revoke(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> int:
    """Give the posts of a confirmed claim back to the name; say how many. Raises `UserError`.

    Deleted ones do not count.
    """
    claim = await _claim(connection, claim_id)
    if claim is None or not claim.is_confirmed:
        raise UserError("This claim is not confirmed (any more): there is nothing to take back.")
    await _decide(connection, claim_id, host_id, now, is_confirmed=False)
    await connection.execute(
        "INSERT INTO author (name) VALUES (?) ON CONFLICT (name) WHERE user_id IS NULL DO NOTHING",
        (claim.author_name,),
    )
    posts = await connection.execute_fetchall(
        "SELECT post.id, post.deleted_at, post.author_id FROM author"
        " JOIN post ON post.author_id = author.id"
        " JOIN discussion ON discussion.id = post.discussion_id"
        " JOIN saved_post ON saved_post.post_id = post.id"
        " WHERE author.user_id = ? AND saved_post.author = ? AND discussion.guild_id = ?",
        (claim.user_id, claim.author_name, claim.guild_id),
    )
    await connection.executemany(
        "UPDATE post SET author_id = (SELECT id FROM author WHERE name = ? AND user_id IS NULL)"
        " WHERE id = ?",
        [(claim.author_name, row["id"]) for row in posts],
    )
    await connection.executemany(
        "UPDATE saved_post SET author = NULL WHERE post_id = ?", [(row["id"],) for row in posts]
    )
    names = await connection.execute_fetchall(
        "SELECT id FROM author WHERE name = ? AND user_id IS NULL", (claim.author_name,)
    )
    await forget_authors(
        connection,
        {row["author_id"] for row in posts} | {row["id"] for row in names},
    )
    return sum(row["deleted_at"] is None for row in posts)


async def _claim(connection: aiosqlite.Connection, claim_id: int) -> Claim | None:
    rows = await connection.execute_fetchall(f"{SELECT_CLAIM} WHERE claim.id = ?", (claim_id,))
    return next((claim_from_row(row) for row in rows), None)


async def _open(connection: aiosqlite.Connection, claim_id: int) -> Claim:
    claim = await _claim(connection, claim_id)
    if claim is None:
        raise UserError("This claim is not here any more.")
    if claim.decided_by is not None:
        words = "confirmed" if claim.is_confirmed else "refused or taken back"
        raise UserError(f"This claim was {words} already, by <@{claim.decided_by}>.")
    return claim


async def _decide(
    connection: aiosqlite.Connection,
    claim_id: int,
    host_id: int,
    now: datetime,
    *,
    is_confirmed: bool,
) -> None:
    await connection.execute(
        "UPDATE claim SET is_confirmed = ?, decided_by = ?, decided_at = ?, heard_at = NULL"
        " WHERE id = ?",
        (is_confirmed, host_id, to_milliseconds(now), claim_id),
    )
