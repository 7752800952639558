"""Asks for the posts of an old author: whose name it is, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.store.database import to_milliseconds
from bot.store.old_authors.claim_rows import SELECT_CLAIM, Claim, claim_from_row

NAME_ON_PAGE = "coalesce(saved_post.author, iif(author.user_id IS NULL, author.name, NULL))"
"""The name that the page gives the author of a post, for statements over `OLD_POSTS`."""

OLD_POSTS = (
    # Only discussions that were imported have such posts: the others are not looked through.
    "post JOIN replay ON replay.discussion_id = post.discussion_id"
    " JOIN discussion ON discussion.id = post.discussion_id"
    " JOIN forum ON forum.id = discussion.forum_id"
    " JOIN author ON author.id = post.author_id"
    " LEFT JOIN saved_post ON saved_post.post_id = post.id"
    " WHERE post.is_imported AND post.deleted_at IS NULL"
)
"""The imported posts that are there and name their author, as the rest of a FROM clause."""


@dataclass(frozen=True, slots=True)
class OldAuthor:
    """An old author of a server, and the forum whose host is to be asked about them."""

    guild_id: int
    forum_id: int
    name: str


async def author_of_post(connection: aiosqlite.Connection, post_id: int) -> OldAuthor:
    """Give the old author of a post. Raises `UserError` where it has none."""
    rows = await connection.execute_fetchall(
        f"SELECT discussion.guild_id, forum_id, {NAME_ON_PAGE} AS name FROM {OLD_POSTS}"  # noqa: S608 - constants
        " AND post.id = ?",
        (post_id,),
    )
    for row in rows:
        return OldAuthor(row["guild_id"], row["forum_id"], row["name"])
    raise UserError(
        "This post names no old author whom you could be. Use it on an old post, brought back "
        "from a saved page, that shows your old name."
    )


async def author_of_server(connection: aiosqlite.Connection, guild_id: int, name: str) -> OldAuthor:
    """Give an old author of a server by name, with the forum of most of their posts.

    Raises `UserError` where there is none.
    """
    rows = await connection.execute_fetchall(
        f"SELECT forum_id FROM {OLD_POSTS}"  # noqa: S608 - constants
        f" AND discussion.guild_id = ? AND {NAME_ON_PAGE} = ?"
        " AND discussion.hidden_at IS NULL AND forum.hidden_at IS NULL"
        " GROUP BY forum_id ORDER BY count(*) DESC, forum_id LIMIT 1",
        (guild_id, name),
    )
    for row in rows:
        return OldAuthor(guild_id, row["forum_id"], name)
    raise UserError(
        f"No old post here is by “{name}”. Type the name as it stands on the old posts, or pick "
        "one from the list."
    )


async def ask(
    connection: aiosqlite.Connection, author: OldAuthor, user_id: int, now: datetime
) -> Claim:
    """Open a claim, or give the open one. Raises `UserError` where the name is somebody's."""
    confirmed = await connection.execute_fetchall(
        "SELECT user_id FROM claim WHERE is_confirmed AND guild_id = ? AND author_name = ?",
        (author.guild_id, author.name),
    )
    for row in confirmed:
        if row["user_id"] == user_id:
            raise UserError(f"The old posts of “{author.name}” are yours already.")
        raise UserError(
            f"The old posts of “{author.name}” belong to another member. If they are yours, tell "
            "a host: they can take that back."
        )
    await connection.execute(
        # Where the forum that was asked is over, another is asked.
        "INSERT INTO claim (guild_id, forum_id, user_id, author_name, asked_at, next_attempt_at)"
        " VALUES (:guild, :forum, :user, :name, :now, :now)"
        " ON CONFLICT (guild_id, user_id, author_name) WHERE decided_at IS NULL"
        " DO UPDATE SET forum_id = excluded.forum_id, told_at = NULL, next_attempt_at = :now"
        " WHERE claim.forum_id NOT IN (SELECT id FROM forum WHERE hidden_at IS NULL)",
        {
            "guild": author.guild_id,
            "forum": author.forum_id,
            "user": user_id,
            "name": author.name,
            "now": to_milliseconds(now),
        },
    )
    rows = await connection.execute_fetchall(
        f"{SELECT_CLAIM} WHERE decided_at IS NULL"
        " AND guild_id = ? AND user_id = ? AND author_name = ?",
        (author.guild_id, user_id, author.name),
    )
    (claim,) = map(claim_from_row, rows)
    return claim
