"""Replays are as fast as Discord lets them be, and lose nothing where it says to wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot.store.importing.replays import ReplayState
from tests.replaying import EXECUTE, discussion, only_thread, queued, replay, thoughts

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from tests.harness import Club, Settled


@pytest.fixture
def real_rate_limits(sandbox: Sandbox) -> Iterator[None]:
    sandbox.faults.real_rate_limits = True
    yield
    sandbox.faults.real_rate_limits = False


async def test_a_message_that_discord_put_off_arrives_once_in_its_place(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(6), club.forum)
    sandbox.faults.rate_limit("POST", EXECUTE, retry_after=0.1, times=2)
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [1, 2, 3, 4, 5, 6]
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.FINISHED


@pytest.mark.slow
async def test_a_limit_that_outlasts_every_try_is_no_refusal(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(3), club.forum)
    # discord.py tries five times.
    sandbox.faults.rate_limit("POST", EXECUTE, retry_after=0.1, times=5)
    await replay(bot)
    assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.RUNNING
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [1, 2, 3]


@pytest.mark.slow
@pytest.mark.usefixtures("real_rate_limits")
async def test_at_the_pace_of_discords_headers_all_of_two_imports_arrive_once(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    for title in ("The moors", "The Grange"):
        await queued(bot, discussion(12, title=title), club.forum)
    before = sandbox.invalid_requests
    await replay(bot)
    await settled()
    assert [thoughts(thread) for thread in club.guild.threads.values()] == [[*range(1, 13)]] * 2
    # The headers say when to wait: Discord need not refuse anything.
    assert sandbox.invalid_requests - before <= 1
