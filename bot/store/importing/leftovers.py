"""Messages on Discord whose posts are deleted here: what is left of them is to be removed.

An imported post may be several messages; when its author has it erased, or one of its messages is
deleted, the others must go too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import aiosqlite

from bot.store.database import to_milliseconds
from bot.store.rows import IS_ON_DISCORD

REFUSAL_RESTS = timedelta(days=1)
"""How long after a refusal Discord is not asked to remove the message."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A message that is to be removed from Discord."""

    forum_id: int
    thread_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class RefusedRemovals:
    """Leftovers of a forum that Discord would not remove; `refusal` tells a host why."""

    forum_id: int
    message_count: int
    refusal: str


async def leftovers(connection: aiosqlite.Connection, now: datetime) -> tuple[Leftover, ...]:
    """Give what is to be removed now, oldest first.

    What is being taken back as a whole is left to that.
    """
    rows = await connection.execute_fetchall(
        # CROSS JOIN: it begins with the few deleted posts.
        "SELECT forum_id, thread_id, replayed_message.message_id FROM post"  # noqa: S608 - constants
        " CROSS JOIN replayed_message ON replayed_message.post_id = post.id"
        " JOIN discussion ON discussion.id = post.discussion_id"
        " JOIN forum ON forum.id = discussion.forum_id"
        " JOIN replay ON replay.discussion_id = discussion.id"
        " WHERE post.is_imported AND post.deleted_at IS NOT NULL"
        " AND replayed_message.removed_at IS NULL AND ifnull(removal_refused_at, 0) <= ?"
        f" AND cancelled_at IS NULL AND {IS_ON_DISCORD}"
        " ORDER BY replayed_message.message_id",
        (to_milliseconds(now - REFUSAL_RESTS),),
    )
    return tuple(Leftover(row["forum_id"], row["thread_id"], row["message_id"]) for row in rows)


async def removed(connection: aiosqlite.Connection, message_id: int, now: datetime) -> None:
    """Note that a message is gone from Discord; it is still known which post it was."""
    await connection.execute(
        "UPDATE replayed_message SET removed_at = ? WHERE message_id = ?",
        (to_milliseconds(now), message_id),
    )


async def removal_refused(
    connection: aiosqlite.Connection, message_id: int, words: str, now: datetime
) -> None:
    """Note that Discord would not remove a message, and why."""
    await connection.execute(
        "UPDATE replayed_message SET removal_refused_at = ?, removal_refusal = ?"
        " WHERE message_id = ?",
        (to_milliseconds(now), words, message_id),
    )


async def refused_removals(
    connection: aiosqlite.Connection, guild_id: int
) -> tuple[RefusedRemovals, ...]:
    """Give what Discord would not remove in a server so far, by forum and reason."""
    rows = await connection.execute_fetchall(
        "SELECT forum_id, count(*) AS message_count, removal_refusal FROM post"  # noqa: S608 - constants
        " CROSS JOIN replayed_message ON replayed_message.post_id = post.id"
        " JOIN discussion ON discussion.id = post.discussion_id"
        " JOIN forum ON forum.id = discussion.forum_id"
        " WHERE post.is_imported AND post.deleted_at IS NOT NULL AND discussion.guild_id = ?"
        " AND replayed_message.removed_at IS NULL AND removal_refusal IS NOT NULL"
        f" AND {IS_ON_DISCORD} GROUP BY forum_id, removal_refusal ORDER BY forum_id",
        (guild_id,),
    )
    return tuple(
        RefusedRemovals(row["forum_id"], row["message_count"], row["removal_refusal"])
        for row in rows
    )
