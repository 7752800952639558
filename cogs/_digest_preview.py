"""What `/digest preview` shows: the message that would be sent now, to the letter."""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.core.ports import Clock, CourierError
from bot.digests import Digests
from bot.store.tracking import Tracking
from cogs._courier import DiscordCourier
from cogs._digest_settings import NOTHING_TRACKED
from cogs._digest_view import digest_view
from cogs._inbox import Inboxes
from cogs._present import digest_embeds


class DigestPreview:
    """Shows people privately what they would be sent."""

    def __init__(
        self,
        digests: Digests,
        inboxes: Inboxes,
        tracking: Tracking,
        courier: DiscordCourier,
        clock: Clock,
    ) -> None:
        self._digests = digests
        self._inboxes = inboxes
        self._tracking = tracking
        self._courier = courier
        self._clock = clock

    async def answer(self, interaction: discord.Interaction) -> None:
        """Show it. Raises `UserError` while Discord does not say what the person may read."""
        await interaction.response.defer(ephemeral=True)
        user_id = interaction.user.id
        try:
            message = await self._digests.preview(user_id, self._courier, self._clock.now())
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
            words = NOTHING_TRACKED
        await interaction.edit_original_response(
            content="\n".join(filter(None, (await self._inboxes.note(user_id), words))),
            embeds=[] if message is None else digest_embeds(message),
            view=None if message is None else digest_view(message),
        )
