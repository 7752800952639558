"""Discussions as documents: what an exporter turns into a file."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.model import Book, PostKind
from bot.importers.numbering import missing_ranges
from bot.store.database import Database, from_milliseconds
from bot.store.importing.imported_rows import document_from
from bot.store.rows import SELECT_DISCUSSION, discussion_from_row
from bot.store.trackings_in_force import trackers

REPLY_EVIDENCE = "reply"
"""How it is known what a post answers: it is a reply on Discord (bot/exporters, the schema)."""


class Documents:
    """Gives whole discussions, hidden ones too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, discussion_id: int) -> ImportedDiscussion:
        """Give a discussion with all its posts in order.

        A deleted post keeps its number and has no text and no author; numbers that no post has
        are missing posts. What has no number yet comes last. Files and what else is no text are
        lines below a post's text. Old posts that a member has claimed bear the member's name.
        What was imported is told as its pages told it, so that it is known again; where members
        have written since, what is counted is counted here. Raises `LookupError` where there is
        no such discussion.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{SELECT_DISCUSSION} WHERE discussion.id = ?", (discussion_id,)
            )
            forums = await connection.execute_fetchall(
                "SELECT forum.name, replay.title AS old_title, replay.box,"
                " (SELECT count(DISTINCT author_id) FROM post"
                "  WHERE discussion_id = discussion.id AND deleted_at IS NULL) AS participants"
                " FROM discussion JOIN forum ON forum.id = discussion.forum_id"
                " LEFT JOIN replay ON replay.discussion_id = discussion.id"
                " WHERE discussion.id = ?",
                (discussion_id,),
            )
            posts = await connection.execute_fetchall(
                "SELECT post.*, author.name AS author, reply_evidence FROM post"
                " LEFT JOIN author ON author.id = post.author_id"
                " LEFT JOIN saved_post ON saved_post.post_id = post.id WHERE discussion_id = ?"
                " ORDER BY number IS NULL, number, message_id",
                (discussion_id,),
            )
            tracked_by = await trackers(connection, discussion_id)
        for row, forum in zip(rows, forums, strict=True):
            discussion = discussion_from_row(row)
            # In a thread: ten thousand posts take long enough for others to notice.
            exported = await asyncio.to_thread(lambda: tuple(_posts([*posts])))
            total = exported[-1].number if exported else 0
            here = ImportedDiscussion(
                title=discussion.title,
                forum=forum["name"],
                book=None if discussion.book is None else _book(discussion.book),
                participants=forum["participants"],
                total_posts=total,
                tracked_by=tracked_by,
                initial_post=exported[0].posted_at.date() if exported else None,
                latest_post=exported[-1].posted_at.date() if exported else None,
                missing_posts=missing_ranges([post.number for post in exported], total),
                posts=exported,
                warnings=(),
            )
            if forum["box"] is None:
                return here
            pages = document_from(forum["old_title"], forum["box"], ())
            return _as_pages_told(here, pages, is_old=all(post["is_imported"] for post in posts))
        raise LookupError(f"no discussion {discussion_id}")


def _as_pages_told(
    here: ImportedDiscussion, pages: ImportedDiscussion, *, is_old: bool
) -> ImportedDiscussion:
    """Put in what the pages said of the whole; what they counted, only if all posts are theirs."""
    known = replace(
        here,
        title=pages.title,
        forum=pages.forum or here.forum,
        initial_post=pages.initial_post or here.initial_post,
    )
    if not is_old:
        return known
    total = max(here.total_posts or 0, pages.total_posts or 0)
    return replace(
        known,
        participants=here.participants if pages.participants is None else pages.participants,
        total_posts=total,
        tracked_by=here.tracked_by if pages.tracked_by is None else pages.tracked_by,
        latest_post=pages.latest_post or here.latest_post,
        missing_posts=missing_ranges([post.number for post in here.posts], total),
    )


def _posts(rows: Sequence[sqlite3.Row]) -> Iterator[ImportedPost]:
    numbers: dict[int, int] = {}
    last = 0
    for row in rows:
        last = last + 1 if row["number"] is None else row["number"]
        numbers[row["id"]] = last
    for row in rows:
        parent = numbers.get(row["parent_id"])
        is_gone = row["deleted_at"] is not None or row["withheld_at"] is not None
        yield ImportedPost(
            number=numbers[row["id"]],
            author=None if is_gone else row["author"],
            posted_at=from_milliseconds(row["posted_at"]),
            edited_at=None if row["edited_at"] is None else from_milliseconds(row["edited_at"]),
            kind=PostKind(row["kind"]),
            content="" if is_gone else _content(row),
            in_reply_to=parent,
            reply_evidence=None if parent is None else _evidence(row),
        )


def _evidence(row: sqlite3.Row) -> str | None:
    """Say how it is known what a post answers; None where a host said it of an old one."""
    evidence: str | None = row["reply_evidence"] if row["is_imported"] else REPLY_EVIDENCE
    return evidence


def _content(row: sqlite3.Row) -> str:
    files = json.loads(row["attachments"] or "[]")
    notes = json.loads(row["notes"] or "[]")
    text = [row["content"]] if row["content"] else []
    return "\n".join([*text, *notes, *(f"File: {name}" for _, name, *_ in files)])


def _book(book: Book) -> ImportedBook:
    return ImportedBook(
        title=book.title,
        binding=book.binding,
        author=book.author,
        edition=book.edition,
        rating=book.rating,
        rating_count=book.rating_count,
        asin=book.asin,
    )
