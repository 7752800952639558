from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.incoming import ThreadFacts
from bot.core.model import PostKind
from bot.store.books import Books
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.importing.imports import ImportPlan, Imports, Queued
from bot.store.importing.replays import Replays, ReplayState
from bot.store.removals import Removals
from tests.store.replaying import replay_whole

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
GUILD, FORUM, THREAD = 10, 20, 30

PAGE = ImportedDiscussion(
    title="Who is telling this?",
    forum="Wuthering Heights forum",
    book=ImportedBook("Wuthering Heights", "Paperback", "Emily Brontë", "Penguin, 2003", 4.1, 99),
    participants=3,
    total_posts=6,
    tracked_by=2,
    initial_post=date(2006, 5, 10),
    latest_post=date(2006, 6, 1),
    missing_posts=((5, 6),),
    posts=(
        ImportedPost(1, "Wren", OLD, None, PostKind.INITIAL, "Do you trust Nelly?"),
        ImportedPost(2, None, OLD + timedelta(days=1), None, PostKind.REPLY, "No.", 1, "link"),
        ImportedPost(
            3,
            "Tamsin",
            OLD + timedelta(days=2),
            OLD + timedelta(days=3),
            PostKind.REPLY,
            "She hides\n\nthe letters.",
            2,
            "link",
        ),
        ImportedPost(4, "Wren", OLD + timedelta(days=4), None, PostKind.REPLY, "Which ones?"),
    ),
    warnings=(),
)


@pytest.fixture
async def directory(database: Database) -> Directory:
    directory = Directory()
    await directory.load(database)
    await Forums(database, directory).set_up(
        FORUM, GUILD, "Readers", "novels", is_forum_channel=True, host_id=1, now=NOW
    )
    return directory


@pytest.fixture
def imports(database: Database, directory: Directory) -> Imports:  # noqa: ARG001 - sets up the forum
    return Imports(database)


@pytest.fixture
def replays(database: Database, directory: Directory) -> Replays:
    return Replays(database, directory)


def facts(**changes: object) -> ThreadFacts:
    thread = ThreadFacts(
        thread_id=THREAD,
        forum_id=FORUM,
        guild_id=GUILD,
        title=PAGE.title,
        is_private=False,
        is_locked=False,
        is_archived=False,
        tag_ids=frozenset(),
        started_at=NOW,
    )
    return replace(thread, **changes)  # type: ignore[arg-type]  # a test names a field's own type


async def test_a_page_reads_back_as_it_was_queued(imports: Imports, replays: Replays) -> None:
    queued = await replays.load((await imports.queue(PAGE, FORUM, NOW)).discussion_id)
    assert queued.document == PAGE
    assert [one.post for one in queued.posts] == list(PAGE.posts)
    assert (queued.guild_id, queued.forum_id, queued.thread_id) == (GUILD, FORUM, None)


async def test_replies_whose_parent_is_known_make_a_chain(
    imports: Imports, database: Database
) -> None:
    await imports.queue(PAGE, FORUM, NOW)
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT post.number, root.number AS root, parent.number AS parent, post.depth,"
            " post.reply_count FROM post JOIN post AS root ON root.id = post.root_id"
            " LEFT JOIN post AS parent ON parent.id = post.parent_id ORDER BY post.number"
        )
    assert [tuple(row) for row in rows] == [
        (1, 1, None, 0, 1),
        (2, 1, 1, 1, 1),
        (3, 1, 2, 2, 0),
        (4, 4, None, 0, 0),
    ]


async def test_the_missing_numbers_stay_free_and_live_posts_come_after_them(
    imports: Imports, database: Database
) -> None:
    await imports.queue(PAGE, FORUM, NOW)
    async with database.reading() as connection:
        rows = await connection.execute_fetchall("SELECT next_number, post_count FROM discussion")
    assert [tuple(row) for row in rows] == [(7, 4)]


