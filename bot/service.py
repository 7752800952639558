"""`marginalia run`: the bot as a program that is started, stopped and watched by others."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import time
from contextlib import suppress

from bot.client import connect, create_bot
from bot.settings import Settings

logger = logging.getLogger(__name__)

# The libraries' debug lines hold whole gateway frames, requests and SQL parameters: what members
# write must not get into a log. At INFO, apscheduler tells of every tick.
_LIBRARIES = {
    "discord": logging.INFO,
    "aiohttp": logging.INFO,
    "aiosqlite": logging.INFO,
    "asyncio": logging.INFO,
    "apscheduler": logging.WARNING,
}


def run(settings: Settings) -> int:
    """Run the bot until SIGINT or SIGTERM, and give 0.

    Raises `SettingsError` without a token, and where Discord refuses it or an intent; `UserError`
    where Discord cannot be reached at the start. A connection that is lost later is taken up
    again by itself.
    """
    token = settings.token()
    log_to_stderr(settings.log_level)
    collect_rarely()
    asyncio.run(_run_until_stopped(settings, token))
    return 0


def log_to_stderr(level: str) -> None:
    """Log to stderr, with times in UTC; the libraries never say more than is for hosts."""
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(max(root.level, least))


def collect_rarely() -> None:
    """Let Python look for garbage less often, and never among what was loaded at the start.

    In a storm thousands of posts wait for a commit together. By default Python looks through
    them, and through every module, again and again: half of what recording costs
    (`bench/ingest.py`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _run_until_stopped(settings: Settings, token: str) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        # Windows has no such handlers: there Ctrl-C interrupts, which SQLite survives.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    stopped = asyncio.create_task(stopping.wait(), name="waiting for the end")
    async with create_bot(settings) as bot:
        running = asyncio.create_task(connect(bot, token), name="the bot")
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            stopped.cancel()
            return await running
        logger.info("Ending: storing what is on its way")
        for number in signals:
            # From here on a second signal ends the program at once.
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    logger.info("Ended")
    return None
