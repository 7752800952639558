"""What is here already of the discussions that saved pages may complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.imported import ImportedDiscussion
from bot.importers.merging import is_same_title
from bot.store.database import from_milliseconds
from bot.store.importing.queued_imports import load_import
from bot.store.old_authors.erasure_markers import erasure_markers


@dataclass(frozen=True, slots=True)
class KnownDiscussion:
    """An imported discussion, as further pages of it find it.

    The posts of `document` bear the names that their pages gave them, and have the local ids
    `post_ids`; `deleted` are the numbers of those without their text. `old_names` are the pages'
    names of claimed posts, by their moment and the member's name. `new_posts` are the numbers and
    the moments, to the second, of what members have written since. While `is_cancelled`, the
    discussion is being taken back.
    """

    discussion_id: int
    document: ImportedDiscussion
    post_ids: tuple[int, ...]
    deleted: frozenset[int]
    old_names: Mapping[tuple[datetime, str], str]
    new_posts: frozenset[tuple[int, datetime]]
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that decides what pages bring: while it is the same, they bring the same.

    `discussions` are the forum's imported ones of the pages' title, in the order in which they
    came, without those that are hidden. `erased` are the numbers and the moments, in
    milliseconds, of posts under that title in the server that their authors had erased.
    """

    discussions: tuple[KnownDiscussion, ...]
    erased: tuple[tuple[int, int], ...]


async def read_known(
    connection: aiosqlite.Connection, title: str, forum_id: int, guild_id: int
) -> Known:
    """Read what is here already of discussions with that title."""
    rows = await connection.execute_fetchall(
        "SELECT discussion_id, replay.title, cancelled_at FROM replay"
        " JOIN discussion ON discussion.id = discussion_id"
        " WHERE forum_id = ? AND hidden_at IS NULL ORDER BY discussion_id",
        (forum_id,),
    )
    discussions = [
        await _known_discussion(
            connection, row["discussion_id"], is_cancelled=row["cancelled_at"] is not None
        )
        for row in rows
        if is_same_title(row["title"], title)
    ]
    return Known(tuple(discussions), await erasure_markers(connection, guild_id, title))


async def _known_discussion(
    connection: aiosqlite.Connection, discussion_id: int, *, is_cancelled: bool
) -> KnownDiscussion:
    queued = await load_import(connection, discussion_id)
    return KnownDiscussion(
        discussion_id=discussion_id,
        document=queued.document,
        post_ids=tuple(one.id for one in queued.posts),
        deleted=frozenset(one.post.number for one in queued.posts if one.is_deleted),
        old_names=await _old_names(connection, discussion_id),
        new_posts=await _new_posts(connection, discussion_id),
        is_cancelled=is_cancelled,
    )


async def _old_names(
    connection: aiosqlite.Connection, discussion_id: int
) -> Mapping[tuple[datetime, str], str]:
    rows = await connection.execute_fetchall(
        "SELECT post.posted_at, author.name AS member, saved_post.author FROM saved_post"
        " JOIN post ON post.id = saved_post.post_id JOIN author ON author.id = post.author_id"
        " WHERE post.discussion_id = ? AND saved_post.author IS NOT NULL",
        (discussion_id,),
    )
    return {(from_milliseconds(row["posted_at"]), row["member"]): row["author"] for row in rows}


async def _new_posts(
    connection: aiosqlite.Connection, discussion_id: int
) -> frozenset[tuple[int, datetime]]:
    rows = await connection.execute_fetchall(
        "SELECT number, posted_at FROM post WHERE discussion_id = ? AND NOT is_imported"
        " AND number IS NOT NULL",
        (discussion_id,),
    )
    return frozenset(
        (row["number"], from_milliseconds(row["posted_at"]).replace(microsecond=0)) for row in rows
    )
