"""What happens on Discord between planning and sending a digest, over the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.client import Marginalia
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_CHANNELS, MANAGE_THREADS, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.harness import Club, Settled, found_club

WEEK = timedelta(days=8)

Change = Callable[[Club, SandboxThread], Awaitable[None]]


async def moderator(club: Club) -> SandboxMember:
    rights = MANAGE_CHANNELS | MANAGE_THREADS
    return await club.guild.add_member(
        "Mo", roles=[await club.guild.create_role("Moderator", permissions=rights)]
    )


async def delete_thread(club: Club, thread: SandboxThread) -> None:
    await (await moderator(club)).delete_thread(thread)


async def delete_forum(club: Club, _thread: SandboxThread) -> None:
    await (await moderator(club)).delete_channel(club.forum)


async def put_bot_out(club: Club, _thread: SandboxThread) -> None:
    await club.guild.remove_bot()


async def put_bot_out_and_let_it_in(club: Club, _thread: SandboxThread) -> None:
    await club.guild.remove_bot()
    await club.guild.invite_bot()


async def leave(club: Club, _thread: SandboxThread) -> None:
    await club.guild.remove_member(club.ann)


async def close_forum(club: Club, _thread: SandboxThread) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)


async def rename_and_lock(club: Club, thread: SandboxThread) -> None:
    mo = await moderator(club)
    await mo.rename(thread, "A new name")
    await mo.lock(thread)


async def nothing(_club: Club, _thread: SandboxThread) -> None:
    pass


@pytest.fixture
async def planned_at(bot: Marginalia, club: Club, settled: Settled) -> datetime:
    """A digest is planned for Ann, of one discussion in which Cleo has written."""
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    await club.ann.slash(thread, "track discussion")
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    now = bot.clock.now() + WEEK
    await bot.app.digests.plan(now)
    return now


async def outcome(bot: Marginalia, user_id: int) -> tuple[str, str | None]:
    """Give the state of the person's digest, and why nothing was said of its discussion."""
    async with bot.app.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT state, exclusion FROM outbox JOIN outbox_part ON outbox_id = id"
            " WHERE user_id = ?",
            (user_id,),
        )
    return row["state"], row["exclusion"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (delete_thread, ("empty", "gone")),
        (delete_forum, ("empty", "gone")),
        (put_bot_out, ("empty", "gone")),
        (put_bot_out_and_let_it_in, ("sent", None)),
        (leave, ("empty", "left")),
        (close_forum, ("empty", "no access")),
        (rename_and_lock, ("sent", None)),
        (nothing, ("sent", None)),
    ],
)
async def test_each_change_has_its_outcome_and_its_reason(
    bot: Marginalia,
    club: Club,
    settled: Settled,
    planned_at: datetime,
    change: Change,
    expected: tuple[str, str | None],
) -> None:
    (thread,) = club.guild.active_threads()
    await change(club, thread)
    await settled()

    await bot.app.digests.deliver(DiscordCourier(bot, Access(bot)), planned_at)
    await bot.app.digests.settled()

    assert await outcome(bot, club.ann.id) == expected
    digests = [message for message in club.ann.inbox if message.embeds]
    assert len(digests) == (expected[0] == "sent")
    if change is rename_and_lock:
        assert "A new name" in str(digests[0].embeds)


async def test_the_rights_of_all_are_asked_at_once_and_by_no_request_for_one(
    sandbox: Sandbox, bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    for reader in (club.ann, club.cleo, club.host):
        await reader.slash(thread, "track discussion")
    await club.ben.post(thread, "Is it the wife?")
    await settled()
    before = len(sandbox.requests)

    await bot.app.digests.tick(DiscordCourier(bot, Access(bot)), bot.clock.now() + WEEK)
    await bot.app.digests.settled()

    asked = sandbox.requests[before:]
    assert len([each for each in asked if each.path.endswith("/messages")]) == 3
    assert not [each for each in asked if "/members/" in each.path]


async def test_the_outage_of_one_server_holds_up_its_own_readers_alone(
    sandbox: Sandbox, bot: Marginalia, club: Club, settled: Settled
) -> None:
    other = await found_club(bot, sandbox, await sandbox.create_guild("The others"))
    for each in (club, other):
        thread = await each.ben.start_thread(each.forum, "Who is in the attic?", "A theory")
        await settled()
        await each.ann.slash(thread, "track discussion")
        await each.cleo.post(thread, "Is it the wife?")
    await settled()
    await other.guild.become_unavailable()
    courier = DiscordCourier(bot, Access(bot))
    now = bot.clock.now() + WEEK

    await bot.app.digests.tick(courier, now)
    await bot.app.digests.settled()
    during = [len([m for m in each.ann.inbox if m.embeds]) for each in (club, other)]
    await other.guild.become_available()
    await settled()
    await bot.app.digests.tick(courier, now + timedelta(minutes=2))
    await bot.app.digests.settled()
    after = [len([m for m in each.ann.inbox if m.embeds]) for each in (club, other)]

    assert during == [1, 0]
    assert after == [1, 1]
    await other.guild.remove_bot()
