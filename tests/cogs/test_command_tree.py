from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from discord import AppCommandType, app_commands

from bot.client import Marginalia

# API documentation, "Application Commands", sections "Application Command Naming" and
# "Application Command Object".
NAME = re.compile(r"[-_\w]{1,32}")
MOST = {AppCommandType.chat_input: 100, AppCommandType.user: 15, AppCommandType.message: 15}
MOST_OPTIONS = 25
MOST_CHARACTERS = 8000

Command = app_commands.Command[Any, ..., Any]  # as the tree itself has them


@pytest.fixture
def slash_commands(bot: Marginalia) -> list[Command | app_commands.Group]:
    return list(bot.tree.walk_commands())


def leaves(commands: list[Command | app_commands.Group]) -> Iterator[Command]:
    return (command for command in commands if isinstance(command, app_commands.Command))


def test_every_slash_command_has_a_good_name_and_a_description_of_its_own(
    slash_commands: list[Command | app_commands.Group],
) -> None:
    assert len(list(leaves(slash_commands))) >= 8
    for command in slash_commands:
        assert NAME.fullmatch(command.name), command.qualified_name
        assert command.name == command.name.lower()
        assert 10 <= len(command.description) <= 100, command.qualified_name
        assert not command.description.endswith("."), command.qualified_name
    descriptions = [command.description for command in slash_commands]
    assert len(set(descriptions)) == len(descriptions)


def test_every_option_has_a_good_name_and_a_description(
    slash_commands: list[Command | app_commands.Group],
) -> None:
    for command in leaves(slash_commands):
        assert len(command.parameters) <= MOST_OPTIONS
        for option in command.parameters:
            where = f"/{command.qualified_name} {option.display_name}"
            assert NAME.fullmatch(option.display_name), where
            assert 5 <= len(str(option.description)) <= 100, where
            assert len(option.choices) <= MOST_OPTIONS, where


def test_no_two_commands_of_a_kind_have_one_name_and_there_are_not_too_many(
    bot: Marginalia,
) -> None:
    for kind, most in MOST.items():
        names = [command.name for command in bot.tree.get_commands(type=kind)]
        assert len(set(names)) == len(names)
        assert len(names) <= most


def test_no_command_holds_more_characters_than_discord_takes(bot: Marginalia) -> None:
    for command in bot.tree.get_commands():
        assert characters(command.to_dict(bot.tree)) <= MOST_CHARACTERS, command.name


def test_commands_for_those_who_left_work_in_direct_messages_and_no_other_does(
    bot: Marginalia,
) -> None:
    in_messages = set()
    for command in bot.tree.get_commands():
        payload = json.loads(json.dumps(command.to_dict(bot.tree)))
        contexts = payload.get("contexts") or [0]
        assert 2 not in contexts, f"{command.name} is offered in other people's messages"
        if 1 in contexts:
            in_messages.add(command.name)

    assert in_messages == {"help", "track", "digest", "claim"}


def characters(part: object) -> int:
    """Count as Discord does: all names, descriptions and values (section "Registering")."""
    if isinstance(part, dict):
        own = sum(
            len(str(value))
            for key, value in part.items()
            if key in ("name", "description", "value") and isinstance(value, str)
        )
        nested = [value for value in part.values() if isinstance(value, dict | list)]
        return own + sum(map(characters, nested))
    return sum(map(characters, part)) if isinstance(part, list) else 0
