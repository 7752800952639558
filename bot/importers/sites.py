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
    "CET": timezone(timedelta(hours=1)),
    "CEST": timezone(timedelta(hours=2)),
    "JST": timezone(timedelta(hours=9)),
}
_OFFSET = re.compile(r"(?:GMT|UTC)(?P<sign>[+-])(?P<hours>0[0-9]|1[0-4]):(?P<minutes>[0-5][0-9])")

_ZONED = re.compile(r"(?P<rest>.*[^\s:])(?:\s+|:)(?P<zone>[A-Z]{3,4}(?:[+-][0-9:]{5})?)")
_WORD = re.compile(r"[^\W\d_]+\.?")

_ENGLISH_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_FRENCH_MONTHS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of a page in one language.

    `headers` are those of a post that is not the initial one. `actions` are the links that a
    page as HTML has below a post; `permalink` among them leads to the post itself.
    """

    breadcrumb: str
    sort: str
    showing: re.Pattern[str]
    headers: tuple[tuple[str, PostKind], ...]
    actions: frozenset[str]
    permalink: str
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

    The forms are those of `datetime.strptime`, with `%m` for a name of `months`, January's first.
    `words` is None where no more than the header of the initial post, `initial`, is known: such
    a page can be told, and not be read.
    """

    name: str
    initial: str
    words: Words | None
    moment_form: str
    day_form: str
    months: str = ""

    def header(self, line: str) -> Header | None:
        """Give what a post's header line says, or None when the line is not one.

        Header words without a valid date after them are prose, not a header.
        """
        for words, kind in self._headers:
            rest = _after(words, line)
            if rest is not None:
                moment = self.moment(rest)
                return None if moment is None else Header(kind, moment)
        return None

    def opens_like_header(self, line: str) -> bool:
        """Say whether the line has header words and something like a time of day."""
        rests = (_after(words, line) for words, _ in self._headers)
        return any(rest is not None and re.search(r"\d:\d\d", rest) for rest in rests)

    def edit_mark(self, line: str) -> datetime | None:
        """Give the moment of an edit in UTC, or None when the line is no edit mark."""
        rest = None if self.words is None else _after(self.words.edited, line)
        return None if rest is None else self.moment(rest)

    def moment(self, text: str) -> datetime | None:
        """Read a moment with its zone, such as `Nov 22, 2015 7:53:30 PM PST`, as UTC."""
        parts = _ZONED.fullmatch(text)
        zone = None if parts is None else _zone(parts["zone"])
        if parts is None or zone is None:
            return None
        try:
            digits = self._in_digits(parts["rest"])
            local = datetime.strptime(digits, self.moment_form).replace(tzinfo=zone)
            return local.astimezone(UTC)
        except (ValueError, OverflowError):  # the latter at the ends of the calendar
            return None

    def day(self, text: str) -> date | None:
        """Read a day such as `Nov 22, 2015`, or give None."""
        try:
            digits = self._in_digits(text)
            return datetime.strptime(digits, self.day_form).replace(tzinfo=UTC).date()
        except ValueError:
            return None

    @property
    def _headers(self) -> tuple[tuple[str, PostKind], ...]:
        others = () if self.words is None else self.words.headers
        return ((self.initial, PostKind.INITIAL), *others)

    def _in_digits(self, text: str) -> str:
        """Put a month's number for its name, which no locale of the system is asked for."""
        if not self.months:
            return text
        month = _WORD.search(text)
        months = self.months.split()
        if month is None or month[0] not in months:
            return ""
        return f"{text[: month.start()]}{months.index(month[0]) + 1}{text[month.end() :]}"


def _zone(name: str) -> timezone | None:
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return _ZONES.get(name)
    distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
    return timezone(-distance if offset["sign"] == "-" else distance)


def _after(words: str, line: str) -> str | None:
    """Give what follows the words at the start of the line, or None when it has others."""
    start = line.lstrip()
    if not start.startswith(words.partition(" ")[0]):  # most lines are prose, and long
        return None
    line = " ".join(start.split())
    return line[len(words) :].strip() if line.startswith(words) else None


_ENGLISH = Words(
    breadcrumb="Customer Discussions",
    sort="Sort:",
    showing=re.compile(
        r"Showing (?P<first>[0-9,]{1,11}) ?[-–] ?(?P<last>[0-9,]{1,11})"
        r" of (?P<total>[0-9,]{1,11}) posts? in this discussion"
    ),
    headers=(
        ("Posted on", PostKind.POST),
        ("In reply to an earlier post on", PostKind.REPLY),
    ),
    actions=frozenset(
        {
            "Permalink",
            "Report abuse",
            "Ignore this customer",
            "Reply to this post",
            "Reply to this message",
            "Reply",
        }
    ),
    permalink="Permalink",
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
    Site(
        ".com",
        "Initial post:",
        _ENGLISH,
        moment_form="%m %d, %Y %I:%M:%S %p",
        day_form="%m %d, %Y",
        months=_ENGLISH_MONTHS,
    ),
    Site(
        ".co.uk",
        "Initial post:",
        _ENGLISH,
        moment_form="%d %m %Y %H:%M:%S",
        day_form="%d %m %Y",
        months=_ENGLISH_MONTHS,
    ),
    Site(
        ".de",
        "Ersteintrag:",
        None,
        moment_form="%d.%m.%Y %H:%M:%S",
        day_form="%d.%m.%Y",
    ),
    Site(
        ".fr",
        "Message initial:",
        None,
        moment_form="%d %m %y %H:%M:%S",
        day_form="%d %m %y",
        months=_FRENCH_MONTHS,
    ),
    Site(
        ".co.jp",
        "最初の投稿:",
        None,
        moment_form="%Y/%m/%d %H:%M:%S",
        day_form="%Y/%m/%d",
    ),
)
"""The sites whose pages are known. Of the last three only what stands here is."""
