"""Channels and starting threads ("Channels Resource")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import events, message_payloads, message_rights, payloads, threads
from sandbox.channels import (
    announce_name,
    delete_channel,
    start_forum_post,
    start_from_message,
    start_without_message,
)
from sandbox.drafts import read_draft
from sandbox.errors import refused
from sandbox.kinds import FORUM, PINNED_IN_FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT
from sandbox.limits import Problems, check_text, check_thread_settings, invalid
from sandbox.permissions import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_THREADS,
    SEND_MESSAGES,
    permissions_in,
    require,
)
from sandbox.rest import Call, Route
from sandbox.state import SandboxThread
from sandbox.wire import clean_text

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from sandbox.wire import Json, JsonObject


async def _get(call: Call) -> Json:
    return payloads.channel(call.world.channel(call.id("channel_id")))


def _in_guild(call: Call) -> tuple[SandboxChannel, SandboxMember]:
    channel = call.world.channel(call.id("channel_id"))
    if channel.guild is None:
        raise refused(50003)
    return channel, channel.guild.me


async def _modify(call: Call) -> Json:
    channel, bot = _in_guild(call)
    if isinstance(channel, SandboxThread):
        _modify_thread(call, channel, bot)
        return payloads.channel(channel)
    require(bot, channel, MANAGE_CHANNELS)
    problems = Problems()
    if "name" in call.body:
        check_text(problems, ("name",), call.body["name"], 1, 100)
    if call.body.get("topic") is not None:
        most = 4096 if channel.kind == FORUM else 1024
        check_text(problems, ("topic",), call.body["topic"], 0, most)
    problems.raise_if_any()
    channel.name = call.body.get("name", channel.name)
    channel.topic = call.body.get("topic", channel.topic)
    events.channel_changed(call.world, "CHANNEL_UPDATE", channel)
    return payloads.channel(channel)


def _modify_thread(call: Call, thread: SandboxThread, bot: SandboxMember) -> None:
    """Change a thread ("Threads", section "Editing & Deleting Threads")."""
    body = call.body
    problems = Problems()
    check_thread_settings(body, problems)
    problems.raise_if_any()
    manages = bool(permissions_in(bot, thread) & MANAGE_THREADS)
    if thread.archived and body.get("archived") is not False:
        raise refused(50083)
    if {"name", "applied_tags"} & set(body):
        threads.check_not_locked(bot, thread)
    opens = thread.archived and body.get("archived") is False
    only_opens = opens and set(body) == {"archived"}
    if {"locked", "rate_limit_per_user"} & set(body) and not manages:
        raise refused(50013)
    if opens and not manages and (thread.locked or bot.id not in thread.members):
        raise refused(50013)
    if not only_opens and not manages and thread.owner_id != bot.id:
        raise refused(50013)
    tags = body.get("applied_tags")
    if tags is not None:
        threads.check_tags(bot, thread.parent, [int(t) for t in tags])
    name = clean_text(body["name"]) if "name" in body else thread.name
    renamed = name != thread.name
    flags = body.get("flags")
    threads.change(
        call.world,
        thread,
        archived=body.get("archived"),
        locked=body.get("locked"),
        name=name,
        tags=None if tags is None else [int(t) for t in tags],
        auto_archive_minutes=body.get("auto_archive_duration"),
        slowmode_seconds=body.get("rate_limit_per_user"),
        invitable=body.get("invitable") if thread.private else None,
        flags=None if flags is None else int(flags) & PINNED_IN_FORUM,
    )
    if renamed and not thread.archived:
        announce_name(call.world, thread, call.world.bot)


async def _delete(call: Call) -> Json:
    channel = call.world.channel(call.id("channel_id"))
    body = payloads.channel(channel)
    if channel.guild is None:
        return body  # closing a DM keeps its messages, and opening it again brings them back
    if isinstance(channel, SandboxThread):
        require(channel.guild.me, channel, MANAGE_THREADS)
        threads.delete(call.world, channel)
    else:
        require(channel.guild.me, channel, MANAGE_CHANNELS)
        delete_channel(call.world, channel)
    return body


def _thread_settings(call: Call) -> tuple[str, int | None]:
    problems = Problems()
    check_thread_settings({"name": "", **call.body}, problems)
    problems.raise_if_any()
    return clean_text(call.body["name"]), call.body.get("auto_archive_duration")


async def _start_thread(call: Call) -> Json:
    channel, bot = _in_guild(call)
    name, minutes = _thread_settings(call)
    if channel.kind == FORUM:
        return _start_forum_post(call, channel, bot, name, minutes)
    if channel.kind != TEXT:
        raise refused(50024)
    kind = call.body.get("type", PRIVATE_THREAD)
    if kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
        raise invalid(("type",), "BASE_TYPE_CHOICES", "Value must be one of (11, 12).")
    private = kind == PRIVATE_THREAD
    require(bot, channel, CREATE_PRIVATE_THREADS if private else CREATE_PUBLIC_THREADS)
    world = call.world
    thread = start_without_message(
        world, channel, name, world.bot, private=private, auto_archive_minutes=minutes
    )
    return payloads.channel(thread)


def _start_forum_post(
    call: Call, forum: SandboxChannel, bot: SandboxMember, name: str, minutes: int | None
) -> JsonObject:
    require(bot, forum, SEND_MESSAGES)
    tags = [int(t) for t in call.body.get("applied_tags") or []]
    threads.check_tags(bot, forum, tags)
    message: JsonObject | None = call.body.get("message")
    if message is None:
        raise invalid(("message",), "BASE_TYPE_REQUIRED", "This field is required")
    draft = read_draft({"attachments": call.body.get("attachments"), **message}, call.files)
    message_rights.check_parts(bot, forum, draft)
    thread = start_forum_post(
        call.world, forum, name, call.world.bot, draft, tags, auto_archive_minutes=minutes
    )
    return {**payloads.channel(thread), "message": message_payloads.message(thread.messages[0])}


async def _start_thread_from_message(call: Call) -> Json:
    channel, bot = _in_guild(call)
    if channel.kind != TEXT:
        raise refused(50024)
    message = call.world.message(channel, call.id("message_id"))
    require(bot, channel, CREATE_PUBLIC_THREADS)
    name, minutes = _thread_settings(call)
    thread = start_from_message(
        call.world, message, name, call.world.bot, auto_archive_minutes=minutes
    )
    return payloads.channel(thread)


async def _type(call: Call) -> Json:
    """Trigger the typing indicator, which nobody in the sandbox looks at."""
    channel = call.world.channel(call.id("channel_id"))
    message_rights.check_may_send(call.world, call.world.bot_in(channel), channel)


def routes() -> list[Route]:
    """Return the routes of this module."""
    one = "/channels/{channel_id}"
    return [
        Route("GET", one, _get),
        Route("PATCH", one, _modify),
        Route("DELETE", one, _delete),
        Route("POST", one + "/threads", _start_thread),
        Route("POST", one + "/messages/{message_id}/threads", _start_thread_from_message),
        Route("POST", one + "/typing", _type),
    ]
