"""How many messages a second the sandbox carries into an unmodified discord.py client.

Run `python -m bench.sandbox_throughput [messages]`. Server and client share one process and one
core; the time runs from the first post until the client has parsed the last event.
"""

from __future__ import annotations

import asyncio
import sys
import time

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox import Sandbox


class CountingBot(commands.AutoShardedBot):
    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__("!", intents=intents, max_messages=None, guild_ready_timeout=0.1)
        self.received = 0

    async def on_message(self, _message: discord.Message, /) -> None:
        self.received += 1


async def measure(count: int) -> float:
    async with Sandbox() as sandbox, CountingBot() as bot:
        Route.BASE = sandbox.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
        guild = await sandbox.create_guild("Load")
        forum = await guild.create_forum("novels")
        ann = await guild.add_member("Ann")
        thread = await ann.start_thread(forum, "Long debate", "It begins")
        running = asyncio.create_task(bot.start(sandbox.token))
        await sandbox.gateway.connected()
        await bot.wait_until_ready()
        started = time.perf_counter()
        for number in range(count):
            await ann.post(thread, f"Post number {number}, with a sentence about the book.")
        await sandbox.delivered()
        elapsed = time.perf_counter() - started
        await asyncio.sleep(0)
        if bot.received < count:
            raise SystemExit(f"only {bot.received} of {count} messages arrived")
        await bot.close()
        await asyncio.wait([running])
        return count / elapsed


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{asyncio.run(measure(total)):,.0f} messages/s over {total:,} messages")
