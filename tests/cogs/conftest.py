"""What several tests of the cogs need: a place beside the forum, and the end of a replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness import commands_ended, settle

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from sandbox.state import SandboxChannel
    from tests.cogs.importing import Replayed
    from tests.harness import Club, Settled


@pytest.fixture
async def lobby(club: Club, settled: Settled) -> SandboxChannel:
    channel = await club.guild.create_text_channel("lobby")
    await settled()
    return channel


@pytest.fixture
def replayed(bot: Marginalia, sandbox: Sandbox) -> Replayed:
    async def wait() -> None:
        await commands_ended(sandbox)
        await bot.app.replay.settled()
        await bot.app.ticker.run("import boards")
        await settle(sandbox)

    return wait
