"""Whole discussions with their earlier texts, as the files that members take home show them."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import aiosqlite

from bot.core.book_card import known_stars
from bot.core.exported import ExportedDiscussion, ExportedPost, Names, Visibility
from bot.core.model import Attachment, Discussion, Post, Revision, channel_url
from bot.store.book_ratings import ratings_of
from bot.store.database import Database, from_milliseconds
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row
from bot.store.trackings_in_force import trackers

# S608: what is put together are constants.
_POSTS = (
    f"SELECT {POST_COLUMNS} FROM {POST_TABLES} WHERE post.discussion_id = ?"  # noqa: S608
    " ORDER BY post.number IS NULL, post.number, post.message_id"
)
_MENTIONED_USER = re.compile(r"<@!?([0-9]{1,19})>")
_MENTIONED_CHANNEL = re.compile(r"<#([0-9]{1,19})>")
# What SQLite can hold; an id beyond it is nobody's.
_LARGEST_ID = 2**63 - 1


class Exports:
    """Gives what an export is made of, hidden discussions too: who asks must have the right."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def discussions(self) -> tuple[Discussion, ...]:
        """Give every discussion of every server that is not hidden, without its posts."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE {IS_VISIBLE} ORDER BY discussion.id"
            )
        return tuple(discussion_from_row(row) for row in rows)

    async def get(self, discussion_id: int) -> ExportedDiscussion:
        """Give a discussion with all its posts in order, deleted ones as markers.

        What has no number yet comes last. Those whom the texts mention have their
        names where they have written in this server, and so do those channels that everyone can
        read who reads this discussion: its forum, and the public threads in it. Raises
        `LookupError` where there is no such discussion.
        """
        async with self._database.reading() as connection:
            discussion, forum, tracked_by = await _facts(connection, discussion_id)
            rows = await connection.execute_fetchall(_POSTS, (discussion_id,))
            # In a thread: ten thousand posts take long enough for others to notice.
            posts = await asyncio.to_thread(lambda: [post_from_row(row) for row in rows])
            revisions = await _revisions(connection, discussion_id)
            book = discussion.book
            ratings = None if book is None else await ratings_of(connection, book.id)
            names = await _names(connection, discussion, forum, _texts(posts, revisions))
        # Of what is hidden, the thread may be gone from Discord: a link would lead nowhere.
        is_linked = discussion.hidden_at is None
        shown = await asyncio.to_thread(_exported, posts, revisions, is_linked=is_linked)
        there = [post for post in posts if not post.is_deleted]
        return ExportedDiscussion(
            id=discussion.id,
            title=discussion.title,
            forum=forum,
            book=book,
            participants=len({post.author.id for post in there if post.author is not None}),
            post_count=len(there),
            tracked_by=tracked_by,
            posts=shown,
            names=names,
            stars=None if book is None or ratings is None else known_stars(book, ratings),
            url=channel_url(discussion.guild_id, discussion.thread_id)
            if is_linked and discussion.thread_id is not None
            else None,
        )


async def _facts(
    connection: aiosqlite.Connection, discussion_id: int
) -> tuple[Discussion, str, int]:
    """Give the discussion, its forum's name, and how many members track it."""
    discussions = await connection.execute_fetchall(
        f"{SELECT_DISCUSSION} WHERE discussion.id = ?", (discussion_id,)
    )
    forums = await connection.execute_fetchall(
        "SELECT forum.name FROM discussion JOIN forum ON forum.id = discussion.forum_id"
        " WHERE discussion.id = ?",
        (discussion_id,),
    )
    tracked_by = await trackers(connection, discussion_id)
    for discussion, forum in zip(discussions, forums, strict=True):
        return discussion_from_row(discussion), forum["name"], tracked_by
    raise LookupError(f"no discussion {discussion_id}")


