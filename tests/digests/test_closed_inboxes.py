"""Who takes no direct messages: tried again for a week, then left alone until they ask."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.digests import Digests
from bot.store.person import Inbox, PauseReason
from tests.digests.scene import DAY, HOUR, MINUTE, SUNDAY, WEEK, person_of, states
from tests.mailbag import Mailbag, refusal, silence
from tests.reading_room import ANN, CLEO, ReadingRoom

pytestmark = pytest.mark.usefixtures("discussion")


async def attempts_of(
    mailbag: Mailbag, digests: Digests, first: datetime, end: datetime
) -> list[datetime]:
    """Tick through the time, and give when Ann's inbox was tried."""
    tried = []
    now = first
    while now < end:
        before = len(mailbag.attempts)
        await digests.tick(mailbag, now)
        tried += [now] * mailbag.attempts[before:].count(ANN)
        now += HOUR
    return tried


async def test_the_gaps_grow_over_a_week_and_then_the_person_is_paused(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag(closed={ANN})

    tried = await attempts_of(mailbag, digests, SUNDAY, SUNDAY + 9 * DAY)

    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[:4] == [1 * HOUR, 3 * HOUR, 9 * HOUR, 24 * HOUR]
    assert set(gaps[4:]) == {24 * HOUR}
    assert SUNDAY + WEEK <= tried[-1] < SUNDAY + WEEK + DAY
    person = await person_of(room, ANN)
    assert person.inbox is Inbox.CLOSED
    assert person.paused is not None
    assert person.paused.reason is PauseReason.INBOX
    # The next week's was skipped, since it is paused.
    assert (await states(room, ANN))[0] == "failed"
    assert set((await states(room, ANN))[1:]) <= {"skipped"}


async def test_posts_that_come_meanwhile_bring_no_further_attempts(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    await room.tracking.track_discussion(ANN, discussion.id, room.now, Level.EVERY_POST)
    mailbag = Mailbag(closed={ANN})
    room.now = SUNDAY
    tried = []
    for _ in range(6):
        await room.post(discussion, CLEO, "Another thought")
        tried += await attempts_of(mailbag, digests, room.now, room.now + HOUR)
        room.pass_time(HOUR)

    assert tried == [SUNDAY, SUNDAY + HOUR, SUNDAY + 4 * HOUR]


async def test_all_of_it_comes_when_the_inbox_is_open_within_the_week(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag(closed={ANN})
    await digests.tick(mailbag, SUNDAY)
    closed = (await person_of(room, ANN)).inbox
    mailbag.closed.clear()
    await room.post(discussion, CLEO, "Later")

    await digests.tick(mailbag, SUNDAY + HOUR)
    await digests.tick(mailbag, SUNDAY + WEEK)

    assert closed is Inbox.CLOSED
    first, second = mailbag.texts(ANN)
    assert "The cousin is a liar" in first
    assert "Later" in second
    assert (await person_of(room, ANN)).inbox is Inbox.OPEN


async def test_what_waits_comes_at_once_when_the_inbox_is_found_to_be_open(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag(closed={ANN})
    # By then the next try is a day away.
    await attempts_of(mailbag, digests, SUNDAY, SUNDAY + DAY)
    mailbag.closed.clear()
    now = SUNDAY + DAY + MINUTE
    await digests.tick(mailbag, now)
    assert not mailbag.texts(ANN)

    await room.people.set_inbox(ANN, Inbox.OPEN, now)
    await digests.tick(mailbag, now)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text


async def test_nothing_is_lost_for_one_who_resumes_weeks_later(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag(closed={ANN})
    for days in range(9):
        await digests.tick(mailbag, SUNDAY + days * DAY)
    await room.post(discussion, CLEO, "While nobody listened")
    await digests.tick(mailbag, SUNDAY + 3 * WEEK)

    mailbag.closed.clear()
    await room.people.resume(ANN)
    await digests.tick(mailbag, SUNDAY + 4 * WEEK)

    (text,) = mailbag.texts(ANN)
    assert "The cousin is a liar" in text
    assert "While nobody listened" in text


async def test_one_that_arrived_just_before_the_inbox_was_closed_does_not_come_again(
    room: ReadingRoom, digests: Digests
) -> None:
    mailbag = Mailbag()
    mailbag.after[ANN].append(silence)
    mailbag.looking[ANN].append(refusal)
    for now in (SUNDAY, SUNDAY + HOUR, SUNDAY + 5 * HOUR, SUNDAY + DAY):
        await digests.tick(mailbag, now)

    assert len(mailbag.texts(ANN)) == 1
    assert await states(room, ANN) == ["sent"]
