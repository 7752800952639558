"""From the hour to the inbox, against the real store; the courier's boxes are in memory."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.core.model import Discussion
from bot.core.ports import CourierError
from bot.core.schedule import WeeklySchedule
from bot.digests import Digests
from bot.digests.settling import GIVE_UP_AFTER, LONGEST_GAP
from bot.store.outbox import LEASE
from bot.store.person import Inbox
from tests.mailbag import Eternity, Mailbag, silence
from tests.reading_room import (
    ANN,
    BEN,
    CLEO,
    SUNDAY_EVENING,
    ReadingRoom,
)

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
async def discussion(room: ReadingRoom) -> Discussion:
    """Ann and Ben track it, and Cleo has written in it."""
    discussion = await room.begin("The Sea, the Sea")
    for reader in (ANN, BEN):
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "The cousin is a liar")
    return discussion


@pytest.fixture
def digests(room: ReadingRoom) -> Digests:
    return Digests(room.database, SUNDAY_EVENING, a_minute=1_000)


async def states(room: ReadingRoom, user_id: int) -> list[str]:
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT state FROM outbox WHERE user_id = ? ORDER BY id", (user_id,)
        )
    return [row["state"] for row in rows]


@pytest.mark.usefixtures("discussion")
async def test_a_digest_arrives_once_at_its_hour(digests: Digests) -> None:
    mailbag = Mailbag()

    await digests.tick(mailbag, SUNDAY - timedelta(seconds=1))
    assert not mailbag.attempts
    for minutes in range(3):
        await digests.tick(mailbag, SUNDAY + timedelta(minutes=minutes))

    # Several senders work at once: who is first is not said.
    assert sorted(mailbag.attempts) == [ANN, BEN]
    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text


async def test_a_week_without_news_brings_nothing(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    await digests.tick(mailbag, SUNDAY)

    await digests.tick(mailbag, SUNDAY + WEEK)
    await room.post(discussion, ANN, "Ann's own")
    await digests.tick(mailbag, SUNDAY + 2 * WEEK)

    assert len(mailbag.texts(ANN)) == 1
    assert await states(room, ANN) == ["sent", "empty"]
    assert len(mailbag.texts(BEN)) == 2


async def test_what_was_deleted_or_closed_between_plan_and_send_is_not_told(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    private = await room.begin("For the few")
    await room.tracking.track_discussion(ANN, private.id, room.now)
    await room.post(private, CLEO, "A secret")
    deleted = await room.post(discussion, CLEO, "Regretted")
    mailbag = Mailbag()

    await digests.plan(SUNDAY)
    await room.delete(discussion, deleted)
    assert private.thread_id is not None
    mailbag.unreadable.add(private.thread_id)
    await digests.deliver(mailbag, SUNDAY)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "Regretted" not in text
    assert "A secret" not in text
    assert "For the few" not in text


async def test_one_who_may_read_nothing_any_more_gets_nothing(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    assert discussion.thread_id is not None
    mailbag = Mailbag(unreadable={discussion.thread_id})

    await digests.tick(mailbag, SUNDAY)

    assert not mailbag.attempts
    assert await states(room, ANN) == ["empty"]


@pytest.mark.usefixtures("discussion")
async def test_a_lost_answer_does_not_bring_a_second_digest(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag()
    mailbag.after[ANN].append(silence)

    await digests.tick(mailbag, SUNDAY)
    assert await states(room, ANN) == ["sending"]
    await digests.tick(mailbag, SUNDAY + timedelta(minutes=1))

    assert await states(room, ANN) == ["sent"]
    assert len(mailbag.texts(ANN)) == 1


@pytest.mark.usefixtures("discussion")
async def test_a_digest_that_was_not_taken_is_sent_again(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag()
    mailbag.before[ANN].append(silence)
    mailbag.rights[BEN].append(silence)

    await digests.tick(mailbag, SUNDAY)
    assert mailbag.inboxes.keys() & {ANN, BEN} == set()
    await digests.tick(mailbag, SUNDAY + timedelta(minutes=1))

    assert (await states(room, ANN), await states(room, BEN)) == (["sent"], ["sent"])
    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


@pytest.mark.usefixtures("discussion")
@pytest.mark.parametrize("taken", [True, False])
async def test_a_program_that_dies_while_sending_neither_loses_nor_doubles(
    room: ReadingRoom, digests: Digests, *, taken: bool
) -> None:
    mailbag = Mailbag()
    hanging = Eternity()
    (mailbag.after if taken else mailbag.before)[ANN].append(hanging)

    await digests.plan(SUNDAY)
    dying = asyncio.create_task(digests.deliver(mailbag, SUNDAY))
    await hanging.begun.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    reborn = Digests(room.database, SUNDAY_EVENING, a_minute=1_000)
    await reborn.tick(mailbag, SUNDAY + timedelta(seconds=20))
    assert await states(room, ANN) == ["sending"]
    await reborn.tick(mailbag, SUNDAY + LEASE)

    assert (await states(room, ANN), await states(room, BEN)) == (["sent"], ["sent"])
    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


async def test_those_who_never_answer_hold_up_nobody_else(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    silent = range(10_000, 10_000 + service.SENDERS - 1)
    for reader in silent:
        await room.people.set_schedule(reader, WeeklySchedule(6, 9, "UTC"), room.now)
        await room.tracking.track_discussion(reader, discussion.id, room.now)
        mailbag.before[reader].append(Eternity())
    await room.post(discussion, CLEO, "Later")
    arrived = asyncio.Event()

    async def arrive() -> None:
        arrived.set()

    mailbag.after[BEN].append(arrive)
    await digests.plan(SUNDAY)
    delivering = asyncio.create_task(digests.deliver(mailbag, SUNDAY))
    await arrived.wait()

    assert set(mailbag.attempts) == {*silent, ANN, BEN}
    assert not delivering.done()
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


@pytest.mark.usefixtures("discussion")
async def test_one_persons_unforeseen_trouble_is_noted_and_holds_up_nobody(
    digests: Digests,
) -> None:
    async def surprise() -> None:
        raise RuntimeError("unforeseen")

    mailbag = Mailbag()
    mailbag.before[ANN].append(surprise)

    await digests.tick(mailbag, SUNDAY)
    await digests.tick(mailbag, SUNDAY + timedelta(minutes=1))

    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1
    assert mailbag.attempts.count(ANN) == 2


@pytest.mark.usefixtures("discussion")
async def test_the_gaps_between_attempts_grow_until_it_is_given_up_and_told_next_week(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag()
    mailbag.before[ANN] = [silence] * 1000
    attempted = []
    now = SUNDAY
    while now < SUNDAY + GIVE_UP_AFTER + LONGEST_GAP:
        before = len(mailbag.attempts)
        await digests.tick(mailbag, now)
        if ANN in mailbag.attempts[before:]:
            attempted.append(now)
        now += timedelta(minutes=10)

    gaps = [later - earlier for earlier, later in pairwise(attempted)]
    assert gaps == sorted(gaps)
    assert gaps[-1] <= LONGEST_GAP + timedelta(minutes=10)
    assert len(attempted) < 40
    assert await states(room, ANN) == ["failed"]

    mailbag.before[ANN].clear()
    await digests.tick(mailbag, SUNDAY + WEEK)
    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text


async def test_a_closed_inbox_is_noted_and_its_news_comes_when_it_is_open(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag(closed={ANN})

    await digests.tick(mailbag, SUNDAY)
    await digests.tick(mailbag, SUNDAY + timedelta(hours=1))

    assert mailbag.attempts.count(ANN) == 1
    assert await states(room, ANN) == ["failed"]
    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.CLOSED

    mailbag.closed.clear()
    await room.post(discussion, CLEO, "Later")
    await digests.tick(mailbag, SUNDAY + WEEK)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "Later" in text
    person = await room.people.get(ANN)
    assert person is not None
    assert person.inbox is Inbox.OPEN


async def test_the_preview_is_what_is_sent_to_the_letter(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    assert await digests.preview(CLEO, mailbag, room.now) is None

    preview = await digests.preview(ANN, mailbag, room.now)
    await digests.plan(SUNDAY)
    on_its_way = await digests.preview(ANN, mailbag, room.now)
    await digests.deliver(mailbag, SUNDAY)

    ((_, sent),) = mailbag.inboxes[ANN]
    assert preview == on_its_way == sent
    assert await digests.preview(ANN, mailbag, room.now) is None
    await room.post(discussion, CLEO, "Later")
    mailbag.rights[ANN].append(silence)
    with pytest.raises(CourierError):
        await digests.preview(ANN, mailbag, room.now)


async def test_more_than_one_batch_is_planned_and_sent(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    readers = range(10_000, 10_000 + service.PLAN_BATCH + 10)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all of them")
    mailbag = Mailbag()

    assert await digests.plan(SUNDAY) == len(readers) + 2
    while await digests.deliver(mailbag, SUNDAY):
        pass

    assert sorted(mailbag.attempts) == sorted([ANN, BEN, *readers])


async def test_a_bot_that_was_away_for_weeks_sends_one_digest_when_it_is_back(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    await room.post(discussion, CLEO, "In the third week", posted_at=SUNDAY + 2 * WEEK)
    mailbag = Mailbag()
    back = SUNDAY + 3 * WEEK + timedelta(hours=5)

    await digests.tick(mailbag, back)
    await digests.tick(mailbag, back + timedelta(minutes=1))

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "In the third week" in text
    person = await room.people.get(ANN)
    assert person is not None
    assert person.next_digest_at == SUNDAY + 4 * WEEK
