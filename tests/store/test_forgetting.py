"""What is deleted leaves the index's file as well."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.model import Discussion
from bot.core.query import parse_query
from bot.core.search import SearchRequest, SearchScope
from bot.store.directory import Directory
from bot.store.forgetting import Forgetting
from bot.store.removals import Removals
from bot.store.search import Search
from tests.reading_room import ANN, FORUM, START, ReadingRoom

# Words that begin as no others do: an index holds of neighbours only where they differ.
SECRETS = ["qxyzzy", "红楼"]


@pytest.fixture
async def emma(room: ReadingRoom) -> Discussion:
    return await room.begin("Emma")


async def kept(room: ReadingRoom) -> set[str]:
    """Give the secrets that the files still hold when the write-ahead log is empty."""
    await room.database.empty_log()
    path = room.database.path
    files = [path, path.with_name(f"{path.name}-wal")]
    stored = b"".join([await asyncio.to_thread(file.read_bytes) for file in files if file.exists()])
    return {secret for secret in SECRETS if secret.encode() in stored}


async def write(room: ReadingRoom, emma: Discussion, count: int) -> None:
    for number in range(count):
        await room.post(emma, ANN, f"Meddling as ever, for the {number}th time")


async def found(room: ReadingRoom, typed: str) -> int:
    request = SearchRequest(parse_query(typed))
    scope = SearchScope(frozenset({FORUM}))
    return (await Search(room.database).count(request, scope)).posts


@pytest.mark.parametrize("others", [0, 1, 40])
async def test_nothing_of_a_deleted_text_is_left_in_the_file(
    room: ReadingRoom, emma: Discussion, others: int
) -> None:
    await write(room, emma, others)
    post = await room.post(emma, ANN, f"The secret: {' '.join(SECRETS)}")
    await write(room, emma, others)
    upkeep = Forgetting(room.database)
    assert await upkeep.merge_index() == 0
    assert await kept(room) == set(SECRETS)

    await room.delete(emma, post)

    assert await upkeep.merge_index() > 0
    assert await kept(room) == set()
    assert await upkeep.merge_index() == 0
    assert await found(room, "meddle") == 2 * others


async def test_of_a_large_index_nothing_is_left_after_several_steps(
    room: ReadingRoom, emma: Discussion
) -> None:
    async with room.database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark, search_key,"
            " search_place) VALUES (?, 'post', 0, ?, 0, 0, ?, ?)",
            [
                (emma.id, " ".join(f"w{50 * key + word}" for word in range(50)), key, f"f{FORUM}")
                for key in range(2_000)
            ],
        )
    post = await room.post(emma, ANN, f"The secret: {' '.join(SECRETS)}")
    await room.delete(emma, post)

    assert await Forgetting(room.database).merge_index() > 2
    assert await kept(room) == set()


async def test_nothing_of_an_erased_discussion_is_left_in_the_file(
    room: ReadingRoom, emma: Discussion
) -> None:
    other = await room.begin("Evelina")
    await write(room, other, 20)
    await room.post(emma, ANN, f"The secret: {' '.join(SECRETS)}")

    await Removals(room.database, Directory()).erase(emma.id, START)
    await Forgetting(room.database).merge_index()

    assert await kept(room) == set()
    assert await found(room, "meddle") == 20


async def test_what_is_posted_and_deleted_meanwhile_is_found_or_forgotten_the_next_time(
    room: ReadingRoom, emma: Discussion
) -> None:
    posts = [await room.post(emma, ANN, f"meddling {number}") for number in range(60)]
    secret = await room.post(emma, ANN, f"The secret: {' '.join(SECRETS)}")
    upkeep = Forgetting(room.database)
    await room.delete(emma, posts[0])

    async def meanwhile() -> None:
        await write(room, emma, 5)
        await room.delete(emma, secret)

    await asyncio.gather(upkeep.merge_index(), meanwhile())
    await upkeep.merge_index()

    assert await kept(room) == set()
    assert await found(room, "meddle") == 64
