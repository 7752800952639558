"""What a command raises is answered, or at least logged, and ends there."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.errors import SandboxTimeout
from sandbox.server import Sandbox
from tests.harness import Club, Settled, commands_ended

ANSWER = "/interactions/{interaction_id}/{interaction_token}/callback"


@pytest.mark.slow
async def test_an_error_that_cannot_be_shown_for_want_of_a_line_is_logged_and_ends_there(
    club: Club, sandbox: Sandbox, settled: Settled, caplog: pytest.LogCaptureFixture
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    sandbox.faults.hang("POST", ANSWER, times=10)
    with pytest.raises(SandboxTimeout):
        await club.ann.slash(lobby, "setup show")
    await commands_ended(sandbox)
    sandbox.faults.clear()
    asyncio.get_running_loop().set_exception_handler(None)
    assert "An error could not be shown" in caplog.text
    assert "Only a host can do this" in caplog.text
    assert unhandled == []


async def test_a_command_that_discord_knows_otherwise_is_answered_in_words(
    club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    await settled()

    answer = await club.ann.forge_slash(lobby, "search")

    assert "not as your Discord knows it" in answer.content
    assert answer.ephemeral
