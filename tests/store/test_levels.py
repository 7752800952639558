from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.model import Discussion
from bot.store.books import Books
from bot.store.database import from_milliseconds
from bot.store.documents import Documents
from bot.store.planning import Planning
from bot.store.tracked import TrackedKind
from bot.store.trackings_in_force import LEVELS_OF_PEOPLE
from tests.reading_room import ANN, BEN, FORUM, GUILD, SUNDAY_EVENING, ReadingRoom

EVERY_POST, DAILY, WEEKLY, MUTED = Level


async def own_levels(room: ReadingRoom, user_id: int = ANN) -> list[Level | None]:
    """Give the levels of a person's trackings themselves, in order of tracking."""
    return [each.level for each in await room.tracking.of_user(user_id)]


async def in_force(room: ReadingRoom, discussion: Discussion, user_id: int = ANN) -> Level | None:
    return (await room.tracking.levels(user_id)).get(discussion.id)


async def told(room: ReadingRoom, discussion: Discussion) -> int | None:
    """Give up to which mark the discussion counts as told to Ann."""
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT mark FROM told WHERE user_id = ? AND discussion_id = ?", (ANN, discussion.id)
        )
    return next((row["mark"] for row in rows), None)


async def since_of(room: ReadingRoom, discussion: Discussion) -> tuple[int, datetime]:
    """Give the mark and the time since when the news of a discussion is Ann's."""
    async with room.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            f"{LEVELS_OF_PEOPLE} SELECT since_mark, tracked_at FROM in_force"
            " WHERE discussion_id = :discussion_id",
            {"user_ids": json.dumps([ANN]), "discussion_id": discussion.id},
        )
    return row["since_mark"], from_milliseconds(row["tracked_at"])


async def due_at_once(room: ReadingRoom) -> datetime | None:
    """Give when posts are due to Ann as they come."""
    return (await room.people.next_due(ANN)).get(EVERY_POST)


async def test_without_a_level_one_is_told_as_often_as_ones_settings_say(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")

    await room.tracking.track_discussion(ANN, discussion.id, room.now)

    assert await own_levels(room) == [None]
    assert await in_force(room, discussion) is WEEKLY
    await room.people.choose(ANN, level=DAILY, now=room.now)
    assert await in_force(room, discussion) is DAILY


async def test_tracking_again_with_a_level_changes_it_and_without_one_keeps_it(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)

    for track, subject_id in (
        (room.tracking.track_discussion, discussion.id),
        (room.tracking.track_forum, FORUM),
        (room.tracking.track_book, book.id),
    ):
        for level, expected in ((None, None), (DAILY, DAILY), (None, DAILY), (WEEKLY, WEEKLY)):
            await track(ANN, subject_id, room.now, level)
            assert (await own_levels(room))[-1] is expected


async def test_a_tracking_can_follow_ones_settings_again(room: ReadingRoom) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now, DAILY)

    await room.tracking.track(TrackedKind.FORUM, ANN, FORUM, room.now, follows_settings=True)

    assert await own_levels(room) == [None]


