from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.core.activity import CLOCK_MARGIN
from bot.core.digest_record import DigestState
from bot.core.level import DigestKind, Exclusion, Level
from bot.core.model import Discussion
from bot.core.ports import ThreadReference
from bot.store.database import to_milliseconds
from bot.store.digest_reports import LAST_DIGESTS, DigestReports
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, START, ReadingRoom

MINUTE = timedelta(minutes=1)
# What a digest covers of a discussion: its id, after which mark, and what was kept of it.
Part = tuple[int, int, Exclusion | None, list[int] | None]


@pytest.fixture
def reports(room: ReadingRoom) -> DigestReports:
    return DigestReports(room.database)


@pytest.fixture
async def emma(room: ReadingRoom) -> Discussion:
    return await room.begin("Emma")


async def put_digest(
    room: ReadingRoom,
    *parts: Part,
    user_id: int = ANN,
    kind: DigestKind = DigestKind.WEEKLY,
    state: DigestState = DigestState.SENT,
    up_to: int = 100,
) -> int:
    """Write a digest that was planned at the room's present time, and give its id."""
    at = to_milliseconds(room.now)
    is_open = state in (DigestState.WAITING, DigestState.SENDING)
    async with room.database.transaction() as connection:
        (row,) = await connection.execute_fetchall(
            "INSERT INTO outbox (user_id, kind, up_to_mark, token, planned_at, state,"
            " next_attempt_at, settled_at, message_id, reason)"
            " VALUES (?, ?, ?, 't', ?, ?, ?, ?, 70, 'so it is') RETURNING id",
            (user_id, kind, up_to, at, state, at, None if is_open else at),
        )
        digest_id: int = row["id"]
        await connection.executemany(
            "INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since, exclusion,"
            " shown) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (digest_id, discussion_id, after, at, exclusion,
                 None if shown is None else json.dumps(shown))
                for discussion_id, after, exclusion, shown in parts
            ],
        )  # fmt: skip
    return digest_id


async def post_id(room: ReadingRoom, message_id: int) -> int:
    async with room.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT id FROM post WHERE message_id = ?", (message_id,)
        )
    found: int = row["id"]
    return found


async def test_the_last_digests_are_given_with_all_that_they_covered(
    room: ReadingRoom, reports: DigestReports, emma: Discussion
) -> None:
    gone = await room.begin("Persuasion")
    await room.forums.set_up(
        31, GUILD, "Readers", "past", is_forum_channel=True, host_id=1, now=room.now
    )
    ended = await room.begin("Mansfield Park", forum_id=31)
    await room.forums.remove(31, room.now)
    await put_digest(
        room,
        (emma.id, 3, None, [4, 5]),
        (gone.id + 1000, 2, Exclusion.GONE, None),
        (ended.id, 2, Exclusion.NO_ACCESS, None),
    )

    (digest,) = await reports.last_digests(ANN)

    assert (digest.kind, digest.state, digest.up_to) == (DigestKind.WEEKLY, DigestState.SENT, 100)
    assert (digest.planned_at, digest.settled_at) == (START, START)
    assert (digest.message_id, digest.reason) == (70, "so it is")
    told, hidden, erased = digest.parts
    assert emma.thread_id is not None
    assert told.thread == ThreadReference(GUILD, FORUM, emma.thread_id, is_private=False)
    assert (told.title, told.after, told.exclusion) == ("Emma", 3, None)
    assert (told.since, told.shown) == (START, frozenset({4, 5}))
    assert (hidden.title, hidden.thread, hidden.exclusion) == (None, None, Exclusion.NO_ACCESS)
    assert (erased.title, erased.thread, erased.shown) == (None, None, None)


async def test_no_more_than_the_last_are_given_newest_first_and_nobody_elses(
    room: ReadingRoom, reports: DigestReports
) -> None:
    ids = [await put_digest(room, kind=DigestKind.DAILY) for _ in range(LAST_DIGESTS + 2)]
    await put_digest(room, user_id=BEN)
    await put_digest(room, kind=DigestKind.NOTICE)

    digests = await reports.last_digests(ANN)

    assert [digest.id for digest in digests] == ids[:1:-1]


async def test_messages_about_new_posts_are_counted_with_the_last_of_them(
    room: ReadingRoom, reports: DigestReports
) -> None:
    await put_digest(room, kind=DigestKind.NOTICE)
    since = room.pass_time(MINUTE)
    await put_digest(room, kind=DigestKind.NOTICE)
    await put_digest(room, kind=DigestKind.NOTICE, state=DigestState.FAILED)
    last = await put_digest(room, kind=DigestKind.NOTICE, state=DigestState.WAITING)
    await put_digest(room)

    notices = await reports.notices(ANN, since)

    assert (notices.since, notices.sent, notices.failed) == (since, 1, 1)
    assert notices.last is not None
    assert notices.last.id == last
    assert (await reports.notices(BEN, since)).last is None


async def test_of_a_post_its_marks_and_the_digests_that_covered_it_are_given(
    room: ReadingRoom, reports: DigestReports, emma: Discussion
) -> None:
    message = await room.post(emma, BEN, "Is she kind?")
    mark = await room.mark()
    await room.edit(emma, message, BEN, "Is she good?")
    other = await room.begin("Persuasion")
    told = await put_digest(room, (emma.id, mark - 1, None, None), kind=DigestKind.NOTICE)
    await put_digest(room, (emma.id, mark + 1, None, None), kind=DigestKind.NOTICE)
    await put_digest(room, (other.id, mark - 1, None, None), kind=DigestKind.NOTICE)
    edited = await put_digest(room, (emma.id, mark, None, None), kind=DigestKind.NOTICE)
    weekly = [
        await put_digest(room, (emma.id, 1, None, None), (other.id, 1, None, None))
        for _ in range(LAST_DIGESTS)
    ]

    record = await reports.of_post(ANN, await post_id(room, message))

    assert record is not None
    assert (record.mark, record.edit_mark) == (mark, mark + 1)
    assert [digest.id for digest in record.others] == [edited, told]
    assert [digest.id for digest in record.digests] == weekly[::-1]
    assert [part.discussion_id for part in record.digests[0].parts] == [emma.id]
    assert (record.standing, record.is_muted) == (None, False)


async def test_of_a_post_it_is_given_how_its_discussion_is_tracked(
    room: ReadingRoom, reports: DigestReports, emma: Discussion
) -> None:
    message = await room.post(emma, BEN, "Is she kind?")
    await room.tracking.track_forum(ANN, FORUM, room.now, Level.DAILY)
    await room.tracking.track_discussion(CLEO, emma.id, room.now, Level.MUTED)
    async with room.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO told (user_id, discussion_id, mark) VALUES (?, ?, 9)",
            (ANN, emma.id),
        )
    known = await post_id(room, message)

    ann, cleo = await reports.of_post(ANN, known), await reports.of_post(CLEO, known)

    assert ann is not None
    assert ann.standing is not None
    assert (ann.standing.level, ann.standing.told_mark) == (Level.DAILY, 9)
    assert ann.standing.since == START - CLOCK_MARGIN
    assert ann.standing.since_mark == ann.mark
    assert cleo is not None
    assert (cleo.standing, cleo.is_muted) == (None, True)


async def test_of_a_post_that_is_not_known_nothing_is_given(reports: DigestReports) -> None:
    assert await reports.of_post(ANN, 1) is None
