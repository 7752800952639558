"""What is new for readers: others' posts and edits in what they may read, between news marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.core.fan_out import Wanted, choose_news, fan_out, posts_told
from bot.core.model import Digest
from bot.store.activity_rows import read_activities, read_posts, widest_windows
from bot.store.database import Database

# Hundreds of people are compiled in a fraction of a second.
LONGEST_SECONDS = 60.0


class News:
    """Compiles digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def compile(self, wanted: Sequence[Wanted]) -> dict[int, Digest]:
        """Compile all those digests, each discussion read once for all of them; by their keys.

        The discussions of a digest are in the order in which they matter to its reader. Hidden
        ones have no news; nor have posts that are deleted or withheld, nor the reader's own.
        Raises `TimeoutError` where it takes longer than `LONGEST_SECONDS`.
        """
        return await self._database.read(
            partial(compile_news, wanted=wanted), longest_seconds=LONGEST_SECONDS
        )


def compile_news(connection: sqlite3.Connection, wanted: Sequence[Wanted]) -> dict[int, Digest]:
    """Compile digests from one moment of the database, as `News.compile` does."""
    readers = frozenset(one.reader_id for one in wanted if one.reader_id is not None)
    activities = read_activities(connection, widest_windows(wanted), readers)
    chosen = choose_news(wanted, activities)
    return fan_out(wanted, chosen, read_posts(connection, posts_told(chosen)))
