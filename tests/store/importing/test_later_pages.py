"""Pages of a discussion that is here already: what they add, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.importing.imports import Imports, Queued
from bot.store.importing.replays import Replays
from tests.store.replaying import replay_whole

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
FORUM = 20


def post(number: int, answered: int | None = None, content: str = "") -> ImportedPost:
    return ImportedPost(
        number=number,
        author="Wren",
        posted_at=OLD + timedelta(days=number),
        edited_at=None,
        kind=PostKind.INITIAL if number == 1 else PostKind.REPLY,
        content=content or f"Post {number}.",
        message_id=f"Mx{number}",
        answered_id=None if answered is None else f"Mx{answered}",
    )


def page(*posts: ImportedPost) -> ImportedDiscussion:
    return ImportedDiscussion(
        title="Who is telling this?",
        forum="Wuthering Heights forum",
        book=None,
        participants=1,
        total_posts=6,
        tracked_by=2,
        initial_post=date(2006, 5, 11),
        latest_post=date(2006, 5, 16),
        missing_posts=(),
        posts=posts,
        warnings=(),
    )


FIRST = page(post(1), post(2, 1), post(3, 2))
SECOND = page(post(4, 3), post(5, 4), post(6, 1))


@pytest.fixture
async def directory(database: Database) -> Directory:
    directory = Directory()
    await directory.load(database)
    await Forums(database, directory).set_up(
        FORUM, 10, "Readers", "novels", is_forum_channel=True, host_id=1, now=NOW
    )
    return directory


@pytest.fixture
def imports(database: Database, directory: Directory) -> Imports:  # noqa: ARG001 - sets up the forum
    return Imports(database)


@pytest.fixture
def replays(database: Database, directory: Directory) -> Replays:
    return Replays(database, directory)


async def chains(database: Database) -> list[tuple[int, int | None, int, int, int]]:
    """Give number, parent, root, depth and count of answers of each post."""
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT post.number, parent.number, root.number, post.depth, post.reply_count"
            " FROM post JOIN post AS root ON root.id = post.root_id"
            " LEFT JOIN post AS parent ON parent.id = post.parent_id ORDER BY post.number"
        )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


WHOLE = [
    (1, None, 1, 0, 2),
    (2, 1, 1, 1, 1),
    (3, 2, 1, 2, 1),
    (4, 3, 1, 3, 1),
    (5, 4, 1, 4, 0),
    (6, 1, 1, 1, 0),
]


@pytest.mark.parametrize("pages", [(FIRST, SECOND), (SECOND, FIRST), (SECOND, FIRST, SECOND)])
async def test_the_missing_page_adds_its_posts_and_their_chains_in_whichever_order(
    imports: Imports, replays: Replays, database: Database, pages: tuple[ImportedDiscussion, ...]
) -> None:
    ids = {(await imports.queue(one, FORUM, NOW)).discussion_id for one in pages}
    (discussion_id,) = ids
    assert await chains(database) == WHOLE
    document = (await replays.load(discussion_id)).document
    assert [one.content for one in document.posts] == [f"Post {n}." for n in range(1, 7)]
    assert [one.reply_evidence for one in document.posts] == [None, *["link"] * 5]
    assert document.missing_posts == ()
    async with database.reading() as connection:
        (counts,) = await connection.execute_fetchall(
            "SELECT post_count, next_number FROM discussion"
        )
    assert tuple(counts) == (6, 7)


async def test_a_page_that_overlaps_adds_only_what_is_new(
    imports: Imports, database: Database
) -> None:
    await imports.queue(FIRST, FORUM, NOW)
    await imports.queue(page(post(3, 2, "Another text."), post(4, 3)), FORUM, NOW)
    async with database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT content FROM post ORDER BY number")
    assert [row["content"] for row in rows] == ["Post 1.", "Post 2.", "Post 3.", "Post 4."]


async def test_a_finished_replay_goes_on_with_the_posts_of_the_missing_page_alone(
    imports: Imports,
    replays: Replays,
) -> None:
    discussion_id = (await imports.queue(FIRST, FORUM, NOW)).discussion_id
    await replay_whole(replays, discussion_id)
    await imports.queue(FIRST, FORUM, NOW)
    assert await replays.pending() == ()
    await imports.queue(SECOND, FORUM, NOW)
    assert await replays.pending() == (discussion_id,)


async def test_a_deleted_post_does_not_come_back_with_a_later_page(
    imports: Imports, replays: Replays, database: Database
) -> None:
    discussion_id = (await imports.queue(FIRST, FORUM, NOW)).discussion_id
    async with database.transaction() as connection:
        await connection.execute("UPDATE post SET content = '', deleted_at = 1 WHERE number = 2")
    both = replace(FIRST, posts=(*FIRST.posts, *SECOND.posts))
    assert await imports.queue(both, FORUM, NOW) == Queued(discussion_id, 3)
    queued = await replays.load(discussion_id)
    assert [one.post.number for one in queued.posts] == [1, 2, 3, 4, 5, 6]
    assert (queued.posts[1].post.content, queued.posts[1].is_deleted) == ("", True)


async def test_posts_whose_number_a_member_has_taken_are_refused_and_nothing_changes(
    imports: Imports, database: Database
) -> None:
    discussion_id = (await imports.queue(FIRST, FORUM, NOW)).discussion_id
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO post (id, discussion_id, number, kind, root_id, content, posted_at, mark)"
            " VALUES (900, ?, 5, 'post', 900, 'Live.', 0, 99)",
            (discussion_id,),
        )
    with pytest.raises(UserError, match=r"Post 5 .* was written by a member"):
        await imports.queue(SECOND, FORUM, NOW)
    assert [number for number, *_ in await chains(database)] == [1, 2, 3, 5]


async def test_a_discussion_of_the_same_title_and_day_is_another_if_its_posts_are(
    imports: Imports,
) -> None:
    other = page(post(1), replace(post(2), posted_at=OLD + timedelta(days=2, hours=1)))
    first = (await imports.queue(page(post(2)), FORUM, NOW)).discussion_id
    again = replace(other, posts=other.posts[1:])
    assert (await imports.queue(again, FORUM, NOW)).discussion_id != first
