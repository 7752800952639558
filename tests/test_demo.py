from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo import performance, story
from bot.demo.club import Club, open_club
from bot.demo.discord_text import discord_text
from bot.demo.performance import Played
from bot.demo.promises import Promise, file_promise, story_promises
from sandbox.state import SandboxMessage
from tests.saved_pages import SAVED_PAGES

ROOT = Path(__file__).parents[1]
OWN_PAGE = ROOT / "tests" / "pages" / "frankenstein-1.txt"


async def demo(*options: str, **environment: str) -> tuple[int | None, str, str]:
    """Run the demo as a user does; give the exit code, what was shown, and the errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        *options,
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        shown, errors = await process.communicate()
    return process.returncode, shown.decode(), errors.decode()


def essence(text: str) -> str:
    """What is left of a text however it is wrapped and framed."""
    return "".join(character for character in text if character.isalnum())


@dataclass(frozen=True, slots=True)
class Told:
    """What a run of the demo told, and the files that it wrote."""

    code: int | None
    shown: str
    errors: str
    database: Path
    picture: Path


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story, told once in a wide terminal."""
    folder = tmp_path_factory.mktemp("demo")
    database, picture = folder / "demo.sqlite3", folder / "demo.svg"
    told = await demo("--database", str(database), "--svg", str(picture), COLUMNS="200")
    return Told(*told, database, picture)


async def test_the_demo_shows_the_whole_story_and_ends_well(told: Told) -> None:
    assert (told.code, told.errors) == (0, "")
    assert str(told.database) in told.shown.replace("\n", "")
    assert told.database.exists()
    for debate in story.DEBATES:
        assert debate.title in told.shown
        for post in debate.posts():
            text = debate.present_text(post.key)
            if text is not None and post.key != "spoiler":
                assert essence(discord_text(text).plain) in essence(told.shown)
    assert "A deleted post" in told.shown
    assert "Reply chain" in told.shown
    assert "Your week in discussions" in told.shown
    assert "[Everything once a day] [Stop all]" in told.shown
    assert told.shown.count("✓") == 9
    assert "✗" not in told.shown


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=6), "in 6 days"),
        (-timedelta(days=1, hours=2), "1 day ago"),
        (timedelta(minutes=90), "in 2 hours"),
        (-timedelta(seconds=59), "59 seconds ago"),
        (timedelta(0), "now"),
    ],
)
def test_a_time_that_discord_counts_from_the_present_is_counted_so(
    ahead: timedelta, words: str
) -> None:
    now = datetime(2026, 11, 9, 19, tzinfo=UTC)
    stamp = int((now + ahead).timestamp())

    shown = discord_text(f"[<t:{stamp}:R>](https://discord.com/) and <t:{stamp}:R>", now=now)

    assert shown.plain == f"{words} and {words}"
    assert discord_text(f"<t:{int(now.timestamp())}:f>", now=now).plain == "9 Nov 2026 19:00"


async def test_the_demo_fits_eighty_columns_and_shows_no_spoiler_and_nothing_deleted(
    told: Told,
) -> None:
    lines = [line for line in told.shown.split("\n") if str(told.database.parent) not in line]
    assert max(map(len, lines)) <= 80
    assert "▮▮▮" in told.shown
    assert essence(story.SPOILER) not in essence(told.shown)
    assert essence(story.FAIR_PLAY.first_text("blunder")) not in essence(told.shown)


async def test_a_picture_of_the_terminal_needs_nothing_from_elsewhere(told: Told) -> None:
    svg = told.picture.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "url(" not in svg.replace("url(#", "")


@pytest.mark.slow
async def test_a_terminal_without_these_characters_gets_others(tmp_path: Path) -> None:
    code, shown, errors = await demo(PYTHONIOENCODING="ascii", TMPDIR=str(tmp_path))
    assert (code, errors) == (0, "")
    assert "one digest arrived, and only one" in shown


@pytest.mark.slow
async def test_a_saved_page_comes_back_as_a_thread_with_all_its_posts(tmp_path: Path) -> None:
    code, shown, errors = await demo("--page", str(OWN_PAGE), TMPDIR=str(tmp_path))
    assert (code, errors) == (0, "")
    assert "all 25 posts of the pages are stored to the letter" in shown
    assert shown.count("✓") == 5
    assert "in reply to an earlier post" in shown
    assert essence(story.LIVE_REPLY) in essence(shown)


@pytest.mark.slow
async def test_the_pages_of_a_discussion_come_back_as_one_thread_in_whatever_order(
    tmp_path: Path,
) -> None:
    pages = OWN_PAGE.parent
    code, shown, errors = await demo(
        "--page",
        str(pages / "frankenstein-2.html"),
        str(pages / "frankenstein-1.html"),
        TMPDIR=str(tmp_path),
    )
    assert (code, errors) == (0, "")
    assert "/import page1:frankenstein-2.html page2:frankenstein-1.html" in shown
    assert "Posts: 29 of 29" in shown
    assert "is back, with 29 posts" in shown
    assert "all 29 posts of the pages are stored to the letter" in shown
    assert "in reply to an earlier post" not in shown


@pytest.mark.slow
async def test_more_pages_than_a_command_takes_are_given_to_several(tmp_path: Path) -> None:
    copies = [tmp_path / f"copy-{number}.txt" for number in range(10)]
    for copy in copies:
        copy.write_bytes(OWN_PAGE.read_bytes())
    second = OWN_PAGE.with_name("frankenstein-2.txt")
    code, shown, errors = await demo("--page", *map(str, copies), str(second), TMPDIR=str(tmp_path))
    assert (code, errors) == (0, "")
    assert shown.count("/import ") == 2
    assert "all 29 posts of the pages are stored to the letter" in shown


