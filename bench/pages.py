"""How long it takes to read a page deep in a large discussion, against its first page.

Run `python -m bench.pages [posts] [runs]`. Pages have 25 posts; the file has that many posts of
650 characters (500,000 of them: 600 MB, made in half a minute).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.discussion import write_discussion
from bench.measuring import medians, print_table
from bot.core.place import PAGE_LENGTH, Order, Place
from bot.store.database import Database, open_database
from bot.store.pages import Pages
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row


async def by_offset(database: Database, offset: int) -> int:
    """What one writes at first."""
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            f"SELECT {POST_COLUMNS} FROM {POST_TABLES} WHERE post.discussion_id = 1"
            " ORDER BY post.number LIMIT ? OFFSET ?",
            (PAGE_LENGTH, offset),
        )
    return len([post_from_row(row) for row in rows])


async def main(count: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marginalia.sqlite3"
        write_discussion(path, count, lambda post: post - 1 if post % 3 == 0 else None)
        async with open_database(path) as database:
            pages = Pages(database)
            oldest = Place(1, await pages.last_number(1))
            newest = Place(1, oldest.last, Order.NEWEST)
            deep = oldest.turned_to(oldest.pages)
            assert [read.post.number for read in await pages.page(deep)] == [*deep.numbers]
            first = "page 1 (limit)"
            measured = await medians(
                {
                    first: lambda: pages.page(oldest),
                    f"page {deep.page:,}": lambda: pages.page(deep),
                    "page 1, newest first": lambda: pages.page(newest),
                    f"page {deep.page:,}, newest first": lambda: pages.page(
                        newest.turned_to(deep.page)
                    ),
                },
                runs,
            )
            last = count - PAGE_LENGTH
            slow = await medians({"the same, by OFFSET": lambda: by_offset(database, last)}, 3)
    print_table(f"{count:,} posts, medians of {runs} runs", measured | slow, first)


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 500_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 300,
        )
    )
