from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.doctor import Finding, check
from bot.store.database import open_database
from bot.store.directory import Directory
from bot.store.forums import Forums
from sandbox.guild import SandboxGuild
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel

MANAGE_WEBHOOKS = 1 << 29


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "club.sqlite3"


@pytest.fixture
async def guild(sandbox: Sandbox) -> SandboxGuild:
    return await sandbox.create_guild("Tuesday Readers")


@pytest.fixture
async def forum(guild: SandboxGuild, database_path: Path, migrated_file: Path) -> SandboxChannel:
    forum = await guild.create_forum("novels")
    shutil.copy(migrated_file, database_path)
    async with open_database(database_path) as database:
        await Forums(database, Directory()).set_up(
            forum.id,
            guild.id,
            guild.name,
            forum.name,
            is_forum_channel=True,
            host_id=guild.owner.id,
            now=datetime.now(UTC),
        )
    return forum


async def doctor(sandbox: Sandbox, path: Path, **chosen: object) -> list[Finding]:
    values: dict[str, object] = {
        "discord_token": sandbox.token,
        "discord_api_url": sandbox.api_url,
        "database_path": path,
    }
    return [finding async for finding in check(values | chosen)]


def wrong(findings: list[Finding]) -> dict[str, str]:
    return {each.what: each.advice for each in findings if each.advice is not None}


async def doctor_command(sandbox: Sandbox, folder: Path, **settings: str) -> tuple[int | None, str]:
    values = {
        "DISCORD_TOKEN": sandbox.token,
        "DISCORD_API_URL": sandbox.api_url,
        "DATABASE_PATH": "club.sqlite3",
    } | settings
    kept = {name: value for name, value in os.environ.items() if "MARGINALIA" not in name}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "doctor",
        cwd=folder,
        env=kept | {f"MARGINALIA_{name}": value for name, value in values.items()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert err == b""
    return process.returncode, out.decode()


@pytest.mark.usefixtures("forum")
async def test_the_command_shows_every_check_and_ends_with_0_where_all_is_well(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    code, said = await doctor_command(sandbox, tmp_path)

    assert "✗" not in said
    assert code == 0
    for checked in ("Settings", "Database", "can be written", "0600", "Disk", "the token is that"):
        assert checked in said
    assert "✓ Message Content intent: on" in said
    assert "✓ Forum #novels: every permission is there" in said
    assert sandbox.token not in said


async def test_the_command_ends_with_1_and_says_what_to_do_where_something_is_wrong(
    tmp_path: Path,
) -> None:
    async with Sandbox() as other:
        other.application.message_content = False
        code, said = await doctor_command(other, tmp_path)

    assert code == 1
    assert "✗ Message Content intent: off\n    Discord hides" in said
    assert "Privileged Gateway Intents" in said


async def test_discord_out_of_reach_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    code, said = await doctor_command(
        sandbox, tmp_path, DISCORD_API_URL="http://127.0.0.1:1/api/v10"
    )

    assert code == 1
    assert "✗ Discord" in said
    assert "cannot be reached" in said


async def test_before_the_first_run_it_says_that_the_database_will_be_made_and_makes_none(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    code, said = await doctor_command(sandbox, tmp_path)

    assert code == 0
    assert "the first run makes it" in said
    assert "/setup forum" in said
    assert "https://discord.com/oauth2/authorize" in said
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - a local folder


async def test_a_missing_permission_is_told_with_what_is_lost_and_where_to_grant_it(
    sandbox: Sandbox, guild: SandboxGuild, forum: SandboxChannel, database_path: Path
) -> None:
    await guild.set_overwrite(forum, guild.me, deny=MANAGE_WEBHOOKS)

    told = wrong(await doctor(sandbox, database_path))

    assert list(told) == ["Forum #novels: Manage Webhooks is missing"]
    assert "Edit Channel → Permissions" in told["Forum #novels: Manage Webhooks is missing"]


async def test_a_forum_that_the_bot_cannot_reach_does_not_hide_the_other_checks(
    sandbox: Sandbox, guild: SandboxGuild, forum: SandboxChannel, database_path: Path
) -> None:
    await guild.set_overwrite(forum, guild.me, deny=VIEW_CHANNEL)
    hidden = await doctor(sandbox, database_path)
    await guild.remove_bot()
    gone = await doctor(sandbox, database_path)

    assert list(wrong(hidden)) == list(wrong(gone)) == ["Forum #novels"]
    assert Finding("Message Content intent: on") in gone


@pytest.mark.usefixtures("forum")
async def test_a_wrong_token_and_none_are_told_and_the_database_is_checked_all_the_same(
    sandbox: Sandbox, database_path: Path
) -> None:
    wrong_token = await doctor(sandbox, database_path, discord_token="no-token")
    no_token = await doctor(sandbox, database_path, discord_token=None)

    assert "does not accept the token" in wrong(wrong_token)["Discord"]
    assert "no-token" not in str(wrong_token)
    assert "MARGINALIA_DISCORD_TOKEN is not set" in wrong(no_token)["Discord"]
    assert Finding("Database: can be written") in wrong_token


@pytest.mark.usefixtures("forum")
async def test_a_file_that_others_may_read_is_told_with_what_to_type(
    sandbox: Sandbox, database_path: Path
) -> None:
    database_path.chmod(0o644)  # noqa: ASYNC240 - a local file

    told = wrong(await doctor(sandbox, database_path))

    assert list(told) == ["Database: file mode 0644"]
    assert f"chmod 600 {database_path}" in told["Database: file mode 0644"]


@pytest.mark.usefixtures("forum")
async def test_a_database_of_a_newer_version_is_told_and_left_alone(
    sandbox: Sandbox, database_path: Path
) -> None:
    with closing(sqlite3.connect(database_path)) as connection:
        connection.execute("PRAGMA user_version = 999")

    told = wrong(await doctor(sandbox, database_path))

    assert [what for what in told if what.startswith("Database schema: 999")]
    with closing(sqlite3.connect(database_path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (999,)


@pytest.mark.usefixtures("forum")
async def test_a_database_that_another_program_keeps_locked_is_told(
    sandbox: Sandbox, database_path: Path
) -> None:
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = wrong(await doctor(sandbox, database_path))

    assert "Another program holds it" in told["Database: cannot be written"]


async def test_a_file_that_is_no_database_is_told(sandbox: Sandbox, database_path: Path) -> None:
    database_path.write_text("Reader, I married him.")  # noqa: ASYNC240 - a local file

    told = wrong(await doctor(sandbox, database_path))

    assert "cannot be read as a database" in told[f"Database {database_path}"]


@pytest.mark.usefixtures("forum")
async def test_a_damaged_database_is_told(sandbox: Sandbox, database_path: Path) -> None:
    damage(database_path)

    told = wrong(await doctor(sandbox, database_path))

    assert [what for what, advice in told.items() if "damaged" in what and "backup" in advice]


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)


async def test_wrong_settings_are_told(sandbox: Sandbox, database_path: Path) -> None:
    told = wrong(await doctor(sandbox, database_path, tick_seconds="often"))

    assert "MARGINALIA_TICK_SECONDS" in told["Settings"]
