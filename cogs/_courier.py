"""The courier on Discord: brings digests and greetings to people's direct messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import discord
from discord.ext import commands

from bot.core.digest import DigestMessage
from bot.core.ports import CourierError, InboxClosedError, ThreadReference
from cogs._access import Access
from cogs._error_codes import CANNOT_SEND_TO_USER, NO_MUTUAL_SERVER, UNKNOWN_USER
from cogs._no_answer import NO_ANSWER
from cogs._present import digest_embeds

# The last messages in an inbox among which a digest is looked for: one request's worth.
SEARCHED_MESSAGES = 100


class DiscordCourier:
    """Fills the core's `Courier` port, and sends short greetings the same way."""

    def __init__(self, bot: commands.AutoShardedBot, access: Access) -> None:
        self._bot = bot
        self._access = access

    async def readable(self, user_id: int, threads: Sequence[ThreadReference]) -> frozenset[int]:
        """Give the ids of those threads that the person may read at this moment."""
        return await self._access.readable(user_id, threads)

    async def deliver(self, user_id: int, message: DigestMessage, token: str) -> int:
        """Send a digest and give the id of the Discord message.

        Discord itself refuses a second message with this token within a few minutes; it gives
        the first one then.
        """
        with _clear_answers():
            channel = await self._open(user_id)
            sent = await channel.send(embeds=digest_embeds(message, token), nonce=token)
        return sent.id

    async def find(self, user_id: int, token: str) -> int | None:
        """Give the id of the message with this token among the last of the person's inbox."""
        with _clear_answers():
            channel = await self._open(user_id)
            async for message in channel.history(limit=SEARCHED_MESSAGES):
                if message.author == self._bot.user and _is_marked(message, token):
                    return message.id
        return None

    async def greet(self, user_id: int, text: str) -> None:
        """Send a few words. Raises `InboxClosedError` or `CourierError`."""
        with _clear_answers():
            channel = await self._open(user_id)
            # Two `/track` at once, or an answer that was lost: it arrives once all the same.
            await channel.send(text, nonce=f"hello-{user_id}")

    async def _open(self, user_id: int) -> discord.DMChannel:
        return await self._bot.create_dm(discord.Object(user_id))


def _is_marked(message: discord.Message, token: str) -> bool:
    return any((embed.footer.text or "").endswith(token) for embed in message.embeds)


@contextmanager
def _clear_answers() -> Iterator[None]:
    """Tell a closed inbox apart from an answer that leaves everything open."""
    try:
        yield
    except NO_ANSWER as error:
        code = error.code if isinstance(error, discord.HTTPException) else None
        if code == CANNOT_SEND_TO_USER:
            raise InboxClosedError("The person takes no direct messages from the bot") from error
        if code == NO_MUTUAL_SERVER:
            raise InboxClosedError("The person shares no server with the bot") from error
        if code == UNKNOWN_USER:
            raise InboxClosedError("The person's account is gone") from error
        raise CourierError(f"Discord gave no clear answer: {error}") from error
