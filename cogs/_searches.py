"""The searches whose pages are being turned, and where each of them may look."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import discord

from bot.core.errors import UserError
from bot.core.search import SearchOrder, SearchRequest, SearchScope
from bot.store.forums import Forums
from bot.store.search import Search
from cogs._access import Access
from cogs._choices import thread_reference

SEARCH = "search"
"""The action of a button that asks for words; its state is the local id of a discussion."""

REMEMBERED_FOR = timedelta(minutes=15)
"""How long after the last press the buttons of a search work: as long as an interaction lives.

What was looked for does not fit into a button, and is not for the database.
"""

MOST_REMEMBERED = 1_000

MOST_PRIVATE_THREADS = 50
"""Of how many private threads with hits it is asked whether the member is in them."""

_ENDED = (
    "This search has ended: its buttons work for fifteen minutes, and until I am restarted. "
    "Use `/search` again."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one member looks for; `latest_key` keeps the pages steady."""

    typed: str
    request: SearchRequest
    guild_id: int
    forum_id: int | None
    latest_key: int
    used_at: datetime

    def ordered(self, order: SearchOrder) -> Asked:
        """Give the same search with its hits in that order."""
        return replace(self, request=replace(self.request, order=order))


class Searches:
    """Remembers searches by short random names, for buttons to carry."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}

    def remember(self, asked: Asked) -> str:
        """Give a name for a search, and forget those that have ended."""
        ended = asked.used_at - REMEMBERED_FOR
        self._asked = {name: each for name, each in self._asked.items() if each.used_at > ended}
        while len(self._asked) >= MOST_REMEMBERED:
            del self._asked[next(iter(self._asked))]
        name = secrets.token_urlsafe(8)
        self._asked[name] = asked
        return name

    def recall(self, name: str, now: datetime) -> Asked:
        """Give the search of that name, which is in use again. Raises `UserError` after its end."""
        asked = self._asked.pop(name, None)
        if asked is None or asked.used_at <= now - REMEMBERED_FOR:
            raise UserError(_ENDED)
        asked = replace(asked, used_at=now)
        self._asked[name] = asked
        return asked


class Scopes:
    """Says where a member may look, at the moment of the interaction."""

    def __init__(self, access: Access, forums: Forums, search: Search) -> None:
        self._access = access
        self._forums = forums
        self._search = search

    async def of_forums(
        self, interaction: discord.Interaction, guild_id: int, forum_id: int | None = None
    ) -> SearchScope:
        """Give what is readable without asking Discord: all but private threads one is in."""
        known = {forum.id for forum in await self._forums.of_guild(guild_id)}
        asked = known if forum_id is None else known & {forum_id}
        readable = await self._access.readable_forums(interaction, guild_id, asked)
        return SearchScope(readable.public, readable.private)

    async def of(self, interaction: discord.Interaction, asked: Asked) -> SearchScope:
        """Give everything the member may read in which something may be found."""
        scope = await self.of_forums(interaction, asked.guild_id, asked.forum_id)
        found = await self._search.private_discussions(
            asked.request, scope.public_forums - scope.private_forums, MOST_PRIVATE_THREADS
        )
        threads = {each.id: thread_reference(each) for each in found}
        readable = await self._access.readable_threads(interaction, threads.values())
        joined = {each for each, thread in threads.items() if thread.thread_id in readable}
        return replace(scope, private_discussions=frozenset(joined))
