from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.store.digest_counts import DigestCounts
from bot.store.person import PauseReason
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, ReadingRoom

ELSEWHERE, OTHER_FORUM = 12, 22


@pytest.fixture
def counts(room: ReadingRoom) -> DigestCounts:
    return DigestCounts(room.database)


@pytest.fixture
async def emma(room: ReadingRoom) -> Discussion:
    return await room.begin("Emma")


async def put_digest(
    room: ReadingRoom,
    user_id: int,
    state: str,
    *discussions: Discussion,
    days_ago: int = 1,
    exclusion: str | None = None,
) -> None:
    """Write a digest as it stands some days after it was planned."""
    at = int((room.now - timedelta(days=days_ago)).timestamp() * 1000)
    settled_at = None if state in ("waiting", "sending") else at
    async with room.database.transaction() as connection:
        (row,) = await connection.execute_fetchall(
            "INSERT INTO outbox (user_id, kind, up_to_mark, token, planned_at, state,"
            " next_attempt_at, settled_at) VALUES (?, 'daily', 9, 't', ?, ?, ?, ?) RETURNING id",
            (user_id, at, state, at, settled_at),
        )
        await connection.executemany(
            "INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since, exclusion)"
            " VALUES (?, ?, 1, 1, ?)",
            [(row["id"], discussion.id, exclusion) for discussion in discussions],
        )


async def test_people_are_counted_once_and_by_each_level_that_they_chose(
    room: ReadingRoom, counts: DigestCounts, emma: Discussion
) -> None:
    other = await room.begin("Persuasion")
    await room.tracking.track_discussion(ANN, emma.id, room.now, Level.EVERY_POST)
    await room.tracking.track_discussion(ANN, other.id, room.now)
    await room.tracking.track_forum(ANN, FORUM, room.now)
    await room.tracking.track_discussion(BEN, emma.id, room.now, Level.DAILY)
    await room.tracking.track_discussion(CLEO, emma.id, room.now, Level.MUTED)

    found = await counts.of_guild(GUILD, room.now)

    assert found.trackers == 2
    assert found.by_level == {Level.EVERY_POST: 1, Level.DAILY: 1, Level.WEEKLY: 1}


async def test_those_to_whom_nothing_is_sent_are_counted_by_the_reason(
    room: ReadingRoom, counts: DigestCounts, emma: Discussion
) -> None:
    for user_id in (ANN, BEN, CLEO):
        await room.tracking.track_discussion(user_id, emma.id, room.now)
    await room.people.pause(ANN, PauseReason.ASKED, room.now)
    await room.people.pause(BEN, PauseReason.INBOX, room.now)

    found = await counts.of_guild(GUILD, room.now)

    assert (found.trackers, found.paused_by_choice, found.paused_by_inbox) == (3, 1, 1)


async def test_of_the_last_days_digests_are_counted_that_told_of_the_server(
    room: ReadingRoom, counts: DigestCounts, emma: Discussion
) -> None:
    await room.open_forum(OTHER_FORUM, ELSEWHERE)
    elsewhere = await room.begin("Emma", forum_id=OTHER_FORUM, guild_id=ELSEWHERE)
    await put_digest(room, ANN, "sent", emma, elsewhere)
    await put_digest(room, ANN, "sent", emma)
    await put_digest(room, ANN, "sent", emma, days_ago=8)
    await put_digest(room, ANN, "sent", emma, exclusion="muted")
    await put_digest(room, BEN, "sent", elsewhere)
    await put_digest(room, BEN, "waiting", emma, days_ago=8)
    await put_digest(room, CLEO, "failed", emma)

    found = await counts.of_guild(GUILD, room.now)

    assert (found.sent, found.reached, found.waiting, found.failed) == (2, 1, 1, 1)
    other = await counts.of_guild(ELSEWHERE, room.now)
    assert (other.sent, other.reached, other.waiting, other.failed) == (2, 2, 0, 0)


async def test_those_for_whom_nothing_was_new_are_counted_where_they_track(
    room: ReadingRoom, counts: DigestCounts, emma: Discussion
) -> None:
    await room.tracking.track_discussion(ANN, emma.id, room.now)
    await put_digest(room, ANN, "quiet")
    await put_digest(room, ANN, "quiet")
    await put_digest(room, BEN, "quiet")
    await room.tracking.track_discussion(CLEO, emma.id, room.now, Level.MUTED)
    await put_digest(room, CLEO, "quiet")

    assert (await counts.of_guild(GUILD, room.now)).quiet == 1
