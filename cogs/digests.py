"""The commands `/digest …`: how and when one is told, and what would come now."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.level import LEVEL_WORDS, Level
from bot.core.schedule import WEEKDAYS
from cogs._access import Access
from cogs._channel_digest import ChannelDigestChoice, ChosenChannelDigest, ChosenTextChannel
from cogs._choices import Choices
from cogs._chosen_post import ChosenPosts
from cogs._courier import DiscordCourier
from cogs._digest_preview import DigestPreview
from cogs._digest_settings import ChosenSettings, DigestSettings
from cogs._digest_stats import DigestStats
from cogs._digest_why import DigestWhy
from cogs._hosts import HostRights
from cogs._inbox import Inboxes
from cogs._naming import Choice

Hour = app_commands.Range[int, 0, 23]

_LEVELS = [
    app_commands.Choice(name=LEVEL_WORDS[level].capitalize(), value=level.value)
    for level in (Level.EVERY_POST, Level.DAILY, Level.WEEKLY)
]
_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(WEEKDAYS)]
_NO_QUIET = [app_commands.Choice(name="None: news may come at any hour", value="none")]


class DigestCommands(commands.Cog):
    """What people say and ask about the digests that they get."""

    digest = app_commands.Group(
        name="digest",
        description="How and when I tell you of what you track",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(
        self,
        settings: DigestSettings,
        preview: DigestPreview,
        why: DigestWhy,
        stats: DigestStats,
        channel_digest: ChannelDigestChoice,
    ) -> None:
        self._settings = settings
        self._preview = preview
        self._why = why
        self._stats = stats
        self._channel_digest = channel_digest

    @digest.command(
        name="settings",
        description="Choose how often and when you are told; without a choice, see how you are",
    )
    @app_commands.describe(
        often="How often you are told of what you track",
        day="The day on which the weekly digest comes",
        hour="The hour at which digests come, from 0 to 23, in your time zone",
        timezone="Your time zone: type a city",
        quiet_from="The hour from which nothing is sent to you, from 0 to 23",
        quiet_to="The hour until which nothing is sent to you, from 0 to 23",
        quiet="Have no quiet hours any more",
    )
    @app_commands.choices(often=_LEVELS, quiet=_NO_QUIET)
    @app_commands.choices(day=_DAYS)
    async def settings(
        self,
        interaction: discord.Interaction,
        often: app_commands.Choice[str] | None = None,
        day: app_commands.Choice[int] | None = None,
        hour: Hour | None = None,
        timezone: str | None = None,
        quiet_from: Hour | None = None,
        quiet_to: Hour | None = None,
        quiet: app_commands.Choice[str] | None = None,
    ) -> None:
        """Choose how often and when you are told; without a choice, see how you are."""
        chosen = ChosenSettings(
            level=None if often is None else Level(often.value),
            weekday=None if day is None else day.value,
            hour=hour,
            zone=timezone,
            quiet_from=quiet_from,
            quiet_to=quiet_to,
            ends_quiet=quiet is not None,
        )
        await self._settings.answer(interaction, chosen)

    @digest.command(
        name="preview",
        description="See exactly what your digest would say if it came now",
    )
    async def preview(self, interaction: discord.Interaction) -> None:
        """See exactly what your digest would say if it came now."""
        await self._preview.answer(interaction)

    @digest.command(
        name="why",
        description="See what became of your last digests, or whether a post was in them",
    )
    @app_commands.describe(post="A post of a discussion: the link to its message")
    async def why(self, interaction: discord.Interaction, post: str | None = None) -> None:
        """See what became of your last digests, or whether a post was in them."""
        await self._why.answer(interaction, post)

    @digest.command(
        name="stats", description="For hosts: how the digests of this server go, in numbers"
    )
    async def stats(self, interaction: discord.Interaction) -> None:
        """See how the digests of this server go, in numbers."""
        await self._stats.answer(interaction)

    @digest.command(
        name="channel",
        description="For hosts: post a forum's weekly digest in a channel, or see how it stands",
    )
    @app_commands.describe(
        forum="The forum; without it, the one you are in",
        channel="The text channel; its readers must all be readers of the forum",
        day="The day of the week",
        hour="The hour, from 0 to 23, in the server's time zone",
        end="Post it no more",
    )
    @app_commands.choices(day=_DAYS)
    async def channel(
        self,
        interaction: discord.Interaction,
        forum: str | None = None,
        channel: ChosenTextChannel | None = None,
        day: app_commands.Choice[int] | None = None,
        hour: Hour | None = None,
        end: bool = False,  # noqa: FBT001, FBT002 - an option of a command
    ) -> None:
        """Post a forum's weekly digest in a channel, or see how it stands."""
        chosen = ChosenChannelDigest(
            channel=channel,
            weekday=None if day is None else day.value,
            hour=hour,
            is_ended=end,
        )
        await self._channel_digest.answer(interaction, forum, chosen)

    @channel.autocomplete("forum")
    async def _offer_forums(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._channel_digest.forums(interaction, current)

    @settings.autocomplete("timezone")
    async def _offer_zones(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._settings.zones(interaction, current)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app, clock = bot.app, bot.clock
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    courier = DiscordCourier(bot, access)
    inboxes = Inboxes(app.people, courier, clock)
    choices = Choices(app.discussions, app.forums, access)
    posts = ChosenPosts(app.posts, app.pages, choices)
    await bot.add_cog(
        DigestCommands(
            DigestSettings(app.people, app.tracking, app.server_zones, clock),
            DigestPreview(app.digests, inboxes, app.tracking, courier, clock),
            DigestWhy(bot, app.digest_reports, app.people, app.tracking, posts, courier, clock),
            DigestStats(app.digest_counts, app.channel_digests, host_rights, access, clock),
            ChannelDigestChoice(bot, app.channel_digests, host_rights, choices, clock),
        )
    )
