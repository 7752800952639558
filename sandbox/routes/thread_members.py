"""Who is in a thread ("Channels Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import message_rights, payloads, threads
from sandbox.channels import add_to_thread, remove_from_thread
from sandbox.errors import refused
from sandbox.permissions import MANAGE_THREADS, SEND_MESSAGES_IN_THREADS, require
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxThread
    from sandbox.wire import Json, JsonObject

_MOST = 100


def _thread(call: Call) -> tuple[SandboxThread, SandboxMember]:
    thread = call.world.thread(call.id("channel_id"))
    if thread.guild is None:
        raise refused(50003)
    return thread, thread.guild.me


def _user_id(call: Call) -> int:
    """Return whom the path means; raise 10013 for a user there is not."""
    if call.text("user_id") == "@me":
        return call.world.bot.id
    return call.world.user(call.id("user_id")).id


def _shown(thread: SandboxThread, user_id: int, *, with_member: bool) -> JsonObject:
    body = payloads.thread_member(thread, user_id)
    if with_member and thread.guild is not None and user_id in thread.guild.members:
        body["member"] = payloads.member(thread.guild.members[user_id])
    return body


async def _get(call: Call) -> Json:
    """Return one member; 10007 when that user is not in the thread."""
    thread, _ = _thread(call)
    user_id = _user_id(call)
    if user_id not in thread.members:
        raise refused(10007)
    return _shown(thread, user_id, with_member=call.query_flag("with_member"))


async def _list(call: Call) -> Json:
    """List members, which needs the Server Members intent in the portal (50001)."""
    thread, _ = _thread(call)
    if not call.world.application.guild_members:
        raise refused(50001)
    with_member = call.query_flag("with_member")
    found = sorted(thread.members)
    if with_member:
        after = call.query_id("after") or 0
        found = [i for i in found if i > after][: call.query_limit(_MOST, _MOST)]
    return [_shown(thread, i, with_member=with_member) for i in found]


async def _join(call: Call) -> Json:
    thread, _ = _thread(call)
    message_rights.check_not_archived(thread)
    threads.join(call.world, thread, call.world.bot.id)


async def _leave(call: Call) -> Json:
    thread, _ = _thread(call)
    message_rights.check_not_archived(thread)
    threads.leave(call.world, thread, call.world.bot.id)


async def _add(call: Call) -> Json:
    thread, bot = _thread(call)
    require(bot, thread, SEND_MESSAGES_IN_THREADS)
    message_rights.check_not_archived(thread)
    added = bot.guild.members.get(_user_id(call))
    if added is None:
        raise refused(10007)
    add_to_thread(call.world, thread, bot.user, added.user)


async def _remove(call: Call) -> Json:
    thread, bot = _thread(call)
    if not (thread.private and thread.owner_id == bot.id):
        require(bot, thread, MANAGE_THREADS)
    message_rights.check_not_archived(thread)
    remove_from_thread(call.world, thread, bot.user, call.world.user(_user_id(call)))


def routes() -> list[Route]:
    """Return the routes of this module."""
    base = "/channels/{channel_id}/thread-members"
    return [
        Route("GET", base, _list),
        Route("PUT", base + "/@me", _join),
        Route("DELETE", base + "/@me", _leave),
        Route("GET", base + "/{user_id}", _get),
        Route("PUT", base + "/{user_id}", _add),
        Route("DELETE", base + "/{user_id}", _remove),
    ]
