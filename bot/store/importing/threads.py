"""Whether a thread that appears is the one that was asked for, for an imported discussion."""

from __future__ import annotations

from datetime import timedelta

import aiosqlite

from bot.core.excerpt import Surface, excerpt
from bot.core.incoming import ThreadFacts
from bot.core.sameness import is_same_text
from bot.store.database import to_milliseconds

THREAD_NAME_LIMIT = 100
"""The longest name of a thread (developers/resources/channel.mdx, "Start Thread")."""

OPENING_MARGIN = timedelta(minutes=2)
"""How far from the moment at which it was asked for a thread may have been made.

Clocks differ, and discord.py tries a request that fails for some 20 seconds.
"""


def thread_name(title: str) -> str:
    """Give the name of the thread that an imported discussion of that title gets."""
    return excerpt(title, THREAD_NAME_LIMIT, Surface.PLAIN)


async def attach_if_asked_for(connection: aiosqlite.Connection, facts: ThreadFacts) -> int | None:
    """Give the imported discussion whose thread this is, now attached to it; None if there is none.

    Discord may tell of the thread before it answers the request that made it, or instead of
    answering: whoever comes first attaches it, so that it is no second discussion.
    """
    rows = await connection.execute_fetchall(
        "SELECT discussion.id, replay.title FROM replay"
        " JOIN discussion ON discussion.id = replay.discussion_id"
        " WHERE discussion.forum_id = ? AND discussion.thread_id IS NULL"
        " AND abs(replay.opening_at - ?) <= ? ORDER BY replay.queued_at",
        (
            facts.forum_id,
            to_milliseconds(facts.started_at),
            OPENING_MARGIN // timedelta(milliseconds=1),
        ),
    )
    for row in rows:
        if is_same_text(thread_name(row["title"]), facts.title):
            discussion_id: int = row["id"]
            await attach_thread(connection, discussion_id, facts.thread_id)
            return discussion_id
    return None


async def attach_thread(
    connection: aiosqlite.Connection, discussion_id: int, thread_id: int
) -> None:
    """Give the discussion its thread, unless it has one."""
    await connection.execute(
        # What members wrote there before this moment is in its history, which is to be read.
        "UPDATE discussion SET thread_id = ?, is_current = 0 WHERE id = ? AND thread_id IS NULL",
        (thread_id, discussion_id),
    )
