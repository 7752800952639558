from __future__ import annotations

import asyncio
import json
import os
import pty
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import chdir, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.database import open_database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.importing.replays import Replays
from sandbox.server import Sandbox
from tests.bad_pages import BAD_PAGES, BadPage
from tests.discord_address import discord_at
from tests.harness import found_club, running_bot
from tests.importers.page_text import page_text
from tests.replaying import by_webhook

PAGES = Path(__file__).parent / "pages"
PAGE = PAGES / "frankenstein-1.txt"
FORUM, GUILD = 123456789012345678, 7
COMMANDS = ("run", "demo", "import", "export", "site", "migrate", "doctor")


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "MARGINALIA" not in name}
    return kept | {f"MARGINALIA_{name.upper()}": value for name, value in settings.items()}


def marginalia(
    folder: Path, *arguments: object, **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_help_names_every_command_and_each_command_explains_itself(tmp_path: Path) -> None:
    overview = marginalia(tmp_path, "--help")

    assert overview.returncode == 0
    for command in COMMANDS:
        assert f"    {command} " in overview.stdout
    for told in ("examples:", "exit codes:", ".env.example"):
        assert told in overview.stdout
    own = marginalia(tmp_path, "import", "--help")
    assert own.returncode == 0
    assert "--dry-run" in own.stdout
    assert "Copy Channel ID" in own.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("import", PAGE),
        ("import", "--dry-run"),
        ("import", PAGE, "--forum", "novels"),
        ("import", PAGE, "--forum", 2**63),
        ("run", "--databas", "x"),
    ],
)
def test_wrong_options_are_code_2_and_say_how_it_is_used(
    tmp_path: Path, arguments: tuple[object, ...]
) -> None:
    result = marginalia(tmp_path, *arguments)

    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("usage: marginalia")


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "said"),
    [
        (("run",), {}, 2, "MARGINALIA_DISCORD_TOKEN is not set"),
        (("run",), {"default_digest_hour": "24"}, 2, "MARGINALIA_DEFAULT_DIGEST_HOUR"),
        (("run",), {"discord_token": "x", "discord_api_url": "discord"}, 2, "with https://"),
        (("import", "no such page.txt", "--dry-run"), {}, 1, "no such page.txt cannot be read"),
        (("import", __file__, "--dry-run"), {}, 1, "test_cli.py"),
        (("import", PAGE, "--forum", FORUM), {}, 1, "There is no database"),
        (("demo", "--page", "no such page.txt"), {}, 1, "no such page.txt cannot be read"),
        (("migrate", "--database", "no/such/folder/x.db"), {}, 1, "no/such/folder/x.db"),
        (("migrate", "--database", __file__), {}, 1, "not a database"),
        (("migrate", "--database", ""), {}, 1, "is a folder"),
    ],
)
def test_an_error_is_one_line_on_stderr_with_its_code(
    tmp_path: Path, arguments: tuple[object, ...], settings: dict[str, str], code: int, said: str
) -> None:
    result = marginalia(tmp_path, *arguments, **settings)

    assert result.returncode == code
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("marginalia: ")
    assert said in result.stderr


def test_settings_that_are_no_text_are_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MARGINALIA_LOG_LEVEL=INFO\n".encode("utf-16"))

    result = marginalia(tmp_path, "migrate")

    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert ".env is not UTF-8" in result.stderr


def test_something_unexpected_is_one_line_with_the_log_and_debug_shows_it(tmp_path: Path) -> None:
    # A path that no file can have: nobody foresaw it, and it fails deep in a library.
    (tmp_path / ".env").write_bytes(b'MARGINALIA_DATABASE_PATH="a\0b"\n')

    quiet = marginalia(tmp_path, "migrate")
    loud = marginalia(tmp_path, "migrate", "--debug")

    assert quiet.returncode == loud.returncode == 1
    assert quiet.stderr.count("\n") == 1
    assert "incident" in quiet.stderr
    log = Path(quiet.stderr.split("written down in ")[1].split(";")[0])
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.unlink()
    assert "Traceback" in loud.stderr
    Path(loud.stderr.split("written down in ")[1].split(";")[0]).unlink()


