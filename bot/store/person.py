"""What is known of a person who tracks: how often and when they are told, and where it reaches."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.schedule import QuietHours, WeeklySchedule
from bot.core.zones import load_zone
from bot.store.database import from_milliseconds

logger = logging.getLogger(__name__)


class Inbox(StrEnum):
    """What is known of a person's direct messages."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"


class PauseReason(StrEnum):
    """Why a person is sent nothing."""

    ASKED = "asked"
    """They asked for it."""
    INBOX = "inbox"
    """Their direct messages were closed for a week."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when a person is sent nothing, why, and whether they know it."""

    at: datetime
    reason: PauseReason
    is_told: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who tracks or chose when to be told.

    `level` counts for what they track without a level of its own. The schedule's zone is the
    default one where theirs is not in the tz database any more: `lost_zone` is that then.
    """

    user_id: int
    level: Level
    schedule: WeeklySchedule
    has_chosen_zone: bool
    lost_zone: str | None
    quiet: QuietHours | None
    inbox: Inbox
    paused: Pause | None


def person_from_row(row: sqlite3.Row, default: WeeklySchedule) -> Person:
    """Give the person of a whole row of `person`, in the default zone where their own is gone."""
    zone, lost_zone = zone_in_use(row["zone"], default)
    return Person(
        user_id=row["user_id"],
        level=Level(row["level"]),
        schedule=WeeklySchedule(weekday=row["weekday"], hour=row["hour"], zone=zone),
        has_chosen_zone=bool(row["has_chosen_zone"]),
        lost_zone=lost_zone,
        quiet=None if row["quiet_from"] is None else QuietHours(row["quiet_from"], row["quiet_to"]),
        inbox=Inbox(row["inbox"]),
        paused=_pause(row),
    )


def zone_in_use(zone: str, default: WeeklySchedule) -> tuple[str, str | None]:
    """Give the zone that counts, and the one that is gone (or None).

    The tz database drops a zone now and then: that must not end anybody's digests.
    """
    try:
        load_zone(zone)
    except UserError as error:
        logger.warning("Digests follow the default zone, %s: %s", default.zone, error)
        return default.zone, zone
    return zone, None


def _pause(row: sqlite3.Row) -> Pause | None:
    if row["paused_at"] is None:
        return None
    return Pause(
        at=from_milliseconds(row["paused_at"]),
        reason=PauseReason(row["pause_reason"]),
        is_told=row["pause_told_at"] is not None,
    )
