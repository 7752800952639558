"""Every post, as it comes: within a minute, bursts as one, busy discussions once an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.core.level import DigestKind, Level
from bot.core.model import Discussion
from bot.core.schedule import QuietHours
from bot.digests import Digests
from bot.store.person import PauseReason
from bot.store.untold import BUSY_POSTS
from tests.digests.scene import DAY, HOUR, MINUTE, SUNDAY, rows
from tests.mailbag import Mailbag
from tests.reading_room import ANN, BEN, CLEO, FORUM, ReadingRoom

TICK = timedelta(seconds=20)


@pytest.fixture
async def watched(room: ReadingRoom) -> Discussion:
    """Ann wants to hear of every post in it, and Ben once a week."""
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now, Level.EVERY_POST)
    await room.tracking.track_discussion(BEN, discussion.id, room.now)
    return discussion


async def pass_time(
    room: ReadingRoom,
    digests: Digests,
    mailbag: Mailbag,
    length: timedelta,
    step: timedelta = TICK,
) -> None:
    """Tick for so long, as often as the bot does."""
    end = room.now + length
    while room.now < end:
        await digests.tick(mailbag, room.pass_time(step))


async def test_a_post_is_told_within_a_minute_and_once(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    await room.post(watched, CLEO, "The cousin is a liar")

    await pass_time(room, digests, mailbag, MINUTE)
    within_a_minute = mailbag.texts(ANN)
    await pass_time(room, digests, mailbag, 10 * MINUTE)

    (text,) = within_a_minute
    assert "The cousin is a liar" in text
    assert mailbag.texts(ANN) == within_a_minute
    assert not mailbag.texts(BEN)
    ((_, message),) = mailbag.inboxes[ANN]
    assert message.kind is DigestKind.NOTICE


async def test_a_burst_comes_as_one(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    for number in range(5):
        await room.post(watched, CLEO, f"Thought {number}.")

    await pass_time(room, digests, mailbag, 5 * MINUTE)

    (text,) = mailbag.texts(ANN)
    assert all(f"Thought {number}." in text for number in range(5))


async def test_ones_own_posts_and_edits_alone_bring_nothing(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    told = await room.post(watched, CLEO, "Frist")
    await pass_time(room, digests, mailbag, MINUTE)

    await room.post(watched, ANN, "My own")
    await room.edit(watched, told, CLEO, "First")
    await pass_time(room, digests, mailbag, 5 * MINUTE)

    assert len(mailbag.texts(ANN)) == 1
    assert not await rows(room, "SELECT 1 FROM outbox WHERE state = 'empty'")


async def test_what_brings_no_message_by_itself_comes_with_the_week(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    told = await room.post(watched, CLEO, "Frist")
    await pass_time(room, digests, mailbag, MINUTE)
    await room.edit(watched, told, CLEO, "First")
    old = await room.begin("An old page")
    await room.tracking.track_discussion(ANN, old.id, room.now, Level.EVERY_POST)
    await room.post(old, CLEO, "Years ago")
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE post SET is_imported = 1 WHERE discussion_id = ?", (2,))

    await digests.tick(mailbag, SUNDAY - MINUTE)
    assert len(mailbag.texts(ANN)) == 1
    await digests.tick(mailbag, SUNDAY)

    _, week = mailbag.texts(ANN)
    assert "Your week in discussions" in week
    assert "1 edited post and 1 old post imported in 2 discussions" in week


async def test_a_message_that_is_about_to_come_is_not_told_with_the_week(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    await room.post(watched, CLEO, "A thought")

    await digests.tick(mailbag, SUNDAY)
    at_the_hour = mailbag.texts(ANN)
    room.now = SUNDAY
    await pass_time(room, digests, mailbag, MINUTE)

    assert not at_the_hour
    ((_, message),) = mailbag.inboxes[ANN]
    assert message.kind is DigestKind.NOTICE


async def test_a_busy_discussion_is_told_once_an_hour_and_a_calm_one_at_once(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    calm = await room.begin("The Bell")
    await room.tracking.track_discussion(ANN, calm.id, room.now, Level.EVERY_POST)
    mailbag = Mailbag()
    told_at: list[datetime] = []
    for number in range(4 * BUSY_POSTS):
        await room.post(watched, CLEO, f"Thought {number}.")
        before = len(mailbag.texts(ANN))
        await pass_time(room, digests, mailbag, 2 * MINUTE, MINUTE)
        told_at += [room.now] * (len(mailbag.texts(ANN)) - before)
    while_busy = told_at[BUSY_POSTS - 1 :]
    assert all(later - earlier >= HOUR for earlier, later in pairwise(while_busy))
    # The first of them says so before the silence, not after it.
    assert len(while_busy) == 3
    for number, text in enumerate(mailbag.texts(ANN)):
        assert ("told of it once an hour" in text) == (number >= BUSY_POSTS - 1)

    await room.post(calm, CLEO, "Quietly")
    await pass_time(room, digests, mailbag, MINUTE)
    assert "Quietly" in mailbag.texts(ANN)[-1]
    assert "The Sea" not in mailbag.texts(ANN)[-1]
    await pass_time(room, digests, mailbag, HOUR, MINUTE)

    texts = "\n".join(mailbag.texts(ANN))
    assert texts.count(f"Thought {4 * BUSY_POSTS - 1}.") == 1
    busy = await rows(room, "SELECT DISTINCT is_busy FROM outbox_part")
    assert {row["is_busy"] for row in busy} == {0, 1}


async def test_the_preview_of_a_busy_discussion_is_what_comes(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    for number in range(BUSY_POSTS):
        await room.post(watched, CLEO, f"Thought {number}.")

    preview = await digests.preview(ANN, mailbag, room.now)
    await pass_time(room, digests, mailbag, MINUTE)

    ((_, message),) = mailbag.inboxes[ANN]
    assert message == preview


async def test_a_clock_that_was_put_back_silences_no_busy_discussion(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    room.pass_time(DAY)
    for number in range(BUSY_POSTS):
        await room.post(watched, CLEO, f"Thought {number}.")
    await pass_time(room, digests, mailbag, MINUTE)
    assert len(mailbag.texts(ANN)) == 1

    room.now -= HOUR / 2
    await room.post(watched, CLEO, "After all that")
    await pass_time(room, digests, mailbag, 2 * MINUTE)

    assert "After all that" in mailbag.texts(ANN)[-1]


async def test_a_digest_that_waits_to_be_spread_does_not_hold_up_a_post(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    # Someone whose id puts off what is due at their hour by four minutes.
    reader = 240_000 << 22
    weekly = await room.begin("The Bell")
    await room.tracking.track_discussion(reader, weekly.id, room.now)
    await room.tracking.track_discussion(reader, watched.id, room.now, Level.EVERY_POST)
    mailbag = Mailbag()
    await room.post(weekly, CLEO, "Told on Sunday")
    room.now = SUNDAY
    await digests.tick(mailbag, room.now)
    assert not mailbag.texts(reader)

    await room.post(watched, CLEO, "Told at once")
    await pass_time(room, digests, mailbag, MINUTE)

    digest, notice = mailbag.texts(reader)
    assert "Told on Sunday" in digest
    assert "Told at once" in notice


async def test_in_quiet_hours_they_wait_and_come_as_one(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    await room.people.choose(ANN, now=room.now, quiet=QuietHours(12, 14))
    mailbag = Mailbag()
    for hours in range(2):
        await room.post(watched, CLEO, f"At {12 + hours}")
        await digests.tick(mailbag, room.now)
        await digests.tick(mailbag, room.pass_time(HOUR - MINUTE))
    assert not mailbag.texts(ANN)

    await pass_time(room, digests, mailbag, 10 * MINUTE)

    (text,) = mailbag.texts(ANN)
    assert "At 12" in text
    assert "At 13" in text


async def test_a_post_found_late_is_told_as_one_that_comes(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    written_at = room.now + MINUTE
    room.pass_time(DAY)

    await room.post(watched, CLEO, "While you were away", posted_at=written_at)
    await pass_time(room, digests, mailbag, MINUTE)

    assert len(mailbag.texts(ANN)) == 1


async def test_a_history_read_after_one_began_to_track_is_no_news(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()

    await room.post(watched, CLEO, "Years ago", posted_at=room.now - 900 * DAY)
    await pass_time(room, digests, mailbag, 2 * MINUTE)

    assert not mailbag.texts(ANN)
    assert not await rows(room, "SELECT 1 FROM outbox")


async def test_a_post_dated_by_a_clock_that_is_a_little_behind_is_told(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()

    await room.post(watched, CLEO, "By another clock", posted_at=room.now - MINUTE / 2)
    await pass_time(room, digests, mailbag, MINUTE)

    assert len(mailbag.texts(ANN)) == 1


async def test_a_new_discussion_of_a_forum_is_told_of(room: ReadingRoom, digests: Digests) -> None:
    await room.tracking.track_forum(ANN, FORUM, room.now, Level.EVERY_POST)
    mailbag = Mailbag()

    discussion = await room.begin("Brand new")
    await room.post(discussion, CLEO, "Shall we?")
    await pass_time(room, digests, mailbag, MINUTE)

    (text,) = mailbag.texts(ANN)
    assert "Brand new" in text


async def test_what_came_while_paused_comes_when_one_resumes(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    mailbag = Mailbag()
    await room.people.pause(ANN, PauseReason.ASKED, room.now)
    await room.post(watched, CLEO, "Meanwhile")
    await pass_time(room, digests, mailbag, 5 * MINUTE)
    assert not mailbag.texts(ANN)

    await room.people.resume(ANN)
    await pass_time(room, digests, mailbag, MINUTE)

    assert len(mailbag.texts(ANN)) == 1


async def test_the_weekly_digest_says_nothing_that_a_notice_said(
    room: ReadingRoom, digests: Digests, watched: Discussion
) -> None:
    weekly = await room.begin("The Bell")
    await room.tracking.track_discussion(ANN, weekly.id, room.now)
    mailbag = Mailbag()
    await room.post(watched, CLEO, "Told at once")
    await room.post(weekly, CLEO, "Told on Sunday")
    await pass_time(room, digests, mailbag, MINUTE)

    await digests.tick(mailbag, room.now + 7 * DAY)

    _, digest = mailbag.texts(ANN)
    assert "Told on Sunday" in digest
    assert "Told at once" not in digest
