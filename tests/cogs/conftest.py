"""What several tests of the cogs need: places, a tracked discussion, and time that passes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.harness import commands_ended, settle

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from sandbox.state import SandboxChannel, SandboxThread
    from tests.cogs.importing import Replayed
    from tests.cogs.scenes import Tick
    from tests.harness import Club, Settled


@pytest.fixture
async def lobby(club: Club, settled: Settled) -> SandboxChannel:
    channel = await club.guild.create_text_channel("lobby")
    await settled()
    return channel


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    """A discussion that Ann tracks; only the greeting is in her inbox."""
    thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
    await settled()
    await club.ann.slash(thread, "track discussion")
    return thread


@pytest.fixture
def tick(bot: Marginalia, settled: Settled) -> Tick:
    """`await tick(8)`: everything so far is recorded, and then it is eight days later."""
    from cogs._access import Access
    from cogs._courier import DiscordCourier

    courier = DiscordCourier(bot, Access(bot))

    async def tick(days: float) -> None:
        await settled()
        await bot.app.digests.tick(courier, bot.clock.now() + timedelta(days=days))
        await bot.app.digests.settled()

    return tick


@pytest.fixture
def replayed(bot: Marginalia, sandbox: Sandbox) -> Replayed:
    async def wait() -> None:
        await commands_ended(sandbox)
        await bot.app.replay.settled()
        await bot.app.ticker.run("import boards")
        await settle(sandbox)

    return wait
