"""The program ends at any of its awaits: each post is told once all the same, never twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.core.level import Level
from bot.digests import Digests
from bot.store.database import open_database
from bot.store.outbox import LEASE
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from tests.digests.mortality import mortal_tasks, run_until_killed
from tests.digests.scene import WEEK, opened
from tests.harness import found_club, running_bot, settle
from tests.mailbag import Mailbag
from tests.reading_room import ANN, CLEO, SUNDAY_EVENING, ReadingRoom

TICK = timedelta(seconds=20)
# A run has about a hundred steps: it is to end by itself some time.
FEWEST_STEPS, MOST_STEPS = 30, 1_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "ticks"),
    [
        # Noticed, planned and sent at the next tick.
        (Level.EVERY_POST, 2),
        (Level.WEEKLY, 1),
    ],
)
async def test_a_program_that_ends_at_any_await_tells_each_post_once(
    room: ReadingRoom, level: Level, ticks: int
) -> None:
    discussion = await room.begin("The Sea, the Sea")
    await room.tracking.track_discussion(ANN, discussion.id, room.now, level)
    mailbag = Mailbag()
    with mortal_tasks():
        for fatal_step in count(1):
            await room.post(discussion, CLEO, f"Thought {fatal_step}.")
            room.pass_time(WEEK)

            async def live(digests: Digests) -> None:
                for _ in range(ticks):
                    await digests.tick(mailbag, room.pass_time(TICK))

            # Connections of its own: they end with it.
            async with open_database(room.database.path) as database:
                mortal = Digests(database, SUNDAY_EVENING, a_minute=60)
                was_killed = await run_until_killed(live(mortal), fatal_step)
                await mortal.close()
            if not was_killed:
                break
            room.pass_time(LEASE)
            async with opened(room) as reborn:
                for _ in range(ticks):
                    await reborn.tick(mailbag, room.pass_time(TICK))

            told = "\n".join(mailbag.texts(ANN))
            assert told.count(f"Thought {fatal_step}.") == 1, f"ended at step {fatal_step}"
            assert fatal_step < MOST_STEPS
    assert fatal_step > FEWEST_STEPS
    told = "\n".join(mailbag.texts(ANN))
    assert all(told.count(f"Thought {step}.") == 1 for step in range(1, fatal_step))


# A connection to the gateway takes 120 questions a minute, and each attempt asks who may read: so
# the steps are shared out to bots of their own.
@pytest.mark.slow
@pytest.mark.parametrize("first_step", range(1, 4))
async def test_over_the_wire_a_program_that_ends_at_any_await_sends_one_digest(
    discord_alone: Sandbox, tmp_path: Path, first_step: int
) -> None:
    sandbox = discord_alone
    assert isinstance(sandbox.clock, SandboxClock)
    guild = await sandbox.create_guild("Tuesday Readers")
    async with running_bot(sandbox, tmp_path / "marginalia.sqlite3") as bot:
        club = await found_club(bot, sandbox, guild)
        thread = await club.ben.start_thread(club.forum, "Who is in the attic?", "I have a theory")
        await settle(sandbox)
        await club.ann.slash(thread, "track discussion")
        courier = DiscordCourier(bot, Access(bot))
        with mortal_tasks():
            for fatal_step in count(first_step, 3):
                await club.cleo.post(thread, f"Thought {fatal_step}.")
                await settle(sandbox)
                # So long that Discord has forgotten the nonces of all that went before.
                sandbox.clock.advance(WEEK)
                now = sandbox.clock.now()
                async with open_database(bot.app.database.path) as database:
                    mortal = Digests(database, SUNDAY_EVENING, a_minute=60)
                    was_killed = await run_until_killed(mortal.tick(courier, now), fatal_step)
                    await mortal.close()
                sandbox.clock.advance(LEASE)
                reborn = Digests(bot.app.database, SUNDAY_EVENING, a_minute=60)
                await reborn.tick(courier, now + LEASE)
                await reborn.tick(courier, now + 2 * LEASE)

                told = "\n".join(str(message.embeds) for message in club.ann.inbox)
                assert told.count(f"Thought {fatal_step}.") == 1, f"ended at step {fatal_step}"
                if not was_killed:
                    break
                assert fatal_step < MOST_STEPS
        assert fatal_step > FEWEST_STEPS
