"""What becomes of a person who is due: pure decisions, which `planning.py` writes down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.digest_record import DigestState
from bot.core.level import DigestKind, Level, kind_of_digest
from bot.core.schedule import WeeklySchedule, end_of_quiet
from bot.store.due import next_moment
from bot.store.person import Person
from bot.store.untold import UntoldPart, busy_until

# What is due at the same hour is spread over so long, by the person's id.
SPREAD = timedelta(minutes=5)
PAUSED = "digests are paused"


@dataclass(frozen=True, slots=True)
class DuePerson:
    """Someone who is due at these levels, each since a moment.

    `hears_soon` says that a message of posts as they come is to come, now or later.
    """

    person: Person
    levels: Mapping[Level, datetime]
    hears_soon: bool

    @property
    def since(self) -> datetime:
        """Since when they wait."""
        return min(self.levels.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a person who is due: a digest of `parts`, or none where `state` is None.

    `state` is how it begins: waiting, or settled at once as quiet or skipped.
    `moves` are when they are due next; a level without a moment is not due until there is news.
    """

    due: DuePerson
    state: DigestState | None
    kind: DigestKind
    next_attempt_at: datetime
    parts: Sequence[UntoldPart]
    moves: Mapping[Level, datetime | None]


class NextMoments:
    """When schedules come next after `now`; many people have the same one."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[tuple[WeeklySchedule, Level], datetime] = {}

    def of(self, schedule: WeeklySchedule, level: Level) -> datetime:
        """Give when a person with that schedule is next told at a level."""
        key = schedule, level
        if key not in self._known:
            self._known[key] = next_moment(schedule, level, self.now)
        return self._known[key]


def hears_now(due: DuePerson, now: datetime) -> bool:
    """Say whether the person may be told now: nothing is paused, and it is no quiet hour.

    Posts as they come wait for the end of quiet hours, to be told as one. A digest that is late
    is planned, and sent at their end.
    """
    return due.person.paused is None and not _waits_for_quiet(due, now)


def levels_to_tell(due: DuePerson) -> Collection[Level]:
    """Give the levels of which the person is told now.

    An edit, or an import, brings nothing by itself to whoever hears of every post: what waits
    there when the week is over, and not for a message that is to come, is told with the week.
    """
    if Level.WEEKLY in due.levels and not due.hears_soon:
        return {*due.levels, Level.EVERY_POST}
    return due.levels.keys()


def make_plan(
    due: DuePerson,
    parts: Sequence[UntoldPart],
    tracked: Collection[Level],
    moments: NextMoments,
) -> Plan:
    """Decide what becomes of a person who is due.

    `parts` are what they have not been told of, at the `levels_to_tell`. Where there are none,
    `tracked` says at which of the levels that are due they track anything at all.
    """
    now = moments.now
    parts = [
        part if part.level in due.levels else replace(part, level=Level.WEEKLY) for part in parts
    ]
    told = [part for part in parts if _busy_until(part, now) is None]
    kind = kind_of_digest({part.level for part in told} or tracked)
    if told:
        state = DigestState.WAITING
    elif kind is DigestKind.NOTICE:
        state = None
    else:
        state = DigestState.QUIET if due.person.paused is None else DigestState.SKIPPED
    return Plan(
        due=due,
        state=state,
        kind=kind,
        next_attempt_at=_first_attempt(due, kind, now),
        parts=told,
        moves={level: _next(due, level, parts, moments) for level in due.levels},
    )


def _next(
    due: DuePerson, level: Level, parts: Sequence[UntoldPart], moments: NextMoments
) -> datetime | None:
    """Give when the person is next told at a level; None where that is when there is news."""
    person, now = due.person, moments.now
    if level is not Level.EVERY_POST:
        return moments.of(person.schedule, level)
    if _waits_for_quiet(due, now):
        return end_of_quiet(person.quiet, person.schedule.zone, now)
    kept_back = (_busy_until(part, now) for part in parts)
    return min((until for until in kept_back if until is not None), default=None)


def _waits_for_quiet(due: DuePerson, now: datetime) -> bool:
    quiet, zone = due.person.quiet, due.person.schedule.zone
    return due.levels.keys() == {Level.EVERY_POST} and end_of_quiet(quiet, zone, now) > now


def _busy_until(part: UntoldPart, now: datetime) -> datetime | None:
    is_busy = part.is_busy and part.level is Level.EVERY_POST
    return busy_until(part.busy_told_at, now) if is_busy else None


def _first_attempt(due: DuePerson, kind: DigestKind, now: datetime) -> datetime:
    """Give when it is sent: at once, or spread over some minutes from its hour on."""
    ready = now
    level = {DigestKind.DAILY: Level.DAILY, DigestKind.WEEKLY: Level.WEEKLY}.get(kind)
    if level is not None:
        # The time of an id's making, in milliseconds, is what stands above its lowest 22 bits
        # (Discord's documentation, "API Reference", section "Snowflakes").
        made = timedelta(milliseconds=due.person.user_id >> 22)
        ready = max(now, due.levels[level] + made % SPREAD)
    return end_of_quiet(due.person.quiet, due.person.schedule.zone, ready)
