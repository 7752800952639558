"""The buttons below a digest, in a direct message or in a channel.

They carry all that they mean, so that they work for as long as the message is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.core.digest import DigestMessage
from bot.core.excerpt import Surface, excerpt
from bot.core.level import LEVEL_WORDS, DigestKind, Level, kind_of_digest
from cogs._naming import local_id
from cogs._panel_view import TRACK
from cogs._presses import Item, button, select, view_of

READ_NEW = "digest_read"
"""The action that opens a discussion at its first new post; carries `FirstNew.as_text`."""
MUTE = "digest_mute"
"""The action that mutes a discussion; carries its local id."""
LEVEL_OF_ONE = "digest_level"
"""The action that says how often one discussion is told; its state is `LevelOfOne.as_text`."""
LEVEL_OF_ALL = "digest_levels"
"""The action that says how often everything is told; its state is a level."""
STOP_ALL = "digest_stop"
"""The action that pauses whatever would be sent."""

# Discord's documentation, "Component Reference", section "Select Option Structure".
_OPTION_LIMIT = 100

_FIRST_ROW, _SECOND_ROW, _LAST_ROW = range(3)


@dataclass(frozen=True, slots=True)
class FirstNew:
    """Where the news of a discussion begins; `number` is None where that post has none."""

    discussion_id: int
    number: int | None

    def as_text(self) -> str:
        """Give it as a button carries it, to be read by `first_new_from_text`."""
        return f"{self.discussion_id}." + ("" if self.number is None else str(self.number))


def first_new_from_text(text: str) -> FirstNew | None:
    """Read what `FirstNew.as_text` gave; None for anything else."""
    discussion_id, point, number = text.partition(".")
    found, first = local_id(discussion_id), local_id(number)
    if found is None or not point or (number and first is None):
        return None
    return FirstNew(found, first)


@dataclass(frozen=True, slots=True)
class LevelOfOne:
    """How often one discussion is to be told from now on."""

    discussion_id: int
    level: Level

    def as_text(self) -> str:
        """Give it as a button carries it, to be read by `level_of_one_from_text`."""
        return f"{self.discussion_id}.{self.level}"


def level_of_one_from_text(text: str) -> LevelOfOne | None:
    """Read what `LevelOfOne.as_text` gave; None for anything else."""
    discussion_id, _, level = text.partition(".")
    found, chosen = local_id(discussion_id), level_from_text(level)
    return None if found is None or chosen is None else LevelOfOne(found, chosen)


def level_from_text(text: str) -> Level | None:
    """Read a level as a button carries it; None for anything else, and for "muted"."""
    return next((each for each in Level if each == text and each is not Level.MUTED), None)


def digest_view(message: DigestMessage) -> discord.ui.View:
    """Give the buttons of a digest: what to read, what to hear less of, and how to end it all.

    Below that of a channel there are those alone that answer whoever presses: Read and Track.
    """
    told = [
        _Told(excerpt(section.title, _OPTION_LIMIT, Surface.PLAIN), each, section.first_number)
        for section in message.sections
        if (each := section.discussion_id) is not None
    ]
    if message.kind is DigestKind.CHANNEL:
        return view_of([*_read(told), *_track(told)])
    return view_of([*_read(told), *_mute(told), *_levels(message.kind, told), _stop()])


@dataclass(frozen=True, slots=True)
class _Told:
    """A discussion that a digest tells of; its title is plain text."""

    title: str
    discussion_id: int
    first_number: int | None

    @property
    def first_new(self) -> str:
        return FirstNew(self.discussion_id, self.first_number).as_text()


def _read(told: Sequence[_Told]) -> Iterator[Item]:
    if len(told) == 1:
        yield button(
            "Read",
            READ_NEW,
            told[0].first_new,
            row=_FIRST_ROW,
            style=discord.ButtonStyle.primary,
        )
    elif told:
        options = [_option(each, each.first_new) for each in told]
        yield select("Read from the first new post", READ_NEW, "", options, row=_FIRST_ROW)


def _mute(told: Sequence[_Told]) -> Iterator[Item]:
    yield from _of_one("Mute this discussion", "Mute a discussion", MUTE, told)


def _track(told: Sequence[_Told]) -> Iterator[Item]:
    yield from _of_one("Track", "Track a discussion", TRACK, told)


def _of_one(label: str, placeholder: str, action: str, told: Sequence[_Told]) -> Iterator[Item]:
    """Make a button for the only discussion, or a list to choose one from."""
    if len(told) == 1:
        yield button(label, action, str(told[0].discussion_id), row=_FIRST_ROW)
    elif told:
        options = [_option(each, str(each.discussion_id)) for each in told]
        yield select(placeholder, action, "", options, row=_SECOND_ROW)


def _levels(kind: DigestKind, told: Sequence[_Told]) -> Iterator[Item]:
    """Offer the other levels: of a notice's only discussion, or of everything."""
    for level in (Level.DAILY, Level.WEEKLY):
        if kind is kind_of_digest({level}):
            continue
        often = LEVEL_WORDS[level]
        if kind is DigestKind.NOTICE and len(told) == 1:
            state = LevelOfOne(told[0].discussion_id, level).as_text()
            yield button(f"This one {often}", LEVEL_OF_ONE, state, row=_LAST_ROW)
        else:
            yield button(f"Everything {often}", LEVEL_OF_ALL, level, row=_LAST_ROW)


def _stop() -> Item:
    return button("Stop all", STOP_ALL, "", row=_LAST_ROW, style=discord.ButtonStyle.danger)


def _option(told: _Told, value: str) -> discord.SelectOption:
    return discord.SelectOption(label=told.title or "(no title)", value=value)
