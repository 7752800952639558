"""`/discussions` and `/forums`: what there is to read in a server, for one reader alone."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.model import Discussion, Forum
from bot.core.overview import LIST_LENGTH, Sort, discussions_text, forums_text
from bot.core.post_line import counted, literal
from bot.store.forums import Forums
from bot.store.overviews import Overviews
from cogs._access import Access
from cogs._choices import Choices, thread_reference
from cogs._forum_channel import server
from cogs._list_view import (
    FORUM,
    FORUMS,
    LIST,
    SORT,
    ListPlace,
    discussions_view,
    forums_view,
    list_place,
    pages_of,
    sort_from_text,
)
from cogs._naming import Choice, local_id
from cogs._present import COLOUR
from cogs._presses import Press, PressCog, begin_private_answer, known

# Each private thread that somebody may have been added to is asked for by itself.
MOST_PRIVATE = 100
_NOT_ALL = f" · of private threads, the first {MOST_PRIVATE} in this order were looked at"
GONE = "This forum is no longer there for you: it was ended, or you may not read it any more."


class Lists(PressCog):
    """Lists what a member may read at this moment."""

    def __init__(
        self, forums: Forums, overviews: Overviews, choices: Choices, access: Access
    ) -> None:
        self._forums = forums
        self._overviews = overviews
        self._choices = choices
        self._access = access
        self.presses = {
            LIST: self._turn,
            SORT: self._sort,
            FORUM: self._open,
            FORUMS: self._turn_forums,
        }

    @app_commands.command(description="List the discussions of a forum; only you see it")
    @app_commands.describe(forum="Which one; without it, the one you are in", sort="In which order")
    @app_commands.choices(
        sort=[app_commands.Choice(name=sort.words, value=sort.value) for sort in Sort]
    )
    async def discussions(
        self, interaction: discord.Interaction, forum: str | None = None, sort: str = Sort.LATEST
    ) -> None:
        """Show the first page of a forum's list."""
        await begin_private_answer(interaction)
        chosen = await self._choices.forum(interaction, forum)
        await self._show(interaction, chosen, ListPlace(chosen.id, Sort(sort)))

    @discussions.autocomplete("forum")
    async def _offer_forums(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._choices.forums(interaction, current)

    @app_commands.command(description="List the forums of this server that you can read")
    async def forums(self, interaction: discord.Interaction) -> None:
        """Show the server's forums."""
        await begin_private_answer(interaction)
        await self._show_forums(interaction, 1)

    async def _turn(self, interaction: discord.Interaction, press: Press) -> None:
        await self._show_place(interaction, known(list_place(press.state)))

    async def _sort(self, interaction: discord.Interaction, press: Press) -> None:
        place = known(list_place(press.state))
        await self._show_place(
            interaction, ListPlace(place.forum_id, known(sort_from_text(press.value)))
        )

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        await self._show_place(interaction, ListPlace(known(local_id(press.value))))

    async def _turn_forums(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        await self._show_forums(interaction, known(local_id(press.state)))

    async def _show_place(self, interaction: discord.Interaction, place: ListPlace) -> None:
        await begin_private_answer(interaction)
        forum = await self._forums.get(place.forum_id)
        if forum is None or forum.hidden_at is not None:
            raise UserError(GONE)
        await self._show(interaction, forum, place)

    async def _show(self, interaction: discord.Interaction, forum: Forum, place: ListPlace) -> None:
        readable, is_all = await self._readable(interaction, forum, place.sort)
        pages = pages_of(len(readable))
        place = ListPlace(forum.id, place.sort, min(max(place.page, 1), pages))
        start = (place.page - 1) * LIST_LENGTH
        overviews = await self._overviews.of_discussions(readable[start : start + LIST_LENGTH])
        embed = discord.Embed(
            title=f"Discussions in {literal(forum.name, 100)}",
            description=discussions_text(overviews),
            colour=COLOUR,
        )
        embed.set_footer(
            text=f"{counted(len(readable), 'discussion')} · {place.sort.words}"
            f" · page {place.page} of {pages}{'' if is_all else _NOT_ALL}"
        )
        await interaction.edit_original_response(
            content=None, embed=embed, view=discussions_view(overviews, place, pages)
        )

    async def _readable(
        self, interaction: discord.Interaction, forum: Forum, sort: Sort
    ) -> tuple[Sequence[Discussion], bool]:
        """Give those discussions of the forum that the person may read now, in that order.

        Say with them whether these are all: there may be more private threads than are asked for.
        """
        rights = await self._access.readable_forums(interaction, forum.guild_id, [forum.id])
        if forum.id not in rights.public:
            raise UserError(GONE)
        every = await self._overviews.discussions(forum.id, sort)
        if forum.id in rights.private:
            return every, True
        places = {each.id: thread_reference(each) for each in every}
        private = [place for place in places.values() if place.is_private]
        theirs = await self._access.readable_threads(interaction, private[:MOST_PRIVATE])
        readable = [
            each
            for each in every
            if not places[each.id].is_private or places[each.id].thread_id in theirs
        ]
        return readable, len(private) <= MOST_PRIVATE

    async def _show_forums(self, interaction: discord.Interaction, page: int) -> None:
        guild = server(interaction)
        forums = await self._forums.of_guild(guild.id)
        rights = await self._access.readable_forums(
            interaction, guild.id, [forum.id for forum in forums]
        )
        readable = [forum for forum in forums if forum.id in rights.public]
        pages = pages_of(len(readable))
        page = min(max(page, 1), pages)
        overviews = [
            await self._overviews.of_forum(forum, with_private=forum.id in rights.private)
            for forum in readable[(page - 1) * LIST_LENGTH : page * LIST_LENGTH]
        ]
        embed = discord.Embed(
            title="Forums of this server", description=forums_text(overviews), colour=COLOUR
        )
        await interaction.edit_original_response(
            content=None, embed=embed, view=forums_view(overviews, page, pages)
        )


async def setup(bot: Marginalia) -> None:
    """Add the commands, and hear their buttons."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    await bot.add_cog(Lists(app.forums, app.overviews, choices, access))