@pytest.mark.slow
@pytest.mark.skipif(not SAVED_PAGES, reason="the real page is not part of the project")
async def test_the_real_page_comes_back_with_all_its_posts(tmp_path: Path) -> None:
    code, shown, errors = await demo("--page", str(SAVED_PAGES[0]), TMPDIR=str(tmp_path))
    assert (code, errors) == (0, "")
    assert "all 25 posts of the pages are stored to the letter" in shown


@pytest.mark.parametrize("option", ["--database", "--page"])
async def test_a_file_that_cannot_be_used_is_one_line_and_nothing_is_written(
    tmp_path: Path, option: str
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Milk, bread.", encoding="utf-8")
    code, shown, errors = await demo(option, str(file))
    assert (code, shown) == (1, "")
    assert errors.count("\n") == 1
    assert "notes.txt" in errors
    assert file.read_text(encoding="utf-8") == "Milk, bread."


class Evening:
    """A performance of the story, whose promises can be looked at again after an intervention."""

    def __init__(self, club: Club, played: list[Played], digests: list[SandboxMessage]) -> None:
        self.club = club
        self.played = played
        self.digests = digests

    async def broken(
        self, digests: Sequence[SandboxMessage] | None = None, shown: str = "Because ▮▮▮."
    ) -> set[str]:
        promises = await story_promises(
            self.club, self.played, self.digests if digests is None else digests, shown
        )
        return {promise.words for promise in promises if not promise.is_kept}

    async def broken_after(self, change: str, undo: str, **values: object) -> set[str]:
        async with self.club.app.database.transaction() as connection:
            await connection.execute(change, values)
        broken = await self.broken()
        async with self.club.app.database.transaction() as connection:
            await connection.execute(undo, values)
        assert not await self.broken()
        return broken


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    path = tmp_path_factory.mktemp("demo") / "marginalia.sqlite3"
    async with open_club(path, story.speakers()) as club:
        await performance.set_up(club, story.BOOK)
        played = [await performance.play(club, debate) for debate in story.DEBATES]
        await performance.settle_reading(club)
        digests = await club.next_sunday()
        yield Evening(club, played, digests)


async def test_nothing_is_broken_when_nothing_was_tampered_with(evening: Evening) -> None:
    assert await evening.broken() == set()


async def test_a_post_with_another_text_breaks_a_promise(evening: Evening) -> None:
    broken = await evening.broken_after(
        "UPDATE post SET content = content || '!' WHERE message_id = :id",
        "UPDATE post SET content = rtrim(content, '!') WHERE message_id = :id",
        id=evening.played[0].messages["coin"].id,
    )
    assert broken == {"all 18 posts are stored, in their order, as they now stand"}


async def test_a_lost_parent_breaks_a_promise(evening: Evening) -> None:
    broken = await evening.broken_after(
        "UPDATE post SET parent_id = NULL WHERE message_id = :id",
        "UPDATE post SET parent_id = (SELECT id FROM post WHERE message_id = :parent)"
        " WHERE message_id = :id",
        id=evening.played[0].messages["wages"].id,
        parent=evening.played[0].messages["coin"].id,
    )
    assert broken == {"the reply chain leads back to the initial post, step by step"}


async def test_a_lost_revision_breaks_a_promise(evening: Evening) -> None:
    broken = await evening.broken_after(
        "UPDATE revision SET content = '?' || content WHERE post_id ="
        " (SELECT id FROM post WHERE message_id = :id)",
        "UPDATE revision SET content = ltrim(content, '?') WHERE post_id ="
        " (SELECT id FROM post WHERE message_id = :id)",
        id=evening.played[0].messages["gypsy"].id,
    )
    assert broken == {"the edited post has both its texts"}


async def test_a_second_digest_breaks_a_promise(evening: Evening) -> None:
    assert "one digest arrived, and only one" in await evening.broken(evening.digests * 2)
    assert "one digest arrived, and only one" in await evening.broken([])


async def test_a_digest_that_lacks_a_post_breaks_a_promise(evening: Evening) -> None:
    (digest,) = evening.digests
    whole = digest.embeds[1]["description"]
    digest.embeds[1]["description"] = "\n".join(
        line for line in whole.split("\n") if "Thirty pounds" not in line
    )
    broken = await evening.broken()
    digest.embeds[1]["description"] = whole
    assert broken == {"it brings what is new since she tracked, and nothing else"}


async def test_a_spoiler_that_is_shown_breaks_a_promise(evening: Evening) -> None:
    wrapped = story.SPOILER.replace(" ", " \n│ ")
    assert await evening.broken(shown=f"Because ▮▮▮: {wrapped}") == {
        "the spoiler was hidden wherever it was shown"
    }


def test_a_trace_of_the_deleted_text_breaks_a_promise(tmp_path: Path) -> None:
    bars, blunder = (story.FAIR_PLAY.first_text(key).encode() for key in ("bars", "blunder"))
    path = tmp_path / "marginalia.sqlite3"

    def promise(*texts: bytes) -> Promise:
        path.write_bytes(b"\0".join(texts))
        return file_promise(path)

    assert promise(bars).is_kept
    assert not promise(bars, blunder).is_kept
    assert not promise(b"another file").is_kept
