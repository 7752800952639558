"""`/search`: posts by their words, in all that the member may read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord
from discord import app_commands

from bot.client import Marginalia
from bot.core.ports import Clock
from bot.core.query import LONGEST_QUERY, parse_query
from bot.core.search import SearchOrder, SearchRequest
from bot.core.search_page import PAGE_LENGTH, compose_hits, nothing_found
from bot.core.since import parse_since
from bot.store.search import Search
from cogs._access import Access
from cogs._choices import Choices
from cogs._forum_channel import server
from cogs._naming import Choice, local_id
from cogs._present import COLOUR
from cogs._presses import Press, PressCog, begin_private_answer, known, view_of
from cogs._search_authors import SearchAuthors
from cogs._search_form import SearchForm
from cogs._search_view import ORDERS, TURN, hit_items, turn_from_text
from cogs._searches import SEARCH, Asked, Scopes, Searches


class SearchCommand(PressCog):
    """Finds posts, and turns the pages of what was found. Rights are asked at every press."""

    def __init__(
        self,
        search: Search,
        scopes: Scopes,
        choices: Choices,
        clock: Clock,
    ) -> None:
        self._search = search
        self._scopes = scopes
        self._authors = SearchAuthors(search, scopes)
        self._choices = choices
        self._clock = clock
        self._searches = Searches()
        self.presses = {TURN: self._turn, SEARCH: self._ask_for_words}

    @app_commands.command(description="Find posts by their words in all that you can read")
    @app_commands.describe(
        words='All of these words; "quoted" as they stand, -without, beginning*',
        forum="Only in this forum",
        discussion="Only in this discussion",
        author="Only by this author",
        since="Only from then on: 2026-11-01, 2026, 3 weeks",
        sort="Which come first",
    )
    @app_commands.choices(
        sort=[app_commands.Choice(name=words, value=order) for order, words in ORDERS.items()]
    )
    async def search(
        self,
        interaction: discord.Interaction,
        words: app_commands.Range[str, 1, LONGEST_QUERY],
        forum: str | None = None,
        discussion: str | None = None,
        author: str | None = None,
        since: str | None = None,
        sort: str = SearchOrder.NEWEST,
    ) -> None:
        """Show the first page of what is found."""
        await begin_private_answer(interaction)
        request = SearchRequest(
            query=parse_query(words),
            author_id=None if author is None else await self._authors.named(interaction, author),
            since=None if since is None else parse_since(since, self._clock.now()),
            order=SearchOrder(sort),
        )
        forum_id = None if forum is None else (await self._choices.forum(interaction, forum)).id
        if discussion is not None:
            within = await self._choices.discussion(interaction, discussion)
            request = replace(request, discussion_id=within.id)
        await self._begin(interaction, words, request, forum_id)

    @search.autocomplete("forum")
    async def _offer_forums(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._choices.forums(interaction, current)

    @search.autocomplete("discussion")
    async def _offer_discussions(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice]:
        return await self._choices.discussions(interaction, current)

    @search.autocomplete("author")
    async def _offer_authors(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._authors.offered(interaction, current)

    async def _ask_for_words(self, interaction: discord.Interaction, press: Press) -> None:
        discussion_id = known(local_id(press.state))

        async def look(submitted: discord.Interaction, words: str) -> None:
            await begin_private_answer(submitted)
            within = await self._choices.known_discussion(submitted, discussion_id)
            request = SearchRequest(parse_query(words), discussion_id=within.id)
            await self._begin(submitted, words, request, within.forum_id)

        await interaction.response.send_modal(SearchForm(look))

    async def _begin(
        self,
        interaction: discord.Interaction,
        words: str,
        request: SearchRequest,
        forum_id: int | None,
    ) -> None:
        latest_key = await self._search.latest_key()
        guild_id, now = server(interaction).id, self._clock.now()
        asked = Asked(words, request, guild_id, forum_id, latest_key, now)
        await self._show(interaction, asked, self._searches.remember(asked), 0)

    async def _turn(self, interaction: discord.Interaction, press: Press) -> None:
        await begin_private_answer(interaction)
        name, order, page = known(turn_from_text(press.state))
        asked = self._searches.recall(name, self._clock.now()).ordered(order)
        await self._show(interaction, asked, name, page)

    async def _show(
        self, interaction: discord.Interaction, asked: Asked, name: str, page: int
    ) -> None:
        scope = await self._scopes.of(interaction, asked)
        request, latest_key = asked.request, asked.latest_key
        count = await self._search.count(request, scope, latest_key=latest_key)
        # Since the page before, posts may have been deleted, or gone out of the member's sight.
        last_page = max(count.posts - 1, 0) // PAGE_LENGTH
        page = min(page, last_page)
        hits = await self._search.page(
            request, scope, skipped=page * PAGE_LENGTH, limit=PAGE_LENGTH, latest_key=latest_key
        )
        if not hits:
            await interaction.edit_original_response(
                content=nothing_found(asked.typed), embed=None, view=None
            )
            return
        # Shortening many long texts takes its time: meanwhile the bot goes on listening.
        message = await asyncio.to_thread(
            compose_hits,
            asked.typed,
            request.query,
            hits,
            count,
            page * PAGE_LENGTH,
            ORDERS[request.order].lower(),
        )
        embed = discord.Embed(title=message.title, description=message.text, colour=COLOUR)
        embed.set_footer(text=message.footer)
        view = view_of(hit_items(hits, name, request.order, page, last_page))
        await interaction.edit_original_response(content=None, embed=embed, view=view)


async def setup(bot: Marginalia) -> None:
    """Add the command, and hear its buttons."""
    app = bot.app
    access = Access(bot)
    choices = Choices(app.discussions, app.forums, access)
    scopes = Scopes(access, app.forums, app.search)
    await bot.add_cog(SearchCommand(app.search, scopes, choices, app.clock))
