"""What is kept of a server while the bot is not in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store.books import Books
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.removals import Removals
from bot.store.servers import Server, Servers
from tests.store.thread import FORUM, GUILD, START, THREAD, Club

MONTH = timedelta(days=30)


@pytest.fixture
async def directory(database: Database, club: Club) -> Directory:
    await club.discussion()
    directory = Directory()
    await directory.load(database)
    return directory


@pytest.fixture
def servers(database: Database, directory: Directory) -> Servers:
    return Servers(database, directory)


async def test_what_was_kept_of_a_server_is_hidden_when_the_bot_leaves_it(
    servers: Servers, directory: Directory, club: Club
) -> None:
    await servers.left(GUILD, START)
    assert await servers.all() == (Server(GUILD, has_left=True),)
    assert await club.discussions.by_thread(THREAD) is None
    assert directory.discussion(THREAD) is None
    assert not directory.is_forum(FORUM)


async def test_it_comes_back_with_everything_when_the_bot_is_let_in_again(
    servers: Servers, directory: Directory, club: Club, database: Database
) -> None:
    await servers.left(GUILD, START)
    await servers.joined(GUILD, "Wednesday Readers")
    assert await servers.all() == (Server(GUILD, has_left=False),)
    assert directory.is_forum(FORUM)
    assert directory.discussion(THREAD) is not None
    discussion = await club.discussions.by_thread(THREAD)
    assert discussion is not None
    # What was posted meanwhile is still to be read.
    assert not discussion.is_current
    assert await Removals(database, directory).erase_due(START + 2 * MONTH) == 0


async def test_being_told_again_that_it_left_does_not_postpone_the_erasure(
    servers: Servers, directory: Directory, database: Database
) -> None:
    await servers.left(GUILD, START)
    await servers.left(GUILD, START + MONTH)
    assert await Removals(database, directory).erase_due(START + MONTH) == 1


async def test_all_that_was_kept_of_it_is_erased_thirty_days_later_and_not_before(
    servers: Servers, directory: Directory, database: Database
) -> None:
    await Books(database).name(GUILD, "Emma", "Jane Austen")
    removals = Removals(database, directory)
    await servers.left(GUILD, START)
    assert await removals.erase_due(START + MONTH - timedelta(seconds=1)) == 0
    assert await removals.erase_due(START + MONTH) == 1
    async with database.reading() as connection:
        for table in ("guild", "forum", "discussion", "post", "book"):
            (row,) = await connection.execute_fetchall(f"SELECT count(*) AS rows FROM {table}")
            assert row["rows"] == 0, table


async def test_what_was_hidden_for_another_reason_does_not_come_back_with_the_bot(
    servers: Servers, directory: Directory, database: Database
) -> None:
    forums = Forums(database, directory)
    for number, name in ((30, "ended"), (40, "deleted")):
        await forums.set_up(
            number, GUILD, "Readers", name, is_forum_channel=True, host_id=1, now=START
        )
    await forums.remove(30, START)
    await forums.hide(40, START)
    await servers.left(GUILD, START + timedelta(days=1))
    await servers.joined(GUILD, "Readers")
    assert [forum.id for forum in await forums.of_guild(GUILD)] == [FORUM]
    assert await Removals(database, directory).erase_due(START + timedelta(days=7)) == 0
    assert await forums.get(40) is None
    assert await forums.get(30) is not None


async def test_a_directory_loaded_anew_keeps_the_hidden_apart_from_the_followed(
    servers: Servers, directory: Directory, database: Database
) -> None:
    kept = directory.kept(THREAD)
    assert kept is not None
    await servers.left(GUILD, START)
    again = Directory()
    await again.load(database)
    for each in (directory, again):
        assert (each.kept(THREAD), each.discussion(THREAD)) == (kept, None)
    await Removals(database, again).erase(kept, START)
    assert again.kept(THREAD) is None


async def test_a_new_name_is_followed(servers: Servers, database: Database) -> None:
    await servers.rename(GUILD, "Wednesday Readers")
    async with database.reading() as connection:
        (row,) = await connection.execute_fetchall("SELECT name FROM guild")
    assert row["name"] == "Wednesday Readers"
