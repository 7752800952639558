"""How many posts a second the bot records, against what discord.py can carry at all.

Run `python -m bench.ingest [posts] [runs]`. The same frames, compressed as Discord's gateway
sends them, go through discord.py's own handling three times: to a handler that only takes the
row out (the ceiling C), to one that stores a post at a time in the same tables, and to the bot,
whose handlers return after the commit. No network is involved; the time runs until the last
handler returns. On a machine that does other things too, the CPU time is the one to compare.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosqlite
import discord
import orjson
import zstandard
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.utils import _ActiveDecompressionContext

from bench.discussion import DISCUSSION, TEXT
from bot.client import Marginalia, create_bot, required_intents
from bot.service import collect_rarely
from bot.settings import Settings
from bot.store.migrate import migrate
from sandbox import Sandbox
from sandbox.clock import SandboxClock
from sandbox.guild import SandboxGuild
from sandbox.wire import JsonObject

ANSWERING = 3  # every third post answers the one before
# A read from a socket brings so many frames in a storm; handlers run between two reads.
FRAMES_A_READ = 32

Frames = list[bytes]


class Client(commands.AutoShardedBot):
    """discord.py as the bot sets it up, and nothing else."""

    def __init__(self) -> None:
        super().__init__(
            "!",
            intents=required_intents(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0.1,
        )


class Ceiling(Client):
    """Takes the row out of each message."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[object, ...]] = []

    async def on_message(self, message: discord.Message, /) -> None:
        self.rows.append(_row(message))


