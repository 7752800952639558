from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.model import Discussion
from bot.store.panels import EDIT_PAUSE, Panels
from tests.reading_room import START, ReadingRoom

MINUTE = timedelta(minutes=1)


@pytest.fixture
def panels(room: ReadingRoom) -> Panels:
    return Panels(room.database)


async def archive(room: ReadingRoom, discussion: Discussion) -> None:
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE discussion SET is_archived = 1 WHERE id = ?", (discussion.id,)
        )


async def test_a_wanted_panel_is_due_until_it_is_there(room: ReadingRoom, panels: Panels) -> None:
    discussion = await room.begin("Emma")
    await panels.want(discussion.id, START)
    await panels.want(discussion.id, START)

    (wanted,) = await panels.due(START, 10)
    assert (wanted.discussion.id, wanted.message_id) == (discussion.id, None)
    assert not wanted.was_attempted
    await panels.attempt(discussion.id, START)
    (attempted,) = await panels.due(START, 10)
    assert attempted.was_attempted

    await panels.shows(discussion.id, 70, "3 posts", START)
    assert await panels.due(START + EDIT_PAUSE - MINUTE, 10) == ()
    (shown,) = await panels.due(START + EDIT_PAUSE, 10)
    assert (shown.message_id, shown.shown) == (70, "3 posts")


async def test_a_panel_that_is_there_is_not_wanted_anew_but_one_that_was_dropped_is(
    room: ReadingRoom, panels: Panels
) -> None:
    discussion = await room.begin("Emma")
    await panels.want(discussion.id, START)
    await panels.shows(discussion.id, 70, "3 posts", START)
    await panels.want(discussion.id, START)
    assert await panels.due(START, 10) == ()

    await panels.drop(discussion.id)
    await panels.want(discussion.id, START)

    (panel,) = await panels.due(START, 10)
    assert panel.message_id is None


async def test_an_archived_discussions_panel_is_left_alone_but_one_asked_for_is_posted(
    room: ReadingRoom, panels: Panels
) -> None:
    there, asked = await room.begin("Emma"), await room.begin("Persuasion")
    await panels.want(there.id, START)
    await panels.shows(there.id, 70, "3 posts", START)
    await panels.want(asked.id, START)
    await archive(room, there)
    await archive(room, asked)

    due = await panels.due(START + 2 * EDIT_PAUSE, 10)

    assert [panel.discussion.id for panel in due] == [asked.id]


async def test_those_that_wait_longest_come_first_and_hidden_ones_not_at_all(
    room: ReadingRoom, panels: Panels
) -> None:
    first, second, hidden = [await room.begin(title) for title in ("a", "b", "c")]
    await panels.want(second.id, START + MINUTE)
    await panels.want(first.id, START)
    await panels.want(hidden.id, START)
    async with room.database.transaction() as connection:
        await connection.execute("UPDATE discussion SET hidden_at = 1 WHERE id = ?", (hidden.id,))

    later = START + 2 * MINUTE
    assert [panel.discussion.id for panel in await panels.due(later, 10)] == [first.id, second.id]
    assert [panel.discussion.id for panel in await panels.due(later, 1)] == [first.id]
    await panels.postpone(first.id, later + MINUTE)
    assert [panel.discussion.id for panel in await panels.due(later, 10)] == [second.id]
