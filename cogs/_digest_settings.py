"""What `/digest settings` changes and shows."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.ports import Clock
from bot.core.schedule import QuietHours, next_daily, next_weekly
from bot.core.zones import matching_zones
from bot.store.people import People
from bot.store.person import Inbox, Person
from bot.store.server_zones import ServerZones
from bot.store.tracking import Tracking
from cogs._naming import Choice, choice
from cogs._pause_view import resume_view
from cogs._schedule_words import (
    coming_words,
    inbox_words,
    paused_words,
    quiet_words,
    zone_words,
)

NOTHING_TRACKED = (
    "You track nothing yet, so there is no digest: use `/track discussion` in a discussion's "
    "thread first."
)


@dataclass(frozen=True, slots=True)
class ChosenSettings:
    """What somebody chose in `/digest settings`; None is what they did not mention."""

    level: Level | None = None
    weekday: int | None = None
    hour: int | None = None
    zone: str | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None
    ends_quiet: bool = False


_NOTHING_CHOSEN = ChosenSettings()


class DigestSettings:
    """Changes how a person is told, and shows how they are."""

    def __init__(
        self, people: People, tracking: Tracking, server_zones: ServerZones, clock: Clock
    ) -> None:
        self._people = people
        self._tracking = tracking
        self._server_zones = server_zones
        self._clock = clock

    async def answer(self, interaction: discord.Interaction, chosen: ChosenSettings) -> None:
        """Change what was chosen, and show privately how everything is now.

        Raises `UserError`, and changes nothing, for what cannot be.
        """
        person = await self._people.get_or_new(interaction.user.id, interaction.guild_id)
        lines: list[str | None] = []
        if chosen != _NOTHING_CHOSEN:
            person = await self._change(interaction, person, chosen)
            lines.append("**Changed.**")
        if person.paused is not None:
            await self._people.pause_told(person.user_id, self._clock.now())
        lines += await self._overview(person)
        await interaction.response.send_message(
            "\n".join(filter(None, lines)),
            view=_view(person),
            ephemeral=True,
        )

    async def zones(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer time zones: the server's, then common ones, then all others."""
        guild_id = interaction.guild_id
        nearby = None if guild_id is None else await self._server_zones.get(guild_id)
        return [choice(zone, zone) for zone in matching_zones(words, nearby=nearby)]

    async def _change(
        self, interaction: discord.Interaction, person: Person, chosen: ChosenSettings
    ) -> Person:
        return await self._people.choose(
            person.user_id,
            now=self._clock.now(),
            guild_id=interaction.guild_id,
            level=chosen.level,
            weekday=chosen.weekday,
            hour=chosen.hour,
            zone=None if chosen.zone is None else chosen.zone.strip(),
            quiet=_chosen_quiet(person.quiet, chosen),
            ends_quiet=chosen.ends_quiet,
        )

    async def _overview(self, person: Person) -> list[str | None]:
        """Say line by line how the person is told of what."""
        now = self._clock.now()
        tracked = await self._tracking.of_user(person.user_id)
        coming = None
        if person.paused is None:
            coming = {
                Level.DAILY: next_daily(person.schedule, now),
                Level.WEEKLY: next_weekly(person.schedule, now),
            } | await self._people.next_due(person.user_id)
        others = {each.level for each in tracked} - {None, Level.MUTED, person.level}
        return [
            inbox_words(person.inbox)
            if person.paused is None
            else paused_words(person.paused, has_button=True),
            coming_words(person.level, person.schedule, coming),
            *(
                f"What you track at another level: {coming_words(level, person.schedule, coming)}"
                for level in Level
                if level in others
            ),
            quiet_words(person.quiet, person.schedule.zone),
            zone_words(person),
            "These settings are the same in every server.",
            None if tracked else NOTHING_TRACKED,
        ]


def _view(person: Person) -> discord.ui.View:
    """Give the button that tries whether something arrives, where it may not."""
    if person.paused is not None:
        return resume_view()
    if person.inbox is Inbox.CLOSED:
        return resume_view(label="Try again")
    view: discord.ui.View = discord.utils.MISSING
    return view


def _chosen_quiet(before: QuietHours | None, chosen: ChosenSettings) -> QuietHours | None:
    """Give the quiet hours that were chosen, or None where none were.

    One hour alone changes quiet hours that there are. Raises `UserError` where there are none, and
    where they are to begin and to end for good at once.
    """
    start, end = chosen.quiet_from, chosen.quiet_to
    if start is None and end is None:
        return None
    if chosen.ends_quiet:
        raise UserError(
            "You chose to have no quiet hours, and an hour for them. Choose one of the two."
        )
    if before is not None:
        start = before.start if start is None else start
        end = before.end if end is None else end
    if start is None or end is None:
        raise UserError(
            "Quiet hours need both ends. Choose `quiet_from` and `quiet_to`, such as 22 and 8."
        )
    return QuietHours(start, end)