class Naive(Client):
    """Stores each message by itself, in the same tables: what one writes at first."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        super().__init__()
        self._database = database

    async def on_message(self, message: discord.Message, /) -> None:
        message_id, user_id, name, content, reply_to, posted_at = _row(message)
        await self._database.execute(
            "INSERT INTO author (user_id, name) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET name = excluded.name",
            (user_id, name),
        )
        await self._database.execute(
            "INSERT INTO post (discussion_id, message_id, channel_id, author_id, kind, parent_id,"
            " root_id, content, posted_at, mark) VALUES (1, ?, 1, (SELECT id FROM author"
            " WHERE user_id = ?), 'post', (SELECT id FROM post WHERE message_id = ?), 0, ?, ?, ?)",
            (message_id, user_id, reply_to, content, posted_at, message_id),
        )
        await self._database.execute("UPDATE discussion SET post_count = post_count + 1")
        await self._database.commit()


def _row(message: discord.Message) -> tuple[object, ...]:
    reply_to = None if message.reference is None else message.reference.message_id
    posted_at = int(message.created_at.timestamp() * 1000)
    author = message.author
    return message.id, author.id, author.name, message.content, reply_to, posted_at


@asynccontextmanager
async def running(sandbox: Sandbox, bot: commands.AutoShardedBot) -> AsyncIterator[None]:
    discord.http.Route.BASE = sandbox.api_url
    async with bot:
        task = asyncio.create_task(bot.start(sandbox.token))
        await bot.wait_until_ready()
        await sandbox.delivered()
        yield
    await task


async def frames(bot: Client, guild: SandboxGuild, channel_id: int, count: int) -> Frames:
    """Give the frames of so many new messages, whose ids come after all that are there."""
    template = await bot.http.get_message(channel_id, channel_id)
    member = {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    compressor = zstandard.ZstdCompressor().compressobj()
    packed: Frames = []
    before: JsonObject = {}
    for number in range(count):
        data: JsonObject = copy.deepcopy(dict(template)) | {
            "id": str(channel_id + (number + 1) * 4096),
            "guild_id": str(guild.id),
            "member": member,
            "content": f"{number} {TEXT}",
        }
        answered = before if number % ANSWERING == 1 else None
        if answered is not None:
            data |= {
                "type": 19,
                "message_reference": {
                    "type": 0,
                    "message_id": answered["id"],
                    "channel_id": str(channel_id),
                    "guild_id": str(guild.id),
                },
                "referenced_message": answered,
            }
        before = {key: data[key] for key in data if key not in ("guild_id", "member")}
        frame = orjson.dumps({"t": "MESSAGE_CREATE", "s": None, "op": 0, "d": data})
        packed.append(
            compressor.compress(frame) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        )
    return packed


@dataclass(frozen=True, slots=True)
class Cost:
    """What a post took, in seconds: by the clock, and of the processor in all threads."""

    wall: float
    cpu: float


async def carry(bot: commands.AutoShardedBot, packed: Frames) -> Cost:
    """Let discord.py handle the frames, up to the end of the last handler."""
    (shard,) = bot.shards.values()
    # discord.py has no public way to be given a frame.
    socket: DiscordWebSocket = shard._parent.ws  # noqa: SLF001
    decompressor = socket._decompressor  # noqa: SLF001
    socket._decompressor = _ActiveDecompressionContext()  # noqa: SLF001
    started, worked = time.perf_counter(), time.process_time()
    for number, frame in enumerate(packed, start=1):
        await socket.received_message(frame)
        if number % FRAMES_A_READ == 0:
            await asyncio.sleep(0)
    await handled()
    elapsed, work = time.perf_counter() - started, time.process_time() - worked
    socket._decompressor = decompressor  # noqa: SLF001
    return Cost(elapsed / len(packed), work / len(packed))


async def handled() -> None:
    """Wait until no handler of an event is at work."""
    while handlers := [
        task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py: on_")
    ]:
        await asyncio.wait(handlers)


async def measure(count: int, folder: Path) -> tuple[Cost, Cost, Cost]:
    """Give what the ceiling, the naive way and the bot cost."""
    async with Sandbox(clock=SandboxClock()) as sandbox:
        guild = await sandbox.create_guild("Tuesday Readers")
        forum = await guild.create_forum("novels")
        ann = await guild.add_member("Ann")
        thread = await ann.start_thread(forum, "Emma", "So?")
        ceiling = Ceiling()
        async with running(sandbox, ceiling):
            packed = await frames(ceiling, guild, thread.id, count)
            most = await carry(ceiling, packed)
            assert len(ceiling.rows) == count
        path = folder / "naive.sqlite3"
        path.touch()
        migrate(path)
        async with aiosqlite.connect(path) as database:
            await database.execute("PRAGMA synchronous = FULL")
            await database.executescript(DISCUSSION)
            naive = Naive(database)
            async with running(sandbox, naive):
                slow = await carry(naive, packed[: max(1, count // 10)])
        bot = create_bot(
            Settings(
                database_path=folder / "marginalia.sqlite3",
                discord_api_url=sandbox.api_url,
                guild_ready_timeout=0.1,
                tick_seconds=1_000_000,
            )
        )
        assert isinstance(bot, Marginalia)
        async with running(sandbox, bot):
            await bot.app.forums.set_up(
                forum.id,
                guild.id,
                guild.name,
                forum.name,
                is_forum_channel=True,
                host_id=ann.id,
                now=bot.clock.now(),
            )
            await ann.post(thread, "It begins.")
            await sandbox.delivered()
            await handled()
            ours = await carry(bot, packed)
            discussion = await bot.app.discussions.by_thread(thread.id)
            assert discussion is not None
            assert discussion.post_count >= count, discussion
        return most, slow, ours


async def main(count: int, runs: int) -> None:
    results = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            results.append(await measure(count, Path(folder)))
    print(f"{count:,} posts of {len(TEXT)} characters, medians of {runs} runs")
    print(f"{'':36}{'posts/s':>9}{'of C':>7}{'naive':>8}{'CPU/post':>11}{'of C':>7}")
    costs = [
        Cost(statistics.median(each.wall for each in way), statistics.median(e.cpu for e in way))
        for way in zip(*results, strict=True)
    ]
    most, slow, _ = costs
    for name, cost in zip(
        ("discord.py alone (C)", "a post, a commit", "the bot, returning after the commit"),
        costs,
        strict=True,
    ):
        print(
            f"{name:36}{1 / cost.wall:>9,.0f}{most.wall / cost.wall:>7.0%}"
            f"{slow.wall / cost.wall:>7.1f}×{cost.cpu * 1e6:>8.0f} µs{most.cpu / cost.cpu:>7.0%}"
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    collect_rarely()
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 30_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 5,
        )
    )
