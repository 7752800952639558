"""Keeps the texts of a post that is known already.

Every text that Discord has told is kept with the time it was written: the latest in the post,
all others as revisions. Which of them came first does not matter.
"""

from __future__ import annotations

import sqlite3

from bot.core.incoming import IncomingPost
from bot.core.search_words import indexed_text
from bot.store.batch import Arrival, Outcome
from bot.store.database import to_milliseconds

StoredText = tuple[str, str | None, str | None]
"""Content, attachments and notes as the columns of a post hold them."""

NOTHING: StoredText = ("", None, None)
"""What a message says to a bot that may not see contents."""


def written_at(post: IncomingPost) -> int:
    """Give when a text was written, in milliseconds; an edit is always later than the post.

    Discord's ids, and so the times of posts, have milliseconds; its edits have more.
    """
    posted_at = to_milliseconds(post.posted_at)
    if post.edited_at is None:
        return posted_at
    return max(to_milliseconds(post.edited_at), posted_at + 1)


def record_version(
    connection: sqlite3.Connection, post_id: int, arrival: Arrival, text: StoredText, mark: int
) -> tuple[Outcome, bool]:
    """Keep this text of a known post; say what it is, and whether it took the news mark.

    Discord also repeats a message when a link preview is added or it is pinned: its
    `edited_timestamp` has not advanced then, and nothing is changed here (Discord's
    documentation, "Gateway Events", section "Message Update").
    """
    stored = connection.execute(
        "SELECT content, attachments, posted_at, edited_at, edited_in_gap, deleted_at,"
        " is_imported"
        " FROM post WHERE id = ?",
        (post_id,),
    ).fetchone()
    if stored["deleted_at"] is not None:
        return Outcome.BLOCKED, False
    if stored["is_imported"]:
        # Its message is how it is shown, and not what it says.
        return Outcome.KNOWN, False
    present_at = stored["posted_at"] if stored["edited_at"] is None else stored["edited_at"]
    arrived_at = written_at(arrival.post)
    content, attachments, _ = text
    indexed = indexed_text(arrival.post.content, arrival.post.notes, arrival.post.attachments)
    is_other = (content, attachments) != (stored["content"], stored["attachments"])
    if arrived_at == present_at:
        if not is_other or text == NOTHING:
            return Outcome.KNOWN, False
        # Two edits within a millisecond, or a text that was not told in full before.
        connection.execute(
            "UPDATE post SET content = ?, attachments = ?, notes = ?, search_text = ? WHERE id = ?",
            (*text, indexed, post_id),
        )
        return Outcome.REVISED, False
    if arrived_at < present_at:
        is_gap = arrival.after_gap and arrival.post.edited_at is not None
        added = _add_revision(connection, post_id, arrived_at, content, attachments, is_gap)
        return (Outcome.REVISED if added else Outcome.KNOWN), False
    _add_revision(
        connection,
        post_id,
        present_at,
        stored["content"],
        stored["attachments"],
        stored["edited_in_gap"],
    )
    connection.execute(
        "UPDATE post SET content = ?, attachments = ?, notes = ?, search_text = ?, edited_at = ?,"
        " edited_in_gap = ?, edit_mark = iif(?, ?, edit_mark) WHERE id = ?",
        (*text, indexed, arrived_at, arrival.after_gap, is_other, mark, post_id),
    )
    return (Outcome.REVISED if is_other else Outcome.KNOWN), is_other


def _add_revision(
    connection: sqlite3.Connection,
    post_id: int,
    written_at: int,
    content: str,
    attachments: str | None,
    after_gap: bool,  # noqa: FBT001 - the column
) -> bool:
    added = connection.execute(
        "INSERT INTO revision (post_id, written_at, content, attachments, after_gap)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (post_id, written_at, content, attachments, after_gap),
    )
    return added.rowcount > 0
