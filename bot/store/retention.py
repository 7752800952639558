"""How long it is kept what became of a digest."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

import aiosqlite

from bot.store.database import to_milliseconds

# For those who ask why one did not come: long enough for four that come weekly.
KEPT_FOR = timedelta(days=35)
# The more frequent ones are kept so long, for the counts that hosts see; then the last four.
ALL_KEPT_FOR = timedelta(days=7)
_LAST_KEPT = 4

_FORGET_FREQUENT = """
DELETE FROM outbox
 WHERE settled_at <= :all_kept_since
   AND user_id IN (SELECT value FROM json_each(:user_ids))
   AND (kind = 'notice'
        OR id < (SELECT id
                   FROM outbox AS later
                  WHERE later.user_id = outbox.user_id AND later.kind <> 'notice'
                  ORDER BY later.id DESC LIMIT 1 OFFSET :others_kept))
"""


async def forget_old_digests(connection: aiosqlite.Connection, now: datetime, limit: int) -> None:
    """Forget up to `limit` digests, whosever they were, that were settled long ago."""
    await connection.execute(
        "DELETE FROM outbox WHERE id IN"
        " (SELECT id FROM outbox WHERE settled_at <= ? ORDER BY settled_at LIMIT ?)",
        (to_milliseconds(now - KEPT_FOR), limit),
    )


async def forget_digests_of(
    connection: aiosqlite.Connection, user_ids: Collection[int], now: datetime
) -> None:
    """Forget of these people's digests what is neither of this week nor among the last four."""
    await connection.execute(
        _FORGET_FREQUENT,
        {
            "all_kept_since": to_milliseconds(now - ALL_KEPT_FOR),
            "user_ids": json.dumps([*user_ids]),
            "others_kept": _LAST_KEPT - 1,
        },
    )
