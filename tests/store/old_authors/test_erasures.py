"""Old posts that their authors had erased: gone for good, whichever way they come."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import UserError
from bot.store.importing.imports import ImportPlan
from tests.store.archive import (
    ALL_POSTS,
    ANN,
    BEN,
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


async def texts(archive: Archive, discussion_id: int) -> list[str]:
    return [one.content for one in await archive.posts.page(discussion_id)]


ERASED = ["", "Post 2.", "Post 3.", "", "Post 5.", "Post 6."]


async def everything(archive: Archive) -> str:
    """Give all that the tables hold, as text."""
    async with archive.database.reading() as connection:
        tables = await connection.execute_fetchall(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        rows = [
            tuple(row)
            for table in tables
            for row in await connection.execute_fetchall(f"SELECT * FROM {table['name']}")
            if table["name"] != "claim"
        ]
    return repr(rows)


async def test_text_and_name_are_gone_and_the_place_stays(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE, parts=2)
    await archive.claim()
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW) == 2
    assert await texts(archive, discussion_id) == ERASED
    first = await archive.of_number(discussion_id, 1)
    assert (first.is_deleted, first.author, first.edited_at) == (True, None, None)
    kept = await everything(archive)
    assert "Post 2." in kept
    assert not any(word in kept for word in ("Wren", "Post 1.", "Post 4."))
    left = [one.message_id for one in await archive.replays.leftovers(NOW)]
    assert left == [message_of(1), message_of(1, 1), message_of(4), message_of(4, 1)]
    await archive.assert_consistent()
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW) == 0


@pytest.mark.parametrize("is_in_file_before", [False, True])
async def test_an_erased_text_is_nowhere_in_the_files_once_the_log_is_emptied(
    archive: Archive, is_in_file_before: bool
) -> None:
    secret = "unforgettable "
    long = replace(post(4, 3), content=secret * 10_000, author="Wren")
    short = replace(post(1), content=secret)
    await archive.replay(page(short, *ALL_POSTS[1:3], long))
    if is_in_file_before:
        await archive.database.empty_log()
    assert secret.encode() in await asyncio.to_thread(files_of, archive)
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    await archive.database.empty_log()
    assert secret.encode() not in await asyncio.to_thread(files_of, archive)
    assert b"Post 2." in await asyncio.to_thread(files_of, archive)


def files_of(archive: Archive) -> bytes:
    """Give all bytes of the database's files, those of its write-ahead log included."""
    path = archive.database.path
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def test_just_one_of_the_claimed_posts_can_be_erased(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    fourth = await archive.of_number(discussion_id, 4)
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW, fourth.id) == 1
    assert await texts(archive, discussion_id) == ["Post 1.", *ERASED[1:]]
    await archive.assert_consistent()


async def test_one_erased_post_goes_from_every_forum_that_its_pages_were_imported_into(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    copy = await archive.bring(WHOLE, forum_id=OTHER_FORUM)
    other = await archive.bring(page(*ALL_POSTS, title="Who is listening?"))
    await archive.claim()
    fourth = await archive.of_number(discussion_id, 4)
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW, fourth.id) == 2
    for one in (discussion_id, copy):
        assert await texts(archive, one) == ["Post 1.", *ERASED[1:]]
    assert "Post 4." in await texts(archive, other)
    await archive.assert_consistent()


async def test_a_copy_that_counts_otherwise_is_known_by_its_moment(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    shifted = page(*(replace(one, number=one.number + 2) for one in ALL_POSTS))
    copy = await archive.bring(shifted, forum_id=OTHER_FORUM)
    await archive.claim()
    first = await archive.of_number(discussion_id, 1)
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW, first.id) == 2
    assert await texts(archive, copy) == ["", *(one.content for one in ALL_POSTS[1:])]


