"""When a person is told of what, in words: schedules, quiet hours, pauses. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.level import LEVEL_WORDS, Level
from bot.core.post_line import literal, timestamp
from bot.core.schedule import WEEKDAYS, QuietHours, WeeklySchedule, clock
from bot.store.person import Inbox, Pause, PauseReason, Person

_ZONE_LIMIT = 60

HOW_TO_OPEN = (
    "To open them: press the name of a server that we share, choose Privacy Settings, and switch "
    "Direct Messages on."
)
CLOSED = (
    "**Your direct messages are closed to me, so nothing can reach you.** What you track is kept. "
    f"{HOW_TO_OPEN} Then use `/track discussion` again, or the button of `/digest settings`, and "
    "I try at once."
)


def coming_words(
    level: Level, schedule: WeeklySchedule, coming: Mapping[Level, datetime] | None
) -> str:
    """Say how often somebody is told at a level, and when next.

    `coming` has the next moments of the daily and the weekly digest; None where none is to come.
    """
    if level is Level.MUTED:
        return "Muted: nothing comes."
    often = LEVEL_WORDS[level].capitalize()
    if level is Level.EVERY_POST:
        return f"{often}; several that come at once are one message."
    usual = f"{often}, {schedule_words(level, schedule)}"
    if coming is None:
        return f"{usual}."
    next_at = coming[level]
    return f"{usual}: the next one may come {timestamp(next_at, 'F')} ({timestamp(next_at, 'R')})."


def schedule_words(level: Level, schedule: WeeklySchedule) -> str:
    """Give when a weekly or a daily digest comes: "on Sundays at 18:00, Europe/Paris"."""
    at = f"at {clock(schedule.hour)}, {schedule.zone}"
    return f"on {WEEKDAYS[schedule.weekday]}s {at}" if level is Level.WEEKLY else at


def quiet_words(quiet: QuietHours | None, zone: str) -> str:
    """Say when nothing is sent, by the clocks of a zone."""
    if quiet is None:
        return "Quiet hours: none."
    return (
        f"Quiet hours: {clock(quiet.start)} to {clock(quiet.end)}, {zone}. What is ready then "
        "comes when they end."
    )


def paused_words(pause: Pause, *, has_button: bool) -> str:
    """Say why nothing is sent, and how it goes on; `has_button` where Resume is right below."""
    since = timestamp(pause.at, "D")
    press = "press Resume" if has_button else "press Resume in `/digest settings`"
    goes_on = f"{press}, and the next digest brings what came meanwhile."
    if pause.reason is PauseReason.ASKED:
        return (
            f"**Paused since {since}: you asked me to stop.** I send you nothing, and what you "
            f"track is kept. To let it go on, {goes_on}"
        )
    return (
        f"**Paused since {since}: your direct messages were closed to me for a week.** What you "
        f"track is kept. {HOW_TO_OPEN} Then {goes_on}"
    )


def zone_words(person: Person) -> str | None:
    """Say whose time zone it is that counts, where the person has not chosen it; or None."""
    counts = person.schedule.zone
    if person.lost_zone is not None:
        lost = literal(person.lost_zone, _ZONE_LIMIT)
        return (
            f"**The world's list of time zones has no {lost} any more.** "
            f"Until you choose another `timezone`, {counts} counts."
        )
    if not person.has_chosen_zone:
        return f"You have chosen no time zone, so {counts} counts: `timezone` chooses yours."
    return None


def inbox_words(inbox: Inbox) -> str:
    """Say whether what is sent arrives."""
    match inbox:
        case Inbox.OPEN:
            return "My direct messages reach you."
        case Inbox.CLOSED:
            return CLOSED
        case Inbox.UNKNOWN:
            return "Whether my direct messages reach you, the first one will show."


def trouble_words(person: Person) -> str | None:
    """Say why nothing is sent, or does not arrive; None where all is well.

    Nothing is said here of a pause that the person is to be told of apart (`cogs/pauses.py`).
    """
    if person.paused is not None:
        return paused_words(person.paused, has_button=False) if person.paused.is_told else None
    return CLOSED if person.inbox is Inbox.CLOSED else None
