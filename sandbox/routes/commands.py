"""Registering application commands ("Application Commands")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.errors import SandboxRefused, refused
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.wire import Json


def _place(call: Call) -> int | None:
    if call.id("application_id") != call.world.application.id:
        raise SandboxRefused(403, 20012, "You are not authorized to perform this action")
    guild_id = call.optional_id("guild_id")
    if guild_id is not None and call.world.guild(guild_id) is None:
        raise refused(10004)
    return guild_id


async def _list(call: Call) -> Json:
    return call.world.registry.listed(_place(call))


async def _replace(call: Call) -> Json:
    commands = call.json if isinstance(call.json, list) else []
    return call.world.registry.replace(call.world, _place(call), commands)


async def _get(call: Call) -> Json:
    for command in call.world.registry.listed(_place(call)):
        if command["id"] == call.text("command_id"):
            return command
    raise refused(10063)


def routes() -> list[Route]:
    """Return the routes of this module."""
    everywhere = "/applications/{application_id}/commands"
    in_guild = "/applications/{application_id}/guilds/{guild_id}/commands"
    return [
        route
        for base in (everywhere, in_guild)
        for route in (
            Route("GET", base, _list),
            Route("PUT", base, _replace),
            Route("GET", base + "/{command_id}", _get),
        )
    ]
