"""The files in which a discussion is taken home."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.exporters.json import discussion_json
from bot.exporting import Exporting, Format, file_stem
from bot.importers.page import read_pages
from bot.store.documents import Documents
from bot.store.exports import Exports
from tests.core.samples import DISCUSSION
from tests.reading_room import ANN, BEN, ReadingRoom
from tests.test_cli import marginalia


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Why didn't anyone leave?", "why-didnt-anyone-leave"),
        ("Où est Aimé?", "ou-est-aime"),
        ("こころ", "discussion-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("She ||dies||", "she"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_file_is_named_for_the_title_as_every_system_takes_it(title: str, stem: str) -> None:
    assert file_stem(replace(DISCUSSION, title=title)) == stem


async def test_json_read_in_again_is_the_same_discussion(room: ReadingRoom) -> None:
    emma = await room.begin("Emma")
    first = await room.post(emma, ANN, "Was she\n\nright?")
    gone = await room.post(emma, BEN, "No.", reply_to=first)
    await room.post(emma, ANN, "[[ASIN:0141439580 Emma]] ||why||?", reply_to=gone)
    await room.edit(emma, first, ANN, "Was she wrong?")
    await room.delete(emma, gone)

    documents = Documents(room.database)
    file = await Exporting(Exports(room.database), documents).file(emma, Format.JSON)

    assert file.name == "emma.json"
    again = read_pages([(file.name, file.content)])
    assert again == await documents.get(emma.id)
    assert discussion_json(again) == file.content


async def written(room: ReadingRoom) -> Path:
    emma = await room.begin("Emma: a debate")
    await room.post(emma, ANN, "Was she right?")
    await room.begin("Emma: another")
    return room.database.path


async def test_the_command_line_writes_each_format(room: ReadingRoom, tmp_path: Path) -> None:
    database = await written(room)

    page = marginalia(tmp_path, "export", "a DEBATE", "--database", database)
    paper = marginalia(
        tmp_path, "export", "1", "--format", "markdown", "--out", "-", "--database", database
    )
    data = marginalia(
        tmp_path,
        *("export", "https://discord.com/channels/11/1001", "--format", "json"),
        *("--out", "emma.json", "--database", database),
    )

    assert page.returncode == paper.returncode == data.returncode == 0, page.stderr
    assert page.stdout.startswith("Written: emma-a-debate.html (")
    assert "Was she right?" in (tmp_path / "emma-a-debate.html").read_text(encoding="utf-8")
    assert paper.stdout.startswith("# Emma: a debate\n")
    document = json.loads((tmp_path / "emma.json").read_bytes())
    assert document["schema"] == "marginalia.discussion/1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("villette",), "There is no discussion “villette”"),
        (("emma",), "1 “Emma: a debate”, 2 “Emma: another”"),
        (("",), "There is no discussion"),
        (("1", "--out", "no/such/folder.html"), "cannot be written: No such file"),
        (("1", "--database", "other.sqlite3"), "There is no database"),
    ],
)
async def test_what_cannot_be_exported_is_said_in_a_line(
    room: ReadingRoom, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    database = await written(room)
    chosen = () if "--database" in arguments else ("--database", database)
    result = marginalia(tmp_path, "export", *arguments, *chosen)
    assert (result.returncode, result.stdout) == (1, "")
    assert said in result.stderr


async def test_a_file_that_is_there_is_not_written_over_unasked(
    room: ReadingRoom, tmp_path: Path
) -> None:
    database = await written(room)
    mine = tmp_path / "emma-a-debate.html"
    mine.write_text("my notes")
    refused = marginalia(tmp_path, "export", "1", "--database", database)
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
    assert mine.read_text() == "my notes"
    asked = marginalia(tmp_path, "export", "1", "--out", mine, "--database", database)
    assert asked.returncode == 0
    assert mine.read_text().startswith("<!doctype html>")
