"""`/setup show`: how everything of a server stands, in one answer for hosts."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.core.permissions import invite_link
from bot.core.ports import ThreadReference
from bot.core.post_line import counted
from bot.store.books import Books
from bot.store.channel_digests import ChannelDigest, ChannelDigests
from bot.store.discussions import Discussions
from bot.store.forums import Forums
from bot.store.hosts import Hosts
from bot.store.importing.replays import Replays
from bot.store.old_authors.claims import Claims
from bot.store.vanished_questions import VanishedQuestions
from cogs._access import Access
from cogs._forum_channel import server, visible_channel
from cogs._present import COLOUR
from cogs._setup_report import FAILURES_SHOWN, described, failure_lines, forum_lines, removal_lines


class SetupOverview:
    """Gathers forums, books, progress, permissions, open questions, what failed, and hosts."""

    def __init__(
        self,
        forums: Forums,
        discussions: Discussions,
        books: Books,
        hosts: Hosts,
        vanished_questions: VanishedQuestions,
        replays: Replays,
        claims: Claims,
        channel_digests: ChannelDigests,
        access: Access,
    ) -> None:
        self._forums = forums
        self._discussions = discussions
        self._books = books
        self._hosts = hosts
        self._vanished_questions = vanished_questions
        self._replays = replays
        self._claims = claims
        self._channel_digests = channel_digests
        self._access = access

    async def embed(self, interaction: discord.Interaction) -> discord.Embed:
        """Give the overview of the server that a host asks about."""
        guild = server(interaction)
        forums = await self._forums.of_guild(guild.id)
        blocks = [
            forum_lines(
                forum,
                visible_channel(guild, forum.id),
                await self._discussions.progress(forum.id),
                await self._books.of_tags(forum.id),
            )
            for forum in forums
        ]
        role_id = await self._hosts.role(guild.id)
        failed = [
            one
            for one in await self._replays.failed(guild.id)
            if await self._may_read(interaction, one.forum_id)
        ]
        refused = [
            one
            for one in await self._replays.refused_removals(guild.id)
            if await self._may_read(interaction, one.forum_id)
        ]
        waiting = _waiting(
            len(await self._vanished_questions.of_guild(guild.id)),
            len(await self._claims.open(guild.id)),
            [
                one
                for one in await self._channel_digests.of_guild(guild.id)
                if one.trouble is not None and await self._may_read(interaction, one.forum_id)
            ],
        )
        embed = discord.Embed(
            title="What I keep here",
            description=described(blocks)
            or "No channel is set up yet: `/setup forum` makes the threads of one discussions.",
            colour=COLOUR,
        )
        if waiting:
            embed.add_field(name="Waiting for a host", value="\n".join(waiting), inline=False)
        if failed:
            embed.add_field(
                name="Old discussions that stopped on their way: see /imports",
                value="\n".join(failure_lines(failed)),
                inline=False,
            )
        if refused:
            embed.add_field(
                name="Messages of deleted old posts that I cannot remove",
                value="\n".join(removal_lines(refused)),
                inline=False,
            )
        embed.add_field(
            name="Hosts",
            value="Members with Manage Server"
            + ("" if role_id is None else f", and all who have <@&{role_id}>"),
            inline=False,
        )
        embed.add_field(
            name="Invite link",
            value=f"[With every permission I need]({invite_link(interaction.application_id)})",
            inline=False,
        )
        return embed

    async def _may_read(self, interaction: discord.Interaction, forum_id: int) -> bool:
        forum = ThreadReference(server(interaction).id, forum_id, forum_id, is_private=False)
        return await self._access.may_read(interaction, forum)


def _waiting(questions: int, claims: int, not_posted: Sequence[ChannelDigest]) -> list[str]:
    """Say what hosts are still to decide or to put right, and with which command."""
    lines = []
    if questions:
        lines.append(
            f"{counted(questions, 'question')} about posts that vanished: `/removed list` asks."
        )
    if claims:
        lines.append(f"{counted(claims, 'claim')} to old posts: `/claim list` asks.")
    lines += [
        f"⚠️ The digest of <#{one.forum_id}> was not posted in <#{one.channel_id}>: "
        "`/digest stats` says why."
        for one in not_posted[:FAILURES_SHOWN]
    ]
    return lines
