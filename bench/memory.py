"""What the bot holds in memory at rest, against discord.py alone.

Run `python -m bench.memory [members] [runs]`, on Linux. Each runs as a program of its own, as a
host runs it, connected to a server of so many members; its resident memory is read once nothing
happens any more.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sandbox import Sandbox

MEMBERS = 1_000
RUNS = 3
# What a start leaves to be done is done by then.
REST_SECONDS = 5

# A client with the bot's intents and nothing else.
BARE = """
import os, discord
from discord.ext import commands
discord.http.Route.BASE = os.environ["MARGINALIA_DISCORD_API_URL"]
intents = discord.Intents.none()
intents.guilds = intents.guild_messages = intents.dm_messages = intents.message_content = True
bot = commands.AutoShardedBot(
    "!", intents=intents, max_messages=None, chunk_guilds_at_startup=False,
    member_cache_flags=discord.MemberCacheFlags.none(), guild_ready_timeout=0.1,
)
bot.run(os.environ["MARGINALIA_DISCORD_TOKEN"], log_handler=None)
"""
WAYS: dict[str, Sequence[str]] = {
    "discord.py alone": ("-c", BARE),
    "the bot": ("-m", "bot", "run"),
}


def resident(process_id: int) -> float:
    """Give the memory that a process has now, in MB."""
    status = Path(f"/proc/{process_id}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


async def held_at_rest(arguments: Sequence[str], members: int, folder: Path) -> float:
    """Run a program until it is at rest, and give its memory then, in MB."""
    async with Sandbox() as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        await guild.create_forum("novels")
        for number in range(members):
            await guild.add_member(f"Reader {number}")
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env=os.environ
            | {
                "MARGINALIA_DISCORD_API_URL": sandbox.api_url,
                "MARGINALIA_DISCORD_TOKEN": sandbox.token,
                "MARGINALIA_DATABASE_PATH": str(folder / "marginalia.sqlite3"),
                "MARGINALIA_GUILD_READY_TIMEOUT": "0.1",
                "MARGINALIA_LOG_LEVEL": "ERROR",
            },
        )
        try:
            await sandbox.gateway.connected()
            await asyncio.sleep(REST_SECONDS)
            return resident(program.pid)
        finally:
            program.terminate()
            await program.wait()


async def main(members: int, runs: int) -> None:
    held: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(runs):
        for name, arguments in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                held[name].append(await held_at_rest(arguments, members, Path(folder)))
    print(f"resident at rest in a server of {members:,} members, medians of {runs} runs")
    medians = {name: statistics.median(each) for name, each in held.items()}
    for name, megabytes in medians.items():
        print(f"  {name:20}{megabytes:>8.1f} MB{megabytes / medians['discord.py alone']:>7.2f}×")


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS,
            int(sys.argv[2]) if len(sys.argv) > 2 else RUNS,
        )
    )
