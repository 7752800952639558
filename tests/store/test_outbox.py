"""Claiming, renewing and settling digests; whom they are planned for is another file's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.level import Exclusion, Level
from bot.core.model import Discussion
from bot.core.schedule import QuietHours
from bot.store.database import open_database, to_milliseconds
from bot.store.outbox import LEASE, ClaimedDigest, Outbox
from bot.store.outbox_parts import OutboxParts, PartOutcome
from bot.store.person import Inbox, PauseReason
from bot.store.planning import Planning
from tests.reading_room import ANN, BEN, CLEO, SUNDAY_EVENING, ReadingRoom

# Every test begins with two readers, a post, and a digest planned for each.
pytestmark = pytest.mark.usefixtures("planned")

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def discussion(room: ReadingRoom) -> Discussion:
    """Ann and Ben track it, and Cleo has written in it."""
    discussion = await room.begin("The Sea, the Sea")
    for reader in (ANN, BEN):
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "A thought")
    return discussion


@pytest.fixture
async def planned(room: ReadingRoom, discussion: Discussion) -> None:
    assert discussion.id
    await Planning(room.database, SUNDAY_EVENING).plan(SUNDAY)


@pytest.fixture
def outbox(room: ReadingRoom) -> Outbox:
    return Outbox(room.database, SUNDAY_EVENING, a_minute=60)


def user_ids(digests: tuple[ClaimedDigest, ...]) -> list[int | None]:
    return [digest.recipient.user_id for digest in digests]


async def told_marks(room: ReadingRoom, user_id: int) -> list[int]:
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT mark FROM told WHERE user_id = ?", (user_id,)
        )
    return [row["mark"] for row in rows]


async def test_a_claimed_digest_is_nobody_elses_until_its_lease_is_over(
    room: ReadingRoom, outbox: Outbox
) -> None:
    async with open_database(room.database.path) as other_process:
        other = Outbox(other_process, SUNDAY_EVENING, a_minute=60)
        (first,) = await outbox.claim(SUNDAY, 1)
        (second,) = await other.claim(SUNDAY, 25)
        assert user_ids((first, second)) == [ANN, BEN]
        assert await other.claim(SUNDAY, 25) == ()
        assert not first.may_have_arrived

        again = await other.claim(SUNDAY + LEASE, 25)

    assert [each.token for each in again] == [first.token, second.token]
    assert all(each.may_have_arrived and each.attempts == 2 for each in again)


async def test_what_another_process_took_over_is_neither_sent_nor_settled(
    room: ReadingRoom, outbox: Outbox
) -> None:
    (mine,) = await outbox.claim(SUNDAY, 1)
    theirs = await outbox.claim(SUNDAY + LEASE, 25)
    (taken_over,) = [each for each in theirs if each.id == mine.id]

    assert not await outbox.about_to_send(mine, (), SUNDAY + LEASE)
    await outbox.failed(mine, "no answer", SUNDAY + LEASE)
    assert await outbox.about_to_send(taken_over, (), SUNDAY + LEASE)
    await outbox.sent(taken_over, 77, SUNDAY + LEASE)
    await outbox.postponed(mine, "no answer", SUNDAY, may_have_arrived=True)

    async with room.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT state, message_id FROM outbox WHERE id = ?", (mine.id,)
        )
    assert (row["state"], row["message_id"]) == ("sent", 77)


async def test_a_lease_begins_anew_before_something_is_sent(outbox: Outbox) -> None:
    (digest, other) = await outbox.claim(SUNDAY, 25)
    await outbox.sent(other, 1, SUNDAY)
    assert await outbox.about_to_send(digest, (), SUNDAY + 4 * MINUTE)

    assert await outbox.claim(SUNDAY + LEASE, 25) == ()
    (again,) = await outbox.claim(SUNDAY + 4 * MINUTE + LEASE, 25)
    assert again.id == digest.id


async def test_what_it_says_of_each_discussion_is_kept(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    shown, empty = await outbox.claim(SUNDAY, 25)
    await outbox.about_to_send(shown, [PartOutcome(discussion.id, None, (3, 4))], SUNDAY)
    await outbox.empty(empty, [PartOutcome(discussion.id, Exclusion.NO_ACCESS)], SUNDAY)

    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT exclusion, shown FROM outbox_part ORDER BY outbox_id"
        )
    assert [(row["exclusion"], row["shown"]) for row in rows] == [
        (None, "[3, 4]"),
        ("no access", None),
    ]


async def test_a_settled_digest_is_not_claimed_again(room: ReadingRoom, outbox: Outbox) -> None:
    first, second = await outbox.claim(SUNDAY, 25)
    await outbox.sent(first, 77, SUNDAY)
    await outbox.empty(second, (), SUNDAY)

    assert await outbox.claim(SUNDAY + LEASE, 25) == ()
    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.OPEN


@pytest.mark.parametrize("may_have_arrived", [True, False])
async def test_a_postponed_digest_waits_for_its_time(
    outbox: Outbox, *, may_have_arrived: bool
) -> None:
    first, second = await outbox.claim(SUNDAY, 25)
    await outbox.sent(second, 1, SUNDAY)
    until = SUNDAY + timedelta(hours=1)
    await outbox.postponed(first, "no answer", until, may_have_arrived=may_have_arrived)

    assert await outbox.claim(until - MINUTE, 25) == ()
    (again,) = await outbox.claim(until, 25)

    assert again.attempts == 2
    assert again.may_have_arrived is may_have_arrived


async def test_no_more_are_claimed_than_a_minute_may_have(room: ReadingRoom) -> None:
    outbox = Outbox(room.database, SUNDAY_EVENING, a_minute=1)

    assert user_ids(await outbox.claim(SUNDAY, 25)) == [ANN]
    async with open_database(room.database.path) as other_process:
        restarted = Outbox(other_process, SUNDAY_EVENING, a_minute=1)
        assert await restarted.claim(SUNDAY + MINUTE / 2, 25) == ()
        assert user_ids(await restarted.claim(SUNDAY + MINUTE, 25)) == [BEN]


async def test_claims_of_a_time_to_come_count_for_nothing_once_the_clock_is_put_back(
    room: ReadingRoom,
) -> None:
    outbox = Outbox(room.database, SUNDAY_EVENING, a_minute=1)
    await outbox.claim(SUNDAY + timedelta(days=400), 1)

    assert user_ids(await outbox.claim(SUNDAY, 25)) == [BEN]


async def test_notices_come_first_but_leave_a_third_of_the_places(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    readers = range(10_000, 10_004)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, SUNDAY, Level.EVERY_POST)
    room.now = SUNDAY
    await room.post(discussion, CLEO, "Another thought")
    async with room.database.transaction() as connection:
        for reader in readers:
            await connection.execute(
                "INSERT INTO due VALUES (?, 'every_post', ?)", (reader, to_milliseconds(SUNDAY))
            )
    await Planning(room.database, SUNDAY_EVENING).plan(SUNDAY)

    claimed = await outbox.claim(SUNDAY, 3)

    assert user_ids(claimed) == [10_000, 10_001, ANN]


async def test_what_comes_up_in_quiet_hours_waits_for_their_end(
    room: ReadingRoom, outbox: Outbox
) -> None:
    await room.people.choose(ANN, now=SUNDAY, hour=9, quiet=QuietHours(17, 20))

    assert user_ids(await outbox.claim(SUNDAY, 25)) == [BEN]
    assert user_ids(await outbox.claim(SUNDAY + 90 * MINUTE, 1)) == [BEN]
    claimed = await outbox.claim(SUNDAY + 120 * MINUTE, 25)
    assert user_ids(claimed) == [BEN, ANN] or user_ids(claimed) == [ANN, BEN]


async def test_the_news_of_a_failed_digest_is_left_for_the_next(
    room: ReadingRoom, outbox: Outbox
) -> None:
    told = await told_marks(room, ANN)
    failed, sent = await outbox.claim(SUNDAY, 25)
    await outbox.failed(failed, "no answer", SUNDAY)
    await outbox.sent(sent, 1, SUNDAY)

    assert told == [await room.mark()]
    (mark,) = await told_marks(room, ANN)
    assert mark < told[0]
    assert await told_marks(room, BEN) == told


async def test_what_was_muted_since_a_digest_was_planned_stays_unsaid_though_it_failed(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    failed, _ = await outbox.claim(SUNDAY, 25)
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.MUTED, SUNDAY)
    await room.post(discussion, CLEO, "While it was muted")
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.WEEKLY, SUNDAY)

    await outbox.failed(failed, "no answer", SUNDAY)

    assert await told_marks(room, ANN) == [await room.mark()]


async def test_an_inbox_that_stays_closed_pauses_the_person(
    room: ReadingRoom, outbox: Outbox
) -> None:
    digest, _ = await outbox.claim(SUNDAY, 25)
    await outbox.inbox_stays_closed(digest, "closed", SUNDAY)

    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.CLOSED
    assert person.paused is not None
    assert person.paused.reason is PauseReason.INBOX


async def test_two_processes_never_claim_the_same_row(
    room: ReadingRoom, discussion: Discussion
) -> None:
    readers = range(10_000, 10_200)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all")
    await Planning(room.database, SUNDAY_EVENING).plan(SUNDAY)
    async with (
        open_database(room.database.path) as first,
        open_database(room.database.path) as second,
    ):
        outboxes = [Outbox(each, SUNDAY_EVENING, a_minute=1_000) for each in (first, second)]
        batches = await asyncio.gather(
            *(outbox.claim(SUNDAY, 7) for _ in range(20) for outbox in outboxes)
        )
    claimed = [digest.id for batch in batches for digest in batch]

    assert len(claimed) == len(set(claimed)) == len(readers) + 2


async def test_a_token_fits_a_nonce(room: ReadingRoom, outbox: Outbox) -> None:
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE outbox SET next_attempt_at = 0")
        await connection.execute("UPDATE sqlite_sequence SET seq = 999999997 WHERE name = 'outbox'")
        await connection.execute("DELETE FROM outbox")
        await connection.execute("UPDATE due SET at = 0")
        await connection.execute("UPDATE told SET mark = 0")
    await Planning(room.database, SUNDAY_EVENING).plan(SUNDAY)

    claimed = await outbox.claim(SUNDAY, 25)

    assert len(claimed) == 2
    assert all(len(digest.token) <= 25 for digest in claimed)


async def test_a_preview_covers_what_is_on_its_way_else_what_is_untold(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    parts = OutboxParts(room.database)
    up_to = await room.mark()
    await room.post(discussion, CLEO, "Later")
    on_its_way = await parts.previewed(ANN, SUNDAY)
    first, _ = await outbox.claim(SUNDAY, 25)
    await outbox.sent(first, 1, SUNDAY)
    untold = await parts.previewed(ANN, SUNDAY)

    assert on_its_way is not None
    assert on_its_way.up_to == up_to
    assert untold is not None
    assert untold.up_to == await room.mark()
    assert [each.part.after for each in untold.coverage.parts] == [up_to]
    assert await parts.previewed(999, SUNDAY) is None
