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
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.club import DISCUSSIONS, NOW, TOLD_UP_TO, TRACKED, write_club
from bot.core.digest import compose_digest
from bot.core.fan_out import Wanted, choose_news, fan_out, posts_told
from bot.core.level import DigestKind
from bot.core.model import Digest
from bot.core.schedule import WeeklySchedule
from bot.store.activity_rows import Window, read_activities, read_posts
from bot.store.database import Database, open_database
from bot.store.news import News
from bot.store.outbox_parts import OutboxParts
from bot.store.planning import PLAN_BATCH, Planning
from bot.store.posts import POST_COLUMNS, POST_TABLES, post_from_row

SENT_TOGETHER = 25
SAMPLE = 300
DEFAULT = WeeklySchedule(weekday=6, hour=18, zone="UTC")

_NAIVE = f"""
    SELECT {POST_COLUMNS} FROM {POST_TABLES}
     WHERE post.discussion_id = ? AND post.mark > ? AND post.posted_at >= ?
       AND post.deleted_at IS NULL AND author.user_id IS NOT ?
     ORDER BY post.number
"""


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
