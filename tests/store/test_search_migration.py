"""A database of before the search has all its posts in the index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.core.query import parse_query
from bot.core.search import SearchRequest, SearchScope
from bot.store.database import open_database
from bot.store.migrate import load_migrations, migrate
from bot.store.search import Search

FORUM = 20
# Id, second, content, deleted, withheld; two of them in one second.
POSTS = [
    (1, 2_000, "meddling later", None, None),
    (2, 1_000, "meddling first", None, None),
    (3, 1_000, "meddling next, in 红楼梦", None, None),
    (4, 3_000, "", 1, None),
    (5, 3_000, "meddling withheld", None, 1),
]


def write_before(path: Path) -> None:
    """Write a database as it was before the search."""
    migrate(path, load_migrations()[:3])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            INSERT INTO guild (id, name) VALUES (10, 'Tuesday Readers');
            INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)
            VALUES (20, 10, 'novels', 1, 1, 0);
            INSERT INTO discussion (id, guild_id, forum_id, title, started_at, mark, is_private)
            VALUES (1, 10, 20, 'Emma', 0, 0, 0), (2, 10, 20, 'Just us', 0, 0, 1);
            INSERT INTO post (discussion_id, kind, root_id, posted_at, mark, content, notes)
            VALUES (1, 'post', 0, 9, 9, 'Vote!', '["Poll: Whose meddling?"]'),
                   (2, 'post', 0, 9, 9, 'meddling in secret', NULL);
            """
        )
        connection.executemany(
            "INSERT INTO post (id, discussion_id, kind, root_id, mark, posted_at, content,"
            " deleted_at, withheld_at) VALUES (? + 100, 1, 'post', 0, 0, ? * 1000, ?, ?, ?)",
            POSTS,
        )


async def found(path: Path, typed: str, scope: SearchScope) -> list[str]:
    async with open_database(path) as database:
        hits = await Search(database).page(SearchRequest(parse_query(typed)), scope)
    return [hit.post.content for hit in hits]


async def test_what_was_there_before_is_found_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    write_before(path)
    public = SearchScope(frozenset({FORUM}))

    assert await found(path, "meddle", public) == [
        "meddling later",
        "meddling next, in 红楼梦",
        "meddling first",
        "Vote!",
    ]
    assert await found(path, "楼梦", public) == ["meddling next, in 红楼梦"]
    assert await found(path, "secret", public) == []
    everything = SearchScope(frozenset({FORUM}), frozenset({FORUM}))
    assert await found(path, "secret", everything) == ["meddling in secret"]


async def test_what_was_withheld_before_can_be_found_when_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "club.sqlite3"
    write_before(path)
    async with open_database(path) as database, database.transaction() as connection:
        await connection.execute("UPDATE post SET withheld_at = NULL")

    assert await found(path, "withheld", SearchScope(frozenset({FORUM}))) == ["meddling withheld"]
