"""The bot is killed again and again while it replays: in the end all is there, once, in order."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.store.database import open_database
from bot.store.importing.imports import Imports
from sandbox.clock import SandboxClock
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.bot_process import running_bot, set_up, until
from tests.replaying import by_webhook, discussion, thoughts

COUNT = 40
SEEDS = (1, 2, 3)
# A run that lives this long can begin, and send a few posts; hardly one lives to the end.
LONGEST_LIFE_SECONDS = 2.5


def values(database: Path, query: str) -> list[int | None]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [value for (value,) in connection.execute(query)]


def has_forum(database: Path) -> bool:
    return database.exists() and values(database, "SELECT count(*) FROM forum") == [1]


def is_finished(database: Path) -> bool:
    return values(database, "SELECT finished_at IS NOT NULL FROM replay") == [1]


def answered_message(thread: SandboxThread, number: int) -> str:
    """Give the address to which the reply `number` links."""
    line = by_webhook(thread)[number - 1].content.split("\n")[1]
    return line.partition("](")[2].partition(")")[0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_replay_survives_any_number_of_kills(tmp_path: Path, seed: int) -> None:
    database = tmp_path / "marginalia.sqlite3"
    moments = random.Random(seed)
    async with Sandbox(clock=SandboxClock()) as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        role = await guild.create_role("Host", permissions=MANAGE_GUILD)
        host = await guild.add_member("Hester", roles=[role])
        forum = await guild.create_forum("novels")
        async with running_bot(sandbox, database):
            await sandbox.gateway.connected()
            await sandbox.delivered()
            await set_up(guild, host, forum)
            await until(partial(has_forum, database), "that the forum is set up", database)
        async with open_database(database) as opened:
            imports = Imports(opened)
            await imports.queue(discussion(COUNT), forum.id, sandbox.clock.now())

        kills = 0
        while not is_finished(database) and kills < 15:
            # Of what Discord took, the bot does not hear every time.
            sandbox.faults.lose_answer("POST", "/webhooks/{}/{}", after=moments.randrange(6))
            async with running_bot(sandbox, database):
                # The moment at which it is killed, wherever that finds it.
                await asyncio.sleep(moments.uniform(0.8, LONGEST_LIFE_SECONDS))
            kills += 1
        sandbox.faults.clear()
        async with running_bot(sandbox, database):
            await until(partial(is_finished, database), "that it is finished", database)

        (thread,) = guild.threads.values()
        assert thoughts(thread) == [*range(1, COUNT + 1)]
        messages = by_webhook(thread)
        assert len(messages) == COUNT
        stored = values(database, "SELECT message_id FROM post ORDER BY number")
        assert stored == [message.id for message in messages]
        for number in range(2, COUNT + 1):
            assert answered_message(thread, number) == messages[number - 2].jump_url
        assert kills > 1
