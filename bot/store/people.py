"""The people who track: when their digest comes, what it has covered, and their inbox."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import aiosqlite

from bot.core.schedule import WeeklySchedule, next_occurrence
from bot.store.database import Database, from_milliseconds, to_milliseconds


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
        return next((person_from_row(row) for row in rows), None)

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
            return person_from_row(row)

    async def set_inbox(self, user_id: int, inbox: Inbox) -> None:
        """Note what was found out about the person's direct messages."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE person SET inbox = ? WHERE user_id = ?", (inbox, user_id)
            )


def person_from_row(row: sqlite3.Row) -> Person:
    """Give the person of a row that holds all columns of `person`."""
    return Person(
        user_id=row["user_id"],
        schedule=WeeklySchedule(weekday=row["weekday"], hour=row["hour"], zone=row["zone"]),
        next_digest_at=from_milliseconds(row["next_digest_at"]),
        seen_mark=row["seen_mark"],
        inbox=Inbox(row["inbox"]),
    )
