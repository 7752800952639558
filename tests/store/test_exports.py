"""What an export is made of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.exported import Visibility
from bot.core.imported import ImportedBook
from bot.core.level import Level
from bot.core.model import Attachment, PostKind
from bot.store.book_ratings import BookRatings
from bot.store.books import name_book
from bot.store.database import Database
from bot.store.exports import Exports
from bot.store.recording import Recording
from tests.reading_room import ANN, BEN, CLEO, FORUM, START, ReadingRoom
from tests.reading_room import GUILD as GUILD_OF_ROOM
from tests.store.thread import GUILD, THREAD, message, minute


@pytest.fixture
def exports(database: Database) -> Exports:
    return Exports(database)


async def test_it_holds_the_posts_in_order_with_what_they_answer_and_who_answers_them(
    recording: Recording, discussion: int, exports: Exports
) -> None:
    await recording.record(discussion, message(THREAD, "Was she right?"))
    await recording.record(discussion, message(1_001, "No.", by=8, name="Ben", reply_to=THREAD))
    await recording.record(discussion, message(1_002, "Why?", reply_to=1_001))
    await recording.record(discussion, message(1_003, "Yes.", by=None, name="Hook"))

    exported = await exports.get(discussion)

    assert [
        (post.number, post.author, post.kind, post.content, post.answers, post.replies)
        for post in exported.posts
    ] == [
        (1, "Ann", PostKind.INITIAL, "Was she right?", None, (2,)),
        (2, "Ben", PostKind.REPLY, "No.", 1, (3,)),
        (3, "Ann", PostKind.REPLY, "Why?", 2, ()),
        (4, "Hook", PostKind.POST, "Yes.", None, ()),
    ]
    assert exported.posts[1].posted_at == minute(1)
    assert exported.posts[1].url == f"https://discord.com/channels/{GUILD}/{THREAD}/1001"
    assert exported.url == f"https://discord.com/channels/{GUILD}/{THREAD}"
    assert (exported.title, exported.forum) == ("Was Emma right to meddle?", "novels")
    assert (exported.participants, exported.post_count) == (3, 4)


async def test_it_holds_earlier_texts_but_not_those_that_an_edit_left_as_they_were(
    recording: Recording, discussion: int, exports: Exports, database: Database
) -> None:
    await recording.record(discussion, message(1_001, "One"))
    await recording.record(discussion, message(1_001, "Two", edited=5))
    await recording.record(discussion, message(1_001, "Three", edited=9))
    await recording.record(discussion, message(1_002, "Same"))
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO revision (post_id, written_at, content)"
            " SELECT id, posted_at, content FROM post WHERE message_id = 1002"
        )

    first, second = (await exports.get(discussion)).posts

    assert [revision.content for revision in first.revisions] == ["One", "Two"]
    assert [revision.written_at for revision in first.revisions] == [minute(1), minute(5)]
    assert (first.content, first.edited_at) == ("Three", minute(9))
    assert second.revisions == ()


async def test_a_deleted_post_is_a_marker_without_name_text_files_or_history(
    recording: Recording, discussion: int, exports: Exports
) -> None:
    file = Attachment(5, "secret.png", "image/png", 9)
    await recording.record(discussion, message(1_001, "A secret", attachments=(file,)))
    await recording.record(discussion, message(1_001, "Another", edited=5, attachments=(file,)))
    await recording.record(discussion, message(1_002, "Why?", reply_to=1_001))
    await recording.delete(discussion, [1_001], minute(9))

    exported = await exports.get(discussion)
    gone, answer = exported.posts

    assert gone.visibility is Visibility.DELETED
    assert (gone.author, gone.content, gone.attachments, gone.revisions) == (None, "", (), ())
    assert (gone.edited_at, gone.url) == (None, None)
    assert (answer.answers, gone.replies) == (1, (2,))
    assert "secret" not in repr(exported)
    assert exported.post_count == 1


async def test_mentions_have_the_names_that_every_reader_of_the_discussion_may_know(
    room: ReadingRoom,
) -> None:
    here = await room.begin("Emma")
    beside = await room.begin("Persuasion")
    private = await room.begin("Secret plans", is_private=True)
    await room.open_forum(22)
    elsewhere = await room.begin("Villette", forum_id=22)
    await room.post(beside, CLEO, "I am here too.")
    await room.open_forum(23, guild_id=12)
    abroad = await room.begin("Shirley", forum_id=23, guild_id=12)
    await room.post(abroad, BEN, "I am here alone.")
    ids = (private.thread_id, beside.thread_id, elsewhere.thread_id, FORUM, 2**63, 404)
    await room.post(here, ANN, f"<@{CLEO}> <@!{BEN}> " + "".join(f"<#{each}>" for each in ids))

    names = (await Exports(room.database).get(here.id)).names

    assert names.users == {CLEO: "Cleo"}, "Ben has written in another server alone"
    assert names.channels == {beside.thread_id: "Persuasion", FORUM: f"forum {FORUM}"}


async def test_it_counts_who_tracks_the_discussion_in_whichever_way(room: ReadingRoom) -> None:
    emma = await room.begin("Emma")
    await room.tracking.track_discussion(ANN, emma.id, START)
    await room.tracking.track_forum(ANN, FORUM, START)
    await room.tracking.track_forum(BEN, FORUM, START)
    assert (await Exports(room.database).get(emma.id)).tracked_by == 2
    await room.tracking.track_discussion(BEN, emma.id, START, Level.MUTED)
    assert (await Exports(room.database).get(emma.id)).tracked_by == 1


async def test_a_discussion_that_is_not_there_is_an_error(exports: Exports) -> None:
    with pytest.raises(LookupError):
        await exports.get(404)


async def test_what_has_no_number_yet_comes_last(
    recording: Recording, discussion: int, exports: Exports, database: Database
) -> None:
    await recording.record(discussion, message(1_001, "One"))
    async with database.transaction() as connection:
        await connection.execute("UPDATE discussion SET is_current = 0")
    await recording.record(discussion, message(1_005, "Late"))
    exported = await exports.get(discussion)
    assert [(post.number, post.content) for post in exported.posts] == [(1, "One"), (2, "Late")]
    assert exported.posts[-1].posted_at - exported.posts[0].posted_at == timedelta(minutes=4)


async def test_a_book_has_the_stars_of_the_club_or_else_of_its_old_page(
    room: ReadingRoom, exports: Exports
) -> None:
    emma = await room.begin("Emma")
    async with room.database.transaction() as connection:
        of_the_page = ImportedBook("Emma", rating=3.8, rating_count=1230)
        book = await name_book(connection, GUILD_OF_ROOM, of_the_page)
    await room.discussions.set_book(emma.id, book.id)
    assert (await exports.get(emma.id)).stars == "3.8 out of 5 stars (1,230)"
    await BookRatings(room.database).rate(book.id, ANN, 5, START)
    await BookRatings(room.database).rate(book.id, BEN, 4, START)
    exported = await exports.get(emma.id)
    assert exported.stars == "4.5 out of 5 stars (2)"
    assert exported.book is not None
    assert exported.book.title == "Emma"
