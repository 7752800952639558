"""What was deleted on Discord is hidden at once, exported for a week, then erased for good."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from bot.core.model import Attachment, PostKind
from bot.core.schedule import WeeklySchedule
from bot.exporters.json import discussion_json
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.documents import Documents
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from bot.store.people import People
from bot.store.recording import Outcome, Recording, open_recording
from bot.store.removals import Removals
from bot.store.tracking import Tracking
from tests.store.thread import FORUM, GUILD, START, THREAD, Club, found_club, message

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
SCHEMA = Path(__file__).parents[2] / "bot" / "exporters" / "discussion.schema.json"


@dataclass(frozen=True, slots=True)
class Attic:
    """A discussion of three posts, one of them edited, and what becomes of it."""

    database: Database
    directory: Directory
    discussion_id: int
    recording: Recording
    removals: Removals
    documents: Documents

    async def count(self, table: str) -> int:
        async with self.database.reading() as connection:
            (row,) = await connection.execute_fetchall(f"SELECT count(*) AS rows FROM {table}")
        count: int = row["rows"]
        return count


@pytest.fixture
async def attic(database: Database, club: Club) -> AsyncIterator[Attic]:
    discussion_id = await club.discussion()
    directory = Directory()
    await directory.load(database)
    async with open_recording(database) as recording:
        for post in (
            message(THREAD, "Was she right?"),
            message(THREAD + 1, "No.", reply_to=THREAD, name="Ben", by=8),
            message(THREAD + 2, "regretted", name="Cleo", by=9),
            message(THREAD + 1, "Never.", reply_to=THREAD, edited=5, name="Ben", by=8),
        ):
            await recording.record(discussion_id, post)
        yield Attic(
            database,
            directory,
            discussion_id,
            recording,
            Removals(database, directory),
            Documents(database),
        )


async def test_a_hidden_discussion_is_listed_for_hosts_of_its_server(attic: Attic) -> None:
    assert await attic.removals.of_guild(GUILD) == ()
    await attic.removals.hide(THREAD, START)
    (hidden,) = await attic.removals.of_guild(GUILD)
    assert (hidden.id, hidden.hidden_at, hidden.post_count) == (attic.discussion_id, START, 3)
    assert await attic.removals.of_guild(GUILD + 1) == ()
    assert await attic.removals.get(GUILD, attic.discussion_id) == hidden
    assert await attic.removals.get(GUILD + 1, attic.discussion_id) is None


async def test_being_told_again_does_not_postpone_the_erasure(attic: Attic) -> None:
    await attic.removals.hide(THREAD, START)
    await attic.removals.hide(THREAD, START + WEEK)
    assert await attic.removals.erase_due(START + WEEK) == 1


async def test_a_discussion_is_erased_seven_days_after_it_was_hidden_and_not_before(
    attic: Attic,
) -> None:
    await attic.removals.hide(THREAD, START)
    assert await attic.removals.erase_due(START + WEEK - timedelta(seconds=1)) == 0
    assert await attic.removals.erase_due(START + WEEK) == 1
    for table in ("discussion", "post", "revision", "author"):
        assert await attic.count(table) == 0, table


async def test_a_discussion_that_is_not_hidden_is_never_due(attic: Attic) -> None:
    assert await attic.removals.erase_due(START + 100 * WEEK) == 0
    assert await attic.count("post") == 3


async def test_a_hidden_forum_is_erased_with_all_it_held(attic: Attic) -> None:
    await Forums(attic.database, attic.directory).hide(FORUM, START)
    (hidden,) = await attic.removals.of_guild(GUILD)
    assert hidden.hidden_at == START
    assert await attic.removals.erase_due(START + WEEK) == 1
    assert await attic.count("forum") == 0


async def test_an_ended_forum_is_hidden_at_once_and_erased_thirty_days_later(attic: Attic) -> None:
    await Forums(attic.database, attic.directory).remove(FORUM, START)
    (hidden,) = await attic.removals.of_guild(GUILD)
    assert (hidden.hidden_at, hidden.erase_at) == (START, START + MONTH)
    assert await attic.removals.erase_due(START + MONTH - timedelta(seconds=1)) == 0
    assert await attic.removals.erase_due(START + MONTH) == 1
    for table in ("forum", "discussion", "post", "revision", "author"):
        assert await attic.count(table) == 0, table


async def test_what_was_ended_and_is_deleted_then_is_erased_as_soon_as_any_deletion(
    attic: Attic, club: Club
) -> None:
    forums = Forums(attic.database, attic.directory)
    other = await club.discussion(THREAD + 500)
    await forums.remove(FORUM, START)
    await attic.removals.hide(THREAD, START)
    (first, second) = await attic.removals.of_guild(GUILD)
    assert (first.id, first.erase_at) == (attic.discussion_id, START + WEEK)
    assert (second.id, second.erase_at) == (other, START + MONTH)
    await forums.hide(FORUM, START + WEEK)
    assert await attic.removals.erase_due(START + 2 * WEEK) == 2


async def test_what_is_taken_up_again_is_not_erased(attic: Attic, database: Database) -> None:
    await Forums(database, attic.directory).remove(FORUM, START)
    await found_club(database)
    assert await attic.removals.erase_due(START + 2 * MONTH) == 0
    assert await attic.removals.of_guild(GUILD) == ()
    assert await attic.count("post") == 3


async def test_what_was_only_ended_can_be_read_anew_when_its_forum_is_set_up_again(
    attic: Attic, database: Database
) -> None:
    await Forums(database, attic.directory).remove(FORUM, START)
    await attic.removals.erase_due(START + MONTH)
    again = await (await found_club(database)).discussion()
    recorded = await attic.recording.record(again, message(THREAD, "Was she right?"))
    assert recorded.outcome is Outcome.NEW


async def test_a_deleted_thread_that_was_erased_stays_away_when_its_forum_is_set_up_again(
    attic: Attic, database: Database
) -> None:
    await attic.removals.hide(THREAD, START)
    await Forums(database, attic.directory).remove(FORUM, START)
    await attic.removals.erase_due(START + MONTH)
    assert await attic.count("tombstone WHERE id = 1000") == 1


async def test_nothing_of_an_erased_discussion_comes_back_in(attic: Attic, club: Club) -> None:
    assert await attic.removals.erase(attic.discussion_id, START) == 3
    other = await club.discussion(THREAD + 500)
    late = replace(message(THREAD + 1, "Never."), channel_id=THREAD + 500)
    for discussion_id in (attic.discussion_id, other):
        recorded = await attic.recording.record(discussion_id, late)
        assert recorded.outcome is Outcome.BLOCKED
    assert await attic.count("revision") == 0
    document = await attic.documents.get(other)
    assert [(post.author, post.content) for post in document.posts] == [(None, "")]


async def test_who_wrote_elsewhere_too_keeps_their_name_there(attic: Attic, club: Club) -> None:
    other = await club.discussion(THREAD + 500)
    elsewhere = message(THREAD + 501, "Hello.", name="Ben", by=8, thread_id=THREAD + 500)
    await attic.recording.record(other, elsewhere)
    await attic.removals.erase(attic.discussion_id, START)
    assert await attic.count("author") == 1
    document = await attic.documents.get(other)
    assert [post.author for post in document.posts] == ["Ben"]


async def test_the_trackings_of_an_erased_discussion_are_gone(attic: Attic) -> None:
    people = People(attic.database, WeeklySchedule(weekday=6, hour=18, zone="UTC"))
    await Tracking(attic.database, people).track_discussion(7, attic.discussion_id, START)
    await attic.removals.erase(attic.discussion_id, START)
    assert await attic.count("tracking") == 0


async def test_a_document_tells_all_that_is_kept(attic: Attic) -> None:
    await attic.recording.delete(attic.discussion_id, [THREAD + 2], START)
    picture = Attachment(1, "map.png", "image/png", 10)
    with_file = message(
        THREAD + 3, "", attachments=(picture,), notes=("Poll: Which?",), name="Cleo", by=9
    )
    await attic.recording.record(attic.discussion_id, with_file)
    await attic.removals.hide(THREAD, START)
    document = await attic.documents.get(attic.discussion_id)
    assert (document.title, document.forum) == ("Was Emma right to meddle?", "novels")
    assert document.total_posts == 4
    initial, reply, deleted, picture_post = document.posts
    assert (initial.kind, initial.content, initial.author) == (
        PostKind.INITIAL,
        "Was she right?",
        "Ann",
    )
    assert (reply.in_reply_to, reply.content, reply.edited_at is None) == (1, "Never.", False)
    assert (deleted.number, deleted.author, deleted.content) == (3, None, "")
    assert picture_post.content == "Poll: Which?\nFile: map.png"


async def test_a_document_exports_to_the_schema(attic: Attic) -> None:
    exported = json.loads(discussion_json(await attic.documents.get(attic.discussion_id)))
    jsonschema.validate(exported, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [post["number"] for post in exported["posts"]] == [1, 2, 3]


async def test_what_has_no_number_yet_comes_last_in_a_document(
    attic: Attic, database: Database
) -> None:
    await Gaps(database).forum_interrupted(FORUM, None)
    await attic.recording.record(attic.discussion_id, message(THREAD + 9, "unnumbered"))
    document = await attic.documents.get(attic.discussion_id)
    assert [(post.number, post.content) for post in document.posts][-1] == (4, "unnumbered")


async def test_there_is_no_document_of_what_is_not_there(attic: Attic) -> None:
    with pytest.raises(LookupError):
        await attic.documents.get(attic.discussion_id + 1)
