"""A file with a club of thousands, who track discussions of which some are lively."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.discussion import SENTENCE
from bot.store.database import to_milliseconds
from bot.store.migrate import migrate

DISCUSSIONS = 200
TRACKED = 20
TOLD_UP_TO = 1_000_000
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
WEEK = 7 * 24 * 3_600_000

_POST = """
    INSERT INTO post (id, message_id, number, mark, discussion_id, channel_id, author_id, kind,
                      parent_id, root_id, reply_count, content, posted_at, edit_mark, edited_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            f"INSERT INTO told (user_id, discussion_id, mark) VALUES (?, ?, {TOLD_UP_TO})",
            [(user_id, discussion_id) for user_id, discussion_id, _ in tracked],
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
