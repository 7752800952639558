"""How forums and discussions are selected, and read from their rows."""

from __future__ import annotations

import sqlite3

from bot.core.model import Book, Discussion, Forum
from bot.store.database import from_milliseconds

_BOOK_COLUMNS = (
    "book.id AS book_id, book.guild_id AS book_guild_id, book.title AS book_title,"
    " book.author AS book_author, book.edition AS book_edition, book.binding AS book_binding,"
    " book.asin AS book_asin, book.rating AS book_rating, book.rating_count AS book_rating_count,"
    " book.isbn AS book_isbn, book.link AS book_link"
)

# The book of a discussion: its own, else that of the first of its tags that has one, else its
# forum's. For statements over `discussion JOIN forum`.
EFFECTIVE_BOOK = (
    "coalesce(discussion.book_id,"
    " (SELECT tag_book.book_id FROM discussion_tag"
    " JOIN tag_book ON tag_book.forum_id = discussion.forum_id"
    " AND tag_book.tag_id = discussion_tag.tag_id"
    " WHERE discussion_tag.discussion_id = discussion.id ORDER BY tag_book.tag_id LIMIT 1),"
    " forum.book_id)"
)

SELECT_FORUM = (
    "SELECT forum.id, forum.guild_id, forum.name, forum.is_forum_channel, forum.host_id,"  # noqa: S608 - constants
    f" forum.removed_at, forum.hidden_at, {_BOOK_COLUMNS}"
    " FROM forum LEFT JOIN book ON book.id = forum.book_id"
)

SELECT_DISCUSSION = (
    "SELECT discussion.id, discussion.guild_id, discussion.forum_id, discussion.thread_id,"  # noqa: S608 - constants
    " discussion.title, discussion.is_private, discussion.is_locked, discussion.is_archived,"
    " discussion.is_current, discussion.post_count,"
    " coalesce(discussion.hidden_at, forum.hidden_at) AS hidden_at,"
    " min(ifnull(discussion.erase_at, forum.erase_at),"
    f" ifnull(forum.erase_at, discussion.erase_at)) AS erase_at, {_BOOK_COLUMNS}"
    " FROM discussion JOIN forum ON forum.id = discussion.forum_id"
    f" LEFT JOIN book ON book.id = {EFFECTIVE_BOOK}"
)
# Hidden discussions are for the hosts alone: every read of the others has this condition.
IS_VISIBLE = "discussion.hidden_at IS NULL AND forum.hidden_at IS NULL"
# Its thread is there, and the bot may be let in: what authors had erased goes from it though a
# host has ended the forum.
IS_ON_DISCORD = (
    "discussion.thread_id IS NOT NULL AND discussion.hidden_at IS NULL"
    " AND (forum.hidden_at IS NULL OR forum.removed_at IS NOT NULL)"
    " AND (SELECT left_at FROM guild WHERE guild.id = discussion.guild_id) IS NULL"
)


def forum_from_row(row: sqlite3.Row) -> Forum:
    """Read a forum from a row of `SELECT_FORUM`."""
    return Forum(
        id=row["id"],
        guild_id=row["guild_id"],
        name=row["name"],
        is_forum_channel=bool(row["is_forum_channel"]),
        host_id=row["host_id"],
        book=_book_from_row(row),
        removed_at=None if row["removed_at"] is None else from_milliseconds(row["removed_at"]),
        hidden_at=None if row["hidden_at"] is None else from_milliseconds(row["hidden_at"]),
    )


def discussion_from_row(row: sqlite3.Row) -> Discussion:
    """Read a discussion from a row of `SELECT_DISCUSSION`."""
    return Discussion(
        id=row["id"],
        guild_id=row["guild_id"],
        forum_id=row["forum_id"],
        thread_id=row["thread_id"],
        title=row["title"],
        book=_book_from_row(row),
        is_private=bool(row["is_private"]),
        is_locked=bool(row["is_locked"]),
        is_archived=bool(row["is_archived"]),
        is_current=bool(row["is_current"]),
        post_count=row["post_count"],
        hidden_at=None if row["hidden_at"] is None else from_milliseconds(row["hidden_at"]),
        erase_at=None if row["erase_at"] is None else from_milliseconds(row["erase_at"]),
    )


def _book_from_row(row: sqlite3.Row) -> Book | None:
    if row["book_id"] is None:
        return None
    return Book(
        id=row["book_id"],
        guild_id=row["book_guild_id"],
        title=row["book_title"],
        author=row["book_author"],
        edition=row["book_edition"],
        binding=row["book_binding"],
        asin=row["book_asin"],
        rating=row["book_rating"],
        rating_count=row["book_rating_count"],
        isbn=row["book_isbn"],
        link=row["book_link"],
    )
