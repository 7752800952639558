"""The webhook through which old posts are sent: one of the bot's own in each channel."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.core.ports import StageError

WEBHOOK_NAME = "Marginalia"


class Webhooks:
    """Finds or makes the webhook of a channel, and knows its messages.

    A webhook that the bot makes is its application's, and so its messages name the application:
    thus they are told from what people say through webhooks of their own.
    """

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot
        self._by_channel: dict[int, discord.Webhook] = {}

    async def of(self, channel: discord.ForumChannel | discord.TextChannel) -> discord.Webhook:
        """Give the channel's webhook."""
        webhook = self._by_channel.get(channel.id)
        if webhook is None:
            own = [hook for hook in await channel.webhooks() if self._may_use(hook)]
            webhook = own[0] if own else await channel.create_webhook(name=WEBHOOK_NAME)
            # Of two who looked at the same time, both go on with the one that was noted first.
            webhook = self._by_channel.setdefault(channel.id, webhook)
        return webhook

    def forget(self, channel_id: int) -> None:
        """Look for the channel's webhook anew: someone removed it."""
        self._by_channel.pop(channel_id, None)

    def sent(self, message: discord.Message) -> bool:
        """Say whether a webhook of the bot's own sent the message."""
        return message.webhook_id is not None and message.application_id == self.own_id

    @property
    def own_id(self) -> int:
        """The bot's id, which is its application's. Raises `StageError` before it is known."""
        if self._bot.user is None:
            raise StageError("The bot is not logged in yet.")
        return self._bot.user.id

    def _may_use(self, webhook: discord.Webhook) -> bool:
        made_by = None if webhook.user is None else webhook.user.id
        return made_by == self.own_id and webhook.token is not None
