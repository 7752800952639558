"""The people who track: they choose how often and when they are told, and pause it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import aiosqlite

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.schedule import QuietHours, WeeklySchedule, clock, next_daily, next_weekly
from bot.store.database import Database, from_milliseconds, to_milliseconds
from bot.store.level_changes import changing_levels
from bot.store.person import Inbox, PauseReason, Person, person_from_row, zone_in_use

# The zone of someone who chose none: of the server where they have tracked longest, or the
# default. Who tracks nothing keeps the one they have.
_FOLLOW_ZONE = """
UPDATE person
   SET zone = coalesce(
           (SELECT guild.zone
              FROM tracking
              JOIN guild ON guild.id = tracking.guild_id
             WHERE tracking.user_id = person.user_id
             ORDER BY tracking.id
             LIMIT 1),
           :default)
 WHERE NOT has_chosen_zone
   AND user_id IN (SELECT user_id FROM tracking WHERE :guild_id IS NULL OR guild_id = :guild_id)
RETURNING *
"""


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
        return next((person_from_row(row, self.default) for row in rows), None)

    async def get_or_new(self, user_id: int, guild_id: int | None) -> Person:
        """Give the person, or who they would be if they began to track in that server now."""
        known = await self.get(user_id)
        if known is not None:
            return known
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT zone FROM guild WHERE id = ? AND zone IS NOT NULL", (guild_id,)
            )
        zone, lost_zone = zone_in_use(
            next((row["zone"] for row in rows), self.default.zone), self.default
        )
        return Person(
            user_id=user_id,
            level=Level.WEEKLY,
            schedule=replace(self.default, zone=zone),
            has_chosen_zone=False,
            lost_zone=lost_zone,
            quiet=None,
            inbox=Inbox.UNKNOWN,
            paused=None,
        )

    async def next_due(self, user_id: int) -> dict[Level, datetime]:
        """Give when the person is next told of what they track at each level.

        Every post has a moment only while there are posts to tell of.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT level, at FROM due WHERE user_id = ?", (user_id,)
            )
        return {Level(row["level"]): from_milliseconds(row["at"]) for row in rows}

    async def enrol(
        self, connection: aiosqlite.Connection, user_id: int, guild_id: int | None, now: datetime
    ) -> None:
        """Make the person known before they track, as part of the caller's transaction.

        A new person has the default schedule in the zone of the server, where it has one. Whoever
        tracks nothing yet and has chosen no zone gets that of the server. Everyone else stays as
        they are.
        """
        rows = await connection.execute_fetchall(
            "INSERT INTO person (user_id, weekday, hour, zone, has_chosen_zone)"
            " VALUES (:user_id, :weekday, :hour,"
            "  coalesce((SELECT zone FROM guild WHERE id = :guild_id), :zone), 0)"
            " ON CONFLICT DO UPDATE SET zone = excluded.zone"
            "  WHERE NOT has_chosen_zone AND :guild_id IS NOT NULL"
            "  AND NOT EXISTS (SELECT 1 FROM tracking WHERE tracking.user_id = person.user_id)"
            " RETURNING *",
            {
                "user_id": user_id,
                "guild_id": guild_id,
                "weekday": self.default.weekday,
                "hour": self.default.hour,
                "zone": self.default.zone,
            },
        )
        for row in rows:
            await _reschedule(connection, person_from_row(row, self.default), now)

    async def choose(
        self,
        user_id: int,
        *,
        now: datetime,
        guild_id: int | None = None,
        level: Level | None = None,
        weekday: int | None = None,
        hour: int | None = None,
        zone: str | None = None,
        quiet: QuietHours | None = None,
        ends_quiet: bool = False,
    ) -> Person:
        """Change what is given, and give the person as they are now.

        Each digest comes from its next hour on; one whose hour has come and that is not planned
        yet still comes at once. `guild_id` is the server in which somebody new chooses.
        `ends_quiet` takes the quiet hours away. Raises `UserError`, and changes nothing, for what
        no schedule has, and for an hour that is quiet.
        """
        async with self._database.transaction() as connection:
            await self.enrol(connection, user_id, guild_id, now)
            (row,) = await connection.execute_fetchall(
                "SELECT * FROM person WHERE user_id = ?", (user_id,)
            )
            before = person_from_row(row, self.default)
            schedule = WeeklySchedule(
                weekday=before.schedule.weekday if weekday is None else weekday,
                hour=before.schedule.hour if hour is None else hour,
                zone=before.schedule.zone if zone is None else zone,
            )
            chosen_quiet = None if ends_quiet else quiet or before.quiet
            _require_heard(schedule, chosen_quiet)
            async with changing_levels(connection, user_id, now):
                (row,) = await connection.execute_fetchall(
                    "UPDATE person SET level = :level, weekday = :weekday, hour = :hour,"
                    # A zone that is gone from the tz database may come back: it is kept.
                    " zone = iif(:is_zone_chosen, :zone, zone),"
                    " has_chosen_zone = has_chosen_zone OR :is_zone_chosen,"
                    " quiet_from = :quiet_from, quiet_to = :quiet_to"
                    " WHERE user_id = :user_id RETURNING *",
                    {
                        "user_id": user_id,
                        "level": before.level if level is None else level,
                        "weekday": schedule.weekday,
                        "hour": schedule.hour,
                        "zone": schedule.zone,
                        "is_zone_chosen": zone is not None,
                        "quiet_from": None if chosen_quiet is None else chosen_quiet.start,
                        "quiet_to": None if chosen_quiet is None else chosen_quiet.end,
                    },
                )
            person = person_from_row(row, self.default)
            await _reschedule(connection, person, now)
            return person

    async def follow_zones(
        self, connection: aiosqlite.Connection, guild_id: int | None, now: datetime
    ) -> None:
        """Give those who track in a server, and chose no zone, the one that is theirs by now.

        None stands for every server, as when the default zone is another than it was. Part of
        the caller's transaction.
        """
        rows = await connection.execute_fetchall(
            _FOLLOW_ZONE, {"guild_id": guild_id, "default": self.default.zone}
        )
        for row in rows:
            await _reschedule(connection, person_from_row(row, self.default), now)

    async def set_inbox(self, user_id: int, inbox: Inbox, now: datetime) -> None:
        """Note what was found out about the person's direct messages.

        Where they are open, what waits to be tried again is tried at once.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE person SET inbox = ? WHERE user_id = ?", (inbox, user_id)
            )
            if inbox is Inbox.OPEN:
                await connection.execute(
                    "UPDATE outbox SET next_attempt_at = min(next_attempt_at, ?)"
                    " WHERE user_id = ? AND state = 'waiting'",
                    (to_milliseconds(now), user_id),
                )

    async def pause(self, user_id: int, reason: PauseReason, now: datetime) -> None:
        """Send the person nothing from now on; what they track is kept."""
        async with self._database.transaction() as connection:
            await self.enrol(connection, user_id, None, now)
            await pause_person(connection, user_id, reason, now)

    async def resume(self, user_id: int) -> None:
        """End a pause: the next digest brings what came meanwhile, too."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE person SET paused_at = NULL, pause_reason = NULL, pause_told_at = NULL"
                " WHERE user_id = ?",
                (user_id,),
            )

    async def pause_told(self, user_id: int, now: datetime) -> bool:
        """Note that the person is being told of their pause.

        Gives False where there is nothing to tell: they are not paused, or know it.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE person SET pause_told_at = ?"
                " WHERE user_id = ? AND paused_at IS NOT NULL AND pause_told_at IS NULL",
                (to_milliseconds(now), user_id),
            )
        return cursor.rowcount == 1

    async def pause_not_told(self, user_id: int) -> None:
        """Note that telling the person of their pause failed, so that it is tried again."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE person SET pause_told_at = NULL WHERE user_id = ?", (user_id,)
            )


