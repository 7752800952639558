"""The fixtures: one sandbox and one connected bot a worker, a fresh server for each test.

What is connected is imported where it is used, so that the tests of pure code and of storage
start at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from bot.store.database import Database, open_database
from bot.store.migrate import migrate

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.guild import SandboxGuild
    from sandbox.server import Sandbox
    from tests.harness import Club, Settled
    from tests.reading_room import ReadingRoom

# How often a property is tried: seldom each time, for the examples are others every time; often
# where there is time (`pytest -m hypothesis --hypothesis-profile=thorough`). In CI the same code
# gets the same examples: what lands is judged by what it is, not by luck. The machine may be busy:
# time limits belong to benchmarks.
for _profile, _examples in (("everyday", 30), ("thorough", 200)):
    settings.register_profile(
        _profile,
        max_examples=_examples,
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("everyday")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, to be copied: to migrate each anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "marginalia.sqlite3"
    path.touch(mode=0o600)
    migrate(path)
    return path


@pytest.fixture
async def database(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Database]:
    """A fresh migrated file, without a bot."""
    path = tmp_path / migrated_file.name
    shutil.copy(migrated_file, path)
    async with open_database(path) as database:
        yield database


@pytest.fixture
async def room(database: Database) -> AsyncIterator[ReadingRoom]:
    """A club's discussions, trackings and digests in a fresh file, without a bot."""
    from tests.reading_room import open_reading_room

    async with open_reading_room(database) as room:
        yield room


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """The Discord of this worker."""
    from sandbox.clock import SandboxClock
    from sandbox.server import Sandbox

    async with Sandbox(clock=SandboxClock()) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
async def connected_bot(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Marginalia]:
    """The one bot of this worker, connected over the wire; its ticks are called by hand."""
    from tests.harness import running_bot

    path = tmp_path_factory.mktemp("bot") / "marginalia.sqlite3"
    async with running_bot(sandbox, path) as bot:
        yield bot


@pytest.fixture
async def bot(connected_bot: Marginalia, sandbox: Sandbox) -> AsyncIterator[Marginalia]:
    """The worker's bot, with discord.py looking for Discord where it is."""
    from tests.discord_address import discord_at
    from tests.harness import lift_gateway_limit

    # Before each test: one may have had the bot connect anew.
    lift_gateway_limit(connected_bot)
    with discord_at(sandbox):
        yield connected_bot


@pytest.fixture
async def discord_alone() -> AsyncIterator[Sandbox]:
    """A Discord without the shared bot, for bots that end and start again."""
    from sandbox.clock import SandboxClock
    from sandbox.server import Sandbox
    from tests.discord_address import discord_at

    async with Sandbox(clock=SandboxClock()) as sandbox:
        with discord_at(sandbox):
            yield sandbox


@pytest.fixture
async def settled(sandbox: Sandbox) -> Settled:
    """`await settled()`: every event so far has been dealt with by the bot."""
    from tests.harness import settle

    return partial(settle, sandbox)


@pytest.fixture
async def guild(bot: Marginalia, sandbox: Sandbox, settled: Settled) -> AsyncIterator[SandboxGuild]:
    """A server of this test's own, with the bot in it."""
    guild = await sandbox.create_guild("Tuesday Readers")
    await settled()
    assert bot.get_guild(guild.id) is not None
    yield guild
    # A bot in hundreds of finished servers would slow every reconnection down.
    await guild.remove_bot()


@pytest.fixture
async def club(bot: Marginalia, sandbox: Sandbox, guild: SandboxGuild) -> Club:
    """A server with a set-up forum, a host and three members."""
    from tests.harness import found_club

    return await found_club(bot, sandbox, guild)
