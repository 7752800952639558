"""What remains of old posts that their authors had erased: where and when they were written.

No import brings them back, into whichever forum of the server.
"""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite

from bot.core.imported import ImportedPost, plain_title
from bot.store.database import to_milliseconds


async def put_markers(
    connection: aiosqlite.Connection, guild_id: int, posts: Iterable[tuple[str, int, int]]
) -> None:
    """Keep the discussion's title, the number and the moment, in milliseconds, of these posts."""
    await connection.executemany(
        "INSERT INTO erased_post (guild_id, title, number, posted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(guild_id, plain_title(title), number, posted_at) for title, number, posted_at in posts],
    )


async def erased_numbers(
    connection: aiosqlite.Connection, guild_id: int, title: str, posts: Iterable[ImportedPost]
) -> frozenset[int]:
    """Give the numbers of those of a discussion's posts that their authors had erased for good.

    Pages that count otherwise give the post another number: then what was written at its
    moment is it.
    """
    rows = await connection.execute_fetchall(
        "SELECT number, posted_at FROM erased_post WHERE guild_id = ? AND title = ?",
        (guild_id, plain_title(title)),
    )
    markers = [(row["number"], row["posted_at"]) for row in rows]
    return numbers_meant(
        markers, [(post.number, to_milliseconds(post.posted_at)) for post in posts]
    )


def numbers_meant(
    markers: Iterable[tuple[int, int]], posts: Iterable[tuple[int, int]]
) -> frozenset[int]:
    """Give the numbers of those of a discussion's posts that markers of it mean.

    Both are numbers and moments in milliseconds. Where no post of the marker's moment has its
    number, all of that moment are meant.
    """
    by_moment: dict[int, set[int]] = {}
    for number, moment in posts:
        by_moment.setdefault(moment, set()).add(number)
    meant: set[int] = set()
    for number, moment in markers:
        alike = by_moment.get(moment, set())
        meant |= {number} if number in alike else alike
    return frozenset(meant)
