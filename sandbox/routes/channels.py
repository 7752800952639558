"""Channels ("Channels Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import payloads
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.wire import Json


async def _get(call: Call) -> Json:
    return payloads.channel(call.world.channel(call.id("channel_id")))


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route("GET", "/channels/{channel_id}", _get)]