async def test_messages_that_name_the_author_of_an_erased_post_are_outdated(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.say(discussion_id, 5_000, reply_to=message_of(1))
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    queued = await archive.replays.load(discussion_id)
    assert [one.post.number for one in queued.posts if one.is_outdated] == [2, 5, 6]
    assert await archive.replays.outdated() == (discussion_id,)


async def test_what_was_deleted_before_is_barred_and_loses_its_name_too(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.recording.delete(discussion_id, [message_of(4)], NOW)
    await archive.claim()
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW) == 1
    assert "Wren" not in await everything(archive)
    assert await archive.imports.plan(WHOLE, OTHER_FORUM) == ImportPlan(None, 0, 4, 2)
    await archive.assert_consistent()


async def test_nobody_erases_what_is_not_theirs(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    own = await archive.say(discussion_id, 5_000)
    old = [(await archive.of_number(discussion_id, number)).id for number in (1, 2)]
    for user_id, post_id in ((BEN, old[0]), (ANN, old[1]), (ANN, own)):
        with pytest.raises(UserError, match="no old post of yours"):
            await archive.erasures.erase_claimed(GUILD, user_id, NOW, post_id)
    with pytest.raises(UserError, match="no old post of yours"):
        await archive.erasures.erase_claimed(GUILD + 1, ANN, NOW, old[0])
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW) == 2
    assert (await archive.of_number(discussion_id, 7)).content == "Today."


async def erased(archive: Archive) -> int:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    return discussion_id


async def test_the_same_pages_in_the_same_forum_bring_nothing_back(archive: Archive) -> None:
    discussion_id = await erased(archive)
    assert await archive.imports.plan(WHOLE, FORUM) == ImportPlan(discussion_id, 4, 0, 2)
    assert (await archive.imports.queue(WHOLE, FORUM, NOW)).added == 0
    assert await texts(archive, discussion_id) == ERASED


async def test_nothing_comes_back_into_another_forum_of_the_server(archive: Archive) -> None:
    await erased(archive)
    assert await archive.imports.plan(WHOLE, OTHER_FORUM) == ImportPlan(None, 0, 4, 2)
    queued = await archive.imports.queue(WHOLE, OTHER_FORUM, NOW)
    assert queued.added == 4
    assert await texts(archive, queued.discussion_id) == ERASED
    assert (await archive.of_number(queued.discussion_id, 1)).author is None
    discussion = await archive.discussions.get(queued.discussion_id)
    assert discussion is not None
    assert discussion.post_count == 4
    await archive.assert_consistent()
    chain = await archive.posts.page(queued.discussion_id)
    assert [one.parent_id for one in chain[1:3]] == [chain[0].id, chain[1].id]


async def test_nothing_comes_back_after_the_discussion_was_erased_or_its_thread_deleted(
    archive: Archive,
) -> None:
    discussion_id = await erased(archive)
    await archive.removals.hide(1_000, NOW)
    hidden = await archive.bring(FIRST)
    assert hidden != discussion_id
    assert await texts(archive, hidden) == ERASED[:3]
    for one in (discussion_id, hidden):
        await archive.removals.erase(one, NOW)
    again = await archive.bring(SECOND, FIRST)
    assert await texts(archive, again) == ERASED
    await archive.assert_consistent()


async def test_nothing_comes_back_though_the_import_was_taken_back_or_the_claim_was(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    claim_id = await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    assert await archive.claims.revoke(claim_id, HOST, NOW) == 0
    await archive.replays.cancel(discussion_id, NOW)
    await archive.replays.undo(discussion_id, NOW)
    assert await texts(archive, await archive.bring(SECOND, FIRST)) == ERASED


async def test_nothing_comes_back_from_pages_that_count_otherwise(archive: Archive) -> None:
    await erased(archive)
    shifted = page(
        *(replace(one, number=one.number + 2) for one in FIRST.posts),
        title=" who IS telling  this?",
    )
    queued = await archive.imports.queue(shifted, OTHER_FORUM, NOW)
    assert await texts(archive, queued.discussion_id) == ERASED[:3]


async def test_what_later_pages_bring_is_theirs_though_nothing_of_theirs_was_left(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)

    await archive.imports.queue(WHOLE, FORUM, NOW)

    later = await archive.of_number(discussion_id, 4)
    assert later.author is not None
    assert (later.author.name, later.author.user_id) == ("Wren", ANN)
    assert await archive.erasures.erase_claimed(GUILD, ANN, NOW) == 1


async def test_what_was_written_in_the_same_second_is_spared_where_the_number_tells(
    archive: Archive,
) -> None:
    await erased(archive)
    twin = replace(post(2), posted_at=post(1).posted_at)
    queued = await archive.imports.queue(page(post(1), twin, post(3)), OTHER_FORUM, NOW)
    assert await texts(archive, queued.discussion_id) == ["", "Post 2.", "Post 3."]


async def test_another_discussion_keeps_posts_of_that_number_and_time(archive: Archive) -> None:
    await erased(archive)
    other = page(post(1), title="Who is listening?")
    assert await texts(archive, await archive.bring(other)) == ["Post 1."]
    late = page(replace(post(1), posted_at=post(1).posted_at + timedelta(seconds=1)))
    assert (await archive.imports.plan(late, OTHER_FORUM)).blocked == 0


async def test_where_all_was_erased_there_is_nothing_to_import(archive: Archive) -> None:
    await erased(archive)
    for ask in (
        archive.imports.plan(page(post(1)), OTHER_FORUM),
        archive.imports.queue(page(post(1)), OTHER_FORUM, NOW),
    ):
        with pytest.raises(UserError, match="nothing to import"):
            await ask


async def test_later_pages_of_erased_posts_do_not_begin_a_finished_replay_again(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    await archive.removals.erase(discussion_id, NOW)
    async with archive.database.transaction() as connection:
        await connection.execute("DELETE FROM tombstone")
    later = await archive.replay(page(*FIRST.posts[1:]))
    assert (await archive.imports.queue(page(*FIRST.posts), FORUM, NOW)).added == 0
    assert await texts(archive, later) == ERASED[:3]
    assert await archive.replays.pending() == ()
