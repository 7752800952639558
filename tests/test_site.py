"""`marginalia site`: what is published, and what is taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.site import build_site
from bot.store.importing.imports import Imports
from bot.store.old_authors.claims import Claims
from bot.store.old_authors.erasures import Erasures
from bot.store.publication import Publication
from tests.reading_room import ANN, BEN, FORUM, GUILD, HOST, START, ReadingRoom
from tests.test_cli import marginalia

OLD_DEBATE = ImportedDiscussion(
    title="Why not leave?",
    forum=None,
    book=None,
    participants=None,
    total_posts=3,
    tracked_by=None,
    initial_post=None,
    latest_post=None,
    missing_posts=(),
    posts=(
        ImportedPost(1, "Traveler", START, None, PostKind.INITIAL, "Someone *always* rebels."),
        ImportedPost(2, "Wayfarer", START, None, PostKind.REPLY, "In such snow?", 1, "link"),
        ImportedPost(3, "Traveler", START, None, PostKind.REPLY, "Or nobody.", 2, "link"),
    ),
    warnings=(),
)


async def two_forums(room: ReadingRoom) -> Publication:
    """A published forum with a debate and a private one, and another forum."""
    emma = await room.begin("Emma, by Ann")
    first = await room.post(emma, ANN, "Ann's opinion")
    await room.post(emma, BEN, "Ben's opinion", reply_to=first)
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE post SET kind = 'initial' WHERE message_id = ?", (first,))
    secret = await room.begin("Secret plans", is_private=True)
    await room.post(secret, ANN, "A surprise")
    await room.open_forum(22)
    elsewhere = await room.begin("Villette", forum_id=22)
    await room.post(elsewhere, ANN, "Elsewhere")
    publication = Publication(room.database)
    await publication.publish_forum(FORUM, START)
    return publication


def everything(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def site(room: ReadingRoom, out: Path, *arguments: str) -> str:
    result = marginalia(
        out.parent, "site", "--out", out, "--database", room.database.path, *arguments
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


async def test_it_holds_the_published_forums_and_the_words_of_those_who_agreed(
    room: ReadingRoom, tmp_path: Path
) -> None:
    publication = await two_forums(room)
    await publication.agree(GUILD, ANN, START)

    said = site(room, tmp_path / "site", "--url", "https://club.example/")

    assert said.endswith("(1 discussion).\n")
    assert {path.name for path in (tmp_path / "site").iterdir()} == {
        *("index.html", "feed.xml", "discussion-1.html", ".marginalia-site")
    }
    shown = everything(tmp_path / "site")
    assert "Emma, by Ann" in shown
    assert "Ann&#39;s opinion" in shown
    for private in ("Ben", "Secret", "surprise", "Villette", "Elsewhere"):
        assert private not in shown
    assert 'href="https://club.example/discussion-1.html"' in shown


async def test_without_any_consent_there_are_no_names_and_no_words(
    room: ReadingRoom, tmp_path: Path
) -> None:
    await two_forums(room)
    site(room, tmp_path / "site")
    shown = everything(tmp_path / "site")
    assert "A discussion in forum 21" in shown
    assert "A member" in shown
    for private in ("opinion", "Ann", "Ben", "Emma"):
        assert private not in shown


@pytest.mark.slow
async def test_what_is_taken_back_is_gone_after_the_next_build(
    room: ReadingRoom, tmp_path: Path
) -> None:
    publication = await two_forums(room)
    await publication.agree(GUILD, ANN, START)
    site(room, tmp_path / "site")
    assert await publication.withdraw(GUILD, ANN)
    site(room, tmp_path / "site")
    assert "opinion" not in everything(tmp_path / "site")

    await publication.publish_forum(FORUM, None)
    said = site(room, tmp_path / "site")
    assert said.endswith("(0 discussions). A host publishes a forum with `/setup publish`.\n")
    assert {path.name for path in (tmp_path / "site").iterdir()} == {
        *("index.html", "feed.xml", ".marginalia-site")
    }


async def test_a_consent_is_for_one_server(room: ReadingRoom) -> None:
    publication = await two_forums(room)
    await room.open_forum(31, guild_id=12)
    await publication.agree(12, BEN, START)
    assert await publication.agreed(GUILD) == frozenset()
    assert await publication.agreed(12) == {BEN}
    assert not await publication.withdraw(GUILD, BEN)


async def test_old_posts_of_imported_pages_show_no_words_of_their_authors(
    room: ReadingRoom, tmp_path: Path
) -> None:
    publication = await two_forums(room)
    await publication.agree(GUILD, ANN, START)
    await Imports(room.database).queue(OLD_DEBATE, FORUM, START)
    site(room, tmp_path / "site")
    shown = everything(tmp_path / "site")
    for private in ("Traveler", "rebels", "Why not leave"):
        assert private not in shown


async def test_claimed_old_posts_are_published_if_the_member_agrees_and_not_if_only_others_do(
    room: ReadingRoom, tmp_path: Path
) -> None:
    publication = await two_forums(room)
    await Imports(room.database).queue(OLD_DEBATE, FORUM, START)
    claims, erasures = Claims(room.database), Erasures(room.database)
    claim = await claims.ask_name(GUILD, "Traveler", BEN, START)
    await publication.agree(GUILD, BEN, START)
    site(room, tmp_path / "site")
    shown = everything(tmp_path / "site")
    for private in ("Traveler", "rebels", "Why not leave", "Wayfarer", "snow"):
        assert private not in shown, "nobody has confirmed it yet"

    await claims.confirm(claim.id, HOST, START)
    site(room, tmp_path / "site")
    shown = everything(tmp_path / "site")
    for published in ("Why not leave?", "Someone *always* rebels.", "Or nobody."):
        assert published in shown
    for private in ("Traveler", "Wayfarer", "snow"):
        assert private not in shown

    async with room.database.reading() as connection:
        (last,) = await connection.execute_fetchall(
            "SELECT id FROM post WHERE content = 'Or nobody.'"
        )
    await erasures.erase_claimed(GUILD, BEN, START, last["id"])
    site(room, tmp_path / "site")
    shown = everything(tmp_path / "site")
    assert "Or nobody." not in shown
    assert "This post was deleted." in shown

    assert await publication.withdraw(GUILD, BEN)
    site(room, tmp_path / "site")
    assert "rebels" not in everything(tmp_path / "site")

    await publication.agree(GUILD, BEN, START)
    await claims.revoke(claim.id, HOST, START)
    site(room, tmp_path / "site")
    assert "rebels" not in everything(tmp_path / "site")


async def test_a_forum_that_ended_is_published_again_only_when_a_host_says_so(
    room: ReadingRoom,
) -> None:
    publication = await two_forums(room)
    await room.forums.remove(FORUM, START)
    assert await publication.discussions() == ()
    await room.open_forum(FORUM)
    assert await publication.discussions() == ()
    await publication.publish_forum(FORUM, START)
    assert [discussion.title for discussion in await publication.discussions()] == ["Emma, by Ann"]


async def test_a_folder_with_other_files_is_left_alone(room: ReadingRoom, tmp_path: Path) -> None:
    out = tmp_path / "home"
    out.mkdir()
    (out / "index.html").write_text("mine")
    result = marginalia(tmp_path, "site", "--out", out, "--database", room.database.path)
    assert result.returncode == 1
    assert "holds other files" in result.stderr
    assert [path.name for path in out.iterdir()] == ["index.html"]
    assert (out / "index.html").read_text() == "mine"


async def test_what_else_lies_in_the_folder_of_an_earlier_build_stays(
    room: ReadingRoom, tmp_path: Path
) -> None:
    await two_forums(room)
    site(room, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("club.example")
    (tmp_path / "site" / "discussion-99.html").write_text("old")
    site(room, tmp_path / "site")
    left = {path.name for path in (tmp_path / "site").iterdir()}
    assert "CNAME" in left
    assert "discussion-99.html" not in left


@pytest.mark.parametrize("url", ["club.example", "ftp://club.example", "https://x/?a=1"])
def test_an_address_that_is_none_is_a_wrong_option(tmp_path: Path, url: str) -> None:
    result = marginalia(tmp_path, "site", "--out", "site", "--url", url)
    assert result.returncode == 2
    assert "https://club.example" in result.stderr


def test_without_a_database_nothing_is_built(tmp_path: Path) -> None:
    from bot.core.errors import UserError

    with pytest.raises(UserError, match="There is no database"):
        build_site(tmp_path / "site", None, tmp_path / "none.sqlite3")
    assert not (tmp_path / "site").exists()
