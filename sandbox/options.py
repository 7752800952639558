"""The values a person gives a command's options, and the objects they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import message_payloads, payloads
from sandbox.direct import Inbox
from sandbox.errors import not_possible, refused
from sandbox.file_types import is_of_type
from sandbox.limits import MAX_FILE_BYTES
from sandbox.people import SandboxRole
from sandbox.permissions import permissions_in
from sandbox.registry import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from sandbox.state import SandboxAttachment, SandboxChannel

if TYPE_CHECKING:
    from sandbox.guild import SandboxGuild
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

REFERRING = (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT)
"""The option types whose value is the id of an object that is sent along."""

_LARGEST_INTEGER = 2**53


def checked_value(option: JsonObject, value: Json) -> Json:
    """Return the option's value as it is sent; raise what Discord's client would not let pass."""
    kind, name = option["type"], option["name"]
    if kind == BOOLEAN:
        if not isinstance(value, bool):
            raise not_possible(f"{name!r} takes True or False")
        return value
    if kind == STRING:
        return _chosen(option, _checked_text(option, str(value)))
    if kind in (INTEGER, NUMBER):
        return _chosen(option, _checked_number(option, value))
    types = option.get("channel_types")
    if kind == CHANNEL and types and value.kind not in types:
        raise not_possible(f"{name!r} does not take #{value.name}")
    return str(getattr(value, "id", value))


def uploaded(
    world: World, channel: SandboxChannel, option: JsonObject, value: Json
) -> SandboxAttachment:
    """Return a file as it is once it was chosen: with an id, at an address that expires.

    Raises 40005 for one that is larger than people may upload ("Reference", section "Uploading
    Files").
    """
    name = option["name"]
    if not isinstance(value, SandboxAttachment):
        raise not_possible(f"{name!r} takes a file")
    types = option.get("file_types") or []
    if not is_of_type(value.filename, types):
        raise not_possible(f"{name!r} takes files of {types}, not {value.filename}")
    if message_payloads.attachment(value)["size"] > MAX_FILE_BYTES:
        raise refused(40005)
    return world.cdn.keep(channel.id, value)


def _checked_text(option: JsonObject, text: str) -> str:
    least, most = max(1, option.get("min_length", 0)), option.get("max_length", 6000)
    if not least <= len(text) <= most:
        raise not_possible(f"{option['name']!r} takes {least} to {most} characters")
    return text


def _checked_number(option: JsonObject, value: Json) -> Json:
    name = option["name"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise not_possible(f"{name!r} takes a number")
    if option["type"] == INTEGER and not isinstance(value, int):
        raise not_possible(f"{name!r} takes a whole number")
    least, most = option.get("min_value"), option.get("max_value")
    least = -_LARGEST_INTEGER if least is None else least
    most = _LARGEST_INTEGER if most is None else most
    if not least <= value <= most:
        raise not_possible(f"{name!r} takes {least} to {most}")
    return value


def _chosen(option: JsonObject, value: Json) -> Json:
    """Return the value of the choice taken, by value or name, where there are choices."""
    choices = option.get("choices") or []
    if not choices:
        return value
    found = [c["value"] for c in choices if value in (c["value"], c["name"])]
    if not found:
        raise not_possible(f"{option['name']!r} takes one of {[c['name'] for c in choices]}")
    return found[0]


def resolve_value(resolved: JsonObject, guild: SandboxGuild, value: Json) -> None:
    """Add the objects a value refers to ("Resolved Data Structure")."""
    if isinstance(value, SandboxRole):
        resolved.setdefault("roles", {})[str(value.id)] = payloads.role(value)
    elif isinstance(value, SandboxChannel):
        body = payloads.channel(value)
        kept = ("id", "type", "name", "parent_id", "thread_metadata")
        shown = {k: body[k] for k in kept if k in body}
        shown["permissions"] = str(permissions_in(guild.me, value))
        resolved.setdefault("channels", {})[str(value.id)] = shown
    elif isinstance(value, SandboxAttachment):
        body = {**message_payloads.attachment(value), "ephemeral": True}
        resolved.setdefault("attachments", {})[str(value.id)] = body
    elif isinstance(value, Inbox):
        resolved.setdefault("users", {})[str(value.id)] = payloads.user(value.user)
        member = guild.members.get(value.id)
        if member is not None:
            shown = {**payloads.member_without_user(member), "permissions": "0"}
            resolved.setdefault("members", {})[str(value.id)] = shown
