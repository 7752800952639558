"""How long others wait for the writer while the missing half of a large discussion is imported.

python -m bench.later_pages [posts]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.replay import page
from bot.store.database import Database, open_database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.importing.imports import Imports

POSTS = 10_000
PAUSE_SECONDS = 0.01
NOW = datetime(2026, 11, 22, tzinfo=UTC)
GUILD, FORUM = 1, 2


async def longest_wait(database: Database, importing: asyncio.Task[object]) -> float:
    """Write a row again and again, and give the seconds that the slowest of it took."""
    longest = 0.0
    while not importing.done():
        started = time.perf_counter()
        async with database.transaction() as connection:
            await connection.execute("UPDATE news_mark SET value = value + 1")
        longest = max(longest, time.perf_counter() - started)
        await asyncio.sleep(PAUSE_SECONDS)
    return longest


async def main(posts: int) -> None:
    """Print a line for the first import of every other post, one for the rest, one for all."""
    whole = page(posts, "Emma")
    odd = tuple(replace(post, in_reply_to=None) for post in whole.posts if post.number % 2)
    steps = {"every other post": replace(whole, posts=odd), "the rest": whole, "again": whole}
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "marginalia.sqlite3") as database:
            forums = Forums(database, Directory())
            await forums.set_up(
                FORUM, GUILD, "Readers", "novels", is_forum_channel=True, host_id=3, now=NOW
            )
            imports = Imports(database)
            print(f"a discussion of {posts:,} posts")
            for name, document in steps.items():
                started = time.perf_counter()
                importing = asyncio.create_task(imports.queue(document, FORUM, NOW))
                waited = await longest_wait(database, importing)
                queued = await importing
                seconds = time.perf_counter() - started
                print(
                    f"  {name:18}{queued.added:>7,} new{seconds:>7.1f} s; another writer waited"
                    f" up to {waited:.2f} s"
                )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS))
