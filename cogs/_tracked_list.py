"""What `/track list` shows: what one tracks, by how often it tells, then by server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.graphemes import utf16_length
from bot.core.level import Level
from bot.core.post_line import literal, timestamp
from bot.store.people import People
from bot.store.tracked import TrackedKind
from bot.store.tracking import Tracking
from cogs._inbox import Inboxes
from cogs._schedule_words import coming_words
from cogs._tracked import Named, TrackedNames

# An embed's description holds 4,096 characters; a last line is kept free.
_LIST_LIMIT = 4000
_NAME_LIMIT = 100

_NOTHING = (
    "You track nothing. Use `/track discussion` in a discussion's thread, or `/track forum` or "
    "`/track book` for more at once: you receive a message when new posts are made, as often as "
    "you say."
)


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as Markdown for an embed's description, and what to say above it, or None."""

    text: str
    note: str | None


class TrackedList:
    """Gives people the list of what they track."""

    def __init__(
        self, names: TrackedNames, tracking: Tracking, people: People, inboxes: Inboxes
    ) -> None:
        self._names = names
        self._tracking = tracking
        self._people = people
        self._inboxes = inboxes

    async def of_user(self, user_id: int) -> ShownList:
        """Give everything the person tracks, in every server."""
        named = await self._names.of_user(user_id)
        person = await self._people.get(user_id)
        note = await self._inboxes.note(user_id)
        if person is None or not named:
            return ShownList(_NOTHING, note)
        coming = await self._people.next_due(user_id) if person.paused is None else None
        in_force = await self._tracking.levels(user_id)
        return ShownList(
            tracked_lines(
                [(each, _level(each, in_force, person.level)) for each in named],
                {level: coming_words(level, person.schedule, coming) for level in Level},
            ),
            note,
        )


def tracked_lines(named: Sequence[tuple[Named, Level]], headings: Mapping[Level, str]) -> str:
    """Give trackings, each with how often it tells, as Markdown for an embed's description."""
    lines: list[str] = []
    room = _LIST_LIMIT
    shown = 0
    for level in Level:
        of_level = [each for each, its_level in named if its_level is level]
        above = [f"### {headings[level]}"]
        for _, of_guild in groupby(of_level, key=lambda each: each.tracked.guild_id):
            for place, each in enumerate(of_guild):
                if place == 0:
                    above.append(f"**{literal(each.tracked.guild_name, _NAME_LIMIT)}**")
                added = [*above, _line(each)]
                room -= sum(utf16_length(line) + 1 for line in added)
                if room < 0:
                    return "\n".join([*lines, f"and {len(named) - shown} more"])
                lines += added
                above = []
                shown += 1
    return "\n".join(lines)


def _level(named: Named, in_force: Mapping[int, Level], of_settings: Level) -> Level:
    """Give how often a tracking tells: its own level, else what decides where it has none."""
    tracked = named.tracked
    if tracked.level is not None:
        return tracked.level
    if tracked.kind is TrackedKind.DISCUSSION:
        return in_force.get(tracked.subject_id, of_settings)
    return of_settings


def _line(each: Named) -> str:
    since = timestamp(each.tracked.tracked_at, "D")
    if each.name is None:
        return f"- {each.words}, since {since}"
    name = literal(each.name, _NAME_LIMIT)
    if each.tracked.kind is not TrackedKind.BOOK:
        (place,) = each.tracked.places
        name = f"[{name}](https://discord.com/channels/{place.guild_id}/{place.thread_id})"
    return f"- {each.tracked.kind}: {name}, since {since}"
