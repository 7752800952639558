"""While the database cannot be written, people are told, and nothing that happens is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from bot.client import Marginalia
from bot.store.database import StorageUnavailableError
from tests.cogs.scenes import moderator, posts_of, texts_of
from tests.harness import Club, Settled


@contextmanager
def locked(bot: Marginalia) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(bot.app.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_command_that_cannot_be_stored_says_so_in_time_and_in_words(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    with locked(bot):
        answer = await club.ben.slash(thread, "track discussion")
    assert answer.ephemeral
    assert "cannot be written now: another program holds it" in answer.content
    assert str(bot.app.database.path.parent) not in answer.content, "no path of the machine"


@pytest.mark.slow
async def test_what_happens_to_threads_and_channels_meanwhile_is_made_good(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    mo = await moderator(club)
    renamed = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    deleted = await club.ann.start_thread(club.forum, "Villette", "Bleak.")
    await settled()
    with locked(bot):
        begun = await club.ann.start_thread(club.forum, "Persuasion", "Too late?")
        await club.ben.post(begun, "Never.")
        await mo.rename(renamed, "Emma, again")
        await mo.delete_thread(deleted)
        await settled()
    await bot.app.ticker.run("gaps")
    await settled()
    assert await texts_of(bot, begun) == ["Too late?", "Never."]
    assert [post.number for post in await posts_of(bot, begun)] == [1, 2]
    found = await bot.app.discussions.by_thread(renamed.id)
    assert found is not None
    assert found.title == "Emma, again"
    assert await bot.app.discussions.by_thread(deleted.id) is None


@pytest.mark.slow
async def test_while_the_database_stays_locked_the_making_good_is_tried_again(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    with locked(bot):
        begun = await club.ann.start_thread(club.forum, "Persuasion", "Too late?")
        await settled()
        with pytest.raises(StorageUnavailableError):
            await bot.app.ticker.run("gaps")
    await bot.app.ticker.run("gaps")
    await settled()
    assert await texts_of(bot, begun) == ["Too late?"]
