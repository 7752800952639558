"""Guilds, their members and roles ("Guild Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import payloads
from sandbox.errors import refused
from sandbox.permissions import can_view
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.wire import Json


async def _get(call: Call) -> Json:
    return payloads.guild(call.world.guild(call.id("guild_id")))


async def _list_channels(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    return [payloads.channel(c) for c in guild.channels.values()]


async def _list_active_threads(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    found = [t for t in guild.active_threads() if can_view(guild.me, t)]
    found.sort(key=lambda t: t.id, reverse=True)
    joined = [t for t in found if guild.me.id in t.members]
    return {
        "threads": [payloads.thread(t) for t in found],
        "members": [payloads.thread_member(t, guild.me.id) for t in joined],
    }


async def _get_member(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    user = call.world.user(call.id("user_id"))
    member = guild.members.get(user.id)
    if member is None:
        raise refused(10007)
    return payloads.member(member)


async def _list_members(call: Call) -> Json:
    """List members, which needs the Server Members intent in the portal (50001)."""
    guild = call.world.guild(call.id("guild_id"))
    if not call.world.application.guild_members:
        raise refused(50001)
    limit = call.query_limit(1, 1000)
    after = call.query_id("after") or 0
    found = sorted((m for m in guild.members.values() if m.id > after), key=lambda m: m.id)
    return [payloads.member(m) for m in found[:limit]]


async def _search_members(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    limit = call.query_limit(1, 1000)
    start = (call.query("query") or "").lower()
    found = [m for m in guild.members.values() if m.name.lower().startswith(start)]
    return [payloads.member(m) for m in found[:limit]]


async def _list_roles(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    return [payloads.role(r) for r in guild.roles.values()]


async def _list_mine(call: Call) -> Json:
    found = [g for g in call.world.guilds.values() if g.connected]
    return [{"id": str(g.id), "name": g.name, "icon": None, "features": []} for g in found]


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("GET", "/users/@me/guilds", _list_mine),
        Route("GET", "/guilds/{guild_id}", _get),
        Route("GET", "/guilds/{guild_id}/channels", _list_channels),
        Route("GET", "/guilds/{guild_id}/threads/active", _list_active_threads),
        Route("GET", "/guilds/{guild_id}/members", _list_members),
        Route("GET", "/guilds/{guild_id}/members/search", _search_members),
        Route("GET", "/guilds/{guild_id}/members/{user_id}", _get_member),
        Route("GET", "/guilds/{guild_id}/roles", _list_roles),
    ]
