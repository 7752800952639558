"""Whatever order, repetition and batching events come in, the same posts stand at the end.

What may differ is what counts arrivals: numbers, news marks, gap marks and times of deletion.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.core.incoming import IncomingPost
from bot.core.model import Post
from bot.store.database import Database, open_database
from bot.store.posts import Posts
from bot.store.recording import open_recording
from tests.store.thread import THREAD, found_club, message, minute

# Few messages and few texts, so that they meet, repeat and return to what they were.
MESSAGES = range(THREAD, THREAD + 6)
TEXTS = ("Yes.", "No.", "Perhaps.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader sees of a post."""

    texts: tuple[str, ...]
    is_deleted: bool
    parent: int | None
    root: int
    depth: int
    reply_count: int


@dataclass(frozen=True, slots=True)
class Deleted:
    message_id: int


Event = IncomingPost | Deleted


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Give what happens to some messages, with each of their texts and perhaps their deletion."""
    events: list[Event] = []
    for message_id in draw(st.sets(st.sampled_from(MESSAGES), min_size=1)):
        # What is answered may be unknown for ever.
        reply_to = draw(st.none() | st.integers(THREAD - 1, message_id - 1))
        edits = draw(st.sets(st.integers(100, 103)))
        events += [
            message(message_id, draw(st.sampled_from(TEXTS)), reply_to=reply_to, edited=edit)
            for edit in (None, *edits)
            # Any but the last may never arrive.
            if edit == max(edits, default=None) or draw(st.booleans())
        ]
        if draw(st.integers(0, 3)) == 0:
            events.append(Deleted(message_id))
    return events


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """Give a history, and it again in some order, with repetitions, in batches."""
    history = draw(histories())
    repeated = draw(st.lists(st.sampled_from(history), max_size=6))
    shuffled = draw(st.permutations([*history, *repeated]))
    borders = draw(st.sets(st.integers(1, len(shuffled))))
    cuts = sorted({0, len(shuffled), *borders})
    return history, [shuffled[a:b] for a, b in pairwise(cuts)]


def expected(history: Sequence[Event]) -> dict[int, Standing]:
    """Say how the posts stand after all of that, from what happened alone."""
    told: dict[int, list[IncomingPost]] = {}
    for event in history:
        if isinstance(event, IncomingPost):
            told.setdefault(event.message_id, []).append(event)
    deleted = {event.message_id for event in history if isinstance(event, Deleted)}
    parents = {
        message_id: versions[0].reply_to
        if versions[0].reply_to in told and message_id != THREAD
        else None
        for message_id, versions in told.items()
    }

    def ancestors(message_id: int) -> list[int]:
        parent = parents[message_id]
        return [] if parent is None else [parent, *ancestors(parent)]

    standing = {}
    for message_id, versions in told.items():
        ordered = sorted(versions, key=lambda post: post.edited_at or post.posted_at)
        above = ancestors(message_id)
        standing[message_id] = Standing(
            texts=()
            if message_id in deleted
            else tuple(text for text, _ in groupby(post.content for post in ordered)),
            is_deleted=message_id in deleted,
            parent=parents[message_id],
            root=above[-1] if above else message_id,
            depth=len(above),
            reply_count=sum(
                parents[other] == message_id and other not in deleted for other in told
            ),
        )
    return standing


async def stored(new_file: Path, batches: Sequence[Sequence[Event]]) -> dict[int, Standing]:
    """Record the events, those of a batch at once, and give how the posts stand then."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / new_file.name
        shutil.copy(new_file, path)
        async with (
            open_database(path) as database,
            open_recording(database) as recording,
        ):
            club = await found_club(database)
            discussion = await club.discussion()

            async def happen(event: Event) -> None:
                if isinstance(event, Deleted):
                    await recording.delete(discussion, [event.message_id], minute(200))
                else:
                    await recording.record(discussion, event)

            for batch in batches:
                await asyncio.gather(*map(happen, batch))
            kept = await club.discussions.get(discussion)
            posts = await Posts(database).page(discussion)
            assert kept is not None
            assert kept.post_count == sum(not post.is_deleted for post in posts)
            assert [post.number for post in posts] == [*range(1, len(posts) + 1)]
            return await standings(database, posts)


async def standings(database: Database, posts: Sequence[Post]) -> dict[int, Standing]:
    message_ids = {post.id: post.message_id or 0 for post in posts}
    async with database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT id, root_id, depth FROM post")
    places = {row["id"]: (message_ids[row["root_id"]], row["depth"]) for row in rows}
    return {
        message_ids[post.id]: Standing(
            texts=tuple(text.content for text in await Posts(database).revisions(post.id)),
            is_deleted=post.is_deleted,
            parent=None if post.parent_id is None else message_ids[post.parent_id],
            root=places[post.id][0],
            depth=places[post.id][1],
            reply_count=post.reply_count,
        )
        for post in posts
    }


@given(arrivals())
def test_the_order_of_events_does_not_matter(
    migrated_file: Path, arrivals: tuple[list[Event], list[list[Event]]]
) -> None:
    history, batches = arrivals

    assert asyncio.run(stored(migrated_file, batches)) == expected(history)
