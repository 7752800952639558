"""The bot is killed at random moments of a storm: what it had stored is there, and is whole."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.store.absences import ALARM_COUNT
from sandbox.clock import SandboxClock
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.bot_process import holds, running_bot, set_up, stored, until

ROUNDS = 6
# A storm, and yet one that the history of a few hundred calls can make good.
BETWEEN_ACTS_SECONDS = 0.003

# What is kept twice must agree: each of these finds what does not.
WRONG = (
    """
    SELECT id FROM discussion WHERE post_count <>
        (SELECT count(*) FROM post WHERE discussion_id = discussion.id AND deleted_at IS NULL)
    """,
    """
    SELECT id FROM discussion WHERE next_number <=
        (SELECT ifnull(max(number), 0) FROM post WHERE discussion_id = discussion.id)
    """,
    "SELECT value FROM news_mark WHERE value < (SELECT ifnull(max(mark), 0) FROM post)",
    """
    SELECT id FROM post WHERE reply_count <>
        (SELECT count(*) FROM post AS reply
          WHERE reply.parent_id = post.id AND reply.deleted_at IS NULL)
    """,
    """
    SELECT post.id FROM post JOIN post AS parent ON parent.id = post.parent_id
     WHERE post.root_id <> parent.root_id OR post.depth <> parent.depth + 1
    """,
    "SELECT id FROM post WHERE deleted_at IS NOT NULL AND content <> ''",
)


@dataclass(slots=True)
class Storm:
    """Members who talk all at once; `said` is everything, in order."""

    thread: SandboxThread
    members: list[SandboxMember]
    random: random.Random
    said: list[SandboxMessage] = field(default_factory=list)
    deletions: int = 0

    async def rage(self) -> None:
        """Talk until cancelled."""
        while True:
            await self._act(self.random.choice(self.members))
            await asyncio.sleep(BETWEEN_ACTS_SECONDS)

    async def _act(self, member: SandboxMember) -> None:
        what = self.random.random()
        own = [m for m in self.said[-30:] if m.author is member.user and not m.deleted]
        if what < 0.15 and own:
            await member.edit(own[0], f"edited {len(self.said)} 🦉")
        # So few that nobody must be asked whether they were meant, however long the bot is away.
        elif (
            what < 0.17
            and own
            and self.deletions < ALARM_COUNT
            and self.deletions * 50 < len(self.said)
        ):
            self.deletions += 1
            await member.delete(own[0])
        elif what < 0.6 and own:
            self.said.append(await member.reply(own[-1], f"reply {len(self.said)}"))
        else:
            self.said.append(await member.post(self.thread, f"post {len(self.said)} \n" * 20))


def agrees(database: Path, storm: Storm) -> bool:
    """Say whether what is stored is what was said; what was deleted unheard may be missing."""
    kept = stored(database)
    said = {each.id: None if each.deleted else each.content for each in storm.said}
    return kept == {each: text for each, text in said.items() if text or each in kept}


def check_whole(database: Path) -> None:
    """Nothing is half-written."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for query in WRONG:
            assert connection.execute(query).fetchall() == [], query


@pytest.mark.slow
async def test_killed_at_random_moments_the_bot_loses_and_doubles_nothing(tmp_path: Path) -> None:
    database = tmp_path / "marginalia.sqlite3"
    chance = random.Random(20_261_122)
    async with Sandbox(clock=SandboxClock()) as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        role = await guild.create_role("Host", permissions=MANAGE_GUILD)
        host = await guild.add_member("Hester", roles=[role])
        members = [await guild.add_member(name) for name in ("Ann", "Ben", "Cleo")]
        forum = await guild.create_forum("novels")
        async with running_bot(sandbox, database):
            await sandbox.gateway.connected()
            await sandbox.delivered()
            await set_up(guild, host, forum)
        thread = await members[0].start_thread(forum, "Villette", "Is Lucy reliable?")
        storm = Storm(thread, members, chance)
        storm.said += thread.messages
        raging = asyncio.create_task(storm.rage())

        for _ in range(ROUNDS):
            before, more = len(stored(database)), chance.randint(1, 300)
            async with running_bot(sandbox, database) as process:
                await until(partial(holds, database, before + more), "that posts come", database)
                acknowledged = stored(database)
                process.kill()
                await process.wait()
            check_whole(database)
            left = stored(database)
            assert acknowledged.keys() <= left.keys()
            assert {m for m, text in acknowledged.items() if text is None} <= {
                m for m, text in left.items() if text is None
            }

        async with running_bot(sandbox, database):
            after = len(stored(database)) + 1
            await until(partial(holds, database, after), "that it goes on", database)
            raging.cancel()
            await asyncio.wait({raging})
            await until(partial(agrees, database, storm), "that all is caught up", database)
        check_whole(database)
