"""The application's registered commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.wire import JsonObject


class CommandRegistry:
    """Commands by place: the application's global ones, and each guild's."""

    def __init__(self) -> None:
        self.everywhere: list[JsonObject] = []
        self.in_guild: dict[int, list[JsonObject]] = {}
