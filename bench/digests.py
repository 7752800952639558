"""How long it takes to plan and compile the weekly digests of thousands of people.

Run `python -m bench.digests [people] [runs]`. Each of 10,000 people tracks 20 of 200 discussions;
one in ten of them writes, now and then to another, and asks something. Compiling ends with the
`Digest` values; what it costs to put them into words is told beside it.

The limit is the fan-out alone: everything is read, and chosen for those who did not write. What
one writes at first asks a query for each discussion of each person. The times are the
processor's, of all threads.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.discussion import SENTENCE
from bot.core.digest import compose_digest
from bot.core.fan_out import Wanted, choose_news, fan_out, posts_told
from bot.core.level import DigestKind
from bot.core.model import Digest
from bot.core.schedule import WeeklySchedule
from bot.store.activity_rows import Window, read_activities, read_posts
from bot.store.database import Database, open_database, to_milliseconds
from bot.store.migrate import migrate
from bot.store.news import News
from bot.store.outbox_parts import OutboxParts
from bot.store.planning import PLAN_BATCH, Planning
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row

DISCUSSIONS = 200
TRACKED = 20
SENT_TOGETHER = 25
SAMPLE = 300
TOLD_UP_TO = 1_000_000
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
WEEK = 7 * 24 * 3_600_000
DEFAULT = WeeklySchedule(weekday=6, hour=18, zone="UTC")

_POST = """
    INSERT INTO post (id, message_id, number, mark, discussion_id, channel_id, author_id, kind,
                      parent_id, root_id, reply_count, content, posted_at, edit_mark, edited_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_NAIVE = f"""
    SELECT {POST_COLUMNS} FROM {POST_TABLES}
     WHERE post.discussion_id = ? AND post.mark > ? AND post.posted_at >= ?
       AND post.deleted_at IS NULL AND author.user_id IS NOT ?
     ORDER BY post.number
"""


def write_club(path: Path, people: int) -> tuple[int, int]:
    """Write a file with the discussions and who tracks them; give how many posts, and new ones."""
    chance = random.Random(1)
    path.touch()
    migrate(path)
    now = to_milliseconds(NOW)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO guild (id, name) VALUES (1, 'Tuesday Readers')")
        connection.executemany(
            "INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)"
            " VALUES (?, 1, 'novels', 1, 1, 0)",
            [(forum,) for forum in range(1, 11)],
        )
        connection.executemany(
            "INSERT INTO discussion (id, guild_id, forum_id, thread_id, title, started_at, mark)"
            " VALUES (?, 1, ?, ?, ?, 0, 0)",
            [(each, each % 10 + 1, each, f"Topic {each}") for each in range(1, DISCUSSIONS + 1)],
        )
        writers = range(1, max(people // 10, 2))
        connection.executemany(
            "INSERT INTO author (id, user_id, name) VALUES (?, ?, ?)",
            [(each, each, f"Reader {each}") for each in writers],
        )
        new = 0
        post_ids = itertools.count(1)
        for discussion in range(1, DISCUSSIONS + 1):
            # A few are lively, most are not.
            this_week = min(150, int(chance.paretovariate(1.2) * 8))
            before = this_week * chance.randint(2, 30)
            new += this_week
            connection.executemany(
                _POST, posts(discussion, before, this_week, post_ids, writers, chance, now)
            )
        mark = TOLD_UP_TO + next(post_ids)
        connection.execute("UPDATE news_mark SET value = ?", (mark,))
        connection.executemany(
            "INSERT INTO person (user_id, weekday, hour, zone) VALUES (?, 6, 18, 'UTC')",
            [(each,) for each in range(1, people + 1)],
        )
        connection.executemany(
            "INSERT INTO due (user_id, level, at) VALUES (?, 'weekly', ?)",
            [(each, now) for each in range(1, people + 1)],
        )
        tracked = [
            (each, discussion, now - 5 * WEEK)
            for each in range(1, people + 1)
            for discussion in chance.sample(range(1, DISCUSSIONS + 1), TRACKED)
        ]
        connection.executemany(
            "INSERT INTO tracking (user_id, guild_id, discussion_id, since_mark, tracked_at)"
            " VALUES (?, 1, ?, 1, ?)",
            tracked,
        )
        connection.executemany(
            f"INSERT INTO told (user_id, discussion_id, mark, told_at)"
            f" VALUES (?, ?, {TOLD_UP_TO}, ? + {4 * WEEK})",
            tracked,
        )
        connection.execute("ANALYZE")
    connection.close()
    return next(post_ids) - 2, new


def posts(
    discussion: int,
    before: int,
    this_week: int,
    post_ids: Iterator[int],
    writers: Sequence[int],
    chance: random.Random,
    now: int,
) -> Iterator[tuple[object, ...]]:
    """Give a discussion's rows: what was told of before, and what was written this week."""
    regulars = chance.sample(writers, min(12, len(writers)))
    known: list[int] = []
    for number in range(1, before + this_week + 1):
        post_id = next(post_ids)
        is_new = number > before
        parent = chance.choice(known[-30:]) if known and chance.random() < 0.7 else None
        content = SENTENCE * chance.randint(1, 14)
        if chance.random() < 0.2:
            content += " Does she not?"
        if chance.random() < 0.03:
            content = f"<@{chance.choice(regulars)}> {content}"
        is_edited = chance.random() < (0.03 if is_new else 0.003)
        yield (
            post_id,
            post_id,
            number,
            TOLD_UP_TO + post_id if is_new else post_id,
            discussion,
            discussion,
            chance.choice(regulars),
            "post" if parent is None else "reply",
            parent,
            post_id,
            int(chance.expovariate(1.4)),
            content,
            now - WEEK + number * 1000 if is_new else now - 4 * WEEK,
            TOLD_UP_TO + post_id if is_edited else None,
            now - WEEK + number * 1000 if is_edited else None,
        )
        known.append(post_id)


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of the processor's time for so many people."""

    name: str
    seconds: float
    people: int

    @property
    def rate(self) -> float:
        return self.people / self.seconds


async def timed(name: str, people: int, runs: int, work: Callable[[], Awaitable[object]]) -> Timed:
    """Give the median of several runs."""
    seconds = []
    for _ in range(runs):
        started = time.process_time()
        await work()
        seconds.append(time.process_time() - started)
    return Timed(name, statistics.median(seconds), people)


async def plan_all(database: Database) -> None:
    planning = Planning(database, DEFAULT)
    while await planning.plan(NOW):
        pass


async def planned(database: Database) -> list[tuple[int, int]]:
    """Give the ids of what was planned, each with its person."""
    async with database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT id, user_id FROM outbox ORDER BY id")
    return [(row["id"], row["user_id"]) for row in rows]


async def wanted_of(
    database: Database, digests: Sequence[tuple[int, int]], up_to: int
) -> list[Wanted]:
    """Read what digests cover, as it is done before they are sent."""
    coverages = await OutboxParts(database).of(dict(digests))
    return [
        Wanted(
            key=digest_id,
            kind=DigestKind.WEEKLY,
            reader_id=user_id,
            up_to=up_to,
            parts=tuple(each.part for each in coverages[digest_id].parts),
        )
        for digest_id, user_id in digests
    ]


async def read_parts(database: Database, digests: Sequence[tuple[int, int]], up_to: int) -> None:
    """Read what digests cover, so many at a time."""
    for start in range(0, len(digests), PLAN_BATCH):
        await wanted_of(database, digests[start : start + PLAN_BATCH], up_to)


async def compile_all(database: Database, wanted: Sequence[Wanted], together: int) -> None:
    """Compile digests from SQLite, so many at a time."""
    news = News(database)
    for start in range(0, len(wanted), together):
        await news.compile(wanted[start : start + together])


async def read_everything(database: Database, wanted: Sequence[Wanted]) -> Callable[[], object]:
    """Read all that there is, and give the fan-out of it."""

    def read(connection: sqlite3.Connection) -> Callable[[], object]:
        everyone = frozenset(one.reader_id for one in wanted if one.reader_id is not None)
        up_to = wanted[0].up_to
        windows = {each: Window(TOLD_UP_TO, up_to, 0) for each in range(1, DISCUSSIONS + 1)}
        activities = read_activities(connection, windows, everyone)
        posts = read_posts(connection, posts_told(choose_news(wanted, activities)))
        return lambda: fan_out(wanted, choose_news(wanted, activities), posts)

    return await database.read(read, longest_seconds=600)


async def naively(database: Database, people: Sequence[int]) -> None:
    """A query for each discussion of each person, as one writes it at first."""
    for user_id in people:
        async with database.reading() as connection:
            tracked = await connection.execute_fetchall(
                "SELECT tracking.discussion_id, told.mark, tracked_at FROM tracking"
                " JOIN told ON told.user_id = tracking.user_id"
                " AND told.discussion_id = tracking.discussion_id WHERE tracking.user_id = ?",
                (user_id,),
            )
            for row in tracked:
                found = await connection.execute_fetchall(_NAIVE, (*row, user_id))
                [post_from_row(each) for each in found]


async def measure(database: Database, people: int, runs: int) -> None:
    naive = await timed(
        "a query a discussion",
        SAMPLE,
        1,
        lambda: naively(database, range(1, people, max(1, people // SAMPLE))),
    )
    planning = await timed("planning, and writing that down", people, 1, lambda: plan_all(database))
    digests = await planned(database)
    async with database.reading() as connection:
        (row,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    up_to = row["value"]
    wanted = await wanted_of(database, digests, up_to)
    work = await read_everything(database, wanted)

    async def alone() -> object:
        return work()

    measured = [await timed("the fan-out alone (limit)", people, runs, alone)]
    for name, together, count in (
        ("compiling, each discussion once for all", people, people),
        (f"compiling, {PLAN_BATCH} people at a time", PLAN_BATCH, people),
        (f"compiling, {SENT_TOGETHER} at a time, as they are sent", SENT_TOGETHER, people // 5),
    ):
        some = wanted[:count]
        work_of = partial(compile_all, database, some, together)
        measured.append(await timed(name, len(some), runs, work_of))
    covering = partial(read_parts, database, digests, up_to)
    measured.append(await timed("reading what each is to cover", people, runs, covering))
    limit = measured[0]
    print(f"{people:,} people, {TRACKED} of {DISCUSSIONS} discussions each")
    for each in (*measured, planning, naive):
        print(
            f"  {each.name:45}{each.seconds / each.people * 1e6:>9,.0f} µs a person"
            f"{each.rate:>10,.0f}/s{each.rate / limit.rate:>8.1%} of the limit"
            f"{each.rate / naive.rate:>8.1f} × a query each"
        )
    compiled = await News(database).compile(wanted[:SAMPLE])
    wording = await timed("words", len(compiled), 1, lambda: word_all(list(compiled.values())))
    print(f"  putting a digest into words: {wording.seconds / wording.people * 1e3:.1f} ms")


async def word_all(digests: Sequence[Digest]) -> None:
    for digest in digests:
        compose_digest(digest)


async def main(people: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marginalia.sqlite3"
        count, new = write_club(path, people)
        print(f"{count:,} posts, {new:,} of them new")
        async with open_database(path) as database:
            await measure(database, people, runs)


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 5,
        )
    )
