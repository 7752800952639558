"""The authors of old pages, as one may know of them who reads some of a server's discussions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import discord

from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.core.post_line import counted, literal
from bot.store.old_authors.claims import ClaimedDiscussion, Claims, OldName
from cogs._access import Access
from cogs._choices import thread_reference
from cogs._naming import CHOICE_NAME_LIMIT, CHOICES, Choice, choice, shown_title

_NAME_LIMIT = 80
_SHOWN_PLACES = 5

Asker = discord.Interaction | discord.Member


@dataclass(frozen=True, slots=True)
class KnownAuthor:
    """An author of old pages, as somebody may know of them.

    `places` are the discussions with posts under that name that they may read; `is_elsewhere`
    says that there are others.
    """

    name: str
    places: tuple[ClaimedDiscussion, ...]
    is_elsewhere: bool

    @property
    def post_count(self) -> int:
        """How many posts they may read."""
        return sum(place.post_count for place in self.places)


class OldAuthors:
    """Names old authors to those who may read one of their posts."""

    def __init__(self, claims: Claims, access: Access) -> None:
        self._claims = claims
        self._access = access

    async def known_to(self, asker: Asker, guild_id: int, name: str) -> KnownAuthor:
        """Give what the person may know of an author."""
        places = await self._claims.posts(guild_id, name)
        readable = tuple(
            [place for place in places if await self._may_read(asker, place.discussion)]
        )
        return KnownAuthor(name, readable, is_elsewhere=len(readable) < len(places))

    async def choices(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the names that hold the words, and are nobody's yet."""
        wanted = words.casefold().split()
        return [
            choice(old.name, _value(old.name))
            for old in await self._readable(interaction)
            if old.user_id is None and all(word in old.name.casefold() for word in wanted)
        ][:CHOICES]

    async def named(self, interaction: discord.Interaction, typed: str) -> str:
        """Give the name that was chosen or typed, though it may be somebody's already.

        Raises `UserError` where it is none that the person may know of.
        """
        names = [old.name for old in await self._readable(interaction)]
        chosen = [name for name in names if _value(name) == typed]
        meant = chosen or [name for name in names if name.casefold() == typed.strip().casefold()]
        if len(meant) != 1:
            raise UserError(
                f"I know no author “{literal(typed, _NAME_LIMIT)}” of old posts that you can "
                "read. Choose one from the list that appears while you type, or use **Claim my "
                "posts** on one of the posts."
            )
        return meant[0]

    async def _readable(self, interaction: discord.Interaction) -> list[OldName]:
        """Give the names that stand on posts the person may read."""
        if interaction.guild_id is None:
            return []
        names = await self._claims.names(interaction.guild_id)
        known: dict[int, bool] = {}
        for discussion in {each.id: each for old in names for each in old.discussions}.values():
            known[discussion.id] = await self._may_read(interaction, discussion)
        return [old for old in names if any(known[each.id] for each in old.discussions)]

    async def _may_read(self, asker: Asker, discussion: Discussion) -> bool:
        return discussion.hidden_at is None and await self._access.may_read(
            asker, thread_reference(discussion)
        )


def author_words(name: str) -> str:
    """Give an old author's name for a message."""
    return f"“{literal(name, _NAME_LIMIT)}”"


def places_words(places: Iterable[ClaimedDiscussion]) -> str:
    """Say how many posts there are in which discussions."""
    parts = [
        f"{counted(place.post_count, 'post')} in {shown_title(place.discussion.title)}"
        for place in places
    ]
    shown, more = parts[:_SHOWN_PLACES], len(parts) - _SHOWN_PLACES
    if more > 0:
        shown.append(f"others in {counted(more, 'more discussion')}")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _value(name: str) -> str:
    return name[:CHOICE_NAME_LIMIT]
