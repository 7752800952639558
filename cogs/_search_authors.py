"""Naming an author in a search: members, those who left, and authors of old pages."""

from __future__ import annotations

import discord

from bot.store.search import Search
from cogs._forum_channel import server
from cogs._naming import CHOICES, Choice, choice, local_id, the_one
from cogs._searches import Scopes


class SearchAuthors:
    """Offers and finds authors of whom the person may read something, and no others."""

    def __init__(self, search: Search, scopes: Scopes) -> None:
        self._search = search
        self._scopes = scopes

    async def offered(self, interaction: discord.Interaction, name: str) -> list[Choice]:
        """Offer the authors of that name, or part of one."""
        scope = await self._scopes.of_forums(interaction, server(interaction).id)
        found = await self._search.authors(name, scope, CHOICES)
        return [choice(each.name, each.id) for each in found]

    async def named(self, interaction: discord.Interaction, named: str) -> int:
        """Give the local id of the author that was chosen, or typed.

        Raises `UserError` where there is none, or more than one.
        """
        scope = await self._scopes.of_forums(interaction, server(interaction).id)
        chosen = local_id(named)
        if chosen is not None and await self._search.has_written(chosen, scope):
            return chosen
        found = await self._search.authors(named, scope, CHOICES)
        return the_one(found, [each.name for each in found], named, "author").id
