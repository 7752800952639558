"""Discord's Markdown as the terminal shows it; a spoiler stays hidden there too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style as Look
from rich.text import Text

from bot.core.markup import Atom, Style, read_markdown
from bot.core.post_line import counted
from bot.core.spoilers import hidden_ranges

HIDDEN = "▮▮▮"

_LOOKS = {
    Style.STRONG: Look(bold=True),
    Style.EMPHASIS: Look(italic=True),
    Style.UNDERLINE: Look(underline=True),
    Style.STRIKE: Look(strike=True),
    Style.CODE: Look(color="cyan"),
}
_SMALL = Look(dim=True)
_LINKED = Look(color="blue", underline=True)

_TIMESTAMP = re.compile(r"<t:(-?\d+)(?::(\w))?>")
_LINKED_TIMESTAMP = re.compile(rf"(?<=\[){_TIMESTAMP.pattern}(?=\]\()")
_MENTION = re.compile(r"<(@[!&]?|#)(\d+)>")

_LENGTHS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def discord_text(
    markdown: str, names: Mapping[int, str] | None = None, now: datetime | None = None
) -> Text:
    """Give a text of Discord's styled, spoilers as ▮▮▮.

    `names` are what the mentioned people and channels are called. Times are in UTC; those that
    Discord counts from the present are counted from `now`, where it is given.
    """
    return Text("\n").join(_lines(markdown, names or {}, now))


def discord_block(
    markdown: str, names: Mapping[int, str] | None = None, now: datetime | None = None
) -> RenderableType:
    """Give the same with quotations set in."""
    lines = zip(_hidden(markdown).split("\n"), _lines(markdown, names or {}, now), strict=True)
    return Group(
        *(Padding(line, (0, 0, 0, 2)) if _is_quotation(raw) else line for raw, line in lines)
    )


def moment(when: datetime) -> str:
    """Give a time as the demo shows it, such as "16 Nov 2026 19:04"."""
    when = when.astimezone(UTC)
    return f"{when.day} {when:%b %Y %H:%M}"


def from_now(ahead: timedelta) -> str:
    """Say how far away something is as Discord does, in the largest unit: "in 5 days"."""
    for unit, length in _LENGTHS:
        if abs(ahead) >= length:
            words = counted(round(abs(ahead) / length), unit)
            return f"in {words}" if ahead > timedelta(0) else f"{words} ago"
    return "now"


def _is_quotation(line: str) -> bool:
    return line.startswith("> ")


def _lines(markdown: str, names: Mapping[int, str], now: datetime | None) -> list[Text]:
    return [_line(line, names, now) for line in _hidden(markdown).split("\n")]


def _hidden(markdown: str) -> str:
    shown: list[str] = []
    position = 0
    for start, end in hidden_ranges(read_markdown(markdown)):
        shown += [markdown[position:start], HIDDEN]
        position = end
    return "".join([*shown, markdown[position:]])


def _line(line: str, names: Mapping[int, str], now: datetime | None) -> Text:
    text = Text()
    linked = partial(_time, now=now)
    is_small = line.startswith("-# ")
    for atom in read_markdown(_LINKED_TIMESTAMP.sub(linked, line)).atoms:
        if is_small and atom.start < len("-# "):
            continue
        look = Look.combine([Look.null(), *(_LOOKS[style] for style in atom.styles)])
        if is_small:
            look += _SMALL
        shown, token_look = _token(atom, names, now)
        text.append(shown, look + token_look)
    return text


def _time(timestamp: re.Match[str], now: datetime | None) -> str:
    when = datetime.fromtimestamp(int(timestamp[1]), UTC)
    return moment(when) if timestamp[2] != "R" or now is None else from_now(when - now)


def _token(atom: Atom, names: Mapping[int, str], now: datetime | None) -> tuple[str, Look]:
    if not atom.is_token:
        return atom.plain, Look.null()
    if found := _TIMESTAMP.fullmatch(atom.markdown):
        return _time(found, now), Look.null()
    if found := _MENTION.fullmatch(atom.markdown):
        name = names.get(int(found[2]))
        return atom.plain if name is None else f"{found[1][0]}{name}", _LINKED
    return atom.plain, _LINKED if atom.markdown.startswith(("[", "<http")) else Look.null()
