"""Where discord.py looks for Discord: it knows one address for all clients of a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.server import Sandbox


@contextmanager
def discord_at(sandbox: Sandbox) -> Iterator[None]:
    """Let every client reach this sandbox, and afterwards the Discord of before.

    A worker has bots in several sandboxes, whose tests come in any order.
    """
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = sandbox.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
