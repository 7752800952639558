from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store.database import Database
from bot.store.people import People
from bot.store.person import Pause, PauseReason
from tests.reading_room import ANN, BEN, START, SUNDAY_EVENING

LATER = START + timedelta(days=1)


@pytest.fixture
async def people(database: Database) -> People:
    """Ann is known."""
    people = People(database, SUNDAY_EVENING)
    await people.choose(ANN, now=START, hour=7)
    return people


async def paused(people: People, user_id: int = ANN) -> Pause | None:
    person = await people.get(user_id)
    assert person is not None
    return person.paused


async def test_who_asks_for_a_pause_knows_of_it(people: People) -> None:
    await people.pause(ANN, PauseReason.ASKED, START)
    assert await paused(people) == Pause(START, PauseReason.ASKED, is_told=True)
    assert not await people.pause_told(ANN, LATER)


async def test_whose_inbox_was_closed_is_told_once(people: People) -> None:
    await people.pause(ANN, PauseReason.INBOX, START)
    assert await paused(people) == Pause(START, PauseReason.INBOX, is_told=False)
    assert await people.pause_told(ANN, LATER)
    assert not await people.pause_told(ANN, LATER)
    assert await paused(people) == Pause(START, PauseReason.INBOX, is_told=True)


async def test_telling_that_failed_is_tried_again(people: People) -> None:
    await people.pause(ANN, PauseReason.INBOX, START)
    await people.pause_told(ANN, LATER)
    await people.pause_not_told(ANN)
    assert await people.pause_told(ANN, LATER)


async def test_who_is_not_paused_is_told_nothing(people: People) -> None:
    assert not await people.pause_told(ANN, LATER)
    assert not await people.pause_told(BEN, LATER)


async def test_a_pause_that_goes_on_began_when_it_began(people: People) -> None:
    await people.pause(ANN, PauseReason.INBOX, START)
    await people.pause_told(ANN, START)
    await people.pause(ANN, PauseReason.INBOX, LATER)
    assert await paused(people) == Pause(START, PauseReason.INBOX, is_told=True)


async def test_what_was_asked_for_outweighs_a_closed_inbox(people: People) -> None:
    await people.pause(ANN, PauseReason.INBOX, START)
    await people.pause(ANN, PauseReason.ASKED, LATER)
    await people.pause(ANN, PauseReason.INBOX, LATER)
    assert await paused(people) == Pause(START, PauseReason.ASKED, is_told=True)


async def test_a_pause_ends_and_the_next_one_is_told_anew(people: People) -> None:
    await people.pause(ANN, PauseReason.INBOX, START)
    await people.pause_told(ANN, START)
    await people.resume(ANN)
    assert await paused(people) is None
    await people.pause(ANN, PauseReason.INBOX, LATER)
    assert await paused(people) == Pause(LATER, PauseReason.INBOX, is_told=False)


async def test_who_tracks_nothing_can_pause_and_resume(people: People) -> None:
    await people.resume(BEN)
    assert await people.get(BEN) is None
    await people.pause(BEN, PauseReason.ASKED, START)
    assert await paused(people, BEN) is not None
