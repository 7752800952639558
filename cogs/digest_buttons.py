"""The buttons below a digest: they work months later, wherever the message is."""

from __future__ import annotations

import discord

from bot.client import Marginalia
from bot.core.level import Level
from bot.core.place import Order, Place
from bot.core.ports import Clock
from bot.store.pages import Pages
from bot.store.people import People
from bot.store.person import PauseReason
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._choices import Choices
from cogs._courier import DiscordCourier
from cogs._digest_view import (
    LEVEL_OF_ALL,
    LEVEL_OF_ONE,
    MUTE,
    READ_NEW,
    STOP_ALL,
    first_new_from_text,
    level_from_text,
    level_of_one_from_text,
)
from cogs._inbox import Inboxes
from cogs._naming import local_id
from cogs._panel_view import TRACK
from cogs._pause_view import resume_view
from cogs._presses import Press, PressCog, button, known, view_of
from cogs._schedule_words import coming_words
from cogs._shown_pages import ShownPages
from cogs._track_answers import bold

_NOT_TRACKED = "You do not track it any more, so nothing of it comes."
_NOTHING_TRACKED = "You have never tracked anything, so nothing comes."
_STOPPED = (
    "**Stopped: I send you nothing more, whatever the server.** What you track is kept. Press "
    "Resume, here or in `/digest settings`, and the next digest brings what came meanwhile. "
    "`/track stop` ends tracking itself."
)


class DigestButtons(PressCog):
    """Answers presses below digests, each with a private message of its own."""

    def __init__(
        self,
        choices: Choices,
        shown: ShownPages,
        pages: Pages,
        tracking: Tracking,
        people: People,
        inboxes: Inboxes,
        clock: Clock,
    ) -> None:
        self._choices = choices
        self._shown = shown
        self._pages = pages
        self._tracking = tracking
        self._people = people
        self._inboxes = inboxes
        self._clock = clock
        self.presses = {
            READ_NEW: self._read,
            MUTE: self._mute,
            LEVEL_OF_ONE: self._set_level_of_one,
            LEVEL_OF_ALL: self._set_level_of_all,
            STOP_ALL: self._stop_all,
        }

    async def _read(self, interaction: discord.Interaction, press: Press) -> None:
        """Open a discussion at the first post that was new, or at its newest one."""
        await _begin_answer(interaction)
        first = known(first_new_from_text(press.value or press.state))
        discussion = await self._choices.known_discussion(interaction, first.discussion_id)
        if first.number is not None:
            await self._shown.show_from(interaction, discussion, first.number)
            return
        last = await self._pages.last_number(discussion.id)
        await self._shown.show(interaction, discussion, Place(discussion.id, last, Order.NEWEST))

    async def _mute(self, interaction: discord.Interaction, press: Press) -> None:
        await _begin_answer(interaction)
        discussion_id = known(local_id(press.value or press.state))
        if not await self._set_level(interaction, discussion_id, Level.MUTED):
            await interaction.edit_original_response(content=_NOT_TRACKED)
            return
        name = await self._name(interaction, discussion_id)
        await interaction.edit_original_response(
            content=f"Muted: you hear nothing of {name} any more. `/track list` shows what you "
            "muted.",
            view=view_of([button("Hear of it again", TRACK, str(discussion_id), row=0)]),
        )

    async def _set_level_of_one(self, interaction: discord.Interaction, press: Press) -> None:
        await _begin_answer(interaction)
        chosen = known(level_of_one_from_text(press.state))
        if await self._set_level(interaction, chosen.discussion_id, chosen.level):
            name = await self._name(interaction, chosen.discussion_id)
            await self._answer(interaction, f"Changed for {name} alone.", chosen.level)
        else:
            await interaction.edit_original_response(content=_NOT_TRACKED)

    async def _set_level_of_all(self, interaction: discord.Interaction, press: Press) -> None:
        await _begin_answer(interaction)
        level = known(level_from_text(press.state))
        if await self._tracking.set_everything(interaction.user.id, level, self._clock.now()):
            words = (
                "Changed for everything that you track, whatever the server. What you muted stays "
                "muted, and `/track discussion` with a level is for one discussion alone."
            )
            await self._answer(interaction, words, level)
        else:
            await interaction.edit_original_response(content=_NOTHING_TRACKED)

    async def _stop_all(self, interaction: discord.Interaction, _press: Press) -> None:
        await _begin_answer(interaction)
        await self._people.pause(interaction.user.id, PauseReason.ASKED, self._clock.now())
        await interaction.edit_original_response(content=_STOPPED, view=resume_view())

    async def _set_level(
        self, interaction: discord.Interaction, discussion_id: int, level: Level
    ) -> bool:
        return await self._tracking.set_level_of_discussion(
            interaction.user.id, discussion_id, level, self._clock.now()
        )

    async def _name(self, interaction: discord.Interaction, discussion_id: int) -> str:
        """Name a discussion to whoever may read it now."""
        discussion = await self._choices.readable_discussion(interaction, discussion_id)
        return "that discussion" if discussion is None else bold(discussion.title)

    async def _answer(self, interaction: discord.Interaction, words: str, level: Level) -> None:
        """Say what was done, when the next message comes, and what keeps it from coming."""
        user_id = interaction.user.id
        person = await self._people.get(user_id)
        is_paused = person is None or person.paused is not None
        coming = None if is_paused else await self._people.next_due(user_id)
        lines = (
            words,
            None if person is None else coming_words(level, person.schedule, coming),
            await self._inboxes.note(user_id),
        )
        await interaction.edit_original_response(content="\n".join(filter(None, lines)))


async def _begin_answer(interaction: discord.Interaction) -> None:
    """Acknowledge the press: the digest stays as it is, and below it comes a private answer."""
    await interaction.response.defer(ephemeral=True, thinking=True)


async def setup(bot: Marginalia) -> None:
    """Load the cog."""
    app = bot.app
    access = Access(bot)
    await bot.add_cog(
        DigestButtons(
            Choices(app.discussions, app.forums, access),
            ShownPages(app.pages),
            app.pages,
            app.tracking,
            app.people,
            Inboxes(app.people, DiscordCourier(bot, access), app.clock),
            app.clock,
        )
    )
