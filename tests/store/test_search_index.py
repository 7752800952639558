"""Every post gets a key of its own in the search index: its second, or the next that is free."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.migrate import migrate
from bot.store.search_index import free_keys

SECONDS = st.integers(1_000, 1_040)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("index") / "marginalia.sqlite3"
    path.touch()
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            """
            INSERT INTO guild (id, name) VALUES (10, 'Tuesday Readers');
            INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)
            VALUES (20, 10, 'novels', 1, 1, 0);
            INSERT INTO discussion (id, guild_id, forum_id, title, started_at, mark)
            VALUES (1, 10, 20, 'Emma', 0, 0);
            """
        )
        yield connection


def expected(taken: set[int], seconds: list[int]) -> list[int]:
    keys: dict[int, int] = {}
    last = 0
    for index in sorted(range(len(seconds)), key=seconds.__getitem__):
        last = max(seconds[index], last + 1)
        while last in taken:
            last += 1
        keys[index] = last
    return [keys[index] for index in range(len(seconds))]


@given(taken=st.sets(SECONDS), seconds=st.lists(SECONDS, max_size=20))
def test_each_post_gets_its_second_or_the_next_that_is_free(
    connection: sqlite3.Connection, taken: set[int], seconds: list[int]
) -> None:
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark, search_key)"
        " VALUES (1, 'post', 0, '', 0, 0, ?)",
        [(key,) for key in taken],
    )

    keys = free_keys(connection, [1_000 * second for second in seconds])
    connection.rollback()

    assert keys == expected(taken, seconds)
