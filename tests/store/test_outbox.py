from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.model import Discussion
from bot.core.schedule import WeeklySchedule
from bot.store.database import open_database, to_milliseconds
from bot.store.outbox import LEASE, ClaimedDigest, Outbox, Window
from bot.store.people import Inbox
from tests.reading_room import (
    ANN,
    BEN,
    CLEO,
    FORUM,
    START,
    SUNDAY_EVENING,
    ReadingRoom,
)

# Every test begins with two readers and a post.
pytestmark = pytest.mark.usefixtures("discussion")

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
NEXT_SUNDAY = SUNDAY + timedelta(days=7)


@pytest.fixture
async def discussion(room: ReadingRoom) -> Discussion:
    """Ann and Ben track it, and Cleo has written in it."""
    discussion = await room.begin("The Sea, the Sea")
    for reader in (ANN, BEN):
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "A thought")
    return discussion


@pytest.fixture
def outbox(room: ReadingRoom) -> Outbox:
    return Outbox(room.database, SUNDAY_EVENING)


async def claim_all(outbox: Outbox, now: datetime) -> list[ClaimedDigest]:
    claimed = []
    while digest := await outbox.claim(now):
        claimed.append(digest)
    return claimed


async def test_nobody_is_planned_before_their_hour(outbox: Outbox) -> None:
    assert await outbox.plan(SUNDAY - timedelta(seconds=1), 10) == 0
    assert await outbox.claim(SUNDAY) is None


async def test_who_is_due_gets_one_digest_and_moves_on_to_the_next_week(
    room: ReadingRoom, outbox: Outbox
) -> None:
    before = await room.people.get(ANN)
    assert before is not None

    assert await outbox.plan(SUNDAY, 10) == 2
    assert await outbox.plan(SUNDAY, 10) == 0

    person = await room.people.get(ANN)
    assert person is not None
    assert person.next_digest_at == NEXT_SUNDAY
    assert person.seen_mark == await room.mark()
    digests = await claim_all(outbox, SUNDAY)
    assert [digest.user_id for digest in digests] == [ANN, BEN]
    assert digests[0].window == Window(before.seen_mark, await room.mark())
    assert digests[0].planned_at == SUNDAY


async def test_a_bot_that_was_away_for_weeks_plans_once(room: ReadingRoom, outbox: Outbox) -> None:
    late = SUNDAY + timedelta(days=23)

    assert await outbox.plan(late, 10) == 2

    assert len(await claim_all(outbox, late)) == 2
    person = await room.people.get(ANN)
    assert person is not None
    assert person.next_digest_at == SUNDAY + timedelta(days=28)


