"""However levels change, the news of a discussion is what came while it was heard of, once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hypothesis import given
from hypothesis import strategies as st

from bot.core.level import Level
from bot.core.model import Discussion
from bot.store.database import open_database
from bot.store.tracked import TrackedKind
from bot.store.untold import untold
from tests.reading_room import ANN, BEN, FORUM, ReadingRoom, open_reading_room

HEARD = frozenset(Level) - {Level.MUTED}
DISCUSSIONS = st.integers(0, 1)
CHOICES = st.none() | st.sampled_from(Level)


@dataclass
class Play:
    """Two discussions of a forum, and the marks of what Ann is still to be told of each."""

    room: ReadingRoom
    discussions: Sequence[Discussion]
    waiting: dict[int, set[int]] = field(default_factory=dict)

    async def forget_unheard(self) -> None:
        """What waits is hers no more as soon as she does not hear of its discussion."""
        levels = await self.room.tracking.levels(ANN)
        for each in self.discussions:
            if levels.get(each.id) not in HEARD:
                self.waiting[each.id] = set()

    async def told(self) -> dict[int, set[int]]:
        """Give the marks of the posts that digests of all levels would bring now."""
        async with self.room.database.reading() as connection:
            parts = (await untold(connection, {ANN: HEARD}, self.room.now)).get(ANN, [])
            rows = await connection.execute_fetchall("SELECT discussion_id, mark FROM post")
        after = {part.discussion_id: part.after for part in parts}
        return {
            each.id: {
                row["mark"]
                for row in rows
                if row["discussion_id"] == each.id and row["mark"] > after.get(each.id, row["mark"])
            }
            for each in self.discussions
        }


class Step(Protocol):
    async def happen(self, play: Play) -> None: ...


@dataclass(frozen=True, slots=True)
class Post:
    place: int

    async def happen(self, play: Play) -> None:
        discussion = play.discussions[self.place]
        await play.room.post(discussion, BEN, "News")
        play.waiting[discussion.id].add(await play.room.mark())


@dataclass(frozen=True, slots=True)
class Track:
    """The forum where there is no place."""

    place: int | None
    level: Level | None
    follows_settings: bool

    async def happen(self, play: Play) -> None:
        kind, subject_id = (
            (TrackedKind.FORUM, FORUM)
            if self.place is None
            else (TrackedKind.DISCUSSION, play.discussions[self.place].id)
        )
        await play.room.tracking.track(
            kind,
            ANN,
            subject_id,
            play.room.now,
            None if self.follows_settings else self.level,
            follows_settings=self.follows_settings,
        )


@dataclass(frozen=True, slots=True)
class SetLevel:
    """As a button below a digest does."""

    place: int
    level: Level

    async def happen(self, play: Play) -> None:
        await play.room.tracking.set_level_of_discussion(
            ANN, play.discussions[self.place].id, self.level, play.room.now
        )


@dataclass(frozen=True, slots=True)
class SetEverything:
    level: Level

    async def happen(self, play: Play) -> None:
        await play.room.tracking.set_everything(ANN, self.level, play.room.now)


@dataclass(frozen=True, slots=True)
class Stop:
    """Everything, or what is muted alone."""

    only_muted: bool

    async def happen(self, play: Play) -> None:
        tracked = await play.room.tracking.of_user(ANN)
        ended = [each for each in tracked if not self.only_muted or each.level is Level.MUTED]
        await play.room.tracking.stop(ANN, [each.id for each in ended], play.room.now)


@dataclass(frozen=True, slots=True)
class Tell:
    """A digest of everything is planned, as far as its marks go."""

    async def happen(self, play: Play) -> None:
        for discussion_id, marks in (await play.told()).items():
            if marks:
                async with play.room.database.transaction() as connection:
                    await connection.execute(
                        "INSERT INTO told (user_id, discussion_id, mark) VALUES (?, ?, ?)"
                        " ON CONFLICT DO UPDATE SET mark = excluded.mark",
                        (ANN, discussion_id, max(marks)),
                    )
        play.waiting = {each.id: set() for each in play.discussions}


STEPS = (
    st.builds(Post, DISCUSSIONS)
    | st.builds(Post, DISCUSSIONS)
    | st.builds(Track, st.none() | DISCUSSIONS, CHOICES, st.booleans())
    | st.builds(SetLevel, DISCUSSIONS, st.sampled_from(Level))
    | st.builds(SetEverything, st.sampled_from(sorted(HEARD)))
    | st.builds(Stop, st.booleans())
    | st.builds(Tell)
)


async def play_through(steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_database(Path(folder) / "marginalia.sqlite3") as database,
            open_reading_room(database) as room,
        ):
            play = Play(room, [await room.begin("One"), await room.begin("Other")])
            await play.forget_unheard()
            for step in steps:
                await step.happen(play)
                await play.forget_unheard()
                assert await play.told() == play.waiting, step


@given(st.lists(STEPS, min_size=4, max_size=25))
def test_what_waits_for_a_person_is_what_came_since_they_hear_of_it(steps: list[Step]) -> None:
    asyncio.run(play_through(steps))
