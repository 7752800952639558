"""The digests of channels: set, moved, ended, planned, and left to the next one."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.store.channel_digests import ChannelDigests
from bot.store.channel_planning import (
    channel_digest_failed,
    channel_digest_sent,
    plan_channel_digests,
)
from bot.store.database import from_milliseconds
from bot.store.server_zones import ServerZones
from tests.reading_room import BEN, CLEO, FORUM, GUILD, START, SUNDAY_EVENING, ReadingRoom

LOUNGE, HALL = 71, 72
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
# The room begins on a Monday; the default is Sunday at 18:00 UTC.
SUNDAY = START.replace(day=29, hour=18)


@pytest.fixture
def digests(room: ReadingRoom) -> ChannelDigests:
    return ChannelDigests(room.database, SUNDAY_EVENING)


@pytest.fixture
async def emma(room: ReadingRoom) -> Discussion:
    """A discussion with one post of before the channel's digest was set."""
    discussion = await room.begin("Emma")
    await room.post(discussion, BEN, "Is she kind?")
    return discussion


async def put(digests: ChannelDigests, channel_id: int = LOUNGE, hour: int | None = None) -> None:
    await digests.put(FORUM, channel_id, weekday=None, hour=hour, now=START)


async def plan(room: ReadingRoom, now: datetime) -> int:
    async with room.database.transaction() as connection:
        return await plan_channel_digests(connection, now, SUNDAY_EVENING, 100)


async def planned(room: ReadingRoom) -> list[tuple[sqlite3.Row, dict[int, int]]]:
    """Give the rows of the outbox, each with the marks after which its parts begin."""
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT outbox.*, (SELECT json_group_object(discussion_id, after_mark)"
            " FROM outbox_part WHERE outbox_id = id) AS parts FROM outbox ORDER BY id"
        )
        return [
            (row, {int(key): mark for key, mark in json.loads(row["parts"]).items()})
            for row in rows
        ]


async def settle(room: ReadingRoom, outbox_id: int, *, trouble: str | None = None) -> None:
    """Settle a digest as its delivery does."""
    state = "sent" if trouble is None else "failed"
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox SET state = ?, settled_at = 1, message_id = 900 WHERE id = ?",
            (state, outbox_id),
        )
        if trouble is None:
            await channel_digest_sent(connection, FORUM)
        else:
            await channel_digest_failed(connection, outbox_id, FORUM, trouble)


