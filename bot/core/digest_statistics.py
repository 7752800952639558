"""What a host is told of the digests of a server: counts, and never anything of one person.

A host often knows who tracks: a small number, or one close to all, would tell what somebody chose,
or that their direct messages are closed. So a number of people is told exactly only where there
are at least `FEWEST` of them, and at least as many others; and none where fewer than twice as many
track at all. How many track is no secret: every panel tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.level import LEVEL_WORDS, Level
from bot.core.post_line import counted

FEWEST = 3
SHOWN_LEVELS = (Level.EVERY_POST, Level.DAILY, Level.WEEKLY)

_TOO_FEW = f"-# Where fewer than {2 * FEWEST} do, anything more would tell of single people."
_GUARDED = (
    f"-# Each is a number of members. One below {FEWEST}, or as close to all of them, is not told: "
    "it would tell of single people."
)


@dataclass(frozen=True, slots=True)
class DigestStatistics:
    """How the digests of a server's discussions went in the last `days`, in numbers of people.

    `trackers` have chosen the levels of `by_level`, some of them more than one; `paused_by_choice`
    and `paused_by_inbox` are those of them to whom nothing is sent. `sent` counts messages that
    told of this server, and `reached` whom they reached; `waiting` and `failed` are people for
    whom one waits, or was given up. `quiet` counts those for whom nothing was new at least once.
    """

    days: int
    trackers: int
    by_level: Mapping[Level, int]
    paused_by_choice: int
    paused_by_inbox: int
    sent: int
    reached: int
    waiting: int
    failed: int
    quiet: int


def compose_statistics(statistics: DigestStatistics) -> str:
    """Put the numbers into words, as Markdown of at most 1,000 characters."""
    total = statistics.trackers
    tracks = "tracks" if total == 1 else "track"
    lines = [f"**{counted(total, 'member')}** {tracks} something here."]
    if total < 2 * FEWEST:
        return "\n".join([*lines, _TOO_FEW])
    levels = [
        f"{LEVEL_WORDS[level]}: {guarded(statistics.by_level.get(level, 0), total)}"
        for level in SHOWN_LEVELS
    ]
    return "\n".join(
        [
            *lines,
            f"How often they are told: {' · '.join(levels)}",
            "",
            f"**In the last {counted(statistics.days, 'day')}**",
            f"{_messages(statistics)} sent, to: {guarded(statistics.reached, total)}",
            f"On its way to: {guarded(statistics.waiting, total)}",
            f"Given up for: {guarded(statistics.failed, total)}",
            f"Nothing new for, at least once: {guarded(statistics.quiet, total)}",
            "",
            "**Paused**",
            f"They asked for it: {guarded(statistics.paused_by_choice, total)}",
            f"Their direct messages are closed: {guarded(statistics.paused_by_inbox, total)}",
            _GUARDED,
        ]
    )


def _messages(statistics: DigestStatistics) -> str:
    """Give how many messages there were, unless it would tell how many people exactly they reached.

    Nobody is reached without one: fewer messages than trackers leave somebody out.
    """
    reached, total = statistics.reached, statistics.trackers
    if _is_told(reached, total) or (reached >= FEWEST and statistics.sent > total):
        return counted(statistics.sent, "message")
    return "Messages"


def guarded(number: int, total: int) -> str:
    """Give a number of people, unless it would tell something of one of them."""
    if _is_told(number, total):
        return f"{number:,}"
    if number < FEWEST:
        return f"fewer than {FEWEST}"
    return f"more than {total - FEWEST:,}"


def _is_told(number: int, total: int) -> bool:
    return FEWEST <= number <= total - FEWEST
