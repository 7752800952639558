"""What is answered to whoever begins, changes or ends a tracking."""

from __future__ import annotations

from dataclasses import dataclass

from discord import app_commands

from bot.core.errors import UserError
from bot.core.level import LEVEL_WORDS, Level
from bot.core.ports import Clock
from bot.core.post_line import counted, literal
from bot.store.people import People
from bot.store.tracked import TrackedKind
from bot.store.tracking import Tracking
from cogs._inbox import Inboxes
from cogs._schedule_words import coming_words
from cogs._tracked import Named

_NAME_LIMIT = 150
_AS_SETTINGS_SAY = "settings"
LEVELS = [
    *(app_commands.Choice(name=LEVEL_WORDS[each].capitalize(), value=each.value) for each in Level),
    app_commands.Choice(name="As my settings say", value=_AS_SETTINGS_SAY),
]
"""The choices of a command's `level`."""

_NOTHING_LEFT = "You track nothing now, so nothing comes."


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tracked: a discussion or a book by its local id, a forum by its channel's."""

    kind: TrackedKind
    id: int
    name: str

    @property
    def words(self) -> str:
        """What it is, with its name, as Markdown."""
        return f"the {self.kind} {bold(self.name)}"


class TrackAnswers:
    """Begins, changes and ends trackings, and says what came of it."""

    def __init__(self, tracking: Tracking, people: People, inboxes: Inboxes, clock: Clock) -> None:
        self._tracking = tracking
        self._people = people
        self._inboxes = inboxes
        self._clock = clock

    async def begin(self, user_id: int, subject: Subject, level: str | None = None) -> str:
        """Track it at one of `LEVELS` and give what to answer.

        Raises `UserError` where it is gone.
        """
        follows_settings = level == _AS_SETTINGS_SAY
        members = await self._tracking.track(
            subject.kind,
            user_id,
            subject.id,
            self._clock.now(),
            None if follows_settings else _chosen(level),
            follows_settings=follows_settings,
        )
        person = await self._people.get(user_id)
        in_force = await self._tracking.level_of(user_id, subject.kind, subject.id)
        if person is None or in_force is None:
            raise UserError("You stopped tracking it a moment ago.")
        if in_force is Level.MUTED:
            return f"{_muted(subject)} · {_members(members)}\nTrack it again to hear of it."
        is_paused = person.paused is not None
        next_due = None if is_paused else await self._people.next_due(user_id)
        coming = coming_words(in_force, person.schedule, next_due)
        told = await self._inboxes.greet(user_id, in_force)
        lines = (f"You track {subject.words} · {_members(members)}", coming, told)
        return "\n".join(filter(None, lines))

    async def stop(self, user_id: int, chosen: list[Named]) -> str:
        """End those trackings of the person, and give what to answer."""
        ended = await self._tracking.stop(
            user_id, [each.tracked.id for each in chosen], self._clock.now()
        )
        if len(chosen) == 1:
            words = await self._stopped(user_id, chosen[0])
        else:
            words = f"You no longer track {counted(ended, 'thing')}."
        if not await self._tracking.of_user(user_id):
            words += f" {_NOTHING_LEFT}"
        return words

    async def _stopped(self, user_id: int, named: Named) -> str:
        kind, subject_id = named.tracked.kind, named.tracked.subject_id
        was_muted = named.tracked.level is Level.MUTED
        name = bold(named.words)
        members = _members(await self._tracking.count(kind, subject_id))
        still = await self._tracking.level_of(user_id, kind, subject_id)
        if still is None or still is Level.MUTED:
            words = f"{name} is muted no more" if was_muted else f"You no longer track {name}"
            return f"{words} · {members}"
        often = f"with its forum or its book: {LEVEL_WORDS[still]}."
        if was_muted:
            return f"{name} is muted no more · {members}\nIt comes to you {often}"
        return (
            f"You no longer track {name} by itself · {members}\nIt still comes to you {often} To "
            "hear nothing of it, mute it: `/track discussion` with the level “Muted”."
        )


def bold(name: str) -> str:
    """Give a name of anyone's making in bold, as Markdown."""
    return f"**{literal(name, _NAME_LIMIT)}**"


def _chosen(level: str | None) -> Level | None:
    """Read a choice. Raises `UserError` for what is none."""
    if level is None:
        return None
    try:
        return Level(level)
    except ValueError as error:
        raise UserError("There is no such level. Choose one of those that are offered.") from error


def _muted(subject: Subject) -> str:
    others = (
        ""
        if subject.kind is TrackedKind.DISCUSSION
        else ", but for discussions of it that you track by themselves"
    )
    return f"Muted: you hear nothing of {subject.words} now{others}"


def _members(members: int) -> str:
    return f"Tracked by {counted(members, 'member')}." if members else "Nobody tracks it now."
