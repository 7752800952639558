"""What differs from one forum site to the next: header words and forms of date.

A further site is one more entry in `SITES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from bot.core.model import PostKind

# The zones by the names the sites print. BDT is .co.uk's name for British Summer Time.
_ZONES = {
    "PST": timezone(timedelta(hours=-8)),
    "PDT": timezone(timedelta(hours=-7)),
    "GMT": UTC,
    "UTC": UTC,
    "BST": timezone(timedelta(hours=1)),
    "BDT": timezone(timedelta(hours=1)),
}

_LAST_WORD = re.compile(r"(?P<rest>.*\S)\s+(?P<word>\S+)")


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of a page in one language."""

    breadcrumb: str
    sort: str
    showing: re.Pattern[str]
    headers: tuple[tuple[str, PostKind], ...]
    edited: str
    says: str
    pager: re.Pattern[str]
    add_comment: str
    add_message: str
    box: str
    box_forum: str
    box_participants: str
    box_total: str
    box_initial: str
    box_latest: str
    box_tracked: re.Pattern[str]
    box_product: str
    rating: re.Pattern[str]
    by: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a post: what it is to the discussion, and its moment in UTC."""

    kind: PostKind
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """A forum site: its words, and its forms of a moment (without the zone) and of a day.

    The forms are those of `datetime.strptime`.
    """

    name: str
    words: Words
    moment_form: str
    day_form: str

    def header(self, line: str) -> Header | None:
        """Give what a post's header line says, or None when the line is not one.

        Header words without a valid date after them are prose, not a header.
        """
        for words, kind in self.words.headers:
            rest = _after(words, line)
            if rest is not None:
                moment = self.moment(rest)
                return None if moment is None else Header(kind, moment)
        return None

    def opens_like_header(self, line: str) -> bool:
        """Say whether the line has header words and something like a time of day."""
        rests = (_after(words, line) for words, _ in self.words.headers)
        return any(rest is not None and re.search(r"\d:\d\d", rest) for rest in rests)

    def edit_mark(self, line: str) -> datetime | None:
        """Give the moment of an edit in UTC, or None when the line is no edit mark."""
        rest = _after(self.words.edited, line)
        return None if rest is None else self.moment(rest)

    def moment(self, text: str) -> datetime | None:
        """Read a moment with its zone, such as `Nov 22, 2015 7:53:30 PM PST`, as UTC."""
        parts = _LAST_WORD.fullmatch(text)
        zone = None if parts is None else _ZONES.get(parts["word"])
        if parts is None or zone is None:
            return None
        try:
            local = datetime.strptime(parts["rest"], self.moment_form).replace(tzinfo=zone)
            return local.astimezone(UTC)
        except (ValueError, OverflowError):  # the latter at the ends of the calendar
            return None

    def day(self, text: str) -> date | None:
        """Read a day such as `Nov 22, 2015`, or give None."""
        try:
            return datetime.strptime(text, self.day_form).replace(tzinfo=UTC).date()
        except ValueError:
            return None


def _after(words: str, line: str) -> str | None:
    """Give what follows the words at the start of the line, or None when it has others."""
    line = " ".join(line.split())
    return line[len(words) :].strip() if line.startswith(words) else None


_ENGLISH = Words(
    breadcrumb="Customer Discussions >",
    sort="Sort:",
    showing=re.compile(
        r"Showing (?P<first>[0-9,]{1,11}) ?[-–] ?(?P<last>[0-9,]{1,11})"
        r" of (?P<total>[0-9,]{1,11}) posts? in this discussion"
    ),
    headers=(
        ("Initial post:", PostKind.INITIAL),
        ("Posted on", PostKind.POST),
        ("In reply to an earlier post on", PostKind.REPLY),
    ),
    edited="Last edited by the author on",
    says="says:",
    pager=re.compile(r"[‹<«]? ?Previous(?: (?:[0-9]+|\.\.\.|…))* Next ?[›>»]?"),
    add_comment="[Add comment]",
    add_message="Add your own message to the discussion",
    box="This discussion",
    box_forum="Discussion in:",
    box_participants="Participants:",
    box_total="Total posts:",
    box_initial="Initial post:",
    box_latest="Latest post:",
    box_tracked=re.compile(r"Tracked by (?P<count>[0-9,]{1,11}) customers?"),
    box_product="This discussion is about",
    rating=re.compile(
        r"(?P<stars>[0-9](?:\.[0-9])?) out of 5 stars(?: \((?P<count>[0-9,]{1,11})\))?"
    ),
    by="by",
)

SITES = (
    Site(".com", _ENGLISH, moment_form="%b %d, %Y %I:%M:%S %p", day_form="%b %d, %Y"),
    Site(".co.uk", _ENGLISH, moment_form="%d %b %Y %H:%M:%S", day_form="%d %b %Y"),
)
