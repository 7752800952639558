"""Digests over the wire while Discord refuses, limits, or is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Marginalia
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.member import SandboxMember
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.cogs.scenes import Tick
from tests.harness import Club, Settled

WEEK = timedelta(days=8)


def digests_of(member: SandboxMember) -> list[SandboxMessage]:
    """Give the person's direct messages but for the greeting."""
    return [message for message in member.inbox if message.embeds]


async def standing(bot: Marginalia, member: SandboxMember) -> tuple[str, str | None]:
    """Give the state of the person's latest digest, and why it waits."""
    async with bot.app.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT state, reason FROM outbox WHERE user_id = ? ORDER BY id DESC LIMIT 1",
            (member.id,),
        )
    return row["state"], row["reason"]


@pytest.mark.slow
async def test_while_the_gateway_is_gone_digests_wait_for_the_rights(
    sandbox: Sandbox,
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    settled: Settled,
    tick: Tick,
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    sandbox.gateway.refuse()
    await sandbox.gateway.drop()

    # Not by `tick`, which would wait for what the gateway has still to tell.
    courier = DiscordCourier(bot, Access(bot))
    await bot.app.digests.tick(courier, bot.clock.now() + WEEK)
    await bot.app.digests.settled()
    assert await standing(bot, club.ann) == (
        "waiting",
        "Discord does not say just now what you may read",
    )
    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    await tick(8.01)

    assert len(digests_of(club.ann)) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (50007, "your direct messages are closed to me"),
        (50278, "you share no server with me any more"),
        (10013, "your account is gone"),
    ],
)
async def test_what_discord_refuses_waits_for_the_next_attempt_with_its_reason(
    sandbox: Sandbox,
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    tick: Tick,
    code: int,
    reason: str,
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    sandbox.faults.refuse("POST", f"/channels/{club.ann.dm.id}/messages", code)

    await tick(8)
    assert await standing(bot, club.ann) == ("waiting", reason)
    assert digests_of(club.ann) == []
    await tick(8.1)

    assert len(digests_of(club.ann)) == 1


async def test_who_finds_their_inbox_open_again_need_not_wait_for_the_next_attempt(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    club.ann.close_inbox()
    await tick(8)
    settings = await club.ann.slash(thread, "digest settings")
    club.ann.open_inbox()
    await tick(8.02)
    assert digests_of(club.ann) == []

    await club.ann.click(settings, "Try again")
    await tick(8.02)

    assert len(digests_of(club.ann)) == 1


async def test_a_rate_limit_is_waited_out(
    sandbox: Sandbox, bot: Marginalia, club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    sandbox.faults.rate_limit("POST", f"/channels/{club.ann.dm.id}/messages", retry_after=0.05)

    await tick(8)

    assert await standing(bot, club.ann) == ("sent", None)
    assert len(digests_of(club.ann)) == 1
