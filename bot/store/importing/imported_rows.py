"""The rows of an imported discussion: how a page becomes them, and they a page again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial

import aiosqlite

from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.core.search_words import indexed_text
from bot.store.database import from_milliseconds, in_thread_of, to_milliseconds
from bot.store.search_index import free_keys, search_place_of


@dataclass(frozen=True, slots=True)
class QueuedPost:
    """A post of an imported discussion, and the Discord messages it has become so far.

    `post` names its author as the page does, also where a member has claimed it. `message_ids`
    are those of its first parts, in order. `line_changes` counts how often what
    its message says of its parent has changed since that was last shown.
    """

    id: int
    post: ImportedPost
    is_deleted: bool
    message_ids: tuple[int, ...]
    line_changes: int = 0

    @property
    def is_outdated(self) -> bool:
        """Say whether its message names another parent than is known now."""
        return self.line_changes > 0


async def take_marks(connection: aiosqlite.Connection, count: int) -> int:
    """Take so many news marks, and give the first of them."""
    rows = await connection.execute_fetchall(
        "UPDATE news_mark SET value = value + ? RETURNING value", (count,)
    )
    (last,) = (int(row["value"]) for row in rows)
    return last - count + 1


async def insert_discussion(
    connection: aiosqlite.Connection,
    document: ImportedDiscussion,
    guild_id: int,
    forum_id: int,
    book_id: int | None,
    mark: int,
    post_count: int,
) -> int:
    """Store the discussion, without its posts, and give its local id.

    The numbers that the page promises are kept for its posts: live ones come after them.
    """
    promised = max(document.total_posts or 0, document.posts[-1].number)
    rows = await connection.execute_fetchall(
        "INSERT INTO discussion (guild_id, forum_id, title, book_id, started_at, mark,"
        " next_number, post_count, is_current) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING id",
        (
            guild_id,
            forum_id,
            document.title,
            book_id,
            to_milliseconds(document.posts[0].posted_at),
            mark,
            promised + 1,
            post_count,
        ),
    )
    (discussion_id,) = (int(row["id"]) for row in rows)
    return discussion_id


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """Where a stored post hangs: its local id, its first known ancestor's, and its depth."""

    post_id: int
    root_id: int
    depth: int


async def insert_posts(
    connection: aiosqlite.Connection,
    discussion_id: int,
    posts: Sequence[ImportedPost],
    first_mark: int,
    known: Mapping[int, PlacedPost],
    erased: Mapping[int, int],
) -> None:
    """Store posts of an imported discussion, with news marks from `first_mark` on.

    They come in the order of their numbers. `known` are those that are stored already, by
    number. `erased` are the numbers of those whose authors had them erased, and the moment from
    which their rows say so: only their place is stored. What a member has claimed is theirs.
    """
    authors, claimed = await _author_ids(connection, discussion_id, posts)
    rows = await connection.execute_fetchall("SELECT ifnull(max(id), 0) AS last FROM post")
    (last_id,) = (int(row["last"]) for row in rows)
    places = dict(known)
    answers: dict[int, int] = {}
    values = []
    moments = [to_milliseconds(post.posted_at) for post in posts]
    keys = await in_thread_of(connection, partial(free_keys, moments=moments))
    search_place = await _search_place(connection, discussion_id)
    for offset, (post, search_key) in enumerate(zip(posts, keys, strict=True)):
        post_id = last_id + 1 + offset
        # Only an earlier post can be answered: what says otherwise is an unknown parent.
        parent = None if post.in_reply_to is None else places.get(post.in_reply_to)
        place = (
            PlacedPost(post_id, post_id, 0)
            if parent is None
            else PlacedPost(post_id, parent.root_id, parent.depth + 1)
        )
        places[post.number] = place
        is_erased = post.number in erased
        if parent is not None and not is_erased:
            answers[parent.post_id] = answers.get(parent.post_id, 0) + 1
        values.append(
            {
                "id": post_id,
                "discussion_id": discussion_id,
                "number": post.number,
                "author_id": None if post.author is None or is_erased else authors[post.author],
                "kind": post.kind.value,
                "parent_id": None if parent is None else parent.post_id,
                "root_id": place.root_id,
                "depth": place.depth,
                "content": "" if is_erased else post.content,
                "posted_at": to_milliseconds(post.posted_at),
                "edited_at": None
                if post.edited_at is None or is_erased
                else to_milliseconds(post.edited_at),
                "deleted_at": erased.get(post.number),
                "mark": first_mark + offset,
                "search_text": indexed_text("" if is_erased else post.content),
                "search_key": search_key,
                "search_place": search_place,
            }
        )
    await connection.executemany(
        "INSERT INTO post (id, discussion_id, number, author_id, kind, parent_id, root_id, depth,"
        " content, posted_at, edited_at, deleted_at, mark, is_imported, search_text,"
        " search_key, search_place)"
        " VALUES (:id, :discussion_id, :number, :author_id, :kind, :parent_id, :root_id, :depth,"
        " :content, :posted_at, :edited_at, :deleted_at, :mark, 1, :search_text, :search_key,"
        " :search_place)",
        values,
    )
    await connection.executemany(
        "UPDATE post SET reply_count = reply_count + ? WHERE id = ?",
        [(count, post_id) for post_id, count in answers.items()],
    )
    await connection.executemany(
        "INSERT INTO saved_post (post_id, author) VALUES (?, ?)",
        [
            (places[post.number].post_id, post.author)
            for post in posts
            if post.author in claimed and post.number not in erased
        ],
    )


