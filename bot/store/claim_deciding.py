"""Decides claims, and gives old posts to members or back to the names on the pages."""

from __future__ import annotations

from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.store.claim_rows import SELECT_CLAIM, Claim, claim_from_row
from bot.store.database import to_milliseconds
from bot.store.removals import forget_authors


async def confirm(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> int:
    """Give the member every old post under the name; say how many. Raises `UserError`."""
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
    named = await connection.execute_fetchall(
        "SELECT id FROM author WHERE name = ? AND user_id IS NULL", (claim.author_name,)
    )
    names = [row["id"] for row in named]
    moved = 0
    for name_id in names:
        values = {"claim": claim_id, "name": name_id}
        await connection.execute(
            "INSERT INTO saved_post (post_id, author)"
            " SELECT post.id, claim.author_name FROM claim"
            " JOIN discussion ON discussion.guild_id = claim.guild_id"
            " JOIN post ON post.discussion_id = discussion.id"
            " WHERE claim.id = :claim AND post.author_id = :name AND is_imported"
            " ON CONFLICT (post_id) DO UPDATE SET author = excluded.author",
            values,
        )
        cursor = await connection.execute(
            "UPDATE post SET author_id = (SELECT author.id FROM author JOIN claim USING (user_id)"
            "  WHERE claim.id = :claim)"
            " WHERE author_id = :name AND is_imported AND discussion_id IN (SELECT discussion.id"
            "  FROM discussion JOIN claim USING (guild_id) WHERE claim.id = :claim)",
            values,
        )
        moved += cursor.rowcount
    await forget_authors(connection, names)
    return moved


async def refuse(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> None:
    """Refuse a claim. Raises `UserError` where it was decided already."""
    await _open(connection, claim_id)
    await _decide(connection, claim_id, host_id, now, is_confirmed=False)


async def revoke(
    connection: aiosqlite.Connection, claim_id: int, host_id: int, now: datetime
) -> int:
    """Give the posts of a confirmed claim back to the name; say how many. Raises `UserError`."""
    claim = await _claim(connection, claim_id)
    if claim is None or not claim.is_confirmed:
        raise UserError("This claim is not confirmed (any more): there is nothing to take back.")
    await _decide(connection, claim_id, host_id, now, is_confirmed=False)
    await connection.execute(
        "INSERT INTO author (name) VALUES (?) ON CONFLICT (name) WHERE user_id IS NULL DO NOTHING",
        (claim.author_name,),
    )
    cursor = await connection.execute(
        "UPDATE post SET author_id = (SELECT id FROM author WHERE name = :name AND user_id IS NULL)"
        " WHERE author_id = (SELECT id FROM author WHERE user_id = :user)"
        " AND discussion_id IN (SELECT id FROM discussion WHERE guild_id = :guild)"
        " AND id IN (SELECT post_id FROM saved_post WHERE author = :name)",
        {"name": claim.author_name, "user": claim.user_id, "guild": claim.guild_id},
    )
    await connection.execute(
        "UPDATE saved_post SET author = NULL WHERE author = ? AND post_id IN (SELECT post.id"
        " FROM post JOIN discussion ON discussion.id = discussion_id WHERE guild_id = ?)",
        (claim.author_name, claim.guild_id),
    )
    authors = await connection.execute_fetchall(
        "SELECT id FROM author WHERE user_id = ? OR (user_id IS NULL AND name = ?)",
        (claim.user_id, claim.author_name),
    )
    await forget_authors(connection, [row["id"] for row in authors])
    return cursor.rowcount


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
