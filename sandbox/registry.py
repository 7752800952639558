"""The application's registered commands, checked as Discord checks them.

API documentation, "Application Commands".
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sandbox.errors import not_possible, refused
from sandbox.file_types import check_file_types
from sandbox.limits import Problems, check_text

if TYPE_CHECKING:
    from sandbox.limits import Path
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)

_MOST_BY_TYPE = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15}
_MOST_CHARACTERS = 8000
_MOST_PARTS = 25


class CommandRegistry:
    """Commands by place: the application's global ones (None), and each guild's."""

    def __init__(self) -> None:
        self._commands: dict[int | None, list[JsonObject]] = {None: []}

    def listed(self, guild_id: int | None) -> list[JsonObject]:
        """Return the commands registered for a guild, or the global ones."""
        return self._commands.get(guild_id, [])

    def replace(
        self, world: World, guild_id: int | None, commands: list[JsonObject]
    ) -> list[JsonObject]:
        """Register `commands` in place of those there are, or raise 50035 or 30032.

        A command that keeps its name and type keeps its id ("Bulk Overwrite").
        """
        problems = Problems()
        for index, command in enumerate(commands):
            _check_command(command, (index,), problems)
        problems.raise_if_any()
        kinds = [(c.get("type", CHAT_INPUT), c["name"]) for c in commands]
        if len(set(kinds)) != len(kinds):
            problems.add(
                (),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
            problems.raise_if_any()
        for kind, most in _MOST_BY_TYPE.items():
            if sum(1 for k, _ in kinds if k == kind) > most:
                raise refused(30032)
        known = {(c["type"], c["name"]): c["id"] for c in self.listed(guild_id)}
        self._commands[guild_id] = [
            _registered(world, guild_id, command, known) for command in commands
        ]
        return self._commands[guild_id]

    def find(self, kind: int, name: str, guild_id: int | None) -> JsonObject:
        """Return the command a person picks by its first name; a guild's own comes first."""
        for place in (guild_id, None) if guild_id is not None else (None,):
            for command in self.listed(place):
                if command["type"] == kind and command["name"] == name:
                    return command
        known = sorted(c["name"] for c in self.listed(None) + self.listed(guild_id))
        raise not_possible(f"no command {name!r} is registered here; there are {known}")


def _registered(
    world: World,
    guild_id: int | None,
    command: JsonObject,
    known: dict[tuple[int, str], str],
) -> JsonObject:
    kind = command.get("type", CHAT_INPUT)
    body = {
        "description": "",
        "default_member_permissions": None,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
        "dm_permission": True,
        **command,
        "type": kind,
        "id": known.get((kind, command["name"])) or str(world.snowflakes.next()),
        "application_id": str(world.application.id),
        "version": str(world.snowflakes.next()),
    }
    if guild_id is not None:
        body["guild_id"] = str(guild_id)
    return body


def _check_command(command: JsonObject, path: Path, problems: Problems) -> None:
    kind = command.get("type", CHAT_INPUT)
    name, description = command.get("name", ""), command.get("description", "")
    if kind not in _MOST_BY_TYPE:
        problems.choice((*path, "type"), tuple(_MOST_BY_TYPE))
    elif kind != CHAT_INPUT:
        check_text(problems, (*path, "name"), name, 1, 32)
        if description or command.get("options"):
            problems.add(
                (*path, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED",
                "Context menu commands cannot have description",
            )
    else:
        _check_name(name, (*path, "name"), problems)
        check_text(problems, (*path, "description"), description, 1, 100)
        _check_options(command.get("options") or [], (*path, "options"), problems, depth=0)
        if _characters(command) > _MOST_CHARACTERS:
            problems.add(
                path,
                "APPLICATION_COMMAND_TOO_LARGE",
                f"Command exceeds maximum size ({_MOST_CHARACTERS})",
            )


def _check_name(name: Json, path: Path, problems: Problems) -> None:
    check_text(problems, path, name, 1, 32)
    fits = isinstance(name, str) and all(
        c in "-_'" or unicodedata.category(c)[0] in "LN" or unicodedata.category(c) in ("Mn", "Mc")
        for c in name
    )
    if not fits or name != name.lower():
        problems.add(
            path,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        )


def _check_options(
    options: list[JsonObject], path: Path, problems: Problems, *, depth: int
) -> None:
    if len(options) > _MOST_PARTS:
        problems.length(path, 0, _MOST_PARTS)
    names: set[str] = set()
    optional_seen = False
    for index, option in enumerate(options):
        here = (*path, index)
        _check_name(option.get("name", ""), (*here, "name"), problems)
        check_text(problems, (*here, "description"), option.get("description", ""), 1, 100)
        if option.get("name") in names:
            problems.add(
                (*here, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            )
        names.add(str(option.get("name")))
        if option.get("required") and optional_seen:
            problems.add(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")
        kind = option.get("type")
        if kind not in range(1, 12):
            problems.choice((*here, "type"), range(1, 12))
        elif kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
            if depth > (1 if kind == SUB_COMMAND else 0):
                problems.add(
                    (*here, "type"),
                    "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                    "Sub-command and sub-command group option types are nested too deep",
                )
            nested = option.get("options") or []
            _check_options(nested, (*here, "options"), problems, depth=depth + 1)
        else:
            _check_choices(option, here, problems)
            if kind == ATTACHMENT:
                types = option.get("file_types") or []
                check_file_types(types, (*here, "file_types"), problems)


def _check_choices(option: JsonObject, path: Path, problems: Problems) -> None:
    choices = option.get("choices") or []
    if len(choices) > _MOST_PARTS:
        problems.length((*path, "choices"), 0, _MOST_PARTS)
    if choices and option.get("autocomplete"):
        problems.add(
            (*path, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "Autocomplete cannot be set together with choices",
        )
    check_choices(choices, option["type"], (*path, "choices"), problems)


def check_choices(choices: list[JsonObject], kind: int, path: Path, problems: Problems) -> None:
    """Note choices whose name or text is not 1 to 100 characters, or not of the option's type."""
    for index, choice in enumerate(choices):
        check_text(problems, (*path, index, "name"), choice.get("name", ""), 1, 100)
        value, here = choice.get("value"), (*path, index, "value")
        if kind == STRING:
            check_text(problems, here, value, 1, 100)
        elif not isinstance(value, int if kind == INTEGER else int | float):
            problems.add(here, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def _characters(part: JsonObject) -> int:
    """Count names, descriptions and values of a command, as its limit does."""
    own = len(part.get("name", "")) + len(part.get("description") or "")
    own += sum(
        len(choice["name"]) + len(str(choice.get("value", "")))
        for choice in part.get("choices") or []
    )
    return own + sum(_characters(option) for option in part.get("options") or [])
