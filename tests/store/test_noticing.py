"""Who is made due by posts as they come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.store.database import open_database
from bot.store.due import GATHERING
from bot.store.noticing import Noticing
from bot.store.outbox import Outbox
from bot.store.planning import Planning
from bot.store.untold import BUSY_POSTS, BUSY_TIME, untold
from tests.reading_room import ANN, BEN, CLEO, FORUM, SUNDAY_EVENING, ReadingRoom

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def watched(room: ReadingRoom) -> Discussion:
    """Ann wants to hear of every post in it, and Ben once a week."""
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now, Level.EVERY_POST)
    await room.tracking.track_discussion(BEN, discussion.id, room.now)
    return discussion


@pytest.fixture
def noticing(room: ReadingRoom) -> Noticing:
    return Noticing(room.database)


async def test_a_post_makes_those_due_who_hear_of_every_one(
    room: ReadingRoom, noticing: Noticing, watched: Discussion
) -> None:
    await room.post(watched, CLEO, "A thought")

    await noticing.notice(room.now)

    assert (await room.people.next_due(ANN))[Level.EVERY_POST] == room.now + GATHERING
    assert Level.EVERY_POST not in await room.people.next_due(BEN)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE post SET is_imported = 1",
        "UPDATE post SET deleted_at = 1",
        "UPDATE discussion SET hidden_at = 1",
        "UPDATE forum SET hidden_at = 1",
    ],
)
async def test_nobody_is_due_for_old_posts_deleted_ones_and_those_of_what_is_hidden(
    room: ReadingRoom, noticing: Noticing, watched: Discussion, change: str
) -> None:
    await room.post(watched, CLEO, "A thought")
    async with room.database.transaction() as connection:
        await connection.execute(change)

    await noticing.notice(room.now)

    assert Level.EVERY_POST not in await room.people.next_due(ANN)


async def test_a_later_post_does_not_put_off_what_is_due(
    room: ReadingRoom, noticing: Noticing, watched: Discussion
) -> None:
    await room.post(watched, CLEO, "A thought")
    await noticing.notice(room.now)
    due = (await room.people.next_due(ANN))[Level.EVERY_POST]

    await room.post(watched, CLEO, "Another")
    await noticing.notice(room.pass_time(GATHERING / 3))

    assert (await room.people.next_due(ANN))[Level.EVERY_POST] == due


async def test_two_processes_notice_a_post_once(
    room: ReadingRoom, noticing: Noticing, watched: Discussion
) -> None:
    await room.post(watched, CLEO, "A thought")
    await noticing.notice(room.now)
    async with room.database.transaction() as connection:
        await connection.execute("DELETE FROM due WHERE level = 'every_post'")

    async with open_database(room.database.path) as other_process:
        await Noticing(other_process).notice(room.now)

    assert Level.EVERY_POST not in await room.people.next_due(ANN)


async def test_of_a_busy_discussion_one_is_due_an_hour_after_one_was_told(
    room: ReadingRoom, noticing: Noticing, watched: Discussion
) -> None:
    for number in range(BUSY_POSTS):
        await room.post(watched, CLEO, f"Thought {number}")
    await noticing.notice(room.now)
    told_at = room.pass_time(MINUTE)
    await Planning(room.database, SUNDAY_EVENING).plan(told_at)
    (digest,) = await Outbox(room.database, SUNDAY_EVENING, a_minute=60).claim(told_at, 25)
    assert digest.recipient.user_id == ANN

    await room.post(watched, CLEO, "One more")
    await noticing.notice(room.pass_time(MINUTE))

    assert (await room.people.next_due(ANN))[Level.EVERY_POST] == told_at + BUSY_TIME


@pytest.mark.parametrize(("within", "is_busy"), [(BUSY_TIME - MINUTE, True), (BUSY_TIME, False)])
async def test_a_discussion_is_busy_that_has_so_many_posts_within_an_hour(
    room: ReadingRoom, watched: Discussion, within: timedelta, *, is_busy: bool
) -> None:
    await room.post(watched, CLEO, "The first")
    room.pass_time(within)
    for number in range(BUSY_POSTS - 1):
        await room.post(watched, CLEO, f"Thought {number}")

    async with room.database.reading() as connection:
        (part,) = (await untold(connection, {ANN: [Level.EVERY_POST]}, room.now))[ANN]

    assert part.is_busy is is_busy


@pytest.mark.parametrize("posts", [1, BUSY_POSTS])
async def test_what_did_not_reach_one_who_hears_of_every_post_is_due_again(
    room: ReadingRoom, noticing: Noticing, watched: Discussion, posts: int
) -> None:
    planning = Planning(room.database, SUNDAY_EVENING)
    outbox = Outbox(room.database, SUNDAY_EVENING, a_minute=60)
    for number in range(posts):
        await room.post(watched, CLEO, f"Thought {number}")
    await noticing.notice(room.now)
    await planning.plan(room.pass_time(MINUTE))
    (digest,) = await outbox.claim(room.now, 25)

    await outbox.failed(digest, "no answer", room.now)
    await planning.plan(room.pass_time(MINUTE))

    (again,) = await outbox.claim(room.now, 25)
    assert again.id != digest.id


async def test_a_forum_is_heard_of_but_for_a_discussion_that_is_muted(
    room: ReadingRoom, noticing: Noticing, watched: Discussion
) -> None:
    await room.tracking.track_forum(BEN, FORUM, room.now, Level.EVERY_POST)
    await room.tracking.set_level_of_discussion(BEN, watched.id, Level.MUTED, room.now)
    # Whoever begins to hear of every post is told of what they were not told of before.
    await Planning(room.database, SUNDAY_EVENING).plan(room.now)
    await room.post(watched, CLEO, "A thought")
    await noticing.notice(room.now)
    muted = await room.people.next_due(BEN)

    await room.post(await room.begin("Another one"), CLEO, "A thought")
    await noticing.notice(room.now)

    assert Level.EVERY_POST not in muted
    assert Level.EVERY_POST in await room.people.next_due(BEN)
