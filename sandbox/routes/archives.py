"""Lists of archived threads ("Channels Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import payloads
from sandbox.errors import refused
from sandbox.kinds import FORUM, TEXT
from sandbox.permissions import MANAGE_THREADS, READ_MESSAGE_HISTORY, require
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel, SandboxThread
    from sandbox.wire import Json, JsonObject

_DEFAULT_LIMIT = 50
_MOST = 100


def _parent(call: Call) -> tuple[SandboxChannel, SandboxMember]:
    channel = call.world.channel(call.id("channel_id"))
    if channel.guild is None or channel.kind not in (TEXT, FORUM):
        raise refused(50024)
    require(channel.guild.me, channel, READ_MESSAGE_HISTORY)
    return channel, channel.guild.me


def _archived(parent: SandboxChannel, *, private: bool) -> list[SandboxThread]:
    """Return the parent's archived threads, the latest archived first."""
    guild = parent.guild
    found = [] if guild is None else list(guild.threads.values())
    found = [t for t in found if t.parent is parent and t.archived and t.private == private]
    return sorted(found, key=lambda t: (t.archive_changed_at, t.id), reverse=True)


def _page(found: list[SandboxThread], limit: int, bot: SandboxMember) -> JsonObject:
    page = found[:limit]
    joined = [t for t in page if bot.id in t.members]
    return {
        "threads": [payloads.thread(t) for t in page],
        "members": [payloads.thread_member(t, bot.id) for t in joined],
        "has_more": len(found) > limit,
    }


def _archived_before(call: Call, found: list[SandboxThread]) -> list[SandboxThread]:
    before = call.query_moment("before")
    return [t for t in found if before is None or t.archive_changed_at < before]


async def _list_public(call: Call) -> Json:
    parent, bot = _parent(call)
    limit = call.query_limit(_DEFAULT_LIMIT, _MOST, least=2)
    return _page(_archived_before(call, _archived(parent, private=False)), limit, bot)


async def _list_private(call: Call) -> Json:
    parent, bot = _parent(call)
    require(bot, parent, MANAGE_THREADS)
    limit = call.query_limit(_DEFAULT_LIMIT, _MOST, least=2)
    return _page(_archived_before(call, _archived(parent, private=True)), limit, bot)


async def _list_joined_private(call: Call) -> Json:
    """List the archived private threads the bot is in, by id and not by archiving."""
    parent, bot = _parent(call)
    limit = call.query_limit(_DEFAULT_LIMIT, _MOST, least=2)
    found = [t for t in _archived(parent, private=True) if bot.id in t.members]
    before = call.query_id("before")
    if before is not None:
        found = [t for t in found if t.id < before]
    found.sort(key=lambda t: t.id, reverse=True)
    return _page(found, limit, bot)


def routes() -> list[Route]:
    """Return the routes of this module."""
    one = "/channels/{channel_id}"
    return [
        Route("GET", one + "/threads/archived/public", _list_public),
        Route("GET", one + "/threads/archived/private", _list_private),
        Route("GET", one + "/users/@me/threads/archived/private", _list_joined_private),
    ]
