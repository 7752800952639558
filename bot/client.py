"""The Discord client: intents, set-up, and the one error funnel of the command tree."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib.resources import files
from typing import NoReturn

import aiohttp
import discord
import discord.gateway
import yarl
from discord import app_commands
from discord.ext import commands

from bot.app import App, open_app
from bot.core.errors import SettingsError, UserError
from bot.core.permissions import INTENT_MESSAGE_CONTENT
from bot.core.ports import Clock, SystemClock
from bot.core.post_line import literal
from bot.settings import Settings
from bot.store.database import StorageUnavailableError

logger = logging.getLogger(__name__)

# How discord.py names the tasks of event handlers, commands, buttons and forms, of which it keeps
# no list.
HANDLER_TASKS = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")
# Less than what those who stop a service allow it: ten seconds for Docker.
CLOSING_SECONDS = 4.0

# As much of a value as is said again where it cannot be.
_SHOWN_VALUE_LIMIT = 40

# API documentation, "Opcodes and Status Codes", section "Gateway Close Event Codes".
_AUTHENTICATION_FAILED = 4004


class Marginalia(commands.AutoShardedBot):
    """The bot. `app` holds its parts from `setup_hook` on, until it is closed."""

    app: App

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=required_intents(),
            # Raw events carry what is needed, and SQLite holds the rest.
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            # Interactions act on channels and members of servers, and in direct messages.
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            guild_ready_timeout=settings.guild_ready_timeout,
        )
        self.settings = settings
        self.clock = clock
        self._resources = AsyncExitStack()

    @property
    def on_message(self) -> NoReturn:
        """Not there: with it, discord.py begins a task for each message to look for a command.

        There are no text commands, and in a storm that is a tenth of the work.
        """
        raise AttributeError("on_message")

    async def setup_hook(self) -> None:
        """Open the parts, load every cog, and tell Discord the commands."""
        self.app = await self._resources.enter_async_context(open_app(self.settings, self.clock))
        for extension in extensions():
            await self.load_extension(extension)
        await self.tree.sync()
        # A session that cannot be resumed is begun anew at discord.py's default address, which is
        # Discord's own: behind a proxy or in the sandbox it is the one the API names.
        _, gateway, _ = await self.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)

    async def on_app_command_completion(
        self, interaction: discord.Interaction, _command: object
    ) -> None:
        """Let those who follow what was answered know of a command that went well."""
        announce_answer(interaction)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what the handling of an event raised.

        What could not be stored (locked, full) is made good: `event_not_stored` is dispatched.
        """
        error = sys.exc_info()[1]
        if isinstance(error, StorageUnavailableError):
            logger.critical("%s The event %s was not stored; it is made good.", error, event_method)
            self.dispatch("event_not_stored")
        else:
            await super().on_error(event_method, *args, **kwargs)

    async def close(self) -> None:
        """Hear no more, let what was heard be stored, leave Discord, and close the parts."""
        if not self.is_closed():
            for shard in self.shards.values():
                await shard.disconnect()
            await _handlers_ended()
        try:
            await super().close()
        finally:
            await self._resources.aclose()


async def _handlers_ended() -> None:
    """Wait until every handler that has begun has ended, but no longer than `CLOSING_SECONDS`."""
    handlers = {task for task in asyncio.all_tasks() if task.get_name().startswith(HANDLER_TASKS)}
    handlers.discard(asyncio.current_task())
    if handlers:
        await asyncio.wait(handlers, timeout=CLOSING_SECONDS)


class Tree(app_commands.CommandTree[Marginalia]):
    """The command tree; what a command raises ends in `answer_error`."""

    async def on_error(
        self, interaction: discord.Interaction[Marginalia], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer a failed command privately."""
        await answer_error(interaction, error)
        announce_answer(interaction)


def announce_answer(interaction: discord.Interaction) -> None:
    """Dispatch `interaction_answered`: all that was asked for by a command or button is done.

    What somebody is to be told besides comes after that: before, it would take the place of an
    answer that is still awaited (API documentation, "Interactions", "Followup Messages").
    """
    interaction.client.dispatch("interaction_answered", interaction)


async def answer_error(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the person privately what went wrong: the one funnel for commands, buttons and forms.

    A `UserError` is shown as it is. Anything else is logged with an id, and answered with it.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, UserError):
        text = str(cause)
    elif isinstance(cause, app_commands.CheckFailure):
        text = "You cannot use that here."
    elif isinstance(cause, app_commands.TransformerError):
        text = (
            f"“{literal(str(cause.value), _SHOWN_VALUE_LIMIT)}” cannot be chosen there. Use the "
            "command again, and choose from what Discord offers."
        )
    elif isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        text = (
            "This command is not as your Discord knows it. Restart Discord, and use the command "
            "again."
        )
    else:
        incident = secrets.token_hex(4)
        logger.error("Incident %s while answering an interaction", incident, exc_info=cause)
        text = (
            "Something went wrong on my side; nothing you wrote is lost. Try again in a moment. "
            f"If it goes on, tell the host of this bot: incident {incident}."
        )
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
        # The interaction itself has ended (3 s, 15 min), or the line: nobody is there to be told.
        logger.warning("An error could not be shown (%s): %s", failure, text)


def required_intents() -> discord.Intents:
    """Give the intents in use. Members is not among them: who may read is asked when needed."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = True
    return intents


def extensions() -> tuple[str, ...]:
    """Give the names of the cogs: every module of `cogs` whose name has no leading underscore."""
    names = sorted(entry.name for entry in files("cogs").iterdir() if entry.name.endswith(".py"))
    return tuple(f"cogs.{name.removesuffix('.py')}" for name in names if not name.startswith("_"))


def create_bot(settings: Settings, *, clock: Clock | None = None) -> commands.AutoShardedBot:
    """Build the bot without connecting it; `async with bot: await bot.start(token)` runs it."""
    discord.http.Route.BASE = settings.discord_api_url
    # There is no voice here, and at every start discord.py would warn of that.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    return Marginalia(settings, SystemClock() if clock is None else clock)


async def connect(bot: commands.AutoShardedBot, token: str) -> None:
    """Run the bot until it is closed; a connection that is lost is taken up again by itself.

    Raises `SettingsError` when Discord refuses the token or an intent, and `UserError` when it
    cannot be reached at the start.
    """
    with _refusals_in_words():
        await bot.start(token)


@asynccontextmanager
async def logged_in(settings: Settings, token: str) -> AsyncIterator[discord.Client]:
    """Give a client for REST alone, without a gateway. Raises `UserError` like `connect`."""
    discord.http.Route.BASE = settings.discord_api_url
    async with discord.Client(intents=discord.Intents.none()) as client:
        with _refusals_in_words():
            await client.login(token)
            yield client


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    refused = SettingsError(
        "Discord does not accept the token in MARGINALIA_DISCORD_TOKEN. Copy it again from the "
        "developer portal (https://discord.com/developers/applications, your application, Bot, "
        "Reset Token); a token that was reset or shown in public is no longer valid."
    )
    try:
        yield
    except discord.LoginFailure as error:
        raise refused from error
    except discord.PrivilegedIntentsRequired as error:
        raise SettingsError(INTENT_MESSAGE_CONTENT) from error
    except discord.ConnectionClosed as error:
        if error.code != _AUTHENTICATION_FAILED:
            raise
        raise refused from error
    except (aiohttp.ClientConnectionError, discord.DiscordServerError) as error:
        raise UserError(
            f"Discord cannot be reached ({error}). Check this machine's network, and "
            "https://discordstatus.com; then start again."
        ) from error
