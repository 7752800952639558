"""Naming a discussion or a forum in a command: what is offered, and what was meant.

Only what the person may read at that moment is offered, and found. A value is the local id as
text; what is typed instead is read as a link to the thread, or as words of a title.
"""

from __future__ import annotations

import discord

from bot.core.errors import UserError
from bot.core.model import Discussion, Forum
from bot.core.ports import ThreadReference
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from cogs._access import Access
from cogs._naming import CHOICES, Choice, choice, linked_ids, local_id, the_one

# The person may not be allowed to read the first ones, so more are looked at than are shown.
LOOKED_AT = 100

GONE = (
    "This is no longer there for you: it was removed, or you may not read it any more. "
    "The list that appears while you type a command's discussion has all that you can read."
)


class Choices:
    """Offers and finds what may be named."""

    def __init__(self, discussions: Discussions, forums: Forums, access: Access) -> None:
        self._discussions = discussions
        self._forums = forums
        self._access = access

    async def discussions(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's discussions whose title holds the words, latest activity first."""
        found = await self._discussions_matching(interaction, words, CHOICES)
        return [choice(each.title, each.id) for each in found]

    async def here(self, interaction: discord.Interaction) -> Discussion | None:
        """Give the discussion of the thread one is in; None where there is none one may read."""
        if interaction.channel_id is None:
            return None
        found = await self._discussions.by_thread(interaction.channel_id)
        if found is None or not await self._is_readable(interaction, found):
            return None
        return found

    async def discussion(self, interaction: discord.Interaction, named: str | None) -> Discussion:
        """Give the discussion that was named, or the one of the thread one is in.

        Raises `UserError` where there is none that the person may read, or more than one.
        """
        if named is None:
            here = await self.here(interaction)
            if here is None:
                require_server(interaction)
                raise UserError(
                    "This is not a discussion that I keep. Use the command in a discussion's "
                    "thread, or name one: choose it from the list that appears while you type."
                )
            return here
        known = await self._named_discussion(named)
        if known is not None and await self._is_readable(interaction, known):
            return known
        require_server(interaction)
        found = await self._discussions_matching(interaction, named, CHOICES)
        return the_one(found, [each.title for each in found], named, "discussion")

    async def known_discussion(
        self, interaction: discord.Interaction, discussion_id: int
    ) -> Discussion:
        """Give the discussion that a button names, asking for the person's rights anew.

        Raises `UserError` where it is gone, or they may not read it now.
        """
        found = await self.readable_discussion(interaction, discussion_id)
        if found is None:
            raise UserError(GONE)
        return found

    async def readable_discussion(
        self, interaction: discord.Interaction, discussion_id: int
    ) -> Discussion | None:
        """Give a discussion by its local id, or None where the person may not read it now."""
        found = await self._discussions.get(discussion_id)
        return found if found is not None and await self._is_readable(interaction, found) else None

    async def forums(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's forums whose name holds the words."""
        found = await self._forums_matching(interaction, words)
        return [choice(each.name, each.id) for each in found[:CHOICES]]

    async def forum(self, interaction: discord.Interaction, named: str | None) -> Forum:
        """Give the forum that was named, or the one that one is in.

        Raises `UserError` where there is none that the person may read, or more than one.
        """
        if named is None:
            here = await self.here(interaction)
            forum_id = interaction.channel_id if here is None else here.forum_id
        else:
            forum_id = next(iter(linked_ids(named)), None)
        forum = None if forum_id is None else await self._forums.get(forum_id)
        if forum is not None and await self._is_readable_forum(interaction, forum):
            return forum
        require_server(interaction)
        if named is None:
            raise UserError(
                "This is not a forum that I keep. Use the command in one of its discussions, "
                "or name one: choose it from the list that appears while you type."
            )
        found = await self._forums_matching(interaction, named)
        return the_one(found, [each.name for each in found], named, "forum")

    async def _named_discussion(self, named: str) -> Discussion | None:
        # Local ids stay far below Discord's.
        discussion_id = local_id(named)
        found = None if discussion_id is None else await self._discussions.get(discussion_id)
        for thread_id in linked_ids(named):
            found = found or await self._discussions.by_thread(thread_id)
        return found

    async def _discussions_matching(
        self, interaction: discord.Interaction, words: str, limit: int
    ) -> list[Discussion]:
        readable: list[Discussion] = []
        if interaction.guild_id is None:
            return readable
        for each in await self._discussions.matching(interaction.guild_id, words, LOOKED_AT):
            if len(readable) == limit:
                break
            if await self._is_readable(interaction, each):
                readable.append(each)
        return readable

    async def _forums_matching(self, interaction: discord.Interaction, words: str) -> list[Forum]:
        if interaction.guild_id is None:
            return []
        wanted = words.casefold().removeprefix("#").split()
        return [
            each
            for each in await self._forums.of_guild(interaction.guild_id)
            if all(word in each.name.casefold() for word in wanted)
            and await self._is_readable_forum(interaction, each)
        ]

    async def _is_readable(self, interaction: discord.Interaction, each: Discussion) -> bool:
        return each.hidden_at is None and await self._access.may_read(
            interaction, thread_reference(each)
        )

    async def _is_readable_forum(self, interaction: discord.Interaction, each: Forum) -> bool:
        return (
            each.hidden_at is None
            and each.removed_at is None
            and await self._access.may_read(
                interaction, ThreadReference(each.guild_id, each.id, each.id, is_private=False)
            )
        )


def require_server(interaction: discord.Interaction) -> None:
    """Raise `UserError` in a direct message, where no list is offered and no name looked up."""
    if interaction.guild_id is None:
        raise UserError(
            "In a direct message I find a discussion or a forum by its link alone, and only where "
            "you can read it: press it long, or right-click it, and choose Copy Link. For all "
            "else, use the command in the server."
        )


def thread_reference(discussion: Discussion) -> ThreadReference:
    """Give what one must be able to read to know of a discussion."""
    return ThreadReference.of_discussion(
        discussion.guild_id,
        discussion.forum_id,
        discussion.thread_id,
        is_private=discussion.is_private,
    )
