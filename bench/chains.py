"""How long it takes to read a reply chain and a whole tree, against rows whose ids are known.

Run `python -m bench.chains [depth] [runs]`. Every post of the discussion answers the one before
it, so that the last is at the end of a chain of that depth; ten such trees stand among each
other, as those of a lively discussion do. All ways read the same posts through the bot's own
store, to `Post` values.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from bench.discussion import write_discussion
from bench.measuring import medians, print_table
from bot.core.model import Post
from bot.store.database import Database, open_database
from bot.store.posts import CHAIN_LIMIT, POST_COLUMNS, POST_TABLES, Posts, post_from_row

TREES = 10


async def by_ids(database: Database, ids: list[int]) -> list[Post]:
    """The limit: nothing is to be found out."""
    return await select(database, "post.id IN (SELECT value FROM json_each(?))", json.dumps(ids))


async def by_root(database: Database, root_id: int) -> list[Post]:
    return await select(database, "post.root_id = ?", root_id)


async def select(database: Database, condition: str, value: int | str) -> list[Post]:
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            f"SELECT {POST_COLUMNS} FROM {POST_TABLES} WHERE {condition}", (value,)
        )
    return [post_from_row(row) for row in rows]


async def a_query_a_step(posts: Posts, post_id: int) -> list[Post]:
    path: list[Post] = []
    step: int | None = post_id
    while step is not None and (post := await posts.get(step)) is not None:
        path.append(post)
        step = post.parent_id
    return path


async def main(depth: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marginalia.sqlite3"
        count = TREES * depth
        write_discussion(path, count, lambda post: post - TREES if post > TREES else None)
        async with open_database(path) as database:
            posts = Posts(database)
            last, ids = count, list(range(TREES, count + 1, TREES))
            chain = await posts.chain(last, limit=depth)
            assert chain is not None
            assert len(chain.posts) == len(ids) == len(await by_root(database, TREES)) == depth
            known = f"{depth} rows by known ids (limit)"
            measured = await medians(
                {
                    known: lambda: by_ids(database, ids),
                    "the chain to its root": lambda: posts.chain(last, limit=depth),
                    f"the chain as shown, {CHAIN_LIMIT} posts": lambda: posts.chain(last),
                    "the whole tree, by root": lambda: by_root(database, TREES),
                },
                runs,
            )
            slow = await medians({"a query a step": lambda: a_query_a_step(posts, last)}, 3)
    print_table(f"A chain of {depth} posts, medians of {runs} runs", measured | slow, known)


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 500,
            int(sys.argv[2]) if len(sys.argv) > 2 else 300,
        )
    )
