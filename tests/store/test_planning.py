"""Who is planned, and when each is due next."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.level import DigestKind, Level
from bot.core.model import Discussion
from bot.core.schedule import QuietHours
from bot.store.database import from_milliseconds, open_database, to_milliseconds
from bot.store.outbox import ClaimedDigest, Outbox
from bot.store.person import PauseReason
from bot.store.planning import Planning
from bot.store.plans import SPREAD
from tests.reading_room import ANN, BEN, CLEO, FORUM, START, SUNDAY_EVENING, ReadingRoom

# Every test begins with two readers and a post.
pytestmark = pytest.mark.usefixtures("discussion")

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NEXT_SUNDAY = SUNDAY + WEEK


@pytest.fixture
async def discussion(room: ReadingRoom) -> Discussion:
    """Ann and Ben track it, and Cleo has written in it."""
    discussion = await room.begin("The Sea, the Sea")
    for reader in (ANN, BEN):
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "A thought")
    return discussion


@pytest.fixture
def planning(room: ReadingRoom) -> Planning:
    return Planning(room.database, SUNDAY_EVENING)


@pytest.fixture
def outbox(room: ReadingRoom) -> Outbox:
    return Outbox(room.database, SUNDAY_EVENING, a_minute=1_000)


async def plan_all(planning: Planning, now: datetime) -> int:
    total = 0
    while planned := await planning.plan(now):
        total += planned
    return total


async def send_all(outbox: Outbox, now: datetime) -> list[ClaimedDigest]:
    """Settle all that is planned as sent, and give it."""
    claimed = list(await outbox.claim(now, 100))
    for digest in claimed:
        await outbox.sent(digest, 1, now)
    return claimed


async def planned_states(room: ReadingRoom, user_id: int) -> list[tuple[str, str]]:
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT kind, state FROM outbox WHERE user_id = ? ORDER BY id", (user_id,)
        )
    return [(row["kind"], row["state"]) for row in rows]


async def test_nobody_is_planned_before_their_hour(planning: Planning, outbox: Outbox) -> None:
    await plan_all(planning, SUNDAY - timedelta(seconds=1))

    assert await outbox.claim(SUNDAY, 25) == ()


async def test_who_is_due_gets_one_digest_and_moves_on_to_the_next_week(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    assert await planning.plan(SUNDAY, 10) == 2
    assert await planning.plan(SUNDAY, 10) == 0

    assert await room.people.next_due(ANN) == {
        Level.WEEKLY: NEXT_SUNDAY,
        Level.DAILY: SUNDAY + DAY,
    }
    digests = await outbox.claim(SUNDAY, 25)
    assert [digest.recipient.user_id for digest in digests] == [ANN, BEN]
    assert {digest.up_to for digest in digests} == {await room.mark()}
    assert {digest.planned_at for digest in digests} == {SUNDAY}


async def test_a_bot_that_was_away_for_weeks_plans_once(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    late = SUNDAY + timedelta(days=23)

    assert await plan_all(planning, late) == 2

    assert len(await outbox.claim(late, 25)) == 2
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == SUNDAY + timedelta(days=28)


async def test_those_who_waited_longest_are_planned_first_and_in_bounded_batches(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    await room.tracking.track_discussion(CLEO, discussion.id, START)
    await room.post(discussion, ANN, "For Cleo")
    await room.people.choose(CLEO, now=START, weekday=2, hour=9)
    async with room.database.transaction() as connection:
        await connection.execute("DELETE FROM due WHERE level = 'daily'")

    assert await planning.plan(SUNDAY, 2) == 2
    first = {digest.recipient.user_id for digest in await outbox.claim(SUNDAY, 25)}
    assert await planning.plan(SUNDAY, 2) == 1
    second = {digest.recipient.user_id for digest in await outbox.claim(SUNDAY, 25)}

    assert first == {CLEO, ANN}
    assert second == {BEN}


async def test_nothing_is_planned_where_there_is_certainly_no_news(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    await plan_all(planning, SUNDAY)
    await send_all(outbox, SUNDAY)
    await room.post(await room.begin("Tracked by none"), CLEO, "Elsewhere")

    await plan_all(planning, NEXT_SUNDAY)

    assert await outbox.claim(NEXT_SUNDAY, 25) == ()
    assert await planned_states(room, ANN) == [("weekly", "sent"), ("weekly", "quiet")]
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == NEXT_SUNDAY + WEEK


@pytest.mark.parametrize("hidden", ["discussion", "forum"])
async def test_what_is_hidden_is_no_news(
    room: ReadingRoom, planning: Planning, hidden: str
) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(f"UPDATE {hidden} SET hidden_at = 1")

    await plan_all(planning, SUNDAY)

    assert await planned_states(room, ANN) == [("weekly", "quiet")]


async def test_who_tracks_nothing_at_a_level_has_no_quiet_digests_of_it(
    room: ReadingRoom, planning: Planning, discussion: Discussion
) -> None:
    await room.tracking.track_discussion(CLEO, discussion.id, START, Level.DAILY)
    await plan_all(planning, SUNDAY - 2 * DAY)
    await plan_all(planning, SUNDAY)

    assert {kind for kind, _ in await planned_states(room, CLEO)} == {DigestKind.DAILY}
    assert [kind for kind, _ in await planned_states(room, ANN)] == [DigestKind.WEEKLY]


async def test_what_is_paused_is_skipped_with_its_reason_and_nothing_counts_as_told(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    await room.people.pause(ANN, PauseReason.ASKED, SUNDAY)

    await plan_all(planning, SUNDAY)

    assert await planned_states(room, ANN) == [("weekly", "skipped")]
    assert [each.recipient.user_id for each in await outbox.claim(SUNDAY, 25)] == [BEN]
    await room.people.resume(ANN)
    await plan_all(planning, NEXT_SUNDAY)
    assert (await planned_states(room, ANN))[-1] == ("weekly", "waiting")


async def test_an_edit_alone_is_planned(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    message_id = await room.post(discussion, CLEO, "Frist")
    await plan_all(planning, SUNDAY)
    await send_all(outbox, SUNDAY)
    await room.edit(discussion, message_id, CLEO, "First")

    await plan_all(planning, NEXT_SUNDAY)

    assert len(await outbox.claim(NEXT_SUNDAY, 25)) == 2


async def test_while_one_is_on_its_way_no_other_is_planned_and_the_next_comes_after_it(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    await plan_all(planning, SUNDAY)
    first, _ = await outbox.claim(SUNDAY, 25)
    await room.post(discussion, CLEO, "Later")

    await plan_all(planning, NEXT_SUNDAY)
    assert await planned_states(room, ANN) == [("weekly", "sending")]
    await outbox.sent(first, 1, NEXT_SUNDAY)
    await plan_all(planning, NEXT_SUNDAY)

    assert await planned_states(room, ANN) == [("weekly", "sent"), ("weekly", "waiting")]


async def test_digests_of_the_same_hour_are_spread_and_always_the_same_way(
    room: ReadingRoom, planning: Planning, discussion: Discussion
) -> None:
    readers = [number * 37_000_000 << 22 for number in range(1, 30)]
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all")

    async def offsets(now: datetime) -> list[timedelta]:
        await plan_all(planning, now)
        async with room.database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT user_id, next_attempt_at FROM outbox"
                " WHERE state = 'waiting' AND user_id > 1000 ORDER BY user_id"
            )
        return [from_milliseconds(row["next_attempt_at"]) - now for row in rows]

    first = await offsets(SUNDAY)
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE outbox SET state = 'sent', settled_at = next_attempt_at")
    await room.post(discussion, CLEO, "For all again")
    second = await offsets(NEXT_SUNDAY)

    assert len(first) == len(readers)
    assert first == second
    assert all(timedelta(0) <= offset < SPREAD for offset in first)
    assert max(first) - min(first) > SPREAD / 2


async def test_what_is_late_is_not_put_off_to_be_spread(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    reader = 240_000 << 22
    await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "Another thought")
    late = SUNDAY + SPREAD

    await plan_all(planning, late)

    assert reader in {digest.recipient.user_id for digest in await outbox.claim(late, 25)}


async def test_a_late_digest_waits_for_the_end_of_quiet_hours(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    await room.people.choose(ANN, now=START, quiet=QuietHours(22, 7))
    late = SUNDAY + timedelta(hours=6)

    await plan_all(planning, late)

    assert [each.recipient.user_id for each in await outbox.claim(late, 25)] == [BEN]
    morning = SUNDAY + timedelta(hours=13)
    assert ANN in [each.recipient.user_id for each in await outbox.claim(morning, 25)]


async def test_one_whose_zone_is_gone_is_planned_in_the_default_zone_with_the_others(
    room: ReadingRoom, planning: Planning
) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE person SET zone = 'Mars/Olympus' WHERE user_id = ?", (ANN,)
        )

    assert await plan_all(planning, SUNDAY) == 2
    assert (await room.people.next_due(ANN))[Level.WEEKLY] == NEXT_SUNDAY


async def test_stopping_everything_ends_the_digests(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    tracked = await room.tracking.of_user(ANN)
    await room.tracking.stop(ANN, [each.id for each in tracked], room.now)
    await room.tracking.track_forum(BEN, FORUM, room.now)

    await plan_all(planning, SUNDAY)

    assert [each.recipient.user_id for each in await outbox.claim(SUNDAY, 25)] == [BEN]
    assert await planned_states(room, ANN) == []


async def test_two_processes_that_plan_at_once_plan_each_person_once(
    room: ReadingRoom, planning: Planning, discussion: Discussion
) -> None:
    readers = range(10_000, 10_200)
    for reader in readers:
        await room.tracking.track_discussion(reader, discussion.id, room.now)
    await room.post(discussion, CLEO, "For all")
    async with open_database(room.database.path) as other_process:
        other = Planning(other_process, SUNDAY_EVENING)
        planned = await asyncio.gather(
            *(each.plan(SUNDAY, 40) for each in (planning, other) for _ in range(10))
        )
    await plan_all(planning, SUNDAY)

    async with room.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT count(*) AS digests, count(DISTINCT user_id) AS people FROM outbox"
        )
    assert sum(planned) <= len(readers) + 2
    assert row["digests"] == row["people"] == len(readers) + 2


async def test_a_discussion_erased_while_it_is_planned_holds_up_nobody(
    room: ReadingRoom, planning: Planning
) -> None:
    async def erase() -> None:
        async with room.database.transaction() as connection:
            await connection.execute("DELETE FROM discussion")

    await asyncio.gather(erase(), planning.plan(SUNDAY))

    assert (await room.people.next_due(BEN))[Level.WEEKLY] == NEXT_SUNDAY


async def test_of_what_was_settled_a_week_of_all_and_the_last_four_digests_are_kept(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.DAILY, START)
    for days in range(21):
        now = START + timedelta(days=days, hours=7)
        room.now = now
        await room.post(discussion, CLEO, f"Day {days}")
        await plan_all(planning, now)
        await send_all(outbox, now)

    async def kept(user_id: int) -> list[datetime]:
        async with room.database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT settled_at FROM outbox WHERE user_id = ? ORDER BY id", (user_id,)
            )
        return [from_milliseconds(row["settled_at"]) for row in rows]

    assert len(await kept(ANN)) == 7
    assert len(await kept(BEN)) == 3
    await planning.plan_channels(room.now + timedelta(days=34))
    assert len(await kept(BEN)) == 1
    await planning.plan_channels(room.now + timedelta(days=36))
    assert await kept(ANN) == await kept(BEN) == []


async def test_a_notice_is_kept_for_a_week(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion
) -> None:
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.EVERY_POST, START)
    await plan_all(planning, START)
    await send_all(outbox, START)

    await plan_all(planning, START + 6 * DAY)
    after_six_days = await planned_states(room, ANN)
    await plan_all(planning, START + 8 * DAY)

    assert after_six_days == [("notice", "sent")]
    assert await planned_states(room, ANN) == []


@pytest.mark.parametrize("jump", [timedelta(hours=5), timedelta(days=40), timedelta(days=4000)])
async def test_a_clock_that_is_put_back_sends_nothing_twice_and_goes_on(
    room: ReadingRoom, planning: Planning, outbox: Outbox, discussion: Discussion, jump: timedelta
) -> None:
    wrong = SUNDAY + jump
    await planning.put_clock_right(wrong)
    await plan_all(planning, wrong)
    first = await send_all(outbox, wrong)

    for hours in range(24 * 9):
        now = SUNDAY + timedelta(hours=hours)
        await planning.put_clock_right(now)
        await plan_all(planning, now)
        if hours == 0:
            assert await outbox.claim(now, 25) == ()
            room.now = now
            await room.post(discussion, CLEO, "After the jump")
    second = await send_all(outbox, SUNDAY + 9 * DAY)

    assert len(first) == len(second) == 2


async def test_what_comes_once_a_clock_was_put_back_is_news_to_who_tracked_while_it_was_ahead(
    room: ReadingRoom, planning: Planning, discussion: Discussion
) -> None:
    await room.tracking.track_discussion(CLEO, discussion.id, SUNDAY + timedelta(days=4000))
    await planning.put_clock_right(START)
    await room.post(discussion, ANN, "After that")

    await plan_all(planning, SUNDAY)

    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT since FROM outbox_part JOIN outbox ON outbox.id = outbox_id WHERE user_id = ?",
            (CLEO,),
        )
    assert [from_milliseconds(row["since"]) <= START for row in rows] == [True]


async def test_what_a_clock_settled_ahead_of_time_is_forgotten_in_its_time(
    room: ReadingRoom, planning: Planning, outbox: Outbox
) -> None:
    wrong = SUNDAY + timedelta(days=4000)
    await plan_all(planning, wrong)
    await send_all(outbox, wrong)

    await planning.put_clock_right(SUNDAY)
    await planning.plan_channels(SUNDAY + 34 * DAY)
    kept = await planned_states(room, ANN)
    await planning.plan_channels(SUNDAY + 35 * DAY)

    assert kept == [("weekly", "sent")]
    assert await planned_states(room, ANN) == []


async def test_a_clock_is_put_right_whenever_it_is_put_back(
    planning: Planning, outbox: Outbox
) -> None:
    for moment in (SUNDAY, SUNDAY + timedelta(days=4000)):
        await planning.put_clock_right(moment)
        await plan_all(planning, moment)
        for digest in await outbox.claim(moment, 25):
            until = moment + timedelta(hours=6)
            await outbox.postponed(digest, "no answer", until, may_have_arrived=True)

    await planning.put_clock_right(SUNDAY)

    assert len(await outbox.claim(SUNDAY, 25)) == 2


async def test_what_waits_on_a_clock_that_was_wrong_is_tried_at_once(
    planning: Planning, outbox: Outbox
) -> None:
    wrong = SUNDAY + timedelta(days=4000)
    await plan_all(planning, wrong)
    for digest in await outbox.claim(wrong, 25):
        until = wrong + timedelta(hours=6)
        await outbox.postponed(digest, "no answer", until, may_have_arrived=True)

    await planning.put_clock_right(SUNDAY)

    claimed = await outbox.claim(SUNDAY, 25)
    assert len(claimed) == 2
    assert {digest.planned_at for digest in claimed} == {SUNDAY}


async def test_new_rules_of_a_zone_count_from_the_next_start(
    room: ReadingRoom, planning: Planning
) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE due SET at = at + 3600000 WHERE user_id = ? AND level = 'weekly'", (ANN,)
        )
        await connection.execute(
            "UPDATE due SET at = ? WHERE user_id = ?", (to_milliseconds(START), BEN)
        )

    await planning.reschedule(START + timedelta(hours=1))

    assert (await room.people.next_due(ANN))[Level.WEEKLY] == SUNDAY
    assert set((await room.people.next_due(BEN)).values()) == {START}
