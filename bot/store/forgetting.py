"""Lets what was deleted leave the database's files, too.

SQLite's index only notes that an entry is void; its words stay until the parts of the index that
hold them are merged (SQLite's documentation, "FTS5", section 6.8). And the write-ahead log keeps
what was written until it is written over. Both happen by themselves in time, but a deleted text is
not to wait for it.
"""

from __future__ import annotations

import sqlite3

from bot.store.database import Database

STEP_PAGES = 100
"""How many pages of the index are written at a time, which takes some milliseconds.

New posts wait no longer than that.
"""

STEPS_A_TICK = 10
"""How much of a large index is written in the mean, so that the disk does little else."""


class Forgetting:
    """Merges the index after something was taken out of it, and empties the write-ahead log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._resting = 0

    async def tick(self) -> None:
        """Forget what was deleted; of the index, rest for so many ticks as it was much work."""
        if self._resting:
            self._resting -= 1
        else:
            self._resting = await self.merge_index() // STEPS_A_TICK
        await self._database.empty_log()

    async def merge_index(self) -> int:
        """Leave no trace in the index of what was taken out so far; give how many steps it took.

        All of the index is written anew, in small steps. What is interrupted begins again at the
        next call; what is taken out meanwhile is for the next call, too.
        """
        removals = await self._database.write(_begin)
        if removals is None:
            return 0
        steps = 1
        while await self._database.write(_merge_on):
            steps += 1
        async with self._database.transaction() as connection:
            await connection.execute("UPDATE search_upkeep SET merged = ?", (removals,))
        return steps


def _begin(connection: sqlite3.Connection) -> int | None:
    row = connection.execute(
        "SELECT removals FROM search_upkeep WHERE removals > merged"
    ).fetchone()
    if row is None:
        return None
    # A negative number makes one part of all there are, as far as it goes.
    connection.execute("INSERT INTO post_search (post_search, rank) VALUES ('merge', -1)")
    removals: int = row["removals"]
    return removals


def _merge_on(connection: sqlite3.Connection) -> bool:
    """Go on with the merge; say whether there was anything left to do."""
    before = connection.total_changes
    connection.execute(
        "INSERT INTO post_search (post_search, rank) VALUES ('merge', ?)", (STEP_PAGES,)
    )
    # The command itself counts as one change (section 6.8 again).
    return connection.total_changes - before > 1
