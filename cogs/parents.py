"""The message command `Set what this answers`: a host says what an old post answers."""

from __future__ import annotations

from functools import partial

import discord

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Post, PostKind
from bot.core.ports import Clock
from bot.store.importing.parents import Parents
from bot.store.posts import Posts
from cogs._access import Access
from cogs._choices import Choices
from cogs._chosen_post import ChosenPosts
from cogs._hosts import HostRights
from cogs._message_command import MessageCommandCog
from cogs._naming import linked_ids
from cogs._parent_choice import MOST_OPTIONS, ParentChoice, choice_words, post_words

# No discussion comes near it.
_MOST_DIGITS = 9


class ParentSetting(MessageCommandCog):
    """Lets hosts set and clear the parents of imported posts."""

    def __init__(
        self,
        bot: Marginalia,
        posts: Posts,
        chosen: ChosenPosts,
        parents: Parents,
        host_rights: HostRights,
        clock: Clock,
    ) -> None:
        super().__init__(bot.tree, "Set what this answers", self.set_parent)
        self._bot = bot
        self._posts = posts
        self._chosen = chosen
        self._parents = parents
        self._host_rights = host_rights
        self._clock = clock

    async def set_parent(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Show what is known, and ask what is to be."""
        await interaction.response.defer(ephemeral=True)
        await self._host_rights.require_host(interaction)
        post = _imported(await self._chosen.of_message(interaction, message))
        parent = None if post.parent_id is None else await self._posts.get(post.parent_id)
        await interaction.edit_original_response(
            content=choice_words(
                post,
                parent,
                await self._parents.evidence(post.id),
                await self._parents.chosen_by(post.id),
            ),
            view=ParentChoice(
                interaction,
                await self._parents.candidates(post.id, MOST_OPTIONS),
                partial(self._choose, post.id),
                partial(self._choose_named, post.id),
            ),
        )

    async def _choose(
        self, post_id: int, interaction: discord.Interaction, parent_id: int | None
    ) -> None:
        """Record the host's word, and have the message in the thread say it too."""
        await self._host_rights.require_host(interaction)
        post = _imported(await self._chosen.get(interaction, post_id))
        await self._parents.choose(post_id, parent_id, interaction.user.id, self._clock.now())
        self._bot.dispatch("replay_wanted")
        parent = None if parent_id is None else await self._posts.get(parent_id)
        words = post_words(post, is_first=True)
        done = (
            f"{words}: nothing is known of what it answers, as you say."
            if parent is None
            else f"{words} answers {post_words(parent)}, as you say."
        )
        await interaction.response.edit_message(content=done, view=None)

    async def _choose_named(
        self, post_id: int, interaction: discord.Interaction, typed: str
    ) -> None:
        """Take a number or a link for the post that it means."""
        post = _imported(await self._chosen.get(interaction, post_id))
        parent = await self._named(interaction, post.discussion_id, typed.strip())
        if parent is None or parent.discussion_id != post.discussion_id:
            raise UserError(
                "There is no such post in this discussion. Give its number, such as 12, or press "
                "its message long (or right-click it), choose Copy Message Link, and paste it."
            )
        await self._choose(post_id, interaction, parent.id)

    async def _named(
        self, interaction: discord.Interaction, discussion_id: int, typed: str
    ) -> Post | None:
        digits = typed.removeprefix("#")
        if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS:
            return await self._chosen.numbered(interaction, discussion_id, int(digits))
        for message_id in linked_ids(typed)[:1]:
            return await self._chosen.by_message(interaction, message_id)
        return None


def _imported(post: Post | None) -> Post:
    """Give the post where a host can say what it answers; raises `UserError` where not."""
    if post is None:
        raise UserError(
            "This message is not a post of a discussion here. Choose an old post that was imported."
        )
    if not post.is_imported:
        raise UserError(
            "This post was written here, and Discord itself knows what it answers. The command is "
            "for old posts that were imported, whose page does not say."
        )
    if post.kind is PostKind.INITIAL:
        raise UserError("This post began the discussion: it answers none.")
    return post


async def setup(bot: Marginalia) -> None:
    """Add the command."""
    app = bot.app
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    choices = Choices(app.discussions, app.forums, access)
    chosen = ChosenPosts(app.posts, app.pages, choices)
    await bot.add_cog(ParentSetting(bot, app.posts, chosen, app.parents, host_rights, app.clock))
