"""Setting a forum up, and ending it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.core.post_line import counted, timestamp
from bot.store.books import Books, checked
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.removals import KEPT_AFTER_END
from cogs._forum_channel import forum_channel, forum_id
from cogs._hosts import HostRights
from cogs._reading_progress import show_progress
from cogs._setup_report import book_words, missing_lines, missing_permissions
from cogs._views import Confirmation


class ForumSetup:
    """Does `/setup forum` and `/setup remove` for a host."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        clock: Clock,
        host_rights: HostRights,
        forums: Forums,
        discussions: Discussions,
        books: Books,
    ) -> None:
        self._bot = bot
        self._clock = clock
        self._host_rights = host_rights
        self._forums = forums
        self._discussions = discussions
        self._books = books

    async def set_up(
        self,
        interaction: discord.Interaction,
        chosen: app_commands.AppCommandChannel | None,
        title: str | None,
        author: str | None,
    ) -> None:
        """Set the channel up, say at once what is missing, and show how its threads are read."""
        if title is None and author is not None:
            raise UserError("Which book is by that author? Give its title as `book` too.")
        if title is not None:
            # Before anything is set up, which a refusal would leave half done.
            title, author, _ = checked(title, author)
        channel = forum_channel(interaction, chosen)
        known = await self._forums.get(channel.id)
        forum = await self._forums.set_up(
            channel.id,
            channel.guild.id,
            channel.guild.name,
            channel.name,
            is_forum_channel=isinstance(channel, discord.ForumChannel),
            host_id=interaction.user.id,
            now=self._clock.now(),
        )
        book = forum.book
        if title is not None:
            book = await self._books.name(channel.guild.id, title, author)
            await self._forums.set_book(forum.id, book.id)

        lines = [
            f"{channel.mention} was set up already; it is up to date now."
            if known is not None and known.hidden_at is None
            else f"{channel.mention} is set up: each of its threads is a discussion, old and new."
        ]
        if chosen is None and isinstance(interaction.channel, discord.Thread):
            lines.append("It is the channel in which this thread lies.")
        if book is not None:
            lines.append(f"Its book is {book_words(book)}.")
        lines += missing_lines(missing_permissions(channel))
        answer = "\n".join(lines)
        await interaction.response.send_message(answer, ephemeral=True)
        # Before the history is read, so that a small forum is shown as read at once.
        self._bot.dispatch("forum_set_up", forum.id)
        await show_progress(
            interaction, self._discussions, forum.id, above=answer, clock=self._clock
        )

    async def ask_to_remove(
        self, interaction: discord.Interaction, chosen: app_commands.AppCommandChannel | None
    ) -> None:
        """Ask once more whether the forum is to end, and end it when that is confirmed."""
        ended_id = forum_id(interaction, chosen)
        forum = await self._forums.get(ended_id)
        if forum is None or forum.removed_at is not None:
            raise UserError(
                f"<#{ended_id}> is not set up, so there is nothing to end. `/setup show` lists "
                "the channels that are."
            )

        progress = await self._discussions.progress(ended_id)

        async def remove(click: discord.Interaction) -> None:
            await self._host_rights.require_host(click)
            now = self._clock.now()
            await self._forums.remove(ended_id, now)
            await click.response.edit_message(
                content=f"<#{ended_id}> is not kept any more. What was kept of it is erased "
                f"{timestamp(now + KEPT_AFTER_END, 'R')}. Until then `/removed list` shows it, and "
                "`/setup forum` takes it up again.",
                view=None,
            )

        await interaction.response.send_message(
            f"Stop keeping <#{ended_id}>?\n"
            "- No new post and no edit there is kept from then on.\n"
            f"- What was kept ({counted(progress.discussions, 'discussion')}, "
            f"{counted(progress.posts, 'post')}) is hidden at once from everybody but hosts, and "
            f"erased for good after {KEPT_AFTER_END.days} days. What is deleted on Discord "
            "meanwhile loses its text here, too.\n"
            "- Until then `/removed export` gives you each discussion as a file, `/removed erase` "
            "erases it at once, and `/setup forum` takes everything up again.",
            view=Confirmation(interaction, "Stop keeping it", remove),
            ephemeral=True,
        )
