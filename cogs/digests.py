"""The commands `/digest …`, and the tick that sends what is due."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.ports import Clock, CourierError
from bot.core.post_line import timestamp
from bot.core.schedule import WEEKDAYS, matching_zones, next_occurrence
from bot.digests import Digests
from bot.store.people import People
from bot.store.tracking import Tracking
from bot.ticker import Ticker
from cogs._access import Access
from cogs._courier import DiscordCourier
from cogs._inbox import Inboxes, schedule_words
from cogs._naming import Choice, choice
from cogs._present import digest_embeds

_TICK = "digests"
_NOTHING_TRACKED = (
    "You track nothing yet, so there is no digest: use `/track discussion` in a discussion's "
    "thread first."
)
_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(WEEKDAYS)]


class DigestCommands(commands.Cog):
    """Lets people choose when their digest comes, and see it before it does."""

    digest = app_commands.Group(
        name="digest",
        description="Your weekly digest of what you track",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(
        self,
        bot: Marginalia,
        digests: Digests,
        people: People,
        tracking: Tracking,
        courier: DiscordCourier,
        clock: Clock,
        ticker: Ticker,
        tick_seconds: float,
    ) -> None:
        self._bot = bot
        self._digests = digests
        self._people = people
        self._tracking = tracking
        self._courier = courier
        self._inboxes = Inboxes(people, courier)
        self._clock = clock
        self._ticker = ticker
        self._tick_seconds = tick_seconds

    async def cog_load(self) -> None:
        """Begin to look, every so often, whether a digest is due."""
        self._ticker.every(self._tick_seconds, self._tick, name=_TICK)

    async def cog_unload(self) -> None:
        """Look no more."""
        self._ticker.stop(_TICK)

    @digest.command(
        name="settings",
        description="Choose when your weekly digest comes; without a choice, see when it does",
    )
    @app_commands.describe(
        day="The day on which it comes",
        hour="The hour at which it comes, from 0 to 23, in your time zone",
        timezone="Your time zone: type a city",
    )
    @app_commands.choices(day=_DAYS)
    async def settings(
        self,
        interaction: discord.Interaction,
        day: app_commands.Choice[int] | None = None,
        hour: app_commands.Range[int, 0, 23] | None = None,
        timezone: str | None = None,
    ) -> None:
        """Choose when your weekly digest comes; without a choice, see when it does."""
        user_id, now = interaction.user.id, self._clock.now()
        person = await self._people.get(user_id)
        schedule = self._people.default if person is None else person.schedule
        if day is not None or hour is not None or timezone is not None:
            schedule = replace(
                schedule,
                weekday=schedule.weekday if day is None else day.value,
                hour=schedule.hour if hour is None else hour,
                zone=schedule.zone if timezone is None else timezone.strip(),
            )
            person = await self._people.set_schedule(user_id, schedule, now)
        coming = next_occurrence(schedule, now) if person is None else person.next_digest_at
        tracks = bool(await self._tracking.of_user(user_id))
        lines = [
            f"Your digest comes **{schedule_words(schedule)}**.",
            f"The next one may come {timestamp(coming, 'F')} ({timestamp(coming, 'R')}), if there "
            "is news in what you track."
            if tracks
            else _NOTHING_TRACKED,
            await self._inboxes.note(user_id),
        ]
        await interaction.response.send_message("\n".join(filter(None, lines)), ephemeral=True)

    @digest.command(
        name="preview",
        description="See exactly what your digest would say if it came now",
    )
    async def preview(self, interaction: discord.Interaction) -> None:
        """See exactly what your digest would say if it came now."""
        await interaction.response.defer(ephemeral=True)
        user_id = interaction.user.id
        try:
            message = await self._digests.preview(user_id, self._courier)
        except CourierError as error:
            raise UserError(
                "Discord does not say just now what you may read, so I show nothing. "
                "Try again in a minute."
            ) from error
        if message is not None:
            words = "If your digest came now, this is what it would say:"
        elif await self._tracking.of_user(user_id):
            words = "There is nothing new for you, so no digest would come now."
        else:
            words = _NOTHING_TRACKED
        note = await self._inboxes.note(user_id)
        await interaction.edit_original_response(
            content="\n".join(filter(None, (note, words))),
            embeds=[] if message is None else digest_embeds(message),
        )

    async def _tick(self) -> None:
        # Until the servers are known, nobody's rights are: an attempt would be in vain.
        if not self._bot.is_ready():
            return
        await self._digests.tick(self._courier, self._clock.now())

    @settings.autocomplete("timezone")
    async def _offer_zones(self, _interaction: discord.Interaction, current: str) -> list[Choice]:
        return [choice(zone, zone) for zone in matching_zones(current)]


async def setup(bot: Marginalia) -> None:
    """Load the cog; its tick goes with it."""
    app = bot.app
    await bot.add_cog(
        DigestCommands(
            bot,
            app.digests,
            app.people,
            app.tracking,
            DiscordCourier(bot, Access(bot)),
            bot.clock,
            app.ticker,
            bot.settings.tick_seconds,
        )
    )
