from __future__ import annotations

import pytest

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.ports import ThreadReference
from bot.store.books import Books
from bot.store.tracked import TrackedKind
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, ReadingRoom


async def test_tracking_says_how_many_members_track(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")

    assert await room.tracking.track_discussion(ANN, discussion.id, room.now) == 1
    assert await room.tracking.track_discussion(BEN, discussion.id, room.now) == 2
    assert await room.tracking.count(TrackedKind.DISCUSSION, discussion.id) == 2


async def test_who_muted_something_does_not_count_as_tracking_it(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_book(ANN, book.id, room.now)

    assert await room.tracking.track_discussion(BEN, discussion.id, room.now, Level.MUTED) == 1
    assert await room.tracking.track_forum(BEN, FORUM, room.now, Level.MUTED) == 1
    assert await room.tracking.track_book(BEN, book.id, room.now, Level.MUTED) == 1
    assert await room.tracking.track_discussion(ANN, discussion.id, room.now, Level.MUTED) == 0
    assert await room.tracking.count(TrackedKind.FORUM, FORUM) == 1


async def test_tracking_twice_is_one_tracking(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)

    for _ in range(2):
        assert await room.tracking.track_discussion(ANN, discussion.id, room.now) == 1
        assert await room.tracking.track_forum(ANN, FORUM, room.now) == 1
        assert await room.tracking.track_book(ANN, book.id, room.now) == 1

    assert len(await room.tracking.of_user(ANN)) == 3


async def test_what_is_gone_cannot_be_tracked(room: ReadingRoom) -> None:
    await room.forums.remove(FORUM, room.now)

    for track, subject in (
        (room.tracking.track_discussion, 999),
        (room.tracking.track_forum, FORUM),
        (room.tracking.track_book, 999),
    ):
        with pytest.raises(UserError, match="no longer there"):
            await track(ANN, subject, room.now)
    assert await room.tracking.of_user(ANN) == ()
    assert await room.people.get(ANN) is None


async def test_a_hidden_forum_that_others_track_cannot_be_tracked(room: ReadingRoom) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.forums.hide(FORUM, room.now)

    with pytest.raises(UserError, match="no longer there"):
        await room.tracking.track_forum(BEN, FORUM, room.now)


async def test_stopping_ends_ones_own_trackings_alone(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    await room.tracking.track_forum(ANN, FORUM, room.now)
    of_discussion, of_forum = await room.tracking.of_user(ANN)

    assert await room.tracking.stop(BEN, [of_discussion.id], room.now) == 0
    assert await room.tracking.stop(ANN, [of_discussion.id], room.now) == 1
    assert await room.tracking.of_user(ANN) == (of_forum,)
    assert await room.tracking.stop(ANN, [of_discussion.id, of_forum.id], room.now) == 1
    assert await room.tracking.of_user(ANN) == ()


async def test_what_one_tracks_is_listed_with_where_it_may_be_named(room: ReadingRoom) -> None:
    private = await room.begin("Only us", is_private=True)
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    unused = await Books(room.database).name(GUILD, "Persuasion")
    await room.open_forum(22)
    await room.forums.set_tag_book(22, 7, book.id)
    await room.tracking.track_discussion(CLEO, private.id, room.now)
    await room.tracking.track_forum(CLEO, FORUM, room.now)
    await room.tracking.track_book(CLEO, book.id, room.now)
    await room.tracking.track_book(CLEO, unused.id, room.now)

    tracked = await room.tracking.of_user(CLEO)

    assert private.thread_id is not None
    assert [(each.kind, each.name, each.places) for each in tracked] == [
        ("discussion", "Only us", (ThreadReference(GUILD, FORUM, private.thread_id, True),)),
        ("forum", f"forum {FORUM}", (ThreadReference(GUILD, FORUM, FORUM, False),)),
        ("book", "The Sea, the Sea", (ThreadReference(GUILD, 22, 22, False),)),
        ("book", "Persuasion", ()),
    ]
    assert {each.guild_name for each in tracked} == {"Tuesday Readers"}
    assert {each.tracked_at for each in tracked} == {room.now}


async def test_a_hidden_discussion_that_is_tracked_may_be_named_nowhere(room: ReadingRoom) -> None:
    discussion = await room.begin("Deleted in anger")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE discussion SET hidden_at = 1")

    (tracked,) = await room.tracking.of_user(ANN)

    assert tracked.places == ()


async def test_an_erased_discussion_is_tracked_no_more(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)

    async with room.database.transaction() as connection:
        await connection.execute("DELETE FROM discussion WHERE id = ?", (discussion.id,))

    assert await room.tracking.of_user(ANN) == ()