async def test_the_first_tells_of_what_was_written_since_it_was_set(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    before = await room.mark()
    await room.post(emma, CLEO, "Not to Miss Bates.")

    assert await plan(room, SUNDAY - timedelta(seconds=1)) == 0
    assert await plan(room, SUNDAY) == 1

    ((row, parts),) = await planned(room)
    assert (row["kind"], row["state"], row["user_id"]) == ("channel", "waiting", None)
    assert (row["forum_id"], row["channel_id"], row["up_to_mark"]) == (FORUM, LOUNGE, before + 1)
    assert row["token"].startswith(f"digest-{row['id']}-")
    assert parts == {emma.id: before}


async def test_each_covers_what_came_after_the_one_before(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    post = await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)
    ((first, _),) = await planned(room)
    await settle(room, first["id"])
    await room.edit(emma, post, CLEO, "Not to poor Miss Bates.")

    await plan(room, SUNDAY + WEEK)

    (_, (second, parts)) = await planned(room)
    assert parts == {emma.id: first["up_to_mark"]}
    assert second["up_to_mark"] == first["up_to_mark"] + 1


async def test_a_week_without_news_is_quiet_and_private_threads_are_no_news(
    room: ReadingRoom, digests: ChannelDigests
) -> None:
    await put(digests)
    secret = await room.begin("Among us", is_private=True)
    await room.post(secret, BEN, "Psst.")

    assert await plan(room, SUNDAY) == 1

    ((row, parts),) = await planned(room)
    assert (row["state"], parts) == ("quiet", {})


async def test_a_bot_that_was_away_for_weeks_posts_once(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    await room.post(emma, CLEO, "Not to Miss Bates.")

    late = SUNDAY + 3 * WEEK + DAY
    assert [await plan(room, late), await plan(room, late)] == [1, 0]

    known = await digests.get(FORUM)
    assert known is not None
    assert known.next_at == SUNDAY + 4 * WEEK


async def test_while_one_is_on_its_way_its_news_is_not_planned_again_and_nothing_is_lost(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)
    await room.post(emma, CLEO, "Nor to Harriet.")
    await plan(room, SUNDAY + WEEK)
    ((first, _),) = await planned(room)
    await settle(room, first["id"])

    await plan(room, SUNDAY + 2 * WEEK)

    (_, (_, parts)) = await planned(room)
    assert parts == {emma.id: first["up_to_mark"]}


async def test_what_could_not_be_posted_is_told_by_the_next_and_hosts_see_why(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    before = await room.mark()
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)
    ((first, _),) = await planned(room)
    await settle(room, first["id"], trouble="The channel was deleted.")

    failed = await digests.get(FORUM)
    assert failed is not None
    assert failed.trouble == "The channel was deleted."
    await plan(room, SUNDAY + WEEK)
    (_, (second, parts)) = await planned(room)
    assert parts == {emma.id: before}

    await settle(room, second["id"])
    (posted,) = await digests.of_guild(GUILD)
    assert (posted.trouble, posted.message_id) == (None, 900)


async def test_in_another_channel_it_goes_on_where_it_was_and_what_was_on_its_way_is_taken_back(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    before = await room.mark()
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)

    await put(digests, HALL, hour=20)
    await plan(room, SUNDAY + timedelta(hours=2))

    ((taken, _), (anew, parts)) = await planned(room)
    assert (taken["state"], taken["attempts"]) == ("skipped", 1)
    assert (anew["channel_id"], parts) == (HALL, {emma.id: before})


async def test_another_hour_takes_nothing_back_and_keeps_the_day(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await digests.put(FORUM, LOUNGE, weekday=2, hour=9, now=START)
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, START + 2 * DAY)

    await put(digests, hour=20)

    ((row, _),) = await planned(room)
    assert row["state"] == "waiting"
    known = await digests.get(FORUM)
    assert known is not None
    assert (known.schedule.weekday, known.schedule.hour) == (2, 20)


async def test_one_that_was_ended_is_not_posted_and_one_set_anew_begins_anew(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)

    assert await digests.end(FORUM, SUNDAY)
    assert not await digests.end(FORUM, SUNDAY)

    ((row, _),) = await planned(room)
    assert (row["state"], row["reason"]) == ("skipped", "a host ended or moved it")
    assert await digests.get(FORUM) is None
    await put(digests)
    await plan(room, SUNDAY + WEEK)
    (_, (quiet, _)) = await planned(room)
    assert quiet["state"] == "quiet"


async def test_a_forum_that_has_ended_has_none_and_gets_none(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await put(digests)
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await room.forums.remove(FORUM, START)

    assert await plan(room, SUNDAY) == 0
    assert await digests.of_guild(GUILD) == ()
    with pytest.raises(UserError, match="has just ended"):
        await put(digests)


@pytest.mark.parametrize(("weekday", "hour"), [(7, 18), (-1, 18), (0, 24), (0, -1)])
async def test_a_day_or_an_hour_that_no_week_has_is_refused_and_nothing_changes(
    digests: ChannelDigests, weekday: int, hour: int
) -> None:
    with pytest.raises(UserError):
        await digests.put(FORUM, LOUNGE, weekday=weekday, hour=hour, now=START)

    assert await digests.get(FORUM) is None


async def test_it_comes_by_the_clocks_of_its_server_and_follows_them(
    room: ReadingRoom, digests: ChannelDigests
) -> None:
    await put(digests)
    await ServerZones(room.database, room.people).set(GUILD, "Readers", "Asia/Kolkata", START)

    known = await digests.get(FORUM)
    assert known is not None
    assert known.schedule.zone == "Asia/Kolkata"
    assert known.next_at == SUNDAY - timedelta(hours=5, minutes=30)


async def test_one_whose_servers_zone_is_gone_comes_in_the_default_zone(
    room: ReadingRoom, digests: ChannelDigests
) -> None:
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE guild SET zone = 'Mars/Olympus'")

    await put(digests)

    known = await digests.get(FORUM)
    assert known is not None
    assert (known.schedule.zone, known.next_at) == ("UTC", SUNDAY)


async def test_after_a_clock_was_put_back_by_years_it_comes_within_a_week_with_all_its_news(
    room: ReadingRoom, digests: ChannelDigests, emma: Discussion
) -> None:
    await digests.put(FORUM, LOUNGE, weekday=None, hour=None, now=START + 1000 * DAY)

    await plan(room, START)

    known = await digests.get(FORUM)
    assert known is not None
    assert known.next_at == SUNDAY
    await room.post(emma, CLEO, "Not to Miss Bates.")
    await plan(room, SUNDAY)
    async with room.database.reading() as connection:
        (part,) = await connection.execute_fetchall("SELECT since FROM outbox_part")
    assert from_milliseconds(part["since"]) <= START
