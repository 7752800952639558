"""What digests cover of each discussion, as things stand now, and what became of that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from bot.core.activity import DigestPart
from bot.core.level import DigestKind, Exclusion, Level, kind_of_digest
from bot.core.ports import ThreadReference
from bot.store.database import Database
from bot.store.rows import IS_VISIBLE
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE
from bot.store.untold import untold

# A part of a discussion that is there is told; of the others it is said why not.
_PARTS = f"""
{LEVELS_OF_PEOPLE}
SELECT outbox.id AS outbox_id, outbox_part.discussion_id, outbox_part.after_mark,
       outbox_part.since, outbox_part.is_busy,
       discussion.guild_id, discussion.forum_id, discussion.thread_id, discussion.is_private,
       discussion.id IS NOT NULL AND {IS_VISIBLE} AS is_there,
       CASE WHEN outbox.user_id IS NULL
            THEN NOT discussion.is_private AND discussion.forum_id = outbox.forum_id
            ELSE in_force.level <> 'muted' END AS is_wanted
  FROM outbox
  JOIN outbox_part ON outbox_part.outbox_id = outbox.id
  LEFT JOIN discussion ON discussion.id = outbox_part.discussion_id
  LEFT JOIN forum ON forum.id = discussion.forum_id
  LEFT JOIN in_force ON in_force.user_id = outbox.user_id
                    AND in_force.discussion_id = outbox_part.discussion_id
 WHERE outbox.id IN (SELECT value FROM json_each(:outbox_ids))
 ORDER BY outbox.id, outbox_part.discussion_id
"""  # noqa: S608 - constants of the store

_OPEN = """
SELECT id, kind, up_to_mark
  FROM outbox
 WHERE user_id = ? AND state IN ('waiting', 'sending')
"""

_PLACES = """
SELECT id, guild_id, forum_id, thread_id, is_private
  FROM discussion
 WHERE id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class CoveredPart:
    """What a digest covers of a discussion that is there and still tracked.

    `thread` is what its reader must be able to read.
    """

    part: DigestPart
    thread: ThreadReference


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a digest covers; `excluded` are the discussions that are gone, or muted, since."""

    parts: tuple[CoveredPart, ...]
    excluded: Mapping[int, Exclusion]


NOTHING = Coverage(parts=(), excluded={})


@dataclass(frozen=True, slots=True)
class PreviewedDigest:
    """What a person would be told now: what is on its way to them, else all they were not told."""

    kind: DigestKind
    up_to: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What a digest says of a discussion: nothing, and why; or these posts, by their local ids.

    `shown` is None where it shows all that is new, and where it says nothing.
    """

    discussion_id: int
    exclusion: Exclusion | None
    shown: tuple[int, ...] | None = None


class OutboxParts:
    """Reads what digests cover."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, digests: Mapping[int, int | None]) -> dict[int, Coverage]:
        """Give what those digests cover as things stand now, by their ids.

        `digests` names the person of each; None stands for a channel.
        """
        async with self._database.reading() as connection:
            return await _coverages(connection, digests)

    async def previewed(self, user_id: int, now: datetime) -> PreviewedDigest | None:
        """Give what the person would be told now; None where that is nothing."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(_OPEN, (user_id,))
            for row in rows:
                coverages = await _coverages(connection, {row["id"]: user_id})
                kind = DigestKind(row["kind"])
                return PreviewedDigest(kind, row["up_to_mark"], coverages[row["id"]])
            return await _all_untold(connection, user_id, now)


async def note_outcomes(
    connection: aiosqlite.Connection, outbox_id: int, outcomes: Iterable[PartOutcome]
) -> None:
    """Note what a digest says of each discussion, as part of the caller's transaction."""
    await connection.executemany(
        "UPDATE outbox_part SET exclusion = ?, shown = ? WHERE outbox_id = ? AND discussion_id = ?",
        [
            (
                outcome.exclusion,
                None if outcome.shown is None else json.dumps(outcome.shown),
                outbox_id,
                outcome.discussion_id,
            )
            for outcome in outcomes
        ],
    )


async def _coverages(
    connection: aiosqlite.Connection, digests: Mapping[int, int | None]
) -> dict[int, Coverage]:
    readers = {user_id for user_id in digests.values() if user_id is not None}
    rows = await connection.execute_fetchall(
        _PARTS, {"user_ids": json.dumps([*readers]), "outbox_ids": json.dumps([*digests])}
    )
    parts: dict[int, list[CoveredPart]] = {outbox_id: [] for outbox_id in digests}
    excluded: dict[int, dict[int, Exclusion]] = {outbox_id: {} for outbox_id in digests}
    for row in rows:
        if not row["is_there"]:
            excluded[row["outbox_id"]][row["discussion_id"]] = Exclusion.GONE
        elif not row["is_wanted"]:
            excluded[row["outbox_id"]][row["discussion_id"]] = Exclusion.MUTED
        else:
            part = DigestPart(
                row["discussion_id"], row["after_mark"], row["since"], bool(row["is_busy"])
            )
            parts[row["outbox_id"]].append(CoveredPart(part, _thread(row)))
    return {
        outbox_id: Coverage(tuple(parts[outbox_id]), excluded[outbox_id]) for outbox_id in digests
    }


async def _all_untold(
    connection: aiosqlite.Connection, user_id: int, now: datetime
) -> PreviewedDigest | None:
    levels = (Level.EVERY_POST, Level.DAILY, Level.WEEKLY)
    parts = (await untold(connection, {user_id: levels}, now)).get(user_id, [])
    if not parts:
        return None
    (mark,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    places = await connection.execute_fetchall(
        _PLACES, (json.dumps([part.discussion_id for part in parts]),)
    )
    threads = {row["id"]: _thread(row) for row in places}
    covered = tuple(
        CoveredPart(
            DigestPart(
                part.discussion_id,
                part.after,
                part.since,
                part.is_busy and part.level is Level.EVERY_POST,
            ),
            threads[part.discussion_id],
        )
        for part in parts
    )
    kind = kind_of_digest({part.level for part in parts})
    return PreviewedDigest(kind, mark["value"], Coverage(covered, {}))


def _thread(row: sqlite3.Row) -> ThreadReference:
    return ThreadReference.of_discussion(
        row["guild_id"], row["forum_id"], row["thread_id"], is_private=bool(row["is_private"])
    )