async def test_every_imported_post_is_news_with_a_mark_of_its_own(
    imports: Imports, database: Database
) -> None:
    await imports.queue(PAGE, FORUM, NOW)
    async with database.reading() as connection:
        marks = await connection.execute_fetchall(
            "SELECT mark FROM discussion UNION ALL SELECT mark FROM post ORDER BY mark"
        )
        (last,) = await connection.execute_fetchall("SELECT value FROM news_mark")
    assert [row["mark"] for row in marks] == [1, 2, 3, 4, 5]
    assert last["value"] == 5


async def test_the_page_names_the_discussions_book(
    imports: Imports, database: Database, directory: Directory
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    discussion = await Discussions(database, directory).get(discussion_id)
    assert discussion is not None
    assert discussion.book is not None
    assert (discussion.book.title, discussion.book.author) == ("Wuthering Heights", "Emily Brontë")


async def test_the_same_page_again_adds_nothing_though_a_post_was_deleted_and_the_thread_renamed(
    imports: Imports, replays: Replays, database: Database
) -> None:
    first = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    async with database.transaction() as connection:
        await connection.execute("UPDATE post SET content = '', deleted_at = 1 WHERE number = 1")
        await connection.execute("UPDATE discussion SET title = 'Nelly, again'")
    assert await imports.queue(PAGE, FORUM, NOW + timedelta(days=1)) == Queued(first, 0)
    assert (await replays.progress(first)).posts == 3
    assert len(await replays.pending()) == 1


async def test_another_discussion_of_the_same_title_is_another(imports: Imports) -> None:
    other = replace(PAGE, posts=(replace(PAGE.posts[0], posted_at=OLD + timedelta(hours=1)),))
    assert await imports.queue(PAGE, FORUM, NOW) != await imports.queue(other, FORUM, NOW)


async def test_a_forum_that_is_not_set_up_is_refused_and_nothing_is_stored(
    imports: Imports, database: Database
) -> None:
    with pytest.raises(UserError, match="/setup forum"):
        await imports.queue(PAGE, 999, NOW)
    async with database.reading() as connection:
        assert not await connection.execute_fetchall("SELECT 1 FROM post")


async def test_the_first_message_of_a_post_becomes_the_posts_own(
    imports: Imports, replays: Replays, database: Database
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    assert await replays.attach_thread(discussion_id, THREAD) == THREAD
    first = (await replays.load(discussion_id)).posts[0]
    await replays.message_sent(first.id, 0, 500)
    await replays.message_sent(first.id, 1, 501)
    await replays.message_sent(first.id, 1, 501)
    assert (await replays.load(discussion_id)).posts[0].message_ids == (500, 501)
    assert (await replays.progress(discussion_id)).posts_sent == 1
    async with database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT message_id, channel_id FROM post WHERE number = 1"
        )
    assert [tuple(row) for row in rows] == [(500, THREAD)]


async def test_a_failure_is_kept_in_words_until_the_page_is_imported_again(
    imports: Imports,
    replays: Replays,
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replays.fail(discussion_id, "The forum requires a tag.")
    assert await replays.pending() == ()
    assert (await replays.progress(discussion_id)).failure == "The forum requires a tag."
    await imports.queue(PAGE, FORUM, NOW)
    assert await replays.pending() == (discussion_id,)


async def test_a_finished_replay_is_not_pending(imports: Imports, replays: Replays) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replay_whole(replays, discussion_id)
    assert await replays.pending() == ()
    assert (await replays.progress(discussion_id)).state is ReplayState.FINISHED


async def test_where_the_forum_was_removed_a_replay_rests_until_it_is_set_up_again(
    imports: Imports, replays: Replays, database: Database, directory: Directory
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    forums = Forums(database, directory)
    await forums.remove(FORUM, NOW)
    assert await replays.pending() == ()
    await forums.set_up(
        FORUM, GUILD, "Readers", "novels", is_forum_channel=True, host_id=1, now=NOW
    )
    assert await replays.pending() == (discussion_id,)


async def test_a_thread_that_appears_when_it_was_asked_for_is_the_imported_discussions(
    imports: Imports, replays: Replays, database: Database, directory: Directory
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replays.opening(discussion_id, NOW)
    discussion = await Discussions(database, directory).ensure(
        facts(started_at=NOW + timedelta(seconds=1)), NOW
    )
    assert discussion is not None
    assert discussion.id == discussion_id
    # The answer to the request comes second, and may name another thread.
    assert await replays.attach_thread(discussion_id, THREAD + 1) == THREAD
    assert directory.discussion(THREAD) == discussion_id


async def test_a_thread_that_appears_after_the_replay_failed_is_not_the_imported_discussions(
    imports: Imports, replays: Replays, database: Database, directory: Directory
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replays.opening(discussion_id, NOW)
    await replays.fail(discussion_id, "The forum requires a tag.")
    discussion = await Discussions(database, directory).ensure(facts(), NOW)
    assert discussion is not None
    assert discussion.id != discussion_id


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Who was telling that?"},
        {"started_at": NOW - timedelta(hours=1)},
        {"started_at": NOW + timedelta(hours=1)},
    ],
)
async def test_any_other_thread_is_a_discussion_of_its_own(
    imports: Imports,
    replays: Replays,
    database: Database,
    directory: Directory,
    changes: dict[str, object],
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replays.opening(discussion_id, NOW)
    discussion = await Discussions(database, directory).ensure(facts(**changes), NOW)
    assert discussion is not None
    assert discussion.id != discussion_id
    assert (await replays.load(discussion_id)).thread_id is None


async def test_a_plan_says_what_importing_would_do_and_writes_nothing(
    imports: Imports, replays: Replays, database: Database
) -> None:
    first = replace(PAGE, posts=PAGE.posts[:2])
    assert await imports.plan(first, FORUM) == ImportPlan(None, known=0, added=2, blocked=0)
    assert await replays.pending() == ()
    discussion_id = (await imports.queue(first, FORUM, NOW)).discussion_id
    async with database.transaction() as connection:
        await connection.execute("UPDATE post SET content = '', deleted_at = 1 WHERE number = 1")
    assert await imports.plan(PAGE, FORUM) == ImportPlan(discussion_id, known=1, added=2, blocked=1)
    assert await imports.queue(PAGE, FORUM, NOW) == Queued(discussion_id, added=2)
    with pytest.raises(UserError, match="/setup forum"):
        await imports.plan(PAGE, 999)


async def test_pages_that_are_refused_leave_no_book_behind(
    imports: Imports, replays: Replays, database: Database
) -> None:
    discussion_id = (await imports.queue(replace(PAGE, book=None), FORUM, NOW)).discussion_id
    await replays.cancel(discussion_id, NOW)
    with pytest.raises(UserError, match="being taken back"):
        await imports.queue(PAGE, FORUM, NOW)
    assert await Books(database).of_guild(GUILD) == ()


async def test_the_tag_is_kept_until_another_is_named(imports: Imports, replays: Replays) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW, tag="Classics")).discussion_id
    await imports.queue(PAGE, FORUM, NOW)
    assert (await replays.load(discussion_id)).tag == "Classics"
    await imports.queue(PAGE, FORUM, NOW, tag="Gothic")
    assert (await replays.load(discussion_id)).tag == "Gothic"


async def test_pages_of_a_discussion_whose_thread_was_deleted_begin_a_new_one(
    imports: Imports, replays: Replays, database: Database, directory: Directory
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replay_whole(replays, discussion_id)
    await Removals(database, directory).hide(THREAD, NOW)
    assert (await imports.plan(PAGE, FORUM)).added == 4
    again = await imports.queue(PAGE, FORUM, NOW)
    assert again.added == 4
    assert again.discussion_id != discussion_id
    assert await replays.pending() == (again.discussion_id,)


async def test_a_paused_replay_stays_so_when_its_pages_are_imported_again(
    imports: Imports, replays: Replays
) -> None:
    discussion_id = (await imports.queue(PAGE, FORUM, NOW)).discussion_id
    await replays.pause(discussion_id, NOW)
    await imports.queue(PAGE, FORUM, NOW)
    assert (await replays.progress(discussion_id)).state is ReplayState.PAUSED
