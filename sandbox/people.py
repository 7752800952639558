"""Who is in this Discord: users, and the roles they may have.

Plain objects, like those of `sandbox/state.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.state import SandboxChannel


@dataclass(slots=True, eq=False)
class SandboxUser:
    """A person or a bot, in any number of guilds; `dm` is the bot's channel with them."""

    id: int
    name: str
    bot: bool = False
    inbox_open: bool = True
    dm: SandboxChannel | None = None
    last_dm_read: int = 0
    installed_app: bool = False

    @property
    def mention(self) -> str:
        """The text that mentions this user."""
        return f"<@{self.id}>"


@dataclass(slots=True, eq=False)
class SandboxRole:
    """A guild's role; `bot_id` is set for the one that came with the bot, and is its alone."""

    id: int
    name: str
    permissions: int
    position: int
    bot_id: int | None = None
    mentionable: bool = False

    @property
    def mention(self) -> str:
        """The text that mentions this role."""
        return f"<@&{self.id}>"
