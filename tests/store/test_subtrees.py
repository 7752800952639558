"""Posts that change their parents, many at once."""

from __future__ import annotations

from bot.store.subtrees import move_all_below
from tests.store.archive import WHOLE, Archive


async def test_posts_that_move_at_once_leave_every_place_and_count_as_it_must_be(
    archive: Archive,
) -> None:
    discussion_id = await archive.bring(WHOLE)
    ids = {number: (await archive.of_number(discussion_id, number)).id for number in range(1, 7)}

    async with archive.database.transaction() as connection:
        # The fifth hangs below the fourth, which moves as well.
        moves = {ids[4]: ids[2], ids[5]: ids[1], ids[6]: None}
        await move_all_below(connection, discussion_id, moves)

    await archive.assert_consistent()
    parents = {number: (await archive.of_number(discussion_id, number)).parent_id for number in ids}
    assert parents == {1: None, 2: ids[1], 3: ids[2], 4: ids[2], 5: ids[1], 6: None}
