"""The REST routes, one module for each resource of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.routes import (
    archives,
    channels,
    commands,
    guilds,
    interactions,
    messages,
    thread_members,
    users,
    webhooks,
)

if TYPE_CHECKING:
    from sandbox.rest import Route


def all_routes() -> list[Route]:
    """Return every route there is."""
    modules = (
        users,
        guilds,
        channels,
        archives,
        thread_members,
        messages,
        commands,
        interactions,
        webhooks,
    )
    return [route for module in modules for route in module.routes()]
