"""What an interaction says of a command: "Application Command Data Structure"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.wire import JsonObject


def without(leaf: JsonObject, name: str) -> list[JsonObject]:
    """Return the options but one, none required: a completion comes before all are filled in."""
    return [{**o, "required": False} for o in leaf.get("options") or [] if o["name"] != name]


def nested(path: list[tuple[int, str]], options: list[JsonObject]) -> list[JsonObject]:
    """Put a sub-command's options beneath the steps that lead to it."""
    for kind, step in reversed(path):
        options = [{"name": step, "type": kind, "options": options}]
    return options


def command_data(
    command: JsonObject, options: list[JsonObject] | None, resolved: JsonObject
) -> JsonObject:
    """Return what an interaction says of the command that was used."""
    data: JsonObject = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if options is not None:
        data["options"] = options
    if resolved:
        data["resolved"] = resolved
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data
