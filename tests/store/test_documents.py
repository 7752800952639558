"""Imported discussions as documents: what was read from pages is what is exported."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from bot.core.imported import ImportedDiscussion
from bot.core.model import Attachment
from bot.exporters.json import discussion_json
from bot.importers.json_document import read_document
from bot.store.importing.arriving_pages import ImportPlan
from tests.store.archive import (
    ALL_POSTS,
    ANN,
    FIRST,
    FORUM,
    GUILD,
    HOST,
    NOW,
    OTHER_FORUM,
    SECOND,
    WHOLE,
    Archive,
    message_of,
    page,
    post,
)
from tests.store.thread import THREAD, Club, message


async def taken_home(archive: Archive, discussion_id: int) -> ImportedDiscussion:
    """Give a discussion as it is read from the file in which it is taken home."""
    exported = await archive.documents.get(discussion_id)
    return read_document(discussion_json(exported).decode())


async def test_an_imported_discussion_is_exported_as_its_pages_told_it(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    exported = await archive.documents.get(discussion_id)
    told = [(one.author, one.kind, one.in_reply_to, one.reply_evidence) for one in exported.posts]
    assert told == [
        (one.author, one.kind, one.in_reply_to, one.reply_evidence) for one in WHOLE.posts
    ]
    assert [one.content for one in exported.posts] == [one.content for one in WHOLE.posts]
    assert [one.posted_at for one in exported.posts] == [one.posted_at for one in WHOLE.posts]


async def test_what_a_host_chose_is_exported_without_evidence_and_can_be_read_again(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    fourth, first, fifth = [await archive.of_number(discussion_id, n) for n in (4, 1, 5)]
    await archive.parents.choose(fourth.id, first.id, HOST, NOW)
    await archive.parents.choose(fifth.id, None, HOST, NOW)
    exported = await archive.documents.get(discussion_id)
    told = [(one.in_reply_to, one.reply_evidence) for one in exported.posts[3:5]]
    assert told == [(1, None), (None, None)]
    assert read_document(discussion_json(exported).decode()) == exported


async def test_a_discussion_of_old_and_new_posts_can_be_imported_elsewhere(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.say(discussion_id, 5_000, reply_to=message_of(4))
    exported = await archive.documents.get(discussion_id)
    again = read_document(discussion_json(exported).decode())
    copied = await archive.bring(again, forum_id=OTHER_FORUM)
    copy = await archive.documents.get(copied)
    assert copy.posts == exported.posts
    assert (copy.posts[6].in_reply_to, copy.posts[6].reply_evidence) == (4, "reply")
    await archive.assert_consistent()


async def test_claimed_posts_bear_the_members_name_and_erased_ones_nobodys(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    await archive.say(discussion_id, 5_000)
    first = await archive.of_number(discussion_id, 1)
    await archive.erasures.erase_claimed(GUILD, ANN, NOW, first.id)
    exported = await archive.documents.get(discussion_id)
    member = f"Member {ANN}"
    assert [one.author for one in exported.posts] == [
        *(None, "Tamsin", None),
        *(member, "Tamsin", None),
        member,
    ]
    assert exported.posts[0].content == ""
    # Ann, Tamsin.
    assert exported.participants == 2


def without_links(discussion: ImportedDiscussion) -> ImportedDiscussion:
    """Leave out the ids of the old forum, which no file shows."""
    posts = [replace(one, message_id=None, answered_id=None) for one in discussion.posts]
    return replace(discussion, posts=tuple(posts))


@pytest.mark.parametrize("pages", [(WHOLE,), (FIRST,), (SECOND,), (SECOND, FIRST)])
async def test_what_was_imported_is_taken_home_with_all_that_its_pages_told(
    archive: Archive, pages: tuple[ImportedDiscussion, ...]
) -> None:
    discussion_id = await archive.replay(*pages)
    told = WHOLE if len(pages) == 2 else pages[0]
    assert await taken_home(archive, discussion_id) == without_links(told)


async def settled(archive: Archive, discussion_id: int) -> None:
    await archive.discussions.settle(discussion_id)


async def claimed(archive: Archive, discussion_id: int) -> None:
    await archive.claim()
    await archive.say(discussion_id, 5_000)


async def erased(archive: Archive, discussion_id: int) -> None:
    await archive.claim()
    first = await archive.of_number(discussion_id, 1)
    await archive.erasures.erase_claimed(GUILD, ANN, NOW, first.id)


async def parents_chosen(archive: Archive, discussion_id: int) -> None:
    fourth, first = [await archive.of_number(discussion_id, number) for number in (4, 1)]
    await archive.parents.choose(fourth.id, first.id, HOST, NOW)


async def answered_and_answer_deleted(archive: Archive, discussion_id: int) -> None:
    await archive.say(discussion_id, 5_000, reply_to=message_of(4))
    await archive.say(discussion_id, 5_001, reply_to=5_000)
    await archive.recording.delete(discussion_id, [5_000], NOW)


@pytest.mark.parametrize(
    "happens",
    [settled, claimed, erased, parents_chosen, answered_and_answer_deleted],
    ids=lambda happens: happens.__name__,
)
async def test_what_was_taken_home_adds_nothing_here_and_is_the_same_elsewhere(
    archive: Archive, happens: Callable[[Archive, int], Coroutine[None, None, None]]
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await happens(archive, discussion_id)
    file = await taken_home(archive, discussion_id)

    plan = await archive.imports.plan(file, FORUM)
    assert (plan.discussion_id, plan.added) == (discussion_id, 0)
    assert plan.known + plan.blocked == len(file.posts)
    assert await archive.bring(file) == discussion_id
    assert await taken_home(archive, discussion_id) == file
    elsewhere = await archive.bring(file, forum_id=OTHER_FORUM)
    assert await taken_home(archive, elsewhere) == file
    await archive.assert_consistent()


async def test_an_authors_soliloquy_that_they_claimed_is_known_again(archive: Archive) -> None:
    alone = page(*(replace(one, author="Wren") for one in ALL_POSTS))
    discussion_id = await archive.replay(alone)
    await archive.say(discussion_id, 5_000)
    await archive.claim()
    file = await taken_home(archive, discussion_id)
    assert await archive.imports.plan(file, FORUM) == ImportPlan(discussion_id, 7, 0, 0)


async def test_the_posts_of_who_changed_their_name_or_lost_them_since_are_known_again(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    claim_id = await archive.claim()
    await archive.say(discussion_id, 5_000)
    file = await taken_home(archive, discussion_id)
    renamed = message(5_001, by=ANN, name="Wren of Gimmerton")
    await archive.recording.record(discussion_id, renamed)
    assert (await taken_home(archive, discussion_id)).posts[0].author == "Wren of Gimmerton"
    assert await archive.imports.plan(file, FORUM) == ImportPlan(discussion_id, 7, 0, 0)
    await archive.claims.revoke(claim_id, HOST, NOW)
    assert (await taken_home(archive, discussion_id)).posts[0].author == "Wren"
    assert await archive.imports.plan(file, FORUM) == ImportPlan(discussion_id, 7, 0, 0)


async def test_of_a_file_of_old_and_new_posts_the_old_ones_that_were_missing_are_added(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.say(discussion_id, 5_000)
    file = await taken_home(archive, discussion_id)
    assert file.missing_posts == ((4, 6),)
    fourth = replace(post(4), message_id=None)
    more = replace(file, posts=(*file.posts[:3], fourth, *file.posts[3:]))
    assert await archive.imports.plan(more, FORUM) == ImportPlan(discussion_id, 4, 1, 0)
    new_ones = replace(file, posts=file.posts[3:])
    assert await archive.imports.plan(new_ones, FORUM) == ImportPlan(discussion_id, 1, 0, 0)


async def test_a_discussion_of_today_is_the_same_where_its_file_is_imported(
    archive: Archive,
) -> None:
    discussion_id = await Club(archive.discussions).discussion()
    empty = await taken_home(archive, discussion_id)
    assert (empty.posts, empty.missing_posts) == ((), ())
    map_ = Attachment(5, "SPOILER_map.png", "image/png", 9)
    for said in (
        message(THREAD, "Was she *right*?\n\n\n> No."),
        message(THREAD, "Was she ||right||?", edited=5),
        message(1_001, "", by=8, name="Ben", attachments=(map_,), notes=("Poll: Whose? (His)",)),
        message(1_003, "Gone.", by=8, name="Ben"),
        message(1_004, "Why?", reply_to=1_003),
    ):
        await archive.recording.record(discussion_id, said)
    await archive.recording.delete(discussion_id, [1_003], NOW)

    file = await taken_home(archive, discussion_id)
    assert [one.content for one in file.posts] == [
        "Was she ||right||?",
        "Poll: Whose? (His)\nFile: SPOILER_map.png",
        "",
        "Why?",
    ]
    elsewhere = await archive.bring(file, forum_id=OTHER_FORUM)
    assert await taken_home(archive, elsewhere) == file
