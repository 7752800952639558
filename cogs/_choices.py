"""Naming a discussion, a forum or a book in a command: what is offered, and what was meant.

Only what the person may read at that moment is offered, and found. A value is the local id as
text; what is typed instead is read as a link to the thread, or as words of a title.
"""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.core.errors import UserError
from bot.core.model import Book, Discussion, Forum
from bot.core.ports import ThreadReference
from bot.store.books import Books
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.tracking import Tracking
from cogs._access import Access
from cogs._naming import CHOICES, Choice, book_name, choice, linked_ids, local_id, the_one

# The person may not be allowed to read the first ones, so more are looked at than are shown.
_LOOKED_AT = 100

GONE = (
    "This is no longer there for you: it was removed, or you may not read it any more. "
    "The list that appears while you type a command's discussion has all that you can read."
)


class Choices:
    """Offers and finds what may be named."""

    def __init__(
        self,
        discussions: Discussions,
        forums: Forums,
        books: Books,
        tracking: Tracking,
        access: Access,
    ) -> None:
        self._discussions = discussions
        self._forums = forums
        self._books = books
        self._tracking = tracking
        self._access = access

    async def discussions(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's discussions whose title holds the words, latest activity first."""
        found = await self._discussions_matching(interaction, words, CHOICES)
        return [choice(each.title, each.id) for each in found]

    async def discussion(self, interaction: discord.Interaction, named: str | None) -> Discussion:
        """Give the discussion that was named, or the one of the thread one is in.

        Raises `UserError` where there is none that the person may read, or more than one.
        """
        if named is None:
            here = await self._here(interaction)
            if here is None:
                _require_server(interaction)
                raise UserError(
                    "This is not a discussion that I keep. Use the command in a discussion's "
                    "thread, or name one: choose it from the list that appears while you type."
                )
            return here
        known = await self._named_discussion(named)
        if known is not None and await self._is_readable(interaction, known):
            return known
        _require_server(interaction)
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
            here = await self._here(interaction)
            forum_id = interaction.channel_id if here is None else here.forum_id
        else:
            forum_id = next(iter(linked_ids(named)), None)
        forum = None if forum_id is None else await self._forums.get(forum_id)
        if forum is not None and await self._is_readable_forum(interaction, forum):
            return forum
        _require_server(interaction)
        if named is None:
            raise UserError(
                "This is not a forum that I keep. Use the command in one of its discussions, "
                "or name one: choose it from the list that appears while you type."
            )
        found = await self._forums_matching(interaction, named)
        return the_one(found, [each.name for each in found], named, "forum")

    async def books(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's books whose title and author hold the words."""
        found = await self._books_matching(interaction, words)
        return [choice(book_name(each), each.id) for each in found[:CHOICES]]

    async def book(self, interaction: discord.Interaction, named: str | None) -> Book:
        """Give the book that was named, or that of the discussion or forum one is in.

        Raises `UserError` where there is none that the person may know of, or more than one.
        """
        if named is None:
            return await self._book_here(interaction)
        book_id = local_id(named)
        if book_id is not None:
            book = await self._books.get(book_id)
            if book is not None and await self._known_books(interaction, [book]):
                return book
        _require_server(interaction)
        found = await self._books_matching(interaction, named)
        return the_one(found, [book_name(each) for each in found], named, "book")

    async def _here(self, interaction: discord.Interaction) -> Discussion | None:
        if interaction.channel_id is None:
            return None
        found = await self._discussions.by_thread(interaction.channel_id)
        if found is None or not await self._is_readable(interaction, found):
            return None
        return found

    async def _book_here(self, interaction: discord.Interaction) -> Book:
        here = await self._here(interaction)
        if here is not None:
            book = here.book
        else:
            channel_id = interaction.channel_id
            forum = None if channel_id is None else await self._forums.get(channel_id)
            book = None if forum is None else forum.book
        if book is None:
            _require_server(interaction)
            raise UserError(
                "No book is named for this place. Use the command in a discussion that has one, "
                "or name the book: choose it from the list that appears while you type. "
                "A host names books with `/setup book`."
            )
        return book

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
        for each in await self._discussions.matching(interaction.guild_id, words, _LOOKED_AT):
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

    async def _books_matching(self, interaction: discord.Interaction, words: str) -> list[Book]:
        if interaction.guild_id is None:
            return []
        found = await self._books.matching(interaction.guild_id, words, _LOOKED_AT)
        return await self._known_books(interaction, found)

    async def _known_books(
        self, interaction: discord.Interaction, books: Sequence[Book]
    ) -> list[Book]:
        """Give those books that are read in a forum the person may read."""
        places = await self._tracking.book_places([each.id for each in books])
        known = []
        for each in books:
            for place in places.get(each.id, ()):
                if await self._access.may_read(interaction, place):
                    known.append(each)
                    break
        return known

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


def _require_server(interaction: discord.Interaction) -> None:
    """Raise `UserError` in a direct message, where no list is offered and no name looked up."""
    if interaction.guild_id is None:
        raise UserError(
            "In a direct message I find a discussion or a forum by its link alone, and only where "
            "you can read it: press it long, or right-click it, and choose Copy Link. For all "
            "else, use the command in the server."
        )


def thread_reference(discussion: Discussion) -> ThreadReference:
    """Give what one must be able to read to know of a discussion.

    It is the thread, or the forum's channel while an imported discussion has no thread yet.
    """
    return ThreadReference(
        guild_id=discussion.guild_id,
        forum_id=discussion.forum_id,
        thread_id=discussion.thread_id or discussion.forum_id,
        is_private=discussion.is_private and discussion.thread_id is not None,
    )
