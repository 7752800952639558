"""A database of before there were parts goes on where it was, whatever was on its way."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.digest import DigestMessage
from bot.core.level import DigestKind
from bot.core.ports import Recipient
from bot.digests import Digests, open_digests
from bot.digests.settling import GIVE_UP_AFTER
from bot.store.database import open_database, to_milliseconds
from bot.store.migrate import load_migrations, migrate
from tests.digests.scene import DAY, HOUR, MINUTE, SUNDAY, WEEK
from tests.mailbag import Mailbag
from tests.reading_room import FORUM, GUILD, SUNDAY_EVENING

THREAD = 1_001
# Whose latest digest was in which state.
READERS = {1: "waiting", 2: "sending", 3: "sent", 4: "empty", 5: "failed"}
WAITING, SENDING, *_ = READERS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Everyone tracks the forum. The digests covered the first post of its discussion.

    They were planned at the last Sunday's hour; the second post came after that.
    """
    path = tmp_path / "club.sqlite3"
    migrate(path, load_migrations()[:7])
    at = to_milliseconds(SUNDAY - WEEK)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO guild (id, name) VALUES (?, 'Tuesday Readers')", (GUILD,))
        connection.execute(
            "INSERT INTO forum (id, guild_id, name, is_forum_channel, host_id, set_up_at)"
            " VALUES (?, ?, 'novels', 1, 1, 0)",
            (FORUM, GUILD),
        )
        connection.execute(
            "INSERT INTO discussion (id, guild_id, forum_id, thread_id, title, started_at, mark,"
            " is_private) VALUES (1, ?, ?, ?, 'Emma', 0, 0, 0)",
            (GUILD, FORUM, THREAD),
        )
        connection.executemany(
            "INSERT INTO post (id, discussion_id, message_id, kind, root_id, number, posted_at,"
            " mark, content) VALUES (?, 1, ?, 'post', ?, ?, ?, ?, ?)",
            [
                (1, THREAD, 1, 1, at - 1, 6, "Covered by the digest."),
                (2, THREAD + 1, 2, 2, at + 1, 7, "Came after it."),
            ],
        )
        connection.execute("UPDATE news_mark SET value = 7")
        for user_id, state in READERS.items():
            # Of a failed digest the news was left to the next one.
            seen = 5 if state == "failed" else 6
            connection.execute(
                "INSERT INTO person (user_id, weekday, hour, zone, next_digest_at, seen_mark)"
                " VALUES (?, 6, 18, 'UTC', ?, ?)",
                (user_id, to_milliseconds(SUNDAY), seen),
            )
            connection.execute(
                "INSERT INTO tracking (user_id, guild_id, forum_id, since_mark, tracked_at)"
                " VALUES (?, ?, ?, 2, 0)",
                (user_id, GUILD, FORUM),
            )
            is_open = state in ("waiting", "sending")
            connection.execute(
                "INSERT INTO outbox (id, user_id, after_mark, up_to_mark, planned_at, state,"
                " attempts, next_attempt_at, settled_at) VALUES (?, ?, 5, 6, ?, ?, ?, ?, ?)",
                (
                    user_id,
                    user_id,
                    at,
                    state,
                    0 if state == "waiting" else 1,
                    at,
                    None if is_open else at,
                ),
            )
    return path


@pytest.fixture
async def digests(path: Path) -> AsyncIterator[Digests]:
    async with (
        open_database(path) as database,
        open_digests(database, SUNDAY_EVENING, 1_000, SUNDAY - WEEK + HOUR) as digests,
    ):
        yield digests


async def test_what_was_on_its_way_arrives_once_and_what_came_after_it_comes_in_a_week(
    digests: Digests,
) -> None:
    mailbag = Mailbag()
    # Sent just before the upgrade, by the name that it had then; nobody heard of it.
    earlier = DigestMessage(DigestKind.WEEKLY, "Your week", "Covered by the digest.", (), "", {})
    token = f"digest-{SENDING}-{int((SUNDAY - WEEK).timestamp()):x}"
    await mailbag.deliver(Recipient(user_id=SENDING), earlier, token)

    await digests.tick(mailbag, SUNDAY - WEEK + HOUR)
    assert sorted(mailbag.attempts) == [WAITING, SENDING]
    await digests.tick(mailbag, SUNDAY + 5 * MINUTE)

    for reader, state in READERS.items():
        texts = mailbag.texts(reader)
        assert "Came after it." in texts[-1], state
        times = "\n".join(texts).count("Covered by the digest.")
        assert times == (0 if state in ("sent", "empty") else 1), state


async def test_what_was_on_its_way_and_is_given_up_comes_in_the_next_one(digests: Digests) -> None:
    mailbag = Mailbag(unknown={THREAD})
    now = SUNDAY - WEEK + HOUR
    while now < SUNDAY - WEEK + GIVE_UP_AFTER + DAY / 2:
        await digests.tick(mailbag, now)
        now += 6 * HOUR
    mailbag.unknown.clear()

    await digests.tick(mailbag, SUNDAY + 5 * MINUTE)

    for reader in (WAITING, SENDING):
        (text,) = mailbag.texts(reader)
        assert "Covered by the digest." in text
        assert "Came after it." in text
