"""Whatever befalls a reader and Discord, each post that they hear of is told them once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.level import Level
from bot.core.model import Discussion
from bot.core.schedule import QuietHours
from bot.digests import Digests
from bot.store.database import open_database
from bot.store.person import PauseReason
from tests.digests.scene import DAY, HOUR, WEEK, opened
from tests.mailbag import Mailbag, silence
from tests.reading_room import ANN, BEN, FORUM, ReadingRoom, open_reading_room


@dataclass
class Life:
    """Ann tracks a forum, in which Ben writes; `heard` are his posts that are to reach her."""

    room: ReadingRoom
    digests: Digests
    discussions: Sequence[Discussion]
    mailbag: Mailbag = field(default_factory=Mailbag)
    heard: set[str] = field(default_factory=set)
    unheard: set[str] = field(default_factory=set)
    written: int = 0

    def is_told(self, text: str) -> bool:
        return any(text in told for told in self.mailbag.texts(ANN))

    def end_trouble(self) -> None:
        for troubles in (self.mailbag.closed, self.mailbag.before, self.mailbag.after):
            troubles.clear()

    async def pass_time(self, length: timedelta, ticks: int) -> None:
        for _ in range(ticks):
            await self.digests.tick(self.mailbag, self.room.pass_time(length / ticks))
            await self.digests.settled()


Step = Callable[[Life], Awaitable[None]]


async def post(life: Life, place: int) -> None:
    discussion = life.discussions[place]
    life.written += 1
    text = f"Thought {life.written}."
    level = (await life.room.tracking.levels(ANN))[discussion.id]
    (life.unheard if level is Level.MUTED else life.heard).add(text)
    await life.room.post(discussion, BEN, text)


async def choose_level(life: Life, place: int, level: Level) -> None:
    if level is Level.MUTED:
        # What waits is hers no more; what is on its way already may still come.
        life.heard = {text for text in life.heard if life.is_told(text)}
    await life.room.tracking.track_discussion(ANN, life.discussions[place].id, life.room.now, level)


async def choose_settings(life: Life, level: Level, quiet: QuietHours | None) -> None:
    await life.room.people.choose(
        ANN, now=life.room.now, level=level, quiet=quiet, ends_quiet=quiet is None
    )


async def pause(life: Life) -> None:
    await life.room.people.pause(ANN, PauseReason.ASKED, life.room.now)


async def resume(life: Life) -> None:
    await life.room.people.resume(ANN)


async def close_inbox(life: Life) -> None:
    life.mailbag.closed.add(ANN)


async def open_inbox(life: Life) -> None:
    life.mailbag.closed.discard(ANN)


async def lose(life: Life, *, is_taken: bool) -> None:
    """The next message gets no answer, be it that Discord took it."""
    (life.mailbag.after if is_taken else life.mailbag.before)[ANN].append(silence)


async def wait(life: Life, length: timedelta, ticks: int) -> None:
    await life.pass_time(length, ticks)


PLACES = st.integers(0, 1)
QUIET = st.none() | st.builds(QuietHours, st.just(22), st.sampled_from([3, 12]))
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda place: partial(post, place=place), PLACES),
    st.builds(lambda place: partial(post, place=place), PLACES),
    st.builds(
        lambda place, level: partial(choose_level, place=place, level=level),
        PLACES,
        st.sampled_from(Level),
    ),
    st.builds(
        lambda level, quiet: partial(choose_settings, level=level, quiet=quiet),
        st.sampled_from([Level.EVERY_POST, Level.DAILY, Level.WEEKLY]),
        QUIET,
    ),
    st.sampled_from([pause, resume, close_inbox, open_inbox]),
    st.builds(lambda is_taken: partial(lose, is_taken=is_taken), st.booleans()),
    st.sampled_from([partial(wait, length=HOUR, ticks=4), partial(wait, length=DAY, ticks=6)]),
)


async def live(steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_database(Path(folder) / "marginalia.sqlite3") as database,
            open_reading_room(database) as room,
            opened(room) as digests,
        ):
            life = Life(room, digests, [await room.begin("One"), await room.begin("Other")])
            await room.tracking.track_forum(ANN, FORUM, room.now)
            for step in steps:
                await step(life)
            life.end_trouble()
            await resume(life)
            await life.pass_time(3 * WEEK, 3 * 7 * 6)
            told = "\n".join(life.mailbag.texts(ANN))
            assert {text: told.count(text) for text in life.heard} == dict.fromkeys(life.heard, 1)
            assert not any(map(life.is_told, life.unheard))


@pytest.mark.slow
@given(st.lists(STEPS, min_size=5, max_size=50))
def test_each_post_that_one_hears_of_is_told_once_whatever_happens(steps: list[Step]) -> None:
    asyncio.run(live(steps))
