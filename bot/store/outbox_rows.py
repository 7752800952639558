"""How a planned digest is put into the outbox: a person's, or that of a forum in a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.digest_record import DigestState
from bot.core.level import DigestKind
from bot.core.ports import Recipient
from bot.store.database import to_milliseconds

# The token is the same at every attempt, and another one in a database that is begun anew.
_PUT = """
INSERT INTO outbox (id, user_id, forum_id, channel_id, kind, up_to_mark, token, planned_at, state,
                    next_attempt_at, settled_at, reason)
VALUES (:id, :user_id, :forum_id, :channel_id, :kind, :up_to,
        printf('digest-%d-%x', :id, :now / 1000), :now, :state, :next_attempt_at, :settled_at,
        :reason)
"""


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """A digest as it begins: waiting, or settled at once as quiet or skipped.

    `up_to` is the last news mark that it covers; `forum_id` is that of a channel's digest.
    """

    id: int
    recipient: Recipient
    kind: DigestKind
    up_to: int
    state: DigestState
    next_attempt_at: datetime
    forum_id: int | None = None
    reason: str | None = None


async def next_digest_id(connection: aiosqlite.Connection) -> int:
    """Give the id of the next digest to be planned, within the caller's transaction."""
    rows = await connection.execute_fetchall(
        "SELECT seq + 1 AS next_id FROM sqlite_sequence WHERE name = 'outbox'"
    )
    return next((row["next_id"] for row in rows), 1)


async def put_digests(
    connection: aiosqlite.Connection, digests: Sequence[PlannedDigest], now: datetime
) -> None:
    """Put digests into the outbox, as part of the caller's transaction."""
    at = to_milliseconds(now)
    await connection.executemany(
        _PUT,
        [
            {
                "id": each.id,
                "user_id": each.recipient.user_id,
                "forum_id": each.forum_id,
                "channel_id": each.recipient.channel_id,
                "kind": each.kind,
                "up_to": each.up_to,
                "now": at,
                "state": each.state,
                "next_attempt_at": to_milliseconds(each.next_attempt_at),
                "settled_at": None if each.state is DigestState.WAITING else at,
                "reason": each.reason,
            }
            for each in digests
        ],
    )