def test_a_dry_run_prints_a_page_as_json_and_nothing_else(tmp_path: Path) -> None:
    result = marginalia(tmp_path, "import", PAGE, "--dry-run", "--format", "json")

    assert (result.returncode, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["schema"] == "marginalia.discussion/1"
    assert len(document["posts"]) == 25
    assert document["missing_posts"] == [[26, 29]]
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_sums_the_pages_of_a_discussion_up_in_words(tmp_path: Path) -> None:
    one = marginalia(tmp_path, "import", PAGE, "--dry-run")
    both = marginalia(tmp_path, "import", PAGES / "frankenstein-2.txt", PAGE, "--dry-run")

    assert (one.returncode, one.stderr) == (both.returncode, both.stderr) == (0, "")
    assert "Posts: 25 of 29" in one.stdout
    assert "Missing: 26-29" in one.stdout
    assert "Posts: 29 of 29" in both.stdout
    assert "Missing" not in both.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_page_of_another_discussion_among_them_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(PAGE.read_bytes().replace(b"Why does Victor", b"When does Victor"))
    result = marginalia(tmp_path, "import", PAGE, PAGES / "frankenstein-2.txt", other, "--dry-run")

    assert (result.returncode, result.stdout) == (1, "")
    assert "other.txt does not belong to the discussion of frankenstein-1.txt" in result.stderr


def test_a_terminal_that_lacks_signs_is_no_error(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot", "import", str(PAGE), "--dry-run"],
        cwd=tmp_path,
        env=environment() | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, b"")
    assert b"?When the creature" in result.stdout


def test_one_unreadable_page_among_several_is_an_error_before_anything_is_shown(
    tmp_path: Path,
) -> None:
    result = marginalia(tmp_path, "import", PAGE, "missing.txt", "--dry-run")

    assert result.returncode == 1
    assert result.stdout == ""


def test_a_reader_that_has_had_enough_is_no_traceback(tmp_path: Path) -> None:
    # More than a pipe holds.
    posts = [
        f"Posted on Jan 2, {year} 9:00:00 AM PST\n{'Word ' * 100}" for year in range(1000, 6000)
    ]
    (tmp_path / "long.txt").write_text(page_text(posts), encoding="utf-8")
    command = [sys.executable, "-m", "bot", "import", "long.txt", "--dry-run"]
    with subprocess.Popen(
        [*command, "--format", "json"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_migrate_makes_a_private_file_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    first = marginalia(tmp_path, "migrate", "--database", "club.sqlite3")
    second = marginalia(tmp_path, "migrate", database_path="club.sqlite3")

    assert (first.returncode, first.stderr) == (0, "")
    assert "applied 0001_discussions.sql" in first.stdout
    assert stat.S_IMODE((tmp_path / "club.sqlite3").stat().st_mode) == 0o600
    assert (second.returncode, second.stderr) == (0, "")
    assert "up to date" in second.stdout


def test_importing_for_a_channel_that_is_not_set_up_is_refused(tmp_path: Path) -> None:
    marginalia(tmp_path, "migrate")

    result = marginalia(tmp_path, "import", PAGE, "--forum", FORUM)

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "/setup forum" in result.stderr


@pytest.mark.parametrize(
    "options",
    [("--forum", FORUM, "--format", "json"), ("--dry-run", "--tag", "Gothic")],
    ids=["format", "tag"],
)
def test_an_option_that_would_do_nothing_is_refused_in_words(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    result = marginalia(tmp_path, "import", PAGE, *options)

    assert (result.returncode, result.stdout) == (2, "")
    assert f"argument {options[-2]}: " in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
async def set_up_database(tmp_path: Path, migrated_file: Path) -> Path:
    path = tmp_path / "club.sqlite3"
    shutil.copy(migrated_file, path)
    async with open_database(path) as database:
        await Forums(database, Directory()).set_up(
            FORUM,
            GUILD,
            "Tuesday Readers",
            "novels",
            is_forum_channel=True,
            host_id=9,
            now=datetime.now(UTC),
        )
    return path


async def test_an_import_is_stored_once_for_the_running_bot_to_replay(
    tmp_path: Path, set_up_database: Path
) -> None:
    command = ("import", PAGE, "--forum", FORUM, "--tag", "Gothic", "--database", set_up_database)
    first = marginalia(tmp_path, *command)
    second = marginalia(tmp_path, *command)

    assert (first.returncode, first.stderr) == (0, "")
    assert "Why does Victor never tell anyone?" in first.stdout
    assert "Stored: 25 posts, new here. The running bot brings 25 to the forum." in first.stdout
    assert (second.returncode, second.stderr) == (0, "")
    assert "Nothing is new" in second.stdout
    async with open_database(set_up_database) as database:
        replays = Replays(database, Directory())
        (discussion_id,) = await replays.pending()
        assert (await replays.load(discussion_id)).tag == "Gothic"


@pytest.mark.parametrize("bad", BAD_PAGES.values(), ids=BAD_PAGES)
async def test_what_is_no_whole_page_is_one_line_that_names_it_and_stores_nothing(
    tmp_path: Path, set_up_database: Path, bad: BadPage, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / bad.name).write_bytes(bad.content)
    pages = (str(PAGE), bad.name)

    # In this process, away from the developer's own `.env`: there are many such pages, and to
    # start another takes longer than to read them.
    with chdir(tmp_path):
        code = main(["import", *pages, "--forum", str(FORUM), "--database", str(set_up_database)])

    told = capsys.readouterr()
    assert (code, told.out) == (1, "")
    assert told.err.count("\n") == 1
    assert told.err.startswith(f"marginalia: {bad.said}")
    async with open_database(set_up_database) as database:
        assert await Replays(database, Directory()).of_guild(GUILD) == ()


def test_a_page_over_the_chosen_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"a" * (1024 * 1024 + 1))

    result = marginalia(tmp_path, "import", "page.txt", "--dry-run", max_page_mib="1")

    assert (result.returncode, result.stdout) == (1, "")
    assert "page.txt is larger than 1 MiB" in result.stderr


@dataclass
class Terminal:
    """A command whose output is a terminal; `shown` is what has come so far."""

    process: asyncio.subprocess.Process
    screen: int
    shown: str = ""

    async def read_until(self, words: str) -> None:
        async with asyncio.timeout(30):
            while words not in self.shown:
                self.shown += (await asyncio.to_thread(os.read, self.screen, 4096)).decode()

    async def rest(self) -> str:
        # Linux ends a terminal that nobody has open any more with an error.
        with suppress(OSError):
            while more := await asyncio.to_thread(os.read, self.screen, 4096):
                self.shown += more.decode()
        os.close(self.screen)
        await self.process.wait()
        return self.shown


async def in_a_terminal(folder: Path, *arguments: object, **settings: str) -> Terminal:
    screen, own_side = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *map(str, arguments),
        cwd=folder,
        env=environment(**settings) | {"COLUMNS": "80"},
        stdin=own_side,
        stdout=own_side,
        stderr=own_side,
    )
    os.close(own_side)
    return Terminal(process, screen)


async def test_in_a_terminal_the_import_is_watched_until_the_discussion_is_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "club.sqlite3"
    async with Sandbox() as sandbox:
        with discord_at(sandbox):
            guild = await sandbox.create_guild("Tuesday Readers")
            async with running_bot(sandbox, path, tick_seconds=0.2) as bot:
                club = await found_club(bot, sandbox, guild)
                terminal = await in_a_terminal(
                    tmp_path, "import", PAGE, "--forum", club.forum.id, "--database", path
                )
                shown = await terminal.rest()
        (thread,) = guild.threads.values()

    assert terminal.process.returncode == 0, shown
    assert "25/25" in shown
    assert f"https://discord.com/channels/{guild.id}/{thread.id}" in shown
    assert len(by_webhook(thread)) == 25


async def test_who_watches_an_import_may_leave_it_to_the_bot(
    tmp_path: Path, set_up_database: Path
) -> None:
    terminal = await in_a_terminal(
        tmp_path, "import", PAGE, "--forum", FORUM, "--database", set_up_database
    )
    await terminal.read_until("Waiting for the bot")
    terminal.process.send_signal(signal.SIGINT)
    shown = await terminal.rest()

    assert terminal.process.returncode == 0
    assert "It goes on without you" in shown
    assert "Traceback" not in shown


class Running:
    """`marginalia run` as a process of its own, connected to the sandbox."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.log: list[str] = []

    async def line_with(self, words: str) -> str:
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            while line := (await self.process.stderr.readline()).decode():
                self.log.append(line)
                if words in line:
                    return line
        raise AssertionError(f"{words!r} is not in the log: {''.join(self.log)}")

    async def rest(self) -> str:
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            self.log.append((await self.process.stderr.read()).decode())
            await self.process.wait()
        return "".join(self.log)


async def start(sandbox: Sandbox, folder: Path, token: str, **settings: str) -> Running:
    return Running(
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=folder,
            env=environment(
                discord_token=token,
                discord_api_url=sandbox.api_url,
                guild_ready_timeout="0.05",
                **settings,
            ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    )


async def test_run_refuses_a_token_that_discord_refuses_in_one_line(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        running = await start(sandbox, tmp_path, "a-secret-that-is-no-token", log_level="ERROR")
        log = await running.rest()

    assert running.process.returncode == 2
    assert log.count("\n") == 1
    assert "does not accept the token" in log
    assert "a-secret" not in log


async def test_run_says_where_to_switch_the_missing_intent_on(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        sandbox.application.message_content = False
        running = await start(sandbox, tmp_path, sandbox.token, log_level="ERROR")
        log = await running.rest()

    assert running.process.returncode == 2
    assert log.splitlines()[-1].startswith("marginalia: Discord hides the text of posts")
    assert "Message Content Intent" in log
    assert "Traceback" not in log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_ends_cleanly_on_a_signal_and_logs_neither_token_nor_texts(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with Sandbox() as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        forum = await guild.create_forum("novels")
        running = await start(sandbox, tmp_path, sandbox.token, log_level="DEBUG")
        await running.line_with("has connected to Gateway")
        await guild.owner.start_thread(forum, "The attic", "Grace Poole is innocent!")
        await sandbox.delivered()
        running.process.send_signal(number)
        log = await running.rest()

    assert running.process.returncode == 0
    assert "Ended" in log
    assert "Traceback" not in log
    assert sandbox.token not in log
    assert "innocent" not in log


async def test_a_healthy_start_warns_of_nothing_and_leaves_the_ticks_out(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        running = await start(sandbox, tmp_path, sandbox.token)
        await running.line_with("has connected to Gateway")
        running.process.terminate()
        log = await running.rest()

    assert "WARNING" not in log
    assert "apscheduler" not in log


async def test_what_arrived_before_the_signal_is_stored(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        forum = await guild.create_forum("novels")
        lobby = await guild.create_text_channel("lobby")
        running = await start(sandbox, tmp_path, sandbox.token, database_path="club.sqlite3")
        await sandbox.gateway.connected()
        await guild.owner.slash(lobby, "setup forum", channel=forum)
        thread = await guild.owner.start_thread(forum, "The attic", "Who is up there?")
        posts = [await guild.owner.post(thread, f"Guess {number}") for number in range(200)]
        await sandbox.delivered()
        running.process.terminate()
        log = await running.rest()

    assert running.process.returncode == 0, log
    async with open_database(tmp_path / "club.sqlite3") as database, database.reading() as reading:
        rows = await reading.execute_fetchall("SELECT message_id FROM post")
    assert {row["message_id"] for row in rows} == {thread.id, *(post.id for post in posts)}


async def test_a_signal_ends_a_bot_that_cannot_connect(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        sandbox.gateway.refuse()
        running = await start(sandbox, tmp_path, sandbox.token)
        await running.line_with("Retrying")
        running.process.terminate()
        log = await running.rest()

    assert running.process.returncode == 0, log
    assert "Ended" in log
