from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.digest_record import DigestState
from bot.core.level import DigestKind
from bot.core.ports import Recipient
from bot.store.database import open_database
from bot.store.outbox import ClaimedDigest, Outbox
from bot.store.outbox_rows import PlannedDigest, next_digest_id, put_digests
from bot.store.planning import Planning
from tests.reading_room import ANN, SUNDAY_EVENING

SUNDAY = datetime(2026, 11, 29, 18, tzinfo=UTC)


async def first_digest(file: Path, planned_at: datetime, sent_at: datetime) -> ClaimedDigest:
    """Put Ann's digest into a file's outbox, and claim it at a later time."""
    async with open_database(file) as database:
        async with database.transaction() as connection:
            digest = PlannedDigest(
                await next_digest_id(connection),
                Recipient(user_id=ANN),
                DigestKind.WEEKLY,
                up_to=3,
                state=DigestState.WAITING,
                next_attempt_at=planned_at,
            )
            await put_digests(connection, [digest], planned_at)
        await Planning(database, SUNDAY_EVENING).plan_channels(sent_at)
        (claimed,) = await Outbox(database, SUNDAY_EVENING, a_minute=60).claim(sent_at, 25)
    return claimed


async def test_a_digest_that_waits_is_kept_however_long(tmp_path: Path) -> None:
    claimed = await first_digest(tmp_path / "one.sqlite3", SUNDAY, SUNDAY + timedelta(days=400))

    assert claimed.recipient == Recipient(user_id=ANN)
    assert claimed.planned_at == SUNDAY


async def test_the_token_is_another_one_in_a_database_that_is_begun_anew(tmp_path: Path) -> None:
    second_later = SUNDAY + timedelta(seconds=1)
    before = await first_digest(tmp_path / "one.sqlite3", SUNDAY, SUNDAY)
    anew = await first_digest(tmp_path / "two.sqlite3", second_later, second_later)

    assert before.id == anew.id
    assert before.token != anew.token
    assert len(anew.token) <= 25
