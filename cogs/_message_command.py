"""Cogs with a command on messages: the one in a message's menu, under Apps."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia

Answer = Callable[
    [discord.Interaction[Marginalia], discord.Message], Coroutine[object, object, None]
]
"""Answers the command: the interaction, and the message that it was used on."""


class MessageCommandCog(commands.Cog):
    """Brings its message command along, and takes it away again.

    discord.py adds a cog's slash commands by itself, but no message commands.
    """

    def __init__(
        self, tree: app_commands.CommandTree[Marginalia], command_name: str, answer: Answer
    ) -> None:
        self._tree = tree
        self._command = app_commands.ContextMenu(name=command_name, callback=answer)

    async def cog_load(self) -> None:
        """Add the message command."""
        self._tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take the message command away."""
        self._tree.remove_command(self._command.name, type=self._command.type)