async def test_each_tracking_can_be_asked_how_often_it_tells(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    asked = (
        (TrackedKind.DISCUSSION, discussion.id),
        (TrackedKind.FORUM, FORUM),
        (TrackedKind.BOOK, book.id),
    )
    assert [await room.tracking.level_of(ANN, *each) for each in asked] == [None, None, None]

    await room.tracking.track_forum(ANN, FORUM, room.now, DAILY)
    await room.tracking.track_book(ANN, book.id, room.now)

    levels = [await room.tracking.level_of(ANN, *each) for each in asked]
    assert levels == [DAILY, DAILY, WEEKLY]


async def test_tracking_what_one_had_muted_is_to_hear_of_it_again(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now, MUTED)

    await room.tracking.track_discussion(ANN, discussion.id, room.now)

    assert await own_levels(room) == [None]


async def test_nobody_elses_level_is_changed(room: ReadingRoom) -> None:
    for user_id in (ANN, BEN):
        await room.tracking.track_forum(user_id, FORUM, room.now, DAILY)

    await room.tracking.track_forum(ANN, FORUM, room.now, MUTED)
    await room.tracking.set_everything(ANN, WEEKLY, room.now)

    assert await own_levels(room) == [MUTED]
    assert await own_levels(room, BEN) == [DAILY]


async def test_one_discussion_of_a_tracked_forum_can_have_a_level_of_its_own(
    room: ReadingRoom,
) -> None:
    quiet, loud = await room.begin("Quiet"), await room.begin("Loud")
    await room.tracking.track_forum(ANN, FORUM, room.now, DAILY)

    assert await room.tracking.set_level_of_discussion(ANN, loud.id, MUTED, room.now)

    assert await in_force(room, quiet) is DAILY
    assert await in_force(room, loud) is MUTED
    assert await own_levels(room) == [DAILY, MUTED]


async def test_a_level_is_given_to_nothing_that_one_does_not_track(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(BEN, discussion.id, room.now)

    for user_id, subject_id in ((ANN, discussion.id), (BEN, 999)):
        assert not await room.tracking.set_level_of_discussion(user_id, subject_id, DAILY, room.now)
    assert not await room.tracking.set_everything(ANN, DAILY, room.now)

    assert await own_levels(room) == []
    assert await own_levels(room, BEN) == [None]


async def test_what_stays_muted_is_muted_since_it_was(room: ReadingRoom) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now, MUTED)
    (muted,) = await room.tracking.of_user(ANN)

    await room.tracking.set_everything(ANN, DAILY, room.pass_time(timedelta(days=3)))

    assert await room.tracking.of_user(ANN) == (muted,)


async def test_one_level_for_everything_leaves_muted_what_is_muted(room: ReadingRoom) -> None:
    one, other = await room.begin("One"), await room.begin("Other")
    await room.tracking.track_discussion(ANN, one.id, room.now, EVERY_POST)
    await room.tracking.track_forum(ANN, FORUM, room.now, WEEKLY)
    await room.tracking.track_discussion(ANN, other.id, room.now, MUTED)

    assert await room.tracking.set_everything(ANN, DAILY, room.now)

    assert await own_levels(room) == [None, None, MUTED]
    assert await in_force(room, one) is DAILY
    later = await room.begin("Later")
    assert await in_force(room, later) is DAILY
    assert await in_force(room, other) is MUTED


async def test_what_passes_while_it_is_muted_is_not_ones_news_afterwards(
    room: ReadingRoom,
) -> None:
    discussion, other = await room.begin("Loud"), await room.begin("Other")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.set_level_of_discussion(ANN, discussion.id, MUTED, room.now)
    await room.post(discussion, BEN, "While it was muted")
    assert await told(room, discussion) is None

    await room.tracking.set_level_of_discussion(ANN, discussion.id, DAILY, room.now)

    assert await told(room, discussion) == await room.mark()
    assert await told(room, other) is None


async def test_what_passes_while_a_forum_is_muted_is_not_ones_news_afterwards(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Loud")
    heard = await room.begin("Heard all the while")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_discussion(ANN, heard.id, room.now, DAILY)
    await room.tracking.track_forum(ANN, FORUM, room.now, MUTED)
    for each in (discussion, heard):
        await room.post(each, BEN, "While the forum was muted")

    await room.tracking.track_forum(ANN, FORUM, room.pass_time(timedelta(days=3)))

    assert await told(room, discussion) == await room.mark()
    assert await told(room, heard) is None
    assert (await room.tracking.of_user(ANN))[0].tracked_at == room.now


async def test_what_passed_while_it_was_muted_stays_unsaid_where_only_the_muting_is_stopped(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Loud")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_discussion(ANN, discussion.id, room.now, MUTED)
    await room.post(discussion, BEN, "While it was muted")
    (_, muting) = await room.tracking.of_user(ANN)

    await room.tracking.stop(ANN, [muting.id], room.now)

    assert await in_force(room, discussion) is WEEKLY
    assert await told(room, discussion) == await room.mark()


async def test_what_passed_while_it_was_muted_stays_unsaid_of_what_was_told_before(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Loud")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.post(discussion, BEN, "Told")
    await Planning(room.database, SUNDAY_EVENING).plan(room.pass_time(timedelta(days=7)))
    assert await told(room, discussion) == await room.mark()
    await room.tracking.track_discussion(ANN, discussion.id, room.now, MUTED)
    await room.post(discussion, BEN, "While it was muted")
    (_, muting) = await room.tracking.of_user(ANN)

    await room.tracking.stop(ANN, [muting.id], room.now)

    assert await told(room, discussion) == await room.mark()


async def test_what_waits_of_a_discussion_of_ones_forum_is_kept_when_it_stands_alone(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    (of_forum,) = await room.tracking.of_user(ANN)
    since = await room.mark()
    await room.post(discussion, BEN, "News")
    await room.tracking.set_level_of_discussion(
        ANN, discussion.id, DAILY, room.pass_time(timedelta(days=2))
    )

    await room.tracking.stop(ANN, [of_forum.id], room.now)

    assert await since_of(room, discussion) == (since, of_forum.tracked_at)


async def test_changing_how_often_one_is_told_moves_no_mark(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    await room.post(discussion, BEN, "News")

    for level in (DAILY, EVERY_POST, WEEKLY):
        await room.tracking.track_discussion(ANN, discussion.id, room.now, level)
    await room.tracking.set_everything(ANN, DAILY, room.now)

    assert await told(room, discussion) is None


@pytest.mark.parametrize("way", ["track again", "of the discussion", "settings"])
async def test_what_waited_for_a_digest_is_due_when_every_post_is_to_be_told(
    room: ReadingRoom, way: str
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now)
    assert await due_at_once(room) is None

    if way == "track again":
        await room.tracking.track_discussion(ANN, discussion.id, room.now, EVERY_POST)
    elif way == "of the discussion":
        await room.tracking.set_level_of_discussion(ANN, discussion.id, EVERY_POST, room.now)
    else:
        await room.tracking.set_everything(ANN, EVERY_POST, room.now)

    assert await due_at_once(room) == room.now


async def test_nothing_is_due_at_once_where_nothing_can_have_waited(room: ReadingRoom) -> None:
    new, muted = await room.begin("New"), await room.begin("Muted")
    await room.tracking.track_discussion(ANN, muted.id, room.now, MUTED)

    await room.tracking.track_discussion(ANN, new.id, room.now, EVERY_POST)
    await room.tracking.track_discussion(ANN, muted.id, room.now, EVERY_POST)

    assert await due_at_once(room) is None


async def test_a_level_of_what_is_gone_is_refused(room: ReadingRoom) -> None:
    await room.forums.remove(FORUM, room.now)

    with pytest.raises(UserError, match="no longer there"):
        await room.tracking.track_forum(ANN, FORUM, room.now, DAILY)
    assert await room.people.get(ANN) is None


async def test_trackings_and_their_levels_outlive_a_server_that_lets_the_bot_in_again(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_forum(ANN, FORUM, room.now, DAILY)
    await room.tracking.track_discussion(ANN, discussion.id, room.now, MUTED)

    await room.forums.hide(FORUM, room.now)
    assert await own_levels(room) == [DAILY, MUTED]
    await room.open_forum(FORUM)

    assert await own_levels(room) == [DAILY, MUTED]
    assert await in_force(room, discussion) is MUTED
    assert await in_force(room, await room.begin("Another")) is DAILY


async def test_a_discussion_follows_the_book_that_a_host_gives_it(room: ReadingRoom) -> None:
    discussion = await room.begin("Which book?")
    books = Books(room.database)
    one, other = await books.name(GUILD, "The Bell"), await books.name(GUILD, "The Sea, the Sea")
    await room.tracking.track_book(ANN, one.id, room.now, DAILY)
    await room.tracking.track_book(ANN, other.id, room.now, EVERY_POST)

    assert await in_force(room, discussion) is None
    for book, level in ((one, DAILY), (other, EVERY_POST)):
        await room.forums.set_book(FORUM, book.id)
        assert await in_force(room, discussion) is level
    await room.discussions.set_book(discussion.id, one.id)
    assert await in_force(room, discussion) is DAILY


async def test_a_discussion_that_is_taken_home_tells_how_many_track_it_without_who_muted_it(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_forum(BEN, FORUM, room.now)
    await room.tracking.set_level_of_discussion(BEN, discussion.id, MUTED, room.now)

    assert (await Documents(room.database).get(discussion.id)).tracked_by == 1
