"""Pages are worked out while others read and write, and hold for what is there when they come."""

from __future__ import annotations

import asyncio

from bot.core.imported import ImportedDiscussion
from bot.store.importing.imports import Queued
from tests.store.archive import FIRST, FORUM, NOW, SECOND, WHOLE, Archive


async def brought_at_once(archive: Archive, *pages: ImportedDiscussion) -> list[Queued]:
    """Import each page by itself, all of them worked out before the first is written."""
    async with archive.database.transaction():
        queued = [asyncio.create_task(archive.imports.queue(one, FORUM, NOW)) for one in pages]
        # Nobody waits for the writer to say what pages would bring; these came after the others.
        for one in pages:
            await archive.imports.plan(one, FORUM)
    return list(await asyncio.gather(*queued))


async def test_two_hosts_who_import_the_same_pages_at_once_bring_one_discussion(
    archive: Archive,
) -> None:
    brought = await brought_at_once(archive, WHOLE, WHOLE)
    assert len({one.discussion_id for one in brought}) == 1
    assert sorted(one.added for one in brought) == [0, 6]
    await archive.assert_consistent()


async def test_two_pages_of_one_discussion_that_come_at_once_complete_each_other(
    archive: Archive,
) -> None:
    brought = await brought_at_once(archive, FIRST, SECOND)
    (discussion_id,) = {one.discussion_id for one in brought}
    document = (await archive.replays.load(discussion_id)).document
    assert document.posts == WHOLE.posts
    assert document.missing_posts == ()
    await archive.assert_consistent()
