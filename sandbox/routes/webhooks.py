"""Webhooks ("Webhook Resource"); an application's own id and token answer an interaction."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox import events, message_payloads, message_rights, messages, payloads, threads
from sandbox.component_limits import BUTTON, SELECTS, walk
from sandbox.drafts import Draft, read_changes, read_draft
from sandbox.errors import refused
from sandbox.kinds import FORUM, PUBLIC_THREAD, TEXT
from sandbox.limits import Problems, check_thread_name, check_webhook_name
from sandbox.mentions import ONLY_USERS
from sandbox.permissions import MANAGE_WEBHOOKS, require
from sandbox.rest import Call, Route
from sandbox.routes import interactions
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread, SandboxWebhook
from sandbox.wire import clean_name, clean_text

if TYPE_CHECKING:
    from sandbox.wire import Json

_MOST_IN_CHANNEL = 15
_INTERACTIVE = (BUTTON, *SELECTS)


def _channel(call: Call) -> SandboxChannel:
    channel = call.world.channel(call.id("channel_id"))
    if channel.guild is None or channel.kind not in (TEXT, FORUM):
        raise refused(50024)
    require(channel.guild.me, channel, MANAGE_WEBHOOKS)
    return channel


async def _create(call: Call) -> Json:
    channel = _channel(call)
    problems = Problems()
    check_webhook_name(call.body.get("name", ""), problems)
    problems.raise_if_any()
    if len(channel.webhooks) >= _MOST_IN_CHANNEL:
        raise refused(30007)
    world = call.world
    webhook = SandboxWebhook(
        id=world.snowflakes.next(),
        token=secrets.token_urlsafe(50),
        name=clean_name(call.body["name"]),
        channel=channel,
        user=world.bot,
        application_id=world.application.id,
    )
    channel.webhooks[webhook.id] = world.webhooks[webhook.id] = webhook
    events.webhooks_changed(world, channel)
    return payloads.webhook(webhook)


async def _list(call: Call) -> Json:
    return [payloads.webhook(w) for w in _channel(call).webhooks.values()]


async def _list_of_guild(call: Call) -> Json:
    guild = call.world.guild(call.id("guild_id"))
    found = [w for c in guild.channels.values() for w in c.webhooks.values()]
    for channel in {w.channel for w in found}:
        require(guild.me, channel, MANAGE_WEBHOOKS)
    return [payloads.webhook(w) for w in found]


def _webhook(call: Call) -> SandboxWebhook:
    """Return the path's webhook; raise 10015, 50027 for its token, 50013 without a right to it."""
    webhook = call.world.webhooks.get(call.id("webhook_id"))
    if webhook is None:
        raise refused(10015)
    token = call.optional_text("webhook_token")
    if token is not None:
        if token != webhook.token:
            raise refused(50027)
    elif webhook.application_id != call.world.application.id:
        guild = webhook.channel.guild
        if guild is None or not guild.has_bot:
            raise refused(10015)
        require(guild.me, webhook.channel, MANAGE_WEBHOOKS)
    return webhook


async def _get(call: Call) -> Json:
    webhook = _webhook(call)
    return payloads.webhook(webhook, with_user=call.optional_text("webhook_token") is None)


async def _modify(call: Call) -> Json:
    webhook = _webhook(call)
    problems = Problems()
    if "name" in call.body:
        check_webhook_name(call.body["name"], problems)
    problems.raise_if_any()
    webhook.name = clean_name(call.body.get("name", webhook.name))
    with_token = call.optional_text("webhook_token") is not None
    if call.body.get("channel_id") is not None and not with_token:
        channel = call.world.channel(int(call.body["channel_id"]))
        if channel.guild is None or channel.kind not in (TEXT, FORUM):
            raise refused(50024)
        require(channel.guild.me, channel, MANAGE_WEBHOOKS)
        del webhook.channel.webhooks[webhook.id]
        channel.webhooks[webhook.id] = webhook
        webhook.channel = channel
    events.webhooks_changed(call.world, webhook.channel)
    return payloads.webhook(webhook, with_user=not with_token)


async def _delete(call: Call) -> Json:
    webhook = _webhook(call)
    del webhook.channel.webhooks[webhook.id]
    del call.world.webhooks[webhook.id]
    events.webhooks_changed(call.world, webhook.channel)


def _answers_interaction(call: Call) -> bool:
    return call.id("webhook_id") == call.world.application.id


