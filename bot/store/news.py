"""What is new for readers: others' posts and edits in what they may read, between news marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from bot.core.activity import Activity, DigestPart
from bot.core.digest_room import MOST_POSTS, MOST_SECTIONS, fair_share
from bot.core.level import DigestKind
from bot.core.model import Digest
from bot.core.selection import Selection
from bot.store.activity_rows import Window, read_activities, read_posts
from bot.store.database import Database

# A history that is read after someone began to track gives its old posts new marks, and they are
# no news. What was written this long before counts still: two clocks are never quite the same.
CLOCK_MARGIN = timedelta(minutes=1)

# A batch of people is compiled in a fraction of a second.
LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A digest to be compiled, named by `key`, of discussions that its readers may read.

    It covers marks up to and including `up_to`; `reader_id` is None for a channel's.
    """

    key: int
    kind: DigestKind
    reader_id: int | None
    up_to: int
    parts: tuple[DigestPart, ...]


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
            lambda connection: _compile(connection, wanted), longest_seconds=LONGEST_SECONDS
        )


def _compile(connection: sqlite3.Connection, wanted: Sequence[Wanted]) -> dict[int, Digest]:
    windows: dict[int, Window] = {}
    for one in wanted:
        for part in one.parts:
            if part.discussion_id in windows:
                windows[part.discussion_id].widen(part.after, one.up_to, part.since)
            else:
                windows[part.discussion_id] = Window(part.after, one.up_to, part.since)
    readers = frozenset(one.reader_id for one in wanted if one.reader_id is not None)
    activities = read_activities(connection, windows, readers)
    selections = {one.key: _select(one, activities) for one in wanted}
    told = {each for chosen in selections.values() for each in chosen}
    posts = read_posts(connection, {post_id for each in told for post_id in each.post_ids()})
    return {
        one.key: Digest(
            one.kind,
            one.reader_id,
            one.up_to,
            tuple([each.news(posts) for each in selections[one.key]]),
        )
        for one in wanted
    }


def _select(wanted: Wanted, activities: Mapping[int, Activity]) -> list[Selection]:
    """Choose what is told to one reader, most important first, and ask for as much as may be."""
    up_to, reader_id = wanted.up_to, wanted.reader_id
    selections = [
        activity.select(reader_id, part, up_to)
        for part in wanted.parts
        if (activity := activities.get(part.discussion_id)) is not None
    ]
    selections = [each for each in selections if not each.is_empty]
    selections.sort(key=attrgetter("rank"))
    most = fair_share([len(each.posts) for each in selections[:MOST_SECTIONS]], MOST_POSTS)
    for each in selections[:MOST_SECTIONS]:
        each.ask_for(most)
    return selections