async def pause_person(
    connection: aiosqlite.Connection, user_id: int, reason: PauseReason, now: datetime
) -> None:
    """Pause a known person, as part of the caller's transaction.

    Who asked for a pause before knows of it: a closed inbox is then no reason of its own.
    """
    await connection.execute(
        "UPDATE person SET paused_at = ifnull(paused_at, :now), pause_reason = :reason,"
        " pause_told_at = iif(:reason = 'asked', :now, NULL)"
        " WHERE user_id = :user_id"
        " AND (pause_reason IS NULL OR (pause_reason = 'inbox' AND :reason = 'asked'))",
        {"user_id": user_id, "reason": reason, "now": to_milliseconds(now)},
    )


def _require_heard(schedule: WeeklySchedule, quiet: QuietHours | None) -> None:
    if quiet is not None and quiet.cover(schedule.hour):
        raise UserError(
            f"Your digest would come at {clock(schedule.hour)}, within your quiet hours from "
            f"{clock(quiet.start)} to {clock(quiet.end)}. Choose another hour, or other quiet "
            "hours."
        )


async def _reschedule(connection: aiosqlite.Connection, person: Person, now: datetime) -> None:
    """Let each digest come at its next hour; one that is due already stays due."""
    await connection.executemany(
        "INSERT INTO due (user_id, level, at) VALUES (:user_id, :level, :at)"
        " ON CONFLICT DO UPDATE SET at = excluded.at WHERE at > :now",
        [
            {
                "user_id": person.user_id,
                "level": level,
                "at": to_milliseconds(following(person.schedule, now)),
                "now": to_milliseconds(now),
            }
            for level, following in ((Level.DAILY, next_daily), (Level.WEEKLY, next_weekly))
        ],
    )
