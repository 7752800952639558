"""Counts how the digests of a server's discussions went, for its hosts."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.digest_statistics import SHOWN_LEVELS, DigestStatistics
from bot.store.database import Database, to_milliseconds

LATELY = timedelta(days=7)

# Who tracks something in the server, once for each level that they chose for any of it.
_TRACKERS = """
WITH tracker AS (
    SELECT DISTINCT tracking.user_id, ifnull(tracking.level, person.level) AS level,
           person.pause_reason
      FROM tracking
      JOIN person ON person.user_id = tracking.user_id
     WHERE tracking.guild_id = :guild_id AND tracking.level IS NOT 'muted'
)
SELECT count(DISTINCT user_id) AS trackers,
       count(*) FILTER (WHERE level = 'every_post') AS every_post,
       count(*) FILTER (WHERE level = 'daily') AS daily,
       count(*) FILTER (WHERE level = 'weekly') AS weekly,
       count(DISTINCT user_id) FILTER (WHERE pause_reason = 'asked') AS paused_by_choice,
       count(DISTINCT user_id) FILTER (WHERE pause_reason = 'inbox') AS paused_by_inbox
  FROM tracker
"""

_DIGESTS = """
WITH lately AS (
    SELECT id, user_id, state
      FROM outbox
     WHERE user_id IS NOT NULL AND settled_at >= :since
     UNION ALL
    SELECT id, user_id, state
      FROM outbox
     WHERE user_id IS NOT NULL AND state IN ('waiting', 'sending')
),
covering AS (
    SELECT *
      FROM lately
     WHERE EXISTS (SELECT 1
                     FROM outbox_part
                     JOIN discussion ON discussion.id = outbox_part.discussion_id
                    WHERE outbox_part.outbox_id = lately.id AND outbox_part.exclusion IS NULL
                      AND discussion.guild_id = :guild_id)
)
SELECT count(*) FILTER (WHERE state = 'sent') AS sent,
       count(DISTINCT user_id) FILTER (WHERE state = 'sent') AS reached,
       count(DISTINCT user_id) FILTER (WHERE state IN ('waiting', 'sending')) AS waiting,
       count(DISTINCT user_id) FILTER (WHERE state = 'failed') AS failed,
       (SELECT count(DISTINCT user_id)
          FROM lately
         WHERE state = 'quiet'
           AND user_id IN (SELECT user_id FROM tracking
                            WHERE guild_id = :guild_id AND level IS NOT 'muted')) AS quiet
  FROM covering
"""


class DigestCounts:
    """Gives what a host is told of a server's digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int, now: datetime) -> DigestStatistics:
        """Count who tracks in a server, and what reached them within the last `LATELY`."""
        values = {"guild_id": guild_id, "since": to_milliseconds(now - LATELY)}
        async with self._database.reading() as connection:
            (people,) = await connection.execute_fetchall(_TRACKERS, values)
            (digests,) = await connection.execute_fetchall(_DIGESTS, values)
        return DigestStatistics(
            days=LATELY.days,
            trackers=people["trackers"],
            by_level={level: people[level.value] for level in SHOWN_LEVELS},
            paused_by_choice=people["paused_by_choice"],
            paused_by_inbox=people["paused_by_inbox"],
            sent=digests["sent"],
            reached=digests["reached"],
            waiting=digests["waiting"],
            failed=digests["failed"],
            quiet=digests["quiet"],
        )
