from __future__ import annotations

import json
from itertools import product

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.store.books import Books
from bot.store.trackings_in_force import LEVELS_OF_DISCUSSIONS, LEVELS_OF_PEOPLE, trackers
from tests.reading_room import ANN, BEN, CLEO, FORUM, GUILD, ReadingRoom

EVERY_POST, DAILY, WEEKLY, MUTED = Level
AS_SETTINGS_SAY = None
# A way that is not there at all.
NOT = "not tracked"

Way = Level | None | str
SETTINGS = DAILY


async def track(
    room: ReadingRoom, column: str, subject_id: int, level: Way, user_id: int = ANN, mark: int = 1
) -> None:
    """Write a tracking straight into the table: what it means is what is tested."""
    async with room.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO person (user_id, weekday, hour, zone, level) VALUES (?, 6, 18, 'UTC', ?)"
            " ON CONFLICT DO NOTHING",
            (user_id, SETTINGS),
        )
        if level != NOT:
            await connection.execute(
                f"INSERT INTO tracking (user_id, guild_id, {column}, since_mark, tracked_at, level)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (user_id, GUILD, subject_id, mark, mark * 1_000, level),
            )


async def levels_of_person(room: ReadingRoom, user_id: int = ANN) -> dict[int, str]:
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            f"{LEVELS_OF_PEOPLE} SELECT * FROM in_force", {"user_ids": json.dumps([user_id])}
        )
    return {row["discussion_id"]: row["level"] for row in rows}


async def levels_of_discussion(room: ReadingRoom, discussion: Discussion) -> dict[int, str]:
    async with room.database.reading() as connection:
        rows = await connection.execute_fetchall(
            f"{LEVELS_OF_DISCUSSIONS} SELECT * FROM in_force",
            {"discussion_ids": json.dumps([discussion.id])},
        )
    return {row["user_id"]: row["level"] for row in rows}


async def trackers_of(room: ReadingRoom, discussion: Discussion) -> int:
    async with room.database.reading() as connection:
        return await trackers(connection, discussion.id)


async def expect(room: ReadingRoom, discussion: Discussion, level: Level | None) -> None:
    """See that both directions, and the count, say that this level is in force for Ann."""
    assert await levels_of_discussion(room, discussion) == ({} if level is None else {ANN: level})
    assert await levels_of_person(room) == ({} if level is None else {discussion.id: level})
    assert await trackers_of(room, discussion) == (level not in (None, MUTED))


def nearest_says(*ways: Way) -> Level | None:
    """Say what is in force, nearest way first, in the words of the rule."""
    there = [way for way in ways if way != NOT]
    if not there:
        return None
    if there[0] == MUTED:
        return MUTED
    said = [Level(way) for way in there if way not in (AS_SETTINGS_SAY, MUTED)]
    return said[0] if said else SETTINGS


@pytest.mark.parametrize("own", [*Level, AS_SETTINGS_SAY, NOT])
async def test_the_nearest_way_decides_and_a_wider_one_where_it_leaves_it_open(
    room: ReadingRoom, own: Way
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)

    for forum, of_book in product([*Level, AS_SETTINGS_SAY, NOT], repeat=2):
        await track(room, "discussion_id", discussion.id, own)
        await track(room, "forum_id", FORUM, forum)
        await track(room, "book_id", book.id, of_book)

        await expect(room, discussion, nearest_says(own, forum, of_book))

        async with room.database.transaction() as connection:
            await connection.execute("DELETE FROM tracking")


@pytest.mark.parametrize(
    ("own", "forum", "of_book", "in_force"),
    [
        (MUTED, WEEKLY, NOT, MUTED),
        (DAILY, MUTED, NOT, DAILY),
        (AS_SETTINGS_SAY, MUTED, NOT, SETTINGS),
        (AS_SETTINGS_SAY, MUTED, WEEKLY, WEEKLY),
        (AS_SETTINGS_SAY, AS_SETTINGS_SAY, EVERY_POST, EVERY_POST),
        (AS_SETTINGS_SAY, WEEKLY, EVERY_POST, WEEKLY),
        (NOT, MUTED, EVERY_POST, MUTED),
        (NOT, AS_SETTINGS_SAY, MUTED, SETTINGS),
        (NOT, NOT, MUTED, MUTED),
        (NOT, NOT, NOT, None),
    ],
)
def test_the_rule_of_these_tests_is_the_one_that_was_meant(
    own: Way, forum: Way, of_book: Way, in_force: Level | None
) -> None:
    assert nearest_says(own, forum, of_book) == in_force


