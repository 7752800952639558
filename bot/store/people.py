"""The people who track: when their digest comes, what it has covered, and their inbox."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import aiosqlite

from bot.core.errors import UserError
from bot.core.schedule import WeeklySchedule, load_zone, next_occurrence
from bot.store.database import Database, from_milliseconds, to_milliseconds

logger = logging.getLogger(__name__)


class Inbox(StrEnum):
    """What is known of a person's direct messages."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who tracks or chose when to be told.

    `seen_mark` is the news mark up to which digests have been planned for them.
    """

    user_id: int
    schedule: WeeklySchedule
    next_digest_at: datetime
    seen_mark: int
    inbox: Inbox


class People:
    """Keeps who is told when; `default` is the schedule of those who have not chosen one."""

    def __init__(self, database: Database, default: WeeklySchedule) -> None:
        self._database = database
        self.default = default

    async def get(self, user_id: int) -> Person | None:
        """Give the person, or None where they never tracked nor chose anything."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT * FROM person WHERE user_id = ?", (user_id,)
            )
        return next((_person(row, self.default) for row in rows), None)

    async def enrol(self, connection: aiosqlite.Connection, user_id: int, now: datetime) -> None:
        """Make the person known, as part of the caller's transaction.

        A new person has seen everything so far, and is first told at the default schedule's
        next hour; a known one stays as they are.
        """
        await connection.execute(
            "INSERT INTO person (user_id, weekday, hour, zone, next_digest_at, seen_mark)"
            " VALUES (?, ?, ?, ?, ?, (SELECT value FROM news_mark))"
            " ON CONFLICT DO NOTHING",
            (
                user_id,
                self.default.weekday,
                self.default.hour,
                self.default.zone,
                to_milliseconds(next_occurrence(self.default, now)),
            ),
        )

    async def set_schedule(self, user_id: int, schedule: WeeklySchedule, now: datetime) -> Person:
        """Choose when the person's digest comes, from the next such hour on.

        A digest whose hour has come and that is not planned yet still comes at once.
        """
        async with self._database.transaction() as connection:
            await self.enrol(connection, user_id, now)
            (row,) = await connection.execute_fetchall(
                "UPDATE person SET weekday = :weekday, hour = :hour, zone = :zone,"
                " next_digest_at = CASE WHEN next_digest_at <= :now THEN next_digest_at"
                " ELSE :next_digest_at END"
                " WHERE user_id = :user_id RETURNING *",
                {
                    "user_id": user_id,
                    "weekday": schedule.weekday,
                    "hour": schedule.hour,
                    "zone": schedule.zone,
                    "now": to_milliseconds(now),
                    "next_digest_at": to_milliseconds(next_occurrence(schedule, now)),
                },
            )
            return _person(row, self.default)

    async def set_inbox(self, user_id: int, inbox: Inbox) -> None:
        """Note what was found out about the person's direct messages."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE person SET inbox = ? WHERE user_id = ?", (inbox, user_id)
            )


def schedule_from_row(row: sqlite3.Row, default: WeeklySchedule) -> WeeklySchedule:
    """Give the schedule of a row of `person`, in the default zone where its own is gone.

    The tz database drops a zone now and then: that must not silence a person.
    """
    zone = row["zone"]
    try:
        load_zone(zone)
    except UserError as error:
        logger.warning("A digest follows the default zone, %s: %s", default.zone, error)
        zone = default.zone
    return WeeklySchedule(weekday=row["weekday"], hour=row["hour"], zone=zone)


def _person(row: sqlite3.Row, default: WeeklySchedule) -> Person:
    return Person(
        user_id=row["user_id"],
        schedule=schedule_from_row(row, default),
        next_digest_at=from_milliseconds(row["next_digest_at"]),
        seen_mark=row["seen_mark"],
        inbox=Inbox(row["inbox"]),
    )
