"""The bot in a process of its own, as its host runs it: to be killed, and watched by its file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from sandbox.guild import SandboxGuild
from sandbox.member import SandboxMember
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel

PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def running_bot(
    sandbox: Sandbox, database: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as its host would, in a process of its own; leaving kills it."""
    environment = os.environ | {
        "MARGINALIA_DISCORD_TOKEN": sandbox.token,
        "MARGINALIA_DISCORD_API_URL": sandbox.api_url,
        "MARGINALIA_DATABASE_PATH": str(database),
        "MARGINALIA_GUILD_READY_TIMEOUT": "0.05",
        "MARGINALIA_TICK_SECONDS": "0.5",
    }
    with (database.parent / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def stored(database: Path) -> dict[int, str | None]:
    """Give what another program sees: the text of each post by its message, None if deleted."""
    if not database.exists():
        return {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT message_id, content, deleted_at FROM post").fetchall()
    return {message_id: None if deleted_at else content for message_id, content, deleted_at in rows}


def holds(database: Path, count: int) -> bool:
    """Say whether so many posts are stored."""
    return len(stored(database)) >= count


async def until(condition: Callable[[], bool], what: str, database: Path) -> None:
    """Wait for what another process does to its file: it can only be looked at."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - another process sets no event here
                await asyncio.sleep(0.02)
    except TimeoutError:
        log = (database.parent / "bot.log").read_text(encoding="utf-8")
        pytest.fail(f"{what} does not happen. The bot says:\n{log[-5_000:]}")


async def set_up(guild: SandboxGuild, host: SandboxMember, forum: SandboxChannel) -> None:
    lobby = await guild.create_text_channel("lobby")
    await host.slash(lobby, "setup forum", channel=forum)