@pytest.mark.parametrize(
    ("one", "other", "in_force"),
    [
        (WEEKLY, EVERY_POST, EVERY_POST),
        (DAILY, WEEKLY, DAILY),
        (AS_SETTINGS_SAY, WEEKLY, WEEKLY),
        (MUTED, WEEKLY, WEEKLY),
        (MUTED, AS_SETTINGS_SAY, SETTINGS),
        (MUTED, MUTED, MUTED),
    ],
)
async def test_of_two_books_of_a_discussion_the_one_decides_that_tells_the_most_often(
    room: ReadingRoom, one: Way, other: Way, in_force: Level
) -> None:
    discussion = await room.begin("Two by Murdoch", tags=frozenset({1, 2}))
    for tag, title, level in ((1, "The Bell", one), (2, "The Sea, the Sea", other)):
        book = await Books(room.database).name(GUILD, title)
        await room.forums.set_tag_book(FORUM, tag, book.id)
        await track(room, "book_id", book.id, level)

    await expect(room, discussion, in_force)


async def test_a_book_is_that_of_the_discussion_before_its_tags_and_these_before_its_forum(
    room: ReadingRoom,
) -> None:
    discussion = await room.begin("Which book?", tags=frozenset({1}))
    books = Books(room.database)
    of_forum, of_tag, own = [await books.name(GUILD, title) for title in ("A", "B", "C")]
    for book, level in ((of_forum, WEEKLY), (of_tag, DAILY), (own, EVERY_POST)):
        await track(room, "book_id", book.id, level)

    await expect(room, discussion, None)
    await room.forums.set_book(FORUM, of_forum.id)
    await expect(room, discussion, WEEKLY)
    await room.forums.set_tag_book(FORUM, 1, of_tag.id)
    await expect(room, discussion, DAILY)
    await room.discussions.set_book(discussion.id, own.id)
    await expect(room, discussion, EVERY_POST)


async def test_news_count_from_the_first_way_that_is_not_muted(room: ReadingRoom) -> None:
    discussion = await room.begin("The Sea, the Sea")
    book = await Books(room.database).name(GUILD, "The Sea, the Sea")
    await room.forums.set_book(FORUM, book.id)
    await track(room, "forum_id", FORUM, MUTED, mark=3)
    await track(room, "book_id", book.id, AS_SETTINGS_SAY, mark=5)
    await track(room, "discussion_id", discussion.id, DAILY, mark=7)

    for statement, asked in (
        (LEVELS_OF_PEOPLE, {"user_ids": json.dumps([ANN])}),
        (LEVELS_OF_DISCUSSIONS, {"discussion_ids": json.dumps([discussion.id])}),
    ):
        async with room.database.reading() as connection:
            (row,) = await connection.execute_fetchall(
                f"{statement} SELECT since_mark, tracked_at FROM in_force", asked
            )
        assert tuple(row) == (5, 5_000)


async def test_each_person_and_each_discussion_has_its_own_level(room: ReadingRoom) -> None:
    one, other = await room.begin("One"), await room.begin("Other")
    await room.open_forum(22)
    elsewhere = await room.begin("Elsewhere", forum_id=22)
    await track(room, "forum_id", FORUM, WEEKLY, ANN)
    await track(room, "discussion_id", one.id, MUTED, ANN)
    await track(room, "discussion_id", one.id, EVERY_POST, BEN)
    await track(room, "forum_id", 22, AS_SETTINGS_SAY, CLEO)

    async with room.database.reading() as connection:
        by_people = await connection.execute_fetchall(
            f"{LEVELS_OF_PEOPLE} SELECT user_id, discussion_id, level FROM in_force",
            {"user_ids": json.dumps([ANN, BEN, CLEO])},
        )
        by_discussions = await connection.execute_fetchall(
            f"{LEVELS_OF_DISCUSSIONS} SELECT user_id, discussion_id, level FROM in_force",
            {"discussion_ids": json.dumps([one.id, other.id, elsewhere.id])},
        )

    expected = {
        (ANN, one.id, MUTED),
        (ANN, other.id, WEEKLY),
        (BEN, one.id, EVERY_POST),
        (CLEO, elsewhere.id, SETTINGS),
    }
    assert {tuple(row) for row in by_people} == expected
    assert {tuple(row) for row in by_discussions} == expected
    assert [await trackers_of(room, each) for each in (one, other, elsewhere)] == [1, 1, 1]


@pytest.mark.parametrize("statement", [LEVELS_OF_PEOPLE, LEVELS_OF_DISCUSSIONS])
async def test_levels_are_looked_up_by_indexes_alone(room: ReadingRoom, statement: str) -> None:
    async with room.database.reading() as connection:
        plan = await connection.execute_fetchall(
            f"EXPLAIN QUERY PLAN {statement} SELECT * FROM in_force",
            {"user_ids": "[]", "discussion_ids": "[]"},
        )

    scanned = {row["detail"].split()[1] for row in plan if row["detail"].startswith("SCAN")}
    assert scanned <= {"json_each", "asked", "own", "way", "in_force"}
