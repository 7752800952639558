"""Users, the application, and the gateway's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import payloads
from sandbox.errors import refused
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.wire import Json


async def _get_gateway(call: Call) -> Json:
    return {"url": call.world.gateway.url}


async def _get_gateway_for_bot(call: Call) -> Json:
    gateway = call.world.gateway
    limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {"url": gateway.url, "shards": gateway.shards, "session_start_limit": limits}


async def _get_me(call: Call) -> Json:
    return {**payloads.user(call.world.bot), "verified": True, "mfa_enabled": False, "email": None}


async def _get_user(call: Call) -> Json:
    return payloads.user(call.world.user(call.id("user_id")))


async def _get_application(call: Call) -> Json:
    world = call.world
    owner = next((g.owner.user for g in world.guilds.values()), world.bot)
    return {
        "id": str(world.application.id),
        "name": world.application.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "bot": payloads.user(world.bot),
        "owner": payloads.user(owner),
        "verify_key": "0" * 64,
        "team": None,
        "flags": world.application.flags,
        "approximate_guild_count": sum(1 for g in world.guilds.values() if g.has_bot),
        "summary": "",
    }


async def _create_dm(call: Call) -> Json:
    user = call.world.user(int(call.body.get("recipient_id") or 0))
    if user is call.world.bot:
        raise refused(50007)
    return payloads.channel(call.world.dm_with(user))


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("GET", "/gateway", _get_gateway, public=True),
        Route("GET", "/gateway/bot", _get_gateway_for_bot),
        Route("GET", "/users/@me", _get_me),
        Route("POST", "/users/@me/channels", _create_dm),
        Route("GET", "/users/{user_id}", _get_user),
        Route("GET", "/applications/@me", _get_application),
        Route("GET", "/oauth2/applications/@me", _get_application),
    ]