async def _search_place(connection: aiosqlite.Connection, discussion_id: int) -> str:
    rows = await connection.execute_fetchall(
        "SELECT forum_id, is_private FROM discussion WHERE id = ?", (discussion_id,)
    )
    (row,) = rows
    return search_place_of(row["forum_id"], is_private=bool(row["is_private"]))


async def put_saved_posts(
    connection: aiosqlite.Connection, discussion_id: int, posts: Iterable[ImportedPost]
) -> None:
    """Note how it is known what stored posts answer, and their ids on the old forum.

    Where a host said what a post answers, no page gives evidence for it.
    """
    await connection.executemany(
        "INSERT INTO saved_post (post_id, reply_evidence, message_id, answered_id)"
        " SELECT post.id, iif(chosen_parent.post_id IS NULL, ?, NULL), ?, ? FROM post"
        " LEFT JOIN chosen_parent ON chosen_parent.post_id = post.id"
        " WHERE discussion_id = ? AND number = ?"
        " ON CONFLICT (post_id) DO UPDATE SET reply_evidence = excluded.reply_evidence,"
        " message_id = excluded.message_id, answered_id = excluded.answered_id",
        [
            (post.reply_evidence, post.message_id, post.answered_id, discussion_id, post.number)
            for post in posts
            if post.reply_evidence or post.message_id or post.answered_id
        ],
    )


async def _author_ids(
    connection: aiosqlite.Connection, discussion_id: int, posts: Iterable[ImportedPost]
) -> tuple[Mapping[str, int], Collection[str]]:
    """Give the author rows of the pages' names, and which of the names members have claimed."""
    names = json.dumps(sorted({post.author for post in posts if post.author is not None}))
    # A member of whom nothing is left here, as after an erasure, is known by the old name.
    await connection.execute(
        "INSERT INTO author (user_id, name) SELECT user_id, author_name FROM claim"
        " WHERE is_confirmed AND guild_id = (SELECT guild_id FROM discussion WHERE id = ?)"
        " AND author_name IN (SELECT value FROM json_each(?)) ON CONFLICT (user_id) DO NOTHING",
        (discussion_id, names),
    )
    claimed = await connection.execute_fetchall(
        "SELECT author_name, author.id FROM claim JOIN author ON author.user_id = claim.user_id"
        " WHERE is_confirmed AND guild_id = (SELECT guild_id FROM discussion WHERE id = ?)"
        " AND author_name IN (SELECT value FROM json_each(?))",
        (discussion_id, names),
    )
    members = {row["author_name"]: row["id"] for row in claimed}
    await connection.execute(
        "INSERT INTO author (name) SELECT value FROM json_each(?)"
        " WHERE value NOT IN (SELECT value FROM json_each(?))"
        " ON CONFLICT (name) WHERE user_id IS NULL DO NOTHING",
        (names, json.dumps([*members])),
    )
    rows = await connection.execute_fetchall(
        "SELECT id, name FROM author WHERE user_id IS NULL"
        " AND name IN (SELECT value FROM json_each(?))",
        (names,),
    )
    return {row["name"]: row["id"] for row in rows} | members, members.keys()


def box_json(document: ImportedDiscussion) -> str:
    """Give what a page says of the whole discussion, without its title and its posts."""
    return json.dumps(
        {
            "forum": document.forum,
            "book": None if document.book is None else asdict(document.book),
            "participants": document.participants,
            "total_posts": document.total_posts,
            "tracked_by": document.tracked_by,
            "initial_post": _day_text(document.initial_post),
            "latest_post": _day_text(document.latest_post),
            "missing_posts": document.missing_posts,
        },
        ensure_ascii=False,
    )


def document_from(title: str, box: str, posts: Iterable[ImportedPost]) -> ImportedDiscussion:
    """Give the discussion of a box and its posts; the page's warnings are not kept."""
    facts = json.loads(box)
    return ImportedDiscussion(
        title=title,
        forum=facts["forum"],
        book=None if facts["book"] is None else ImportedBook(**facts["book"]),
        participants=facts["participants"],
        total_posts=facts["total_posts"],
        tracked_by=facts["tracked_by"],
        initial_post=_day(facts["initial_post"]),
        latest_post=_day(facts["latest_post"]),
        missing_posts=tuple((first, last) for first, last in facts["missing_posts"]),
        posts=tuple(posts),
        warnings=(),
    )


def queued_post_from_row(row: sqlite3.Row, message_ids: Iterable[int]) -> QueuedPost:
    """Give a post of an import, of a row that names its columns as `ImportedPost` does."""
    edited_at = row["edited_at"]
    return QueuedPost(
        id=row["id"],
        post=ImportedPost(
            number=row["number"],
            author=row["author"],
            posted_at=from_milliseconds(row["posted_at"]),
            edited_at=None if edited_at is None else from_milliseconds(edited_at),
            kind=PostKind(row["kind"]),
            content=row["content"],
            in_reply_to=row["in_reply_to"],
            reply_evidence=row["reply_evidence"],
            message_id=row["message_id"],
            answered_id=row["answered_id"],
        ),
        is_deleted=bool(row["is_deleted"]),
        message_ids=tuple(message_ids),
        line_changes=row["line_changes"],
    )


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
