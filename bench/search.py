"""How long a search takes in a million posts, against what one writes at first.

Run `python -m bench.search [posts] [runs]`. The posts have some 650 characters, of words that are
about as common as English ones are, and lie in 2,000 forums (a million of them: 1.5 GB, made in
three minutes). A page holds ten posts, read through the bot's own store to values.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.measuring import Way, medians, print_table
from bot.core.query import Query, parse_query
from bot.core.search import SearchOrder, SearchRequest, SearchScope
from bot.store.database import Database, open_database
from bot.store.migrate import migrate
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row
from bot.store.search import Search

FORUMS = 2_000
FIRST_FORUM = 1_300_000_000_000_000_000
AUTHORS = 200
VOCABULARY = 50_000
WORDS_A_POST = 110
PAGE = 10
SECONDS_BETWEEN_POSTS = 150
BATCH = 5_000
SLOW_RUNS = 5

FEW = range(FIRST_FORUM, FIRST_FORUM + 10)
ALL = range(FIRST_FORUM, FIRST_FORUM + FORUMS)


def write_posts(path: Path, count: int) -> dict[str, str]:
    """Write a file with so many posts; give a rare, a middling and a common word of it."""
    path.touch()
    migrate(path)
    chance = random.Random(1)
    letters = "etaoinshrdlucmfgypwbv"
    vocabulary = list(
        dict.fromkeys(
            "".join(chance.choices(letters, k=chance.randint(3, 8))) for _ in range(VOCABULARY)
        )
    )
    # Zipf's law: the n-th word is n times as rare as the first.
    weights = [1 / (place + 10) for place in range(len(vocabulary))]
    stream = chance.choices(vocabulary, weights, k=200 * WORDS_A_POST * 10)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO guild (id, name) VALUES (1, 'Tuesday Readers')")
        connection.executemany(
            "INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)"
            " VALUES (?, 1, 'novels', 1, 1, 0)",
            [(forum,) for forum in ALL],
        )
        connection.executemany(
            "INSERT INTO discussion (id, guild_id, forum_id, thread_id, title, started_at, mark)"
            " VALUES (?, 1, ?, ?, 'Emma', 0, 0)",
            [(place, forum, forum) for place, forum in enumerate(ALL, start=1)],
        )
        connection.executemany(
            "INSERT INTO author (id, user_id, name) VALUES (?, ?, ?)",
            [(author, author, f"Reader {author}") for author in range(1, AUTHORS + 1)],
        )
        connection.commit()
        rows = posts(count, stream, chance)
        while batch := list(itertools.islice(rows, BATCH)):
            connection.executemany(
                "INSERT INTO post (id, discussion_id, message_id, channel_id, number, author_id,"
                " kind, root_id, content, posted_at, mark, search_key, search_place)"
                " VALUES (?, ?, ?, ?, ?, ?, 'post', ?, ?, ?, ?, ?, ?)",
                batch,
            )
            connection.commit()
        connection.execute("PRAGMA optimize")
    connection.close()
    return {"rare": "zzrare", "middling": vocabulary[40], "common": vocabulary[0]}


def posts(
    count: int, stream: list[str], chance: random.Random
) -> Iterator[tuple[int | str | None, ...]]:
    for number in range(1, count + 1):
        start = chance.randrange(len(stream) - WORDS_A_POST)
        words = stream[start : start + WORDS_A_POST]
        if number % (count // 10) == 5:
            words.append("zzrare")
        forum = chance.randrange(FORUMS)
        second = number * SECONDS_BETWEEN_POSTS
        yield (
            number,
            forum + 1,
            number,
            FIRST_FORUM + forum,
            None,
            chance.randint(1, AUTHORS),
            number,
            " ".join(words),
            second * 1000,
            number,
            second,
            f"f{FIRST_FORUM + forum}",
        )


async def by_like(database: Database, word: str) -> int:
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            f"SELECT {POST_COLUMNS} FROM {POST_TABLES} WHERE post.content LIKE ?"
            " ORDER BY post.posted_at DESC LIMIT ?",
            (f"%{word}%", PAGE),
        )
    return len([post_from_row(row) for row in rows])


async def by_join(database: Database, query: Query, forums: range, order: str) -> int:
    """The index finds, and the rows say where one may read."""
    allowed = ",".join(map(str, forums))
    statement = (
        f"SELECT {POST_COLUMNS} FROM post_search JOIN post ON post.search_key ="
        " post_search.rowid JOIN discussion ON discussion.id = post.discussion_id"
        " LEFT JOIN author ON author.id = post.author_id"
        f" WHERE post_search MATCH ? AND discussion.forum_id IN ({allowed})"
        f" ORDER BY {order} LIMIT ?"
    )
    found = f"{{words}} : ({query.expression()})"
    return await database.read(
        lambda connection: len(
            [post_from_row(row) for row in connection.execute(statement, (found, PAGE))]
        ),
        longest_seconds=60,
    )


async def main(count: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marginalia.sqlite3"
        started = time.perf_counter()
        words = write_posts(path, count)
        size = path.stat().st_size
        print(f"{count:,} posts, {size / count:,.0f} bytes each with their index,", end=" ")
        print(f"written in {time.perf_counter() - started:.0f} s; medians of {runs} runs")
        async with open_database(path) as database:
            await measure(database, words, runs)
            await measure_parts(database, words["common"], runs)


async def measure(database: Database, words: dict[str, str], runs: int) -> None:
    search = Search(database)
    few, everywhere = SearchScope(frozenset(FEW)), SearchScope(frozenset(ALL))
    for commonness, word in words.items():
        newest = SearchRequest(parse_query(word))
        best = replace(newest, order=SearchOrder.BEST)
        by_key, by_rank = "post_search.rowid DESC", "bm25(post_search)"
        # Only what takes about as long takes turns: the others leave nothing in the caches.
        quick: dict[str, Way] = {
            "10 of 2,000 forums": partial(search.page, newest, few, limit=PAGE),
            "2,000 forums": partial(search.page, newest, everywhere, limit=PAGE),
            "10 of 2,000 by a join": partial(by_join, database, newest.query, FEW, by_key),
        }
        slow: dict[str, Way] = {
            "10 of 2,000 forums": partial(search.page, best, few, limit=PAGE),
            "2,000 forums": partial(search.page, best, everywhere, limit=PAGE),
            "10 of 2,000 by a join": partial(by_join, database, newest.query, FEW, by_rank),
        }
        beside: dict[str, Way] = {
            "newest first, 10 of 2,000 forums": quick["10 of 2,000 forums"],
            "the count, 10 of 2,000 forums": partial(search.count, newest, few),
            "the count, 2,000 forums": partial(search.count, newest, everywhere),
            "LIKE": partial(by_like, database, word),
        }
        title = f"A {commonness} word"
        print_table(f"{title}, newest first", await medians(quick, runs), next(iter(quick)))
        print_table(f"{title}, best match", await medians(slow, SLOW_RUNS), next(iter(slow)))
        print_table(title, await medians(beside, SLOW_RUNS), next(iter(beside)))


async def measure_parts(database: Database, word: str, runs: int) -> None:
    """Print where the time of a search goes that is narrowed down to few forums."""
    search = Search(database)
    newest, few = SearchRequest(parse_query(word)), SearchScope(frozenset(FEW))
    labels = " OR ".join(f'"f{forum}"' for forum in FEW)
    found = f"{{words}} : ({newest.query.expression()}) AND {{labels}} : ({labels})"

    def ask(connection: sqlite3.Connection) -> int:
        rows = connection.execute(
            "SELECT rowid FROM post_search WHERE post_search MATCH ? ORDER BY rowid DESC LIMIT ?",
            (found, PAGE),
        )
        return len(rows.fetchall())

    parts: dict[str, Way] = {
        "the whole": partial(search.page, newest, few, limit=PAGE),
        "to a reader's thread and back": partial(database.read, bool, longest_seconds=60),
        "the same, and the index alone": partial(database.read, ask, longest_seconds=60),
    }
    print_table("Where it goes", await medians(parts, runs), "the whole")


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 50,
        )
    )
