"""What changes between planning and sending: nothing is said of it, and the reason is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.core.level import Level
from bot.core.model import Discussion
from bot.digests import Digests
from bot.store.directory import Directory
from bot.store.removals import Removals
from bot.store.servers import Servers
from tests.digests.scene import SUNDAY, WEEK, exclusions, states
from tests.mailbag import Mailbag
from tests.reading_room import ANN, CLEO, FORUM, GUILD, ReadingRoom

Change = Callable[[ReadingRoom, Discussion, Mailbag], Awaitable[None]]


async def removals_of(room: ReadingRoom) -> Removals:
    directory = Directory()
    await directory.load(room.database)
    return Removals(room.database, directory)


async def delete_post(room: ReadingRoom, discussion: Discussion, _mailbag: Mailbag) -> None:
    async with room.database.reading() as connection:
        (row,) = await connection.execute_fetchall("SELECT message_id FROM post")
    await room.delete(discussion, row["message_id"])


async def delete_thread(room: ReadingRoom, discussion: Discussion, _mailbag: Mailbag) -> None:
    assert discussion.thread_id is not None
    await (await removals_of(room)).hide(discussion.thread_id, SUNDAY)


async def erase(room: ReadingRoom, discussion: Discussion, mailbag: Mailbag) -> None:
    await delete_thread(room, discussion, mailbag)
    await (await removals_of(room)).erase(discussion.id, SUNDAY)


async def end_forum(room: ReadingRoom, _discussion: Discussion, _mailbag: Mailbag) -> None:
    await room.forums.remove(FORUM, SUNDAY)


async def put_bot_out(room: ReadingRoom, _discussion: Discussion, _mailbag: Mailbag) -> None:
    await Servers(room.database, Directory()).left(GUILD, SUNDAY)


async def stop_tracking(room: ReadingRoom, _discussion: Discussion, _mailbag: Mailbag) -> None:
    tracked = await room.tracking.of_user(ANN)
    await room.tracking.stop(ANN, [each.id for each in tracked], SUNDAY)


async def mute(room: ReadingRoom, discussion: Discussion, _mailbag: Mailbag) -> None:
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.MUTED, SUNDAY)


async def leave(_room: ReadingRoom, _discussion: Discussion, mailbag: Mailbag) -> None:
    mailbag.departed.add(ANN)


async def lose_role(_room: ReadingRoom, discussion: Discussion, mailbag: Mailbag) -> None:
    assert discussion.thread_id is not None
    mailbag.unreadable.add(discussion.thread_id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (delete_post, "nothing"),
        (delete_thread, "gone"),
        (erase, "gone"),
        (end_forum, "gone"),
        (put_bot_out, "gone"),
        (stop_tracking, "muted"),
        (mute, "muted"),
        (leave, "left"),
        (lose_role, "no access"),
    ],
)
async def test_what_cannot_be_told_any_more_is_not_and_its_reason_is_kept(
    room: ReadingRoom, digests: Digests, discussion: Discussion, change: Change, reason: str
) -> None:
    mailbag = Mailbag()
    await digests.plan(SUNDAY)

    await change(room, discussion, mailbag)
    await digests.deliver(mailbag, SUNDAY)

    assert not mailbag.texts(ANN)
    assert await states(room, ANN) == ["empty"]
    assert await exclusions(room, ANN) == [reason]


async def test_the_rest_is_told_without_what_was_closed_meanwhile(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    private = await room.begin("For the few", is_private=True)
    await room.tracking.track_discussion(ANN, private.id, room.now)
    await room.post(private, CLEO, "A secret")
    mailbag = Mailbag()
    await digests.plan(SUNDAY)

    await lose_role(room, private, mailbag)
    await digests.deliver(mailbag, SUNDAY)

    (text,) = mailbag.texts(ANN)
    assert discussion.title in text
    assert "A secret" not in text
    assert "For the few" not in text
    assert await exclusions(room, ANN) == [None, "no access"]


async def test_what_was_muted_on_the_way_is_not_told_when_it_is_unmuted(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    await digests.plan(SUNDAY)
    await mute(room, discussion, mailbag)
    await digests.deliver(mailbag, SUNDAY)

    room.now = SUNDAY
    await room.tracking.set_level_of_discussion(ANN, discussion.id, Level.WEEKLY, SUNDAY)
    await room.post(discussion, CLEO, "Heard again")
    await digests.tick(mailbag, SUNDAY + WEEK)

    (text,) = mailbag.texts(ANN)
    assert "Heard again" in text
    assert "The cousin is a liar" not in text


async def test_a_server_that_lets_the_bot_in_again_is_told_of_from_then_on(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    await digests.plan(SUNDAY)
    await put_bot_out(room, discussion, mailbag)
    await digests.deliver(mailbag, SUNDAY)

    await Servers(room.database, Directory()).joined(GUILD, "Tuesday Readers")
    await room.post(discussion, CLEO, "We are back")
    await digests.tick(mailbag, SUNDAY + WEEK)

    (text,) = mailbag.texts(ANN)
    assert "We are back" in text


async def test_a_renamed_discussion_is_told_of_by_its_new_name(
    room: ReadingRoom, digests: Digests, discussion: Discussion
) -> None:
    mailbag = Mailbag()
    await digests.plan(SUNDAY)
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE discussion SET title = 'A new name', is_locked = 1 WHERE id = ?",
            (discussion.id,),
        )

    await digests.deliver(mailbag, SUNDAY)

    (text,) = mailbag.texts(ANN)
    assert "A new name" in text
