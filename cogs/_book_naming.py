"""`/setup book`: which book a forum, one of its tags, or a single discussion is about."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.core.errors import UserError
from bot.core.model import Book, Discussion, Forum
from bot.store.books import Books
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from cogs._choices import Choices
from cogs._hosts import HostRights
from cogs._naming import CHOICES, Choice, book_name, choice, shown_title
from cogs._setup_report import book_words, shown_tag

# Discord's documentation, "Application Commands", section "Application Command Option Choice".
_CHOICE_VALUE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class NamedBook:
    """What a host typed; no `title` means that none was given."""

    title: str | None
    author: str | None
    edition: str | None
    is_cleared: bool


class BookNaming:
    """Finds what a book is named for, and names it."""

    def __init__(
        self,
        host_rights: HostRights,
        books: Books,
        forums: Forums,
        discussions: Discussions,
        choices: Choices,
    ) -> None:
        self._host_rights = host_rights
        self._books = books
        self._forums = forums
        self._discussions = discussions
        self._choices = choices

    async def name(
        self,
        interaction: discord.Interaction,
        named: NamedBook,
        *,
        forum_name: str | None,
        discussion_name: str | None,
        tag_name: str | None,
    ) -> str:
        """Do what was asked, and give the answer. Raises `UserError`."""
        if named.title is None and (named.author is not None or named.edition is not None):
            raise UserError("Which book? Give its `title` too.")
        if named.title is not None and named.is_cleared:
            raise UserError("Give a `title`, or `clear` to take the book away: not both.")
        if discussion_name is not None and tag_name is not None:
            raise UserError(
                "A book is named for one discussion or for a tag: give `discussion` or `tag`."
            )
        if discussion_name is not None:
            discussion = await self._choices.discussion(interaction, discussion_name)
            await self._host_rights.require_host(interaction, discussion.guild_id)
            return await self._for_discussion(discussion, named)
        forum = await self._choices.forum(interaction, forum_name)
        await self._host_rights.require_host(interaction, forum.guild_id)
        if tag_name is not None:
            return await self._for_tag(forum, _tag(interaction, forum, tag_name), named)
        return await self._for_forum(forum, named)

    async def titles(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer hosts the titles that are known in the server; a new one is typed."""
        if interaction.guild_id is None or not await self._host_rights.is_host(interaction):
            return []
        books = await self._books.matching(interaction.guild_id, words)
        return [
            choice(book_name(book), book.title)
            for book in books
            if len(book.title) <= _CHOICE_VALUE_LIMIT
        ]

    async def tags(
        self, interaction: discord.Interaction, words: str, *, forum_name: str | None
    ) -> list[Choice]:
        """Offer the tags of the forum that was chosen, or that one is in."""
        try:
            forum = await self._choices.forum(interaction, forum_name)
        except UserError:
            # A list cannot say what is wrong; the command will.
            return []
        found = [
            tag for tag in _tags(interaction, forum) if words.casefold() in tag.name.casefold()
        ]
        return [choice(tag.name, tag.id) for tag in found[:CHOICES]]

    async def _for_discussion(self, discussion: Discussion, named: NamedBook) -> str:
        what = f"the discussion {shown_title(discussion.title)}"
        if named.is_cleared:
            await self._discussions.set_book(discussion.id, None)
            return (
                f"{_capital(what)} has no book of its own any more: that of its tags or its forum "
                "counts."
            )
        book = await self._book(discussion.guild_id, named)
        if book is None:
            return _present(what, discussion.book)
        await self._discussions.set_book(discussion.id, book.id)
        return _done(what, book)

    async def _for_tag(self, forum: Forum, tag: discord.ForumTag, named: NamedBook) -> str:
        what = f"the tag {shown_tag(tag)} of <#{forum.id}>"
        if named.is_cleared:
            await self._forums.set_tag_book(forum.id, tag.id, None)
            return f"{_capital(what)} stands for no book any more."
        book = await self._book(forum.guild_id, named)
        if book is None:
            return _present(what, (await self._books.of_tags(forum.id)).get(tag.id))
        await self._forums.set_tag_book(forum.id, tag.id, book.id)
        return _done(what, book)

    async def _for_forum(self, forum: Forum, named: NamedBook) -> str:
        what = f"<#{forum.id}>"
        if named.is_cleared:
            await self._forums.set_book(forum.id, None)
            return f"{what} has no book any more; tags and discussions keep theirs."
        book = await self._book(forum.guild_id, named)
        if book is None:
            return _present(what, forum.book)
        await self._forums.set_book(forum.id, book.id)
        return _done(what, book)

    async def _book(self, guild_id: int, named: NamedBook) -> Book | None:
        if named.title is None:
            return None
        return await self._books.name(guild_id, named.title, named.author, named.edition)


def _tags(interaction: discord.Interaction, forum: Forum) -> list[discord.ForumTag]:
    channel = None if interaction.guild is None else interaction.guild.get_channel(forum.id)
    return list(channel.available_tags) if isinstance(channel, discord.ForumChannel) else []


def _tag(interaction: discord.Interaction, forum: Forum, named: str) -> discord.ForumTag:
    tags = _tags(interaction, forum)
    for tag in tags:
        if named == str(tag.id) or named.strip().casefold() == tag.name.casefold():
            return tag
    if not tags:
        raise UserError(f"<#{forum.id}> has no tags: name the book for it or for a discussion.")
    raise UserError(f"<#{forum.id}> has no such tag. It has: {', '.join(map(shown_tag, tags))}.")


def _present(what: str, book: Book | None) -> str:
    if book is None:
        return f"{_capital(what)} has no book yet: give its `title`."
    return (
        f"The book of {what} is {book_words(book)}. To change it, give a `title`; to take it away, "
        "use `clear`."
    )


def _done(what: str, book: Book) -> str:
    return f"The book of {what} is {book_words(book)} now."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
