"""What a person tracks, as it may be named to them now."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.ports import CourierError
from bot.store.tracked import Tracked, TrackedKind
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._naming import CHOICES, Choice, choice

logger = logging.getLogger(__name__)

EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Named:
    """One tracking; `name` is None where its subject must not be named to the person."""

    tracked: Tracked
    name: str | None

    @property
    def words(self) -> str:
        """The name as plain text, or what stands for it."""
        return self.name or f"a {self.tracked.kind} that you cannot read now"


class TrackedNames:
    """Names what people track. One who has left a server learns no new title from here."""

    def __init__(self, tracking: Tracking, access: Access) -> None:
        self._tracking = tracking
        self._access = access

    async def of_user(self, user_id: int) -> list[Named]:
        """Give everything the person tracks, in every server, with the names they may know."""
        tracked = await self._tracking.of_user(user_id)
        places = [place for each in tracked for place in each.places]
        try:
            readable = await self._access.readable(user_id, places)
        except CourierError as error:
            logger.warning("What someone tracks is not named to them: %s", error)
            readable = frozenset()
        return [
            Named(each, each.name if _may_be_named(each, readable) else None) for each in tracked
        ]

    async def choices(self, user_id: int, words: str) -> list[Choice]:
        """Offer what the person tracks and can stop."""
        named = await self.of_user(user_id)
        wanted = words.casefold().split()
        offered = [choice(f"Everything ({len(named)})", EVERYTHING)] if len(named) > 1 else []
        offered += [
            choice(f"{_kind(each)}: {each.words}, {each.tracked.guild_name}", each.tracked.id)
            for each in named
        ]
        return [each for each in offered if all(word in each.name.casefold() for word in wanted)][
            :CHOICES
        ]

    async def here(self, user_id: int, channel_id: int | None) -> list[Named]:
        """Give the person's tracking of the discussion whose thread this is.

        Raises `UserError` where it is none, or not tracked by itself.
        """
        found = [
            each
            for each in await self.of_user(user_id)
            if each.tracked.kind is TrackedKind.DISCUSSION
            and any(place.thread_id == channel_id for place in each.tracked.places)
        ]
        if not found:
            raise UserError(
                "You do not track this place by itself. Say what to stop: choose it from the list "
                "that appears while you type. `/track list` shows all that you track. Where a "
                "discussion comes to you with its forum or its book, `/track discussion` with the "
                "level “Muted” keeps it away."
            )
        return found

    async def chosen(self, user_id: int, what: str) -> list[Named]:
        """Give what was chosen: a tracking by its id, everything, or one by its name.

        Raises `UserError` where nothing, or more than one thing, is meant.
        """
        named = await self.of_user(user_id)
        asked = what.strip().casefold()
        if asked == EVERYTHING:
            return named
        by_id = [each for each in named if str(each.tracked.id) == asked]
        found = by_id or [each for each in named if (each.name or "").casefold() == asked]
        if len(found) == 1:
            return found
        trouble = "more than one thing" if found else "nothing"
        raise UserError(
            f"You track {trouble} of that name. Choose from the list that appears while you type; "
            "`/track list` shows all of it."
        )


def _kind(named: Named) -> str:
    kind = named.tracked.kind
    return f"muted {kind}" if named.tracked.level is Level.MUTED else str(kind)


def _may_be_named(tracked: Tracked, readable: frozenset[int]) -> bool:
    return any(place.thread_id in readable for place in tracked.places)
