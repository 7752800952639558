"""What pages bring to what is here already: worked out first, written afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.importers.matching import same_posts
from bot.importers.merging import complete, is_same_discussion, is_same_title
from bot.store.database import from_milliseconds, to_milliseconds
from bot.store.erasure_markers import erased_numbers
from bot.store.imported_rows import (
    PlacedPost,
    box_json,
    insert_discussion,
    insert_posts,
    put_saved_posts,
    take_marks,
)
from bot.store.outdated_lines import mark_outdated
from bot.store.queued_imports import QueuedImport, load_import
from bot.store.subtrees import move_below


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What pages would add: posts that are `known` here already, `added` ones, `blocked` ones.

    Blocked are those that were deleted here, or that their authors had erased for good.
    `discussion_id` is the discussion that they complete, None where they begin a new one.
    """

    discussion_id: int | None
    known: int
    added: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What pages bring: `known` is the discussion that they complete, None where it is new.

    `whole` is the discussion as it will be; `added` are its new posts, in their order, those
    included of which `erased` (numbers) only the place comes in.
    """

    known: QueuedImport | None
    whole: ImportedDiscussion
    added: tuple[ImportedPost, ...]
    erased: frozenset[int]
    plan: ImportPlan


async def arrivals_of(
    connection: aiosqlite.Connection, document: ImportedDiscussion, forum_id: int, guild_id: int
) -> Arrivals:
    """Work out what pages bring to a forum.

    Raises `UserError` where what they complete is being taken back, where their posts cannot
    have their numbers, and where all of them were erased for good.
    """
    known = await _find(connection, document, forum_id)
    if known is None:
        erased = await erased_numbers(connection, guild_id, document.title, document.posts)
        if len(erased) == len(document.posts):
            raise UserError(
                f"Who wrote the posts of “{document.title}” had all of them erased for good: "
                "there is nothing to import."
            )
        plan = ImportPlan(None, 0, len(document.posts) - len(erased), len(erased))
        return Arrivals(None, document, document.posts, erased, plan)
    await _refuse_cancelled(connection, known)
    pages = await _by_their_old_names(connection, known, document)
    deleted = {one.post.number for one in known.posts if one.is_deleted}
    # Thousands of posts take seconds; what else the bot does must not wait for that.
    completed = await asyncio.to_thread(complete, known.document, pages, deleted)
    await _refuse_taken_numbers(connection, known, completed.added)
    erased = await erased_numbers(connection, guild_id, document.title, completed.added)
    again = _numbers_seen_again(known, pages)
    return Arrivals(
        known=known,
        whole=completed.discussion,
        added=tuple(completed.added),
        erased=erased,
        plan=ImportPlan(
            discussion_id=known.discussion_id,
            known=len(again - deleted),
            added=len(completed.added) - len(erased),
            blocked=len(again & deleted) + len(erased),
        ),
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
    erased = dict.fromkeys(arrivals.erased, to_milliseconds(now))
    await insert_posts(connection, discussion_id, document.posts, mark + 1, known={}, erased=erased)
    await put_saved_posts(connection, discussion_id, document.posts)
    return discussion_id


async def store_pages(
    connection: aiosqlite.Connection,
    known: QueuedImport,
    arrivals: Arrivals,
    book_id: int | None,
    tag: str | None,
    now: datetime,
) -> None:
    """Add what pages bring to an imported discussion: their posts, and what replies answer.

    A replay that failed goes on, and one that was finished where there is more to replay; what
    can be taken back begins with these posts then.
    """
    mark = await take_marks(connection, len(arrivals.added))
    erased = dict.fromkeys(arrivals.erased, to_milliseconds(now))
    places = await _places(connection, known)
    await insert_posts(connection, known.discussion_id, arrivals.added, mark, places, erased)
    await _link(connection, known, arrivals.whole)
    await put_saved_posts(connection, known.discussion_id, arrivals.whole.posts)
    whole = arrivals.whole
    await connection.execute(
        "UPDATE discussion SET book_id = ifnull(book_id, ?), next_number = max(next_number, ?),"
        " post_count = post_count + ?, started_at = min(started_at, ?) WHERE id = ?",
        (
            book_id,
            max(whole.total_posts or 0, whole.posts[-1].number) + 1,
            arrivals.plan.added,
            to_milliseconds(whole.posts[0].posted_at),
            known.discussion_id,
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
            "id": known.discussion_id,
        },
    )


async def _find(
    connection: aiosqlite.Connection, document: ImportedDiscussion, forum_id: int
) -> QueuedImport | None:
    """Find the imported discussion of a forum that the pages are of; hidden ones are over."""
    rows = await connection.execute_fetchall(
        "SELECT discussion_id, replay.title FROM replay"
        " JOIN discussion ON discussion.id = discussion_id"
        " WHERE forum_id = ? AND hidden_at IS NULL ORDER BY discussion_id",
        (forum_id,),
    )
    for row in rows:
        if is_same_title(row["title"], document.title):
            queued = await load_import(connection, row["discussion_id"])
            if is_same_discussion(queued.document, document):
                return queued
    return None


async def _refuse_cancelled(connection: aiosqlite.Connection, known: QueuedImport) -> None:
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM replay WHERE discussion_id = ? AND cancelled_at IS NOT NULL",
        (known.discussion_id,),
    )
    if list(rows):
        raise UserError(
            f"“{known.document.title}” is just being taken back. Import its pages when that is "
            "done."
        )


async def _refuse_taken_numbers(
    connection: aiosqlite.Connection, known: QueuedImport, added: Sequence[ImportedPost]
) -> None:
    rows = await connection.execute_fetchall(
        "SELECT number FROM post WHERE discussion_id = ? AND NOT is_imported"
        " AND number IS NOT NULL",
        (known.discussion_id,),
    )
    taken = {row["number"] for row in rows} & {post.number for post in added}
    if taken:
        raise UserError(
            f"Post {min(taken)} of “{known.document.title}” was written by a member here, so the "
            "page's cannot have its number. Import all its pages together, into another forum."
        )


async def _by_their_old_names(
    connection: aiosqlite.Connection, known: QueuedImport, document: ImportedDiscussion
) -> ImportedDiscussion:
    """Give the pages with the old names of claimed posts: an export names the member instead."""
    rows = await connection.execute_fetchall(
        "SELECT post.posted_at, author.name AS member, saved_post.author FROM saved_post"
        " JOIN post ON post.id = saved_post.post_id JOIN author ON author.id = post.author_id"
        " WHERE post.discussion_id = ? AND saved_post.author IS NOT NULL",
        (known.discussion_id,),
    )
    old = {(from_milliseconds(row["posted_at"]), row["member"]): row["author"] for row in rows}
    return replace(
        document,
        posts=tuple(
            replace(post, author=old.get((post.posted_at, post.author), post.author))
            for post in document.posts
        ),
    )


def _numbers_seen_again(known: QueuedImport, pages: ImportedDiscussion) -> set[int]:
    """Give the numbers of known posts that the pages hold too."""
    return {
        seen[0].post.number
        for seen in same_posts([known.document.posts, pages.posts])
        if {sighting.page for sighting in seen} == {0, 1}
    }


async def _link(
    connection: aiosqlite.Connection, known: QueuedImport, whole: ImportedDiscussion
) -> None:
    """Bring posts whose parent is known only now below it, with all that hangs below them.

    Where a host said what a post answers, no page says otherwise.
    """
    places = await _places(connection, known)
    parents = {post.number: post.in_reply_to for post in whole.posts}
    chosen = await connection.execute_fetchall(
        "SELECT post_id FROM chosen_parent JOIN post ON post.id = post_id WHERE discussion_id = ?",
        (known.discussion_id,),
    )
    fixed = {row["post_id"] for row in chosen}
    for one in known.posts:
        parent = parents[one.post.number]
        if parent is None or one.post.in_reply_to is not None or one.id in fixed:
            continue
        await move_below(connection, one.id, places[parent].post_id)
        await mark_outdated(connection, one.id)


async def _places(connection: aiosqlite.Connection, known: QueuedImport) -> dict[int, PlacedPost]:
    rows = await connection.execute_fetchall(
        "SELECT number, id, root_id, depth FROM post WHERE discussion_id = ? AND is_imported",
        (known.discussion_id,),
    )
    return {row["number"]: PlacedPost(row["id"], row["root_id"], row["depth"]) for row in rows}
