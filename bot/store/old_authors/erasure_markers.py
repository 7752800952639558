"""What remains of old posts that their authors had erased: where and when they were written.

No import brings them back, into whichever forum of the server.
"""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite

from bot.core.imported import plain_title


async def put_markers(
    connection: aiosqlite.Connection, guild_id: int, posts: Iterable[tuple[str, int, int]]
) -> None:
    """Keep the discussion's title, the number and the moment, in milliseconds, of these posts."""
    await connection.executemany(
        "INSERT INTO erased_post (guild_id, title, number, posted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(guild_id, plain_title(title), number, posted_at) for title, number, posted_at in posts],
    )


async def erasure_markers(
    connection: aiosqlite.Connection, guild_id: int, title: str
) -> tuple[tuple[int, int], ...]:
    """Give the markers of discussions of that title: number, and moment in milliseconds."""
    rows = await connection.execute_fetchall(
        "SELECT number, posted_at FROM erased_post WHERE guild_id = ? AND title = ?"
        " ORDER BY number, posted_at",
        (guild_id, plain_title(title)),
    )
    return tuple((row["number"], row["posted_at"]) for row in rows)


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