async def _execute(call: Call) -> Json:
    if _answers_interaction(call):
        return await interactions.follow_up(call)
    webhook = _webhook(call)
    problems = Problems()
    if call.body.get("username") is not None:
        check_webhook_name(call.body["username"], problems, ("username",))
    if call.body.get("thread_name") is not None:
        check_thread_name(call.body["thread_name"], problems, ("thread_name",))
    problems.raise_if_any()
    draft = _webhook_draft(call, webhook)
    channel, starts = _place(call, webhook)
    message = messages.compose(
        call.world,
        channel,
        webhook.user,
        draft,
        message_id=channel.id if starts else None,
        webhook=webhook,
        webhook_name=clean_name(call.body.get("username") or webhook.name),
        webhook_avatar=webhook.avatar,
    )
    messages.place(call.world, message)
    return message_payloads.message(message) if call.query_flag("wait") else None


def _webhook_draft(call: Call, webhook: SandboxWebhook) -> Draft:
    """Read what a webhook may send: no reply, no nonce; buttons only if the application's own."""
    body = {k: v for k, v in call.body.items() if k not in ("message_reference", "nonce")}
    owned = webhook.application_id is not None
    if not owned and not call.query_flag("with_components"):
        body.pop("components", None)
    draft = read_draft(body, call.files, mentions=ONLY_USERS)
    if not owned and any(c["type"] in _INTERACTIVE for c in walk(draft.components)):
        draft.components = []
    return draft


def _place(call: Call, webhook: SandboxWebhook) -> tuple[SandboxChannel, bool]:
    """Return where the message goes, and whether it starts a forum's post there.

    Raises 220001 to 220003 for a thread named where it must not be, or not where it must;
    10003 for another channel's thread.
    """
    channel = webhook.channel
    thread_id = call.query_id("thread_id")
    thread_name: str | None = call.body.get("thread_name")
    if thread_id is not None and thread_name is not None:
        raise refused(220002)
    if thread_id is not None:
        thread = call.world.channels.get(thread_id)
        if not isinstance(thread, SandboxThread) or thread.parent is not channel:
            raise refused(10003)
        if thread.archived and thread.locked:
            raise refused(50083)
        return thread, False
    if thread_name is None:
        if channel.kind == FORUM:
            raise refused(220001)
        return channel, False
    if channel.kind != FORUM:
        raise refused(220003)
    tags = [int(t) for t in call.body.get("applied_tags") or []]
    if channel.require_tag and not {t.id for t in channel.tags} & set(tags):
        raise refused(40067)
    thread = threads.open_thread(
        call.world, channel, PUBLIC_THREAD, clean_text(thread_name), webhook.id, tags=tags
    )
    channel.last_message_id = thread.id
    events.thread_created(call.world, thread)
    return thread, True


def _sent(call: Call) -> SandboxMessage:
    """Return a message this webhook sent; in a thread only with `thread_id` (10008)."""
    webhook = _webhook(call)
    channel = webhook.channel
    thread_id = call.query_id("thread_id")
    if thread_id is not None:
        thread = call.world.channels.get(thread_id)
        if not isinstance(thread, SandboxThread) or thread.parent is not channel:
            raise refused(10003)
        channel = thread
    message = channel.find(call.id("message_id"))
    if message is None or message.webhook is not webhook:
        raise refused(10008)
    return message


async def _get_message(call: Call) -> Json:
    if _answers_interaction(call):
        return await interactions.get_message(call)
    return message_payloads.message(_sent(call))


async def _edit_message(call: Call) -> Json:
    if _answers_interaction(call):
        return await interactions.edit_message(call)
    message = _sent(call)
    message_rights.check_not_archived(message.channel)
    kept = messages.draft_of(message)
    draft = read_changes(call.body, kept, call.files, mentions=ONLY_USERS)
    messages.edit(call.world, message, draft)
    return message_payloads.message(message)


async def _delete_message(call: Call) -> Json:
    if _answers_interaction(call):
        return await interactions.delete_message(call)
    messages.delete(call.world, _sent(call))
    return None


def routes() -> list[Route]:
    """Return the routes of this module."""
    plain = "/webhooks/{webhook_id}"
    with_token = plain + "/{webhook_token}"
    one = with_token + "/messages/{message_id}"
    return [
        Route("POST", "/channels/{channel_id}/webhooks", _create),
        Route("GET", "/channels/{channel_id}/webhooks", _list),
        Route("GET", "/guilds/{guild_id}/webhooks", _list_of_guild),
        Route("GET", plain, _get),
        Route("PATCH", plain, _modify),
        Route("DELETE", plain, _delete),
        Route("GET", with_token, _get, public=True),
        Route("PATCH", with_token, _modify, public=True),
        Route("DELETE", with_token, _delete, public=True),
        Route("POST", with_token, _execute, public=True),
        Route("GET", one, _get_message, public=True),
        Route("PATCH", one, _edit_message, public=True),
        Route("DELETE", one, _delete_message, public=True),
    ]
