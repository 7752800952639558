"""Imported discussions as documents: what was read from pages is what is exported."""

from __future__ import annotations

from bot.exporters.json import discussion_json
from bot.importers.json_document import read_document
from tests.store.archive import (
    ANN,
    GUILD,
    HOST,
    NOW,
    OTHER_FORUM,
    WHOLE,
    Archive,
    message_of,
)


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
