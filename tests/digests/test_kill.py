"""The bot is killed in the middle of a digest: it has come once when the bot is back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from sandbox.clock import SandboxClock
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from tests.bot_process import holds, running_bot, set_up, until


def change(database: Path, statement: str) -> None:
    """Move a time in the bot's file: its own clock cannot be moved."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


def states(database: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM outbox")]


def is_one_of(database: Path, *wanted: str) -> bool:
    return any(state in wanted for state in states(database))


async def wait_for_digest(member: SandboxMember) -> None:
    while not (await member.next_dm()).embeds:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["planned", "claimed", "taken"])
async def test_a_bot_killed_while_it_sends_brings_the_digest_once(
    tmp_path: Path, moment: str
) -> None:
    database = tmp_path / "marginalia.sqlite3"
    async with Sandbox(clock=SandboxClock()) as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        role = await guild.create_role("Host", permissions=MANAGE_GUILD)
        host = await guild.add_member("Hester", roles=[role])
        ann, ben = await guild.add_member("Ann"), await guild.add_member("Ben")
        forum = await guild.create_forum("novels")
        async with running_bot(sandbox, database) as process:
            await sandbox.gateway.connected()
            await sandbox.delivered()
            await set_up(guild, host, forum)
            thread = await ben.start_thread(forum, "Villette", "Is Lucy reliable?")
            await until(partial(holds, database, 1), "that the post comes", database)
            await ann.slash(thread, "track discussion")
            await ben.post(thread, "I think not.")
            await until(partial(holds, database, 2), "that the post comes", database)
            if moment == "taken":
                # Discord has it, and the bot does not hear of it before it dies.
                sandbox.faults.lose_answer("POST", f"/channels/{ann.dm.id}/messages", status=503)
            change(database, "UPDATE due SET at = 0 WHERE level = 'weekly'")
            match moment:
                case "planned":
                    planned = partial(is_one_of, database, "waiting", "sending", "sent")
                    await until(planned, "that it is planned", database)
                case "claimed":
                    claimed = partial(is_one_of, database, "sending", "sent")
                    await until(claimed, "that it is claimed", database)
                case _:
                    await wait_for_digest(ann)
            process.kill()
            await process.wait()

        # So much later that Discord has forgotten the nonce.
        sandbox.clock.advance(timedelta(hours=1))
        change(database, "UPDATE outbox SET next_attempt_at = 0")
        async with running_bot(sandbox, database):
            await until(partial(is_one_of, database, "sent"), "that it has come", database)

        (digest,) = [message for message in ann.inbox if message.embeds]
        assert "I think not." in str(digest.embeds)
