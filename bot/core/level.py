"""How often people are told of what they track, and what a digest is."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Level(StrEnum):
    """How often someone is told of what they track."""

    EVERY_POST = "every_post"
    DAILY = "daily"
    WEEKLY = "weekly"
    MUTED = "muted"


LEVEL_WORDS = {
    Level.EVERY_POST: "every post, as it comes",
    Level.DAILY: "once a day",
    Level.WEEKLY: "once a week",
    Level.MUTED: "muted: nothing of it",
}
"""How a level is named to people, as part of a sentence."""


class DigestKind(StrEnum):
    """What a message of news is: a notice of new posts as they come, or a digest."""

    NOTICE = "notice"
    DAILY = "daily"
    WEEKLY = "weekly"
    CHANNEL = "channel"


def kind_of_digest(levels: Collection[Level]) -> DigestKind:
    """Give what a message is that tells of these levels: the rarest of them names it."""
    if Level.WEEKLY in levels:
        return DigestKind.WEEKLY
    return DigestKind.DAILY if Level.DAILY in levels else DigestKind.NOTICE


class Exclusion(StrEnum):
    """Why a digest said nothing of a discussion that it was to cover."""

    LEFT = "left"
    """The person is not in its server any more."""
    NO_ACCESS = "no access"
    """They may not read it at the moment of sending."""
    GONE = "gone"
    """It was deleted, ended or hidden meanwhile."""
    MUTED = "muted"
    """They muted it, or stopped tracking it, meanwhile."""
    NOTHING = "nothing"
    """Its news were their own, deleted meanwhile, or edits of posts they had not answered."""