async def test_those_who_waited_longest_are_planned_first_and_in_bounded_batches(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    await room.tracking.track_discussion(CLEO, discussion.id, START)
    await room.post(discussion, ANN, "For Cleo")
    await room.people.set_schedule(CLEO, WeeklySchedule(2, 9, "UTC"), START)

    assert await outbox.plan(SUNDAY, 2) == 2
    assert [digest.user_id for digest in await claim_all(outbox, SUNDAY)] == [CLEO, ANN]
    assert await outbox.plan(SUNDAY, 2) == 1
    assert [digest.user_id for digest in await claim_all(outbox, SUNDAY)] == [BEN]


async def test_nothing_is_planned_where_there_is_certainly_no_news(
    room: ReadingRoom, outbox: Outbox
) -> None:
    await outbox.plan(SUNDAY, 10)
    for digest in await claim_all(outbox, SUNDAY):
        await outbox.sent(digest, 1, SUNDAY)
    await room.post(await room.begin("Tracked by none"), CLEO, "Elsewhere")

    assert await outbox.plan(NEXT_SUNDAY, 10) == 2

    assert await outbox.claim(NEXT_SUNDAY) is None
    person = await room.people.get(ANN)
    assert person is not None
    assert person.next_digest_at == NEXT_SUNDAY + timedelta(days=7)


async def test_what_was_settled_long_ago_is_forgotten(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    for weeks in (0, 1, 20):
        await room.post(discussion, CLEO, "News")
        now = SUNDAY + timedelta(weeks=weeks)
        await outbox.plan(now, 10)
        for digest in await claim_all(outbox, now):
            await outbox.sent(digest, 1, now)
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT settled_at FROM outbox")
    latest = to_milliseconds(SUNDAY + timedelta(weeks=20))
    assert {row["settled_at"] for row in rows} == {latest}


async def test_an_edit_alone_is_planned(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    message_id = await room.post(discussion, CLEO, "Frist")
    await outbox.plan(SUNDAY, 10)
    for digest in await claim_all(outbox, SUNDAY):
        await outbox.sent(digest, 1, SUNDAY)
    await room.edit(discussion, message_id, CLEO, "First")

    await outbox.plan(NEXT_SUNDAY, 10)

    assert len(await claim_all(outbox, NEXT_SUNDAY)) == 2


async def test_while_one_is_on_its_way_no_other_is_planned_and_the_next_covers_its_news(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    await outbox.plan(SUNDAY, 10)
    first, _ = await claim_all(outbox, SUNDAY)
    await room.post(discussion, CLEO, "Later")

    await outbox.plan(NEXT_SUNDAY, 10)
    await outbox.sent(first, 1, NEXT_SUNDAY)
    await outbox.plan(NEXT_SUNDAY + timedelta(days=7), 10)

    (second,) = [
        digest
        for digest in await claim_all(outbox, NEXT_SUNDAY + timedelta(days=7))
        if digest.user_id == ANN and digest.id != first.id
    ]
    assert second.window == Window(first.window.up_to, await room.mark())


async def test_a_claimed_digest_is_nobody_elses_until_its_lease_is_over(
    room: ReadingRoom, outbox: Outbox
) -> None:
    await outbox.plan(SUNDAY, 10)
    async with open_database(room.database.path) as other_process:
        other = Outbox(other_process, SUNDAY_EVENING)
        first = await outbox.claim(SUNDAY)
        second = await other.claim(SUNDAY)
        assert first is not None
        assert second is not None
        assert {first.user_id, second.user_id} == {ANN, BEN}
        assert await other.claim(SUNDAY) is None
        assert not first.may_have_arrived

        again = await other.claim(SUNDAY + LEASE)

    assert again is not None
    assert (again.id, again.token) == (first.id, first.token)
    assert again.may_have_arrived


async def test_a_settled_digest_is_not_claimed_again(room: ReadingRoom, outbox: Outbox) -> None:
    await outbox.plan(SUNDAY, 10)
    first, second = await claim_all(outbox, SUNDAY)
    await outbox.sent(first, 77, SUNDAY)
    await outbox.empty(second, SUNDAY)

    assert await outbox.claim(SUNDAY + LEASE) is None
    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.OPEN


async def test_a_postponed_digest_waits_for_its_time(outbox: Outbox) -> None:
    await outbox.plan(SUNDAY, 10)
    first, second = await claim_all(outbox, SUNDAY)
    await outbox.sent(second, 1, SUNDAY)
    await outbox.postponed(first, "no answer", SUNDAY + timedelta(hours=1))

    assert await outbox.claim(SUNDAY + timedelta(minutes=59)) is None
    again = await outbox.claim(SUNDAY + timedelta(hours=1))

    assert again is not None
    assert again.attempts == 2


async def test_the_news_of_a_failed_digest_is_in_the_next_one(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    await outbox.plan(SUNDAY, 10)
    failed, _ = await claim_all(outbox, SUNDAY)
    await outbox.failed(failed, "closed", SUNDAY, inbox_closed=True)
    await room.post(discussion, CLEO, "Later")

    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.CLOSED
    await outbox.plan(NEXT_SUNDAY, 10)

    (next_one,) = [
        digest for digest in await claim_all(outbox, NEXT_SUNDAY) if digest.user_id == ANN
    ]
    assert next_one.window == Window(failed.window.after, await room.mark())


async def test_the_next_window_is_that_of_the_digest_on_its_way_else_what_is_unseen(
    room: ReadingRoom, outbox: Outbox, discussion: Discussion
) -> None:
    unseen = await outbox.next_window(ANN)
    await outbox.plan(SUNDAY, 10)
    await room.post(discussion, CLEO, "Later")
    first, _ = await claim_all(outbox, SUNDAY)

    assert unseen == await outbox.next_window(ANN) == first.window
    await outbox.sent(first, 1, SUNDAY)
    assert await outbox.next_window(ANN) == Window(first.window.up_to, await room.mark())
    assert await outbox.next_window(999) is None


async def test_a_token_fits_a_nonce_and_is_not_that_of_a_database_begun_anew() -> None:
    digest = ClaimedDigest(9_999_999, ANN, Window(0, 1), SUNDAY, 1)
    begun_anew = ClaimedDigest(9_999_999, ANN, Window(0, 1), SUNDAY + timedelta(seconds=1), 1)

    assert len(digest.token) <= 25
    assert digest.token != begun_anew.token


async def test_one_whose_zone_is_gone_is_planned_in_the_default_zone_with_the_others(
    room: ReadingRoom, outbox: Outbox
) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE person SET zone = 'Mars/Olympus' WHERE user_id = ?", (ANN,)
        )

    assert await outbox.plan(SUNDAY, 10) == 2

    person = await room.people.get(ANN)
    assert person is not None
    assert person.next_digest_at == NEXT_SUNDAY


async def test_stopping_everything_ends_the_digests(room: ReadingRoom, outbox: Outbox) -> None:
    await room.tracking.stop(ANN, [each.id for each in await room.tracking.of_user(ANN)], room.now)
    await room.tracking.track_forum(BEN, FORUM, room.now)

    await outbox.plan(SUNDAY, 10)

    assert [digest.user_id for digest in await claim_all(outbox, SUNDAY)] == [BEN]
