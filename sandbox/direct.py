"""A person's direct messages with the bot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.errors import SandboxTimeout

if TYPE_CHECKING:
    from sandbox.people import SandboxUser
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.world import World


class Inbox:
    """The side of a person that is the same in every guild: who they are, what the bot wrote."""

    def __init__(self, world: World, user: SandboxUser) -> None:
        self._world = world
        self.user = user

    @property
    def id(self) -> int:
        """The person's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The person's name."""
        return self.user.name

    @property
    def mention(self) -> str:
        """The text that mentions this person."""
        return self.user.mention

    @property
    def dm(self) -> SandboxChannel:
        """The DM channel with the bot."""
        return self._world.dm_with(self.user)

    @property
    def inbox(self) -> tuple[SandboxMessage, ...]:
        """The messages the bot sent to this person and that are still there, oldest first."""
        return tuple(m for m in self.dm.messages if m.author is self._world.bot)

    def install_app(self) -> None:
        """Install the application for oneself: its commands work in DMs without a common server."""
        self.user.installed_app = True

    def close_inbox(self) -> None:
        """Take no direct messages from now on: sending one is refused with 50007."""
        self.user.inbox_open = False

    def open_inbox(self) -> None:
        """Take direct messages again."""
        self.user.inbox_open = True

    async def next_dm(self, timeout: float = 10.0) -> SandboxMessage:  # noqa: ASYNC109 - patience
        """Return the oldest DM of the bot's not returned before, waiting `timeout` seconds."""
        user = self.user
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for message in self.inbox:
                        if message.id > user.last_dm_read:
                            user.last_dm_read = message.id
                            return message
                    await self._world.dm_arrived(self.dm)
        except TimeoutError:
            raise SandboxTimeout(f"no DM came to {self.name} within {timeout} s") from None
