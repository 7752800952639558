"""The REST routes, one module for each resource of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.routes import channels, guilds, messages, users

if TYPE_CHECKING:
    from sandbox.rest import Route


def all_routes() -> list[Route]:
    """Return every route there is."""
    modules = (users, guilds, channels, messages)
    return [route for module in modules for route in module.routes()]
