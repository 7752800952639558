"""The courier on Discord: brings digests to inboxes and channels, and greetings to people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

import discord
from discord.ext import commands

from bot.core.digest import DigestMessage
from bot.core.ports import (
    ChannelClosedError,
    CourierError,
    InboxClosedError,
    Recipient,
    ThreadReference,
    TooFastError,
    Verdict,
)
from cogs._access import Access
from cogs._channel_audience import channel_may_show
from cogs._digest_view import digest_view
from cogs._error_codes import (
    CANNOT_SEND_TO_USER,
    NO_MUTUAL_SERVER,
    OPENING_TOO_FAST,
    UNKNOWN_CHANNEL,
    UNKNOWN_USER,
)
from cogs._no_answer import NO_ANSWER
from cogs._present import digest_embeds
from cogs._reading_verdicts import ReadingVerdicts

# Among so many of the last messages a digest is looked for. An inbox is the bot's own and the
# person's, and one request's worth is months of it; others write into a channel meanwhile.
SEARCHED_IN_INBOX = 100
SEARCHED_IN_CHANNEL = 1000

# In words for the person themselves, who may ask why nothing came.
_CLOSED_INBOX = {
    CANNOT_SEND_TO_USER: "your direct messages are closed to me",
    NO_MUTUAL_SERVER: "you share no server with me any more",
    UNKNOWN_USER: "your account is gone",
}


class DiscordCourier:
    """Fills the core's `Courier` port, and sends short greetings the same way."""

    def __init__(self, bot: commands.AutoShardedBot, access: Access) -> None:
        self._bot = bot
        self._verdicts = ReadingVerdicts(bot, access)

    async def verdicts(
        self, asked: Mapping[int, Collection[ThreadReference]]
    ) -> Mapping[int, Mapping[int, Verdict]]:
        """Say of each of these people which of their threads they may read now."""
        return await self._verdicts.ask(asked)

    async def channel_may_show(self, channel_id: int, forum_id: int) -> str | None:
        """Say why the forum's digest may not be posted in that channel now; None where it may."""
        return await channel_may_show(self._bot, channel_id, forum_id)

    async def deliver(self, recipient: Recipient, message: DigestMessage, token: str) -> int:
        """Send a digest and give the id of the Discord message.

        Discord itself refuses a second message with this token within a few minutes; it gives
        the first one then.
        """
        with _clear_answers(recipient):
            channel = await self._open(recipient)
            sent = await channel.send(
                embeds=digest_embeds(message, token), view=digest_view(message), nonce=token
            )
        return sent.id

    async def find(self, recipient: Recipient, token: str) -> int | None:
        """Give the id of the bot's message with this token among the last ones there."""
        limit = SEARCHED_IN_CHANNEL if recipient.user_id is None else SEARCHED_IN_INBOX
        with _clear_answers(recipient):
            channel = await self._open(recipient)
            async for message in channel.history(limit=limit):
                if message.author == self._bot.user and _is_marked(message, token):
                    return message.id
        return None

    async def greet(self, user_id: int, text: str, token: str) -> None:
        """Send a few words, once for each token. Raises `InboxClosedError` or `CourierError`."""
        recipient = Recipient(user_id=user_id)
        with _clear_answers(recipient):
            channel = await self._open(recipient)
            await channel.send(text, nonce=token)

    async def _open(self, recipient: Recipient) -> discord.DMChannel | discord.PartialMessageable:
        if recipient.user_id is not None:
            return await self._bot.create_dm(discord.Object(recipient.user_id))
        if recipient.channel_id is not None:
            return self._bot.get_partial_messageable(recipient.channel_id)
        raise ValueError(f"{recipient} is neither a person nor a channel")


def _is_marked(message: discord.Message, token: str) -> bool:
    return any((embed.footer.text or "").endswith(token) for embed in message.embeds)


@contextmanager
def _clear_answers(recipient: Recipient) -> Iterator[None]:
    """Tell a refusal apart from an answer that leaves everything open."""
    try:
        yield
    except NO_ANSWER as error:
        code = error.code if isinstance(error, discord.HTTPException) else None
        status = error.status if isinstance(error, discord.HTTPException) else None
        if code == OPENING_TOO_FAST or status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooFastError(f"Discord wants fewer messages: {error}") from error
        if recipient.user_id is not None and code in _CLOSED_INBOX:
            raise InboxClosedError(_CLOSED_INBOX[code]) from error
        if recipient.user_id is None and (
            isinstance(error, discord.Forbidden) or code == UNKNOWN_CHANNEL
        ):
            raise ChannelClosedError(
                f"I may not post in <#{recipient.channel_id}>, or it is gone."
            ) from error
        raise CourierError(f"Discord gave no clear answer: {error}") from error
