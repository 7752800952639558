"""From the hour to the inbox, against the real store; the courier's boxes are in memory."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.core.ports import CourierError
from bot.digests import Digests
from bot.digests.sending import BATCH
from bot.digests.settling import GIVE_UP_AFTER, LONGEST_GAP
from bot.store.database import open_database
from bot.store.outbox import LEASE
from bot.store.person import PauseReason
from tests.digests.scene import (
    DAY,
    HOUR,
    MINUTE,
    SUNDAY,
    WEEK,
    exclusions,
    opened,
    states,
    until_states,
)
from tests.mailbag import Eternity, Held, Mailbag, silence, too_fast
from tests.reading_room import ANN, BEN, CLEO, SUNDAY_EVENING, ReadingRoom


@pytest.mark.usefixtures("discussion")
async def test_a_digest_arrives_once_at_its_hour(digests: Digests) -> None:
    mailbag = Mailbag()

    await digests.tick(mailbag, SUNDAY - MINUTE)
    assert not mailbag.attempts
    for minutes in range(3):
        await digests.tick(mailbag, SUNDAY + minutes * MINUTE)

    # They are sent at the same time: who is first is not said.
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
    assert await states(room, ANN) == ["sent", "quiet", "empty"]
    assert await exclusions(room, ANN) == [None, "nothing"]
    assert len(mailbag.texts(BEN)) == 2


async def test_daily_and_weekly_news_due_at_the_same_hour_is_one_digest(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    daily = await room.begin("Day by day")
    await room.tracking.track_discussion(ANN, daily.id, room.now, Level.DAILY)
    await room.post(daily, CLEO, "Monday's thought")
    mailbag = Mailbag()

    await digests.tick(mailbag, SUNDAY - 6 * DAY)
    (first,) = mailbag.texts(ANN)
    await room.post(daily, CLEO, "Sunday's thought")
    await room.post(discussion, CLEO, "A week's thought")
    await digests.tick(mailbag, SUNDAY)

    assert "Monday's thought" in first
    assert "The cousin is a liar" not in first
    _, second = mailbag.texts(ANN)
    for told in ("Sunday's thought", "The cousin is a liar", "A week's thought"):
        assert told in second
    assert "Monday's thought" not in second


async def test_a_lost_answer_does_not_bring_a_second_digest(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    mailbag.after[ANN].append(silence)

    await digests.tick(mailbag, SUNDAY)
    assert await states(room, ANN) == ["sending"]
    await room.post(discussion, CLEO, "Too late for this one")
    await digests.tick(mailbag, SUNDAY + MINUTE)

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
    assert not mailbag.texts(ANN)
    assert not mailbag.texts(BEN)
    await digests.tick(mailbag, SUNDAY + MINUTE)

    assert (await states(room, ANN), await states(room, BEN)) == (["sent"], ["sent"])
    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


@pytest.mark.usefixtures("discussion")
async def test_one_whose_rights_are_unknown_anywhere_waits_with_all_of_it(
    room: ReadingRoom, digests: Digests
) -> None:
    elsewhere = await room.begin("Elsewhere")
    await room.tracking.track_discussion(ANN, elsewhere.id, room.now)
    await room.post(elsewhere, CLEO, "Over here")
    assert elsewhere.thread_id is not None
    mailbag = Mailbag(unknown={elsewhere.thread_id})

    await digests.tick(mailbag, SUNDAY)
    assert mailbag.attempts == [BEN]
    mailbag.unknown.clear()
    await digests.tick(mailbag, SUNDAY + MINUTE)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "Over here" in text


async def test_those_who_never_answer_hold_up_nobody_and_no_later_tick(
    room: ReadingRoom, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    mailbag.before[ANN].append(Eternity())

    async with opened(room, patience_seconds=0.1) as digests:
        await digests.tick(mailbag, SUNDAY)
        await until_states(room, BEN, ["sent"])
        await room.tracking.set_level_of_discussion(BEN, discussion.id, Level.EVERY_POST, SUNDAY)
        await room.post(discussion, CLEO, "Later")
        for minutes in (1, 2):
            await digests.tick(mailbag, SUNDAY + minutes * MINUTE)
        await until_states(room, BEN, ["sent", "sent"])

    assert len(mailbag.texts(BEN)) == 2
    assert not mailbag.texts(ANN)


@pytest.mark.usefixtures("discussion")
async def test_the_end_of_the_program_waits_for_what_is_on_its_way(
    room: ReadingRoom,
) -> None:
    mailbag = Mailbag()
    held = Held()
    mailbag.before[ANN].append(held)
    async with opened(room) as digests:
        ticking = asyncio.create_task(digests.tick(mailbag, SUNDAY))
        await held.begun.wait()
        ending = asyncio.create_task(digests.close())
        await asyncio.sleep(0)
        held.let()
        await asyncio.gather(ticking, ending)

    assert await states(room, ANN) == ["sent"]


@pytest.mark.usefixtures("discussion")
async def test_what_is_claimed_while_the_program_ends_is_left_to_the_next_start(
    room: ReadingRoom,
) -> None:
    mailbag = Mailbag()
    async with opened(room) as digests:
        await digests.plan(SUNDAY)
        async with room.database.transaction():
            delivering = asyncio.create_task(digests.deliver(mailbag, SUNDAY))
            # It waits for its turn to write.
            await asyncio.sleep(0)
            await digests.close()
        await delivering
    assert not mailbag.attempts

    async with opened(room) as reborn:
        await reborn.tick(mailbag, SUNDAY + LEASE)
    assert sorted(mailbag.attempts) == [ANN, BEN]


@pytest.mark.usefixtures("discussion")
@pytest.mark.parametrize("is_taken", [True, False])
async def test_what_was_broken_off_at_the_end_comes_once_after_the_next_start(
    room: ReadingRoom, *, is_taken: bool
) -> None:
    mailbag = Mailbag()
    no_answer = Eternity()
    (mailbag.after if is_taken else mailbag.before)[ANN].append(no_answer)
    async with opened(room, patience_seconds=0.1) as digests:
        await digests.tick(mailbag, SUNDAY)
        await no_answer.begun.wait()
        await until_states(room, BEN, ["sent"])

    async with opened(room) as reborn:
        await reborn.tick(mailbag, SUNDAY + MINUTE)
        assert await states(room, ANN) == ["sending"]
        await reborn.tick(mailbag, SUNDAY + LEASE)

    assert (await states(room, ANN), await states(room, BEN)) == (["sent"], ["sent"])
    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


@pytest.mark.usefixtures("discussion")
async def test_one_persons_unforeseen_trouble_is_noted_and_holds_up_nobody(
    digests: Digests,
) -> None:
    async def surprise() -> None:
        raise RuntimeError("unforeseen")

    mailbag = Mailbag()
    mailbag.before[ANN].append(surprise)
    mailbag.rights[BEN].append(surprise)

    await digests.tick(mailbag, SUNDAY)
    await digests.tick(mailbag, SUNDAY + MINUTE)

    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


@pytest.mark.usefixtures("discussion")
@pytest.mark.parametrize(("troubled", "other"), [(ANN, BEN), (BEN, ANN)])
async def test_one_that_fails_with_others_and_then_gets_no_answer_holds_up_nobody(
    room: ReadingRoom, troubled: int, other: int
) -> None:
    async def surprise() -> None:
        raise RuntimeError("unforeseen")

    mailbag = Mailbag()
    mailbag.rights[troubled] += [surprise, Eternity()]

    async with opened(room, patience_seconds=0.1) as digests:
        await digests.tick(mailbag, SUNDAY)
        await until_states(room, other, ["sent"])

    assert len(mailbag.texts(other)) == 1
    assert not mailbag.texts(troubled)


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
        now += 30 * MINUTE

    gaps = [later - earlier for earlier, later in pairwise(attempted)]
    assert gaps == sorted(gaps)
    assert gaps[-1] <= LONGEST_GAP + 30 * MINUTE
    assert len(attempted) < 40
    assert await states(room, ANN) == ["failed"]

    mailbag.before[ANN].clear()
    await digests.tick(mailbag, SUNDAY + WEEK)
    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text


@pytest.mark.usefixtures("discussion")
async def test_a_machine_that_slept_for_a_fortnight_has_not_given_up_at_the_first_failure(
    digests: Digests,
) -> None:
    mailbag = Mailbag(closed={BEN})
    mailbag.before[ANN].append(silence)
    await digests.plan(SUNDAY)

    awake = SUNDAY + 2 * WEEK
    await digests.deliver(mailbag, awake)
    mailbag.closed.clear()
    await digests.deliver(mailbag, awake + HOUR)

    assert len(mailbag.texts(ANN)) == len(mailbag.texts(BEN)) == 1


@pytest.mark.usefixtures("discussion")
async def test_when_discord_asks_for_fewer_messages_all_of_them_wait(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    mailbag.before[ANN].append(too_fast)
    await digests.tick(mailbag, SUNDAY)
    await room.tracking.set_level_of_discussion(BEN, discussion.id, Level.EVERY_POST, SUNDAY)
    await room.post(discussion, CLEO, "Meanwhile")

    await digests.tick(mailbag, SUNDAY + MINUTE)
    await digests.tick(mailbag, SUNDAY + 2 * MINUTE)
    resting = (len(mailbag.texts(ANN)), len(mailbag.texts(BEN)))
    await digests.tick(mailbag, SUNDAY + 11 * MINUTE)

    assert resting == (0, 1)
    assert (len(mailbag.texts(ANN)), len(mailbag.texts(BEN))) == (1, 2)


async def test_the_preview_is_what_is_sent_to_the_letter(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    assert await digests.preview(CLEO, mailbag, room.now) is None

    preview = await digests.preview(ANN, mailbag, room.now)
    await digests.plan(SUNDAY)
    await room.post(discussion, CLEO, "For the next one")
    on_its_way = await digests.preview(ANN, mailbag, SUNDAY)
    await digests.deliver(mailbag, SUNDAY)

    ((_, sent),) = mailbag.inboxes[ANN]
    assert preview == on_its_way == sent
    following = await digests.preview(ANN, mailbag, SUNDAY)
    assert following is not None
    assert "For the next one" in str(following)
    assert "The cousin is a liar" not in str(following)
    mailbag.rights[ANN].append(silence)
    with pytest.raises(CourierError):
        await digests.preview(ANN, mailbag, SUNDAY)


@pytest.mark.parametrize("level", [Level.EVERY_POST, Level.DAILY, Level.WEEKLY])
async def test_the_preview_of_each_level_is_what_comes_of_it(
    room: ReadingRoom, digests: Digests, level: Level
) -> None:
    mailbag = Mailbag()
    discussion = await room.begin("The Bell")
    await room.tracking.track_discussion(ANN, discussion.id, room.now, level)
    await room.post(discussion, CLEO, "It rings")

    preview = await digests.preview(ANN, mailbag, room.now)
    await digests.tick(mailbag, room.now)
    await digests.tick(mailbag, SUNDAY)

    ((_, sent),) = mailbag.inboxes[ANN]
    assert preview == sent


async def test_more_than_fit_into_a_batch_are_all_sent_in_one_tick(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    readers = range(10_000, 10_000 + 4 * BATCH)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all of them")
    mailbag = Mailbag()

    await digests.tick(mailbag, SUNDAY)

    assert sorted(mailbag.attempts) == sorted([ANN, BEN, *readers])


async def test_two_processes_on_one_file_send_each_digest_once(
    room: ReadingRoom, discussion: Discussion
) -> None:
    readers = range(10_000, 10_150)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all of them")
    mailbag = Mailbag()

    async with (
        open_database(room.database.path) as other_process,
        opened(room) as first,
    ):
        second = Digests(other_process, SUNDAY_EVENING, a_minute=1_000)
        await asyncio.gather(first.tick(mailbag, SUNDAY), second.tick(mailbag, SUNDAY))
        await asyncio.gather(first.settled(), second.settled())
        # One that could not be noted while the other process was writing has waited.
        await first.tick(mailbag, SUNDAY + LEASE)

    assert sorted(mailbag.attempts) == sorted([ANN, BEN, *readers])


async def test_a_bot_that_was_away_for_weeks_sends_one_digest_when_it_is_back(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    await room.post(discussion, CLEO, "In the third week", posted_at=SUNDAY + 2 * WEEK)
    mailbag = Mailbag()
    back = SUNDAY + 3 * WEEK + 5 * HOUR

    await digests.tick(mailbag, back)
    await digests.tick(mailbag, back + MINUTE)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "In the third week" in text
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == SUNDAY + 4 * WEEK


async def test_who_pauses_while_one_is_on_its_way_gets_it_after_resuming(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    await digests.plan(SUNDAY)
    await room.people.pause(ANN, PauseReason.ASKED, SUNDAY)
    await digests.deliver(mailbag, SUNDAY)
    await room.post(discussion, CLEO, "Meanwhile")
    await digests.tick(mailbag, SUNDAY + WEEK)
    assert not mailbag.texts(ANN)

    await room.people.resume(ANN)
    await digests.tick(mailbag, SUNDAY + 2 * WEEK)

    assert await states(room, ANN) == ["skipped", "skipped", "sent"]
    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "Meanwhile" in text
