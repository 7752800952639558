"""What `/digest why` answers: what became of one's last digests, or of one post in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import discord
from discord.ext import commands

from bot.core.digest_record import Coming, PartRecord
from bot.core.digest_why import compose_last_digests, parts_to_name
from bot.core.errors import UserError
from bot.core.level import Level
from bot.core.model import Post
from bot.core.ports import Clock, Courier, Verdict
from bot.core.post_why import compose_post_why
from bot.store.digest_reports import DigestReports
from bot.store.people import People
from bot.store.tracking import Tracking
from cogs._chosen_post import ChosenPosts
from cogs._naming import linked_ids
from cogs._no_answer import NO_ANSWER
from cogs._present import COLOUR

# So far back messages about new posts are counted.
NOTICES_OF = timedelta(days=7)


class DigestWhy:
    """Tells people why a digest came or did not; names only what they may read now."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        reports: DigestReports,
        people: People,
        tracking: Tracking,
        posts: ChosenPosts,
        courier: Courier,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._reports = reports
        self._people = people
        self._tracking = tracking
        self._posts = posts
        self._courier = courier
        self._clock = clock

    async def answer(self, interaction: discord.Interaction, named: str | None) -> None:
        """Show it privately. Raises `UserError` where no post is meant that they may read."""
        await interaction.response.defer(ephemeral=True)
        if named is None:
            title, text = "Your last digests", await self._last_digests(interaction)
        else:
            title, text = "This post in your digests", await self._post(interaction, named)
        embed = discord.Embed(title=title, description=text, colour=COLOUR)
        await interaction.edit_original_response(embed=embed)

    async def _last_digests(self, interaction: discord.Interaction) -> str:
        user_id = interaction.user.id
        digests = await self._reports.last_digests(user_id)
        # Shortening many titles takes its time: meanwhile the bot goes on listening.
        return await asyncio.to_thread(
            compose_last_digests,
            digests,
            await self._reports.notices(user_id, self._clock.now() - NOTICES_OF),
            await self._coming(user_id),
            await self._readable(user_id, parts_to_name(digests)),
            await self._inbox_id(interaction),
        )

    async def _post(self, interaction: discord.Interaction, named: str) -> str:
        user_id = interaction.user.id
        post = await self._named(interaction, named)
        record = None if post is None else await self._reports.of_post(user_id, post.id)
        if post is None or record is None:
            raise UserError(
                "That is no post that you can read. Press a member's post in a discussion long, "
                "or right-click it, choose Copy Message Link, and give me that link."
            )
        coming, inbox_id = await self._coming(user_id), await self._inbox_id(interaction)
        return compose_post_why(post, record, user_id, coming, inbox_id)

    async def _named(self, interaction: discord.Interaction, named: str) -> Post | None:
        # Of a link to a message the last id counts; the thread's would mean its first post.
        for message_id in linked_ids(named)[:1]:
            return await self._posts.by_message(interaction, message_id)
        return None

    async def _coming(self, user_id: int) -> Coming:
        person = await self._people.get(user_id)
        levels = await self._tracking.levels(user_id)
        return Coming(
            due=await self._people.next_due(user_id),
            levels=frozenset(levels.values()) - {Level.MUTED},
            is_paused=person is not None and person.paused is not None,
        )

    async def _readable(self, user_id: int, parts: Iterable[PartRecord]) -> frozenset[int]:
        """Give the ids of those discussions that the person may read now; unknown means no."""
        threads = {part.discussion_id: part.thread for part in parts if part.thread is not None}
        if not threads:
            return frozenset()
        verdicts = (await self._courier.verdicts({user_id: threads.values()}))[user_id]
        return frozenset(
            discussion_id
            for discussion_id, thread in threads.items()
            if verdicts[thread.thread_id] is Verdict.READABLE
        )

    async def _inbox_id(self, interaction: discord.Interaction) -> int | None:
        """Give the channel of the person's direct messages; None where Discord does not say."""
        try:
            channel = await self._bot.create_dm(discord.Object(interaction.user.id))
        except NO_ANSWER:
            return None
        return channel.id