async def _revisions(
    connection: aiosqlite.Connection, discussion_id: int
) -> Mapping[int, Sequence[Revision]]:
    rows = await connection.execute_fetchall(
        "SELECT revision.* FROM revision JOIN post ON post.id = revision.post_id"
        " WHERE post.discussion_id = ? AND post.deleted_at IS NULL AND post.withheld_at IS NULL"
        " ORDER BY revision.post_id, revision.written_at",
        (discussion_id,),
    )
    revisions: dict[int, list[Revision]] = {}
    for row in rows:
        revisions.setdefault(row["post_id"], []).append(_revision(row))
    return revisions


def _revision(row: sqlite3.Row) -> Revision:
    return Revision(
        content=row["content"],
        attachments=tuple(Attachment(*fields) for fields in json.loads(row["attachments"] or "[]")),
        written_at=from_milliseconds(row["written_at"]),
        after_gap=bool(row["after_gap"]),
    )


async def _names(
    connection: aiosqlite.Connection, discussion: Discussion, forum: str, texts: Iterable[str]
) -> Names:
    users: set[int] = set()
    channels: set[int] = set()
    for text in texts:
        if "<" in text:
            users.update(map(int, _MENTIONED_USER.findall(text)))
            channels.update(map(int, _MENTIONED_CHANNEL.findall(text)))
    members = await connection.execute_fetchall(
        "SELECT user_id, name FROM author WHERE user_id IN (SELECT value FROM json_each(?))"
        # Anyone can mention anybody: who writes in another server alone is nobody here.
        " AND EXISTS (SELECT 1 FROM post JOIN discussion ON discussion.id = post.discussion_id"
        "              WHERE post.author_id = author.id AND discussion.guild_id = ?)",
        (_json(users), discussion.guild_id),
    )
    threads = await connection.execute_fetchall(
        "SELECT thread_id, title FROM discussion WHERE forum_id = ? AND hidden_at IS NULL"
        " AND NOT is_private AND thread_id IN (SELECT value FROM json_each(?))",
        (discussion.forum_id, _json(channels)),
    )
    return Names(
        users={row["user_id"]: row["name"] for row in members},
        channels={row["thread_id"]: row["title"] for row in threads} | {discussion.forum_id: forum},
    )


def _json(ids: Iterable[int]) -> str:
    return json.dumps([each for each in ids if each <= _LARGEST_ID])


def _texts(posts: Iterable[Post], revisions: Mapping[int, Sequence[Revision]]) -> Iterable[str]:
    for post in posts:
        yield post.content
        yield from post.notes
        yield from (revision.content for revision in revisions.get(post.id, ()))


def _exported(
    posts: Sequence[Post], revisions: Mapping[int, Sequence[Revision]], *, is_linked: bool
) -> tuple[ExportedPost, ...]:
    numbers: dict[int, int] = {}
    last = 0
    for post in posts:
        last = last + 1 if post.number is None else post.number
        numbers[post.id] = last
    replies: dict[int, list[int]] = {}
    for post in posts:
        if post.parent_id is not None:
            replies.setdefault(post.parent_id, []).append(numbers[post.id])
    return tuple(
        ExportedPost(
            number=numbers[post.id],
            author=None if post.author is None else post.author.name,
            kind=post.kind,
            posted_at=post.posted_at,
            content=post.content,
            is_markdown=not post.is_imported,
            edited_at=post.edited_at,
            edited_in_gap=post.edited_in_gap,
            answers=None if post.parent_id is None else numbers.get(post.parent_id),
            replies=tuple(replies.get(post.id, ())),
            attachments=post.attachments,
            notes=post.notes,
            revisions=_earlier(post, revisions.get(post.id, ())),
            visibility=Visibility.DELETED if post.is_deleted else Visibility.SHOWN,
            url=post.jump_url if is_linked and not post.is_deleted else None,
            user_id=None if post.author is None else post.author.user_id,
        )
        for post in posts
    )


def _earlier(post: Post, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
    """Leave out each text that the next one repeats: an edit may change nothing that is shown."""
    after = [(each.content, each.attachments) for each in revisions[1:]]
    after.append((post.content, post.attachments))
    return tuple(
        each
        for each, text in zip(revisions, after, strict=False)
        if (each.content, each.attachments) != text
    )
