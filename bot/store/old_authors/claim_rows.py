"""How claims are selected, and read from their rows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import from_milliseconds


@dataclass(frozen=True, slots=True)
class Claim:
    """A member's claim to be an old author, by the name on the pages, in a whole server.

    `forum_id` is the forum whose host is asked; `is_told` says that the question has reached an
    inbox. `decided_by` is the host who decided last, None while the claim is open.
    """

    id: int
    guild_id: int
    forum_id: int
    user_id: int
    author_name: str
    asked_at: datetime
    is_told: bool
    is_confirmed: bool
    decided_by: int | None


SELECT_CLAIM = (
    "SELECT claim.id, claim.guild_id, claim.forum_id, claim.user_id, claim.author_name,"
    " claim.asked_at, claim.told_at, claim.is_confirmed, claim.decided_by FROM claim"
)
# Where the forum is over, nobody is asked any more.
SELECT_OPEN_CLAIM = (
    f"{SELECT_CLAIM} JOIN forum ON forum.id = claim.forum_id"
    " WHERE forum.hidden_at IS NULL AND claim.decided_at IS NULL"
)


def claim_from_row(row: sqlite3.Row) -> Claim:
    """Read a claim from a row of `SELECT_CLAIM`."""
    return Claim(
        id=row["id"],
        guild_id=row["guild_id"],
        forum_id=row["forum_id"],
        user_id=row["user_id"],
        author_name=row["author_name"],
        asked_at=from_milliseconds(row["asked_at"]),
        is_told=row["told_at"] is not None,
        is_confirmed=bool(row["is_confirmed"]),
        decided_by=row["decided_by"],
    )
