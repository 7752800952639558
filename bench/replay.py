"""How many messages a second a replay brings to Discord, and whether that stays so.

Run `python -m bench.replay [posts]`. The bot and the sandbox, which sets no limits here, share one
process and one core. Beside it: what discord.py alone sends through the same webhook. Discord
itself lets some 30 messages a minute through a webhook.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord

from bot.client import Marginalia
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from sandbox.guild import SandboxGuild
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel
from tests.harness import found_club, running_bot

OLD = datetime(2006, 5, 10, tzinfo=UTC)
TEXT = "She had been a friend and companion such as few possessed: intelligent, gentle. " * 5
QUARTERS = 4


def page(count: int, title: str) -> ImportedDiscussion:
    posts = tuple(
        ImportedPost(
            number,
            f"Reader {number % 40}",
            OLD + timedelta(hours=number),
            None,
            PostKind.INITIAL if number == 1 else PostKind.REPLY,
            f"{number} {TEXT}",
            number - 1 if number > 1 else None,
        )
        for number in range(1, count + 1)
    )
    return ImportedDiscussion(title, None, None, 40, count, 1, None, None, (), posts, ())


async def replayed(bot: Marginalia, forum: SandboxChannel, count: int) -> list[float]:
    """Give the seconds that each quarter of a replay took."""
    queued = await bot.app.imports.queue(page(count, "Emma"), forum.id, bot.clock.now())
    times = []
    started = time.perf_counter()
    await bot.app.ticker.run("replay")
    for quarter in range(1, QUARTERS + 1):
        while True:
            progress = await bot.app.replays.progress(queued.discussion_id)
            if progress.posts_sent >= count * quarter // QUARTERS:
                break
            await asyncio.sleep(0.5)
        times.append(time.perf_counter() - started)
        started = time.perf_counter()
    await bot.app.replay.settled()
    return times


async def sent_alone(bot: Marginalia, guild: SandboxGuild, count: int) -> float:
    """Give the seconds in which discord.py sends as much, and nothing is kept."""
    channel = await guild.create_text_channel("alone")
    await asyncio.sleep(0.2)
    known = bot.get_channel(channel.id)
    if not isinstance(known, discord.TextChannel):
        raise SystemExit("the channel did not arrive")
    webhook = await known.create_webhook(name="Alone")
    started = time.perf_counter()
    for number in range(count):
        await webhook.send(f"{number} {TEXT}", username=f"Reader {number % 40}", wait=True)
    return time.perf_counter() - started


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marginalia.sqlite3"
        async with Sandbox() as sandbox:
            guild = await sandbox.create_guild("Load")
            async with running_bot(sandbox, path) as bot:
                club = await found_club(bot, sandbox, guild)
                alone = await sent_alone(bot, guild, count // QUARTERS) * QUARTERS
                before = peak_mib()
                times = await replayed(bot, club.forum, count)
                grown = peak_mib() - before
                (thread,) = guild.threads.values()
                if len(thread.messages) != count:
                    raise SystemExit(f"{len(thread.messages)} of {count} messages are there")
    print(f"{count / sum(times):,.0f} messages/s over {count:,} posts")
    print(f"  {sum(times) / alone:.2f} × discord.py alone ({count / alone:,.0f} messages/s)")
    print(f"  last quarter {times[-1] / times[0]:.2f} × the first")
    print(f"  memory grew by {grown:,.0f} MiB, the sandbox's own messages included")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
