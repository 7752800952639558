"""From the files of `/import` to a preview, and from the host's word to an import under way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.imported import ImportedDiscussion
from bot.core.ports import Clock
from bot.core.post_line import counted
from bot.exporters.preview import preview_of
from bot.store.importing.boards import Boards
from bot.store.importing.imports import Imports
from bot.store.importing.replays import ImportProgress, Replays, ReplayState
from cogs._forum_channel import ForumChannel
from cogs._hosts import HostRights
from cogs._import_board import board_text, shown_buttons
from cogs._import_decision import ImportDecision
from cogs._import_pages import PageReader
from cogs._import_preview import Offer, offer_words, preview_embed, whole_preview
from cogs._import_steering import ImportSteering
from cogs._import_target import ImportTargets, requires_tag, tag_name, tags_of
from cogs._import_words import state_words
from cogs._no_answer import NO_ANSWER
from cogs._refusals import literal_refusals

logger = logging.getLogger(__name__)

_NO_BOARD = "I cannot show its progress in this channel: `/imports` does."


class ImportOffers:
    """Shows what an import would do, and does it when the host says so."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        host_rights: HostRights,
        reader: PageReader,
        targets: ImportTargets,
        imports: Imports,
        replays: Replays,
        boards: Boards,
        steering: ImportSteering,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._host_rights = host_rights
        self._reader = reader
        self._targets = targets
        self._imports = imports
        self._replays = replays
        self._boards = boards
        self._steering = steering
        self._clock = clock
        # Two hosts may confirm at once.
        self._one_board_at_a_time = asyncio.Lock()

    async def make(
        self,
        interaction: discord.Interaction,
        pages: Sequence[discord.Attachment],
        chosen: app_commands.AppCommandChannel | None,
        named_tag: str | None,
    ) -> None:
        """Read the pages and ask privately. Raises `UserError`; then nothing is stored."""
        channel = await self._targets.find(interaction, chosen)
        named_tag = tag_name(channel, named_tag)
        await interaction.response.defer(ephemeral=True)
        document = await self._reader.read(pages)
        offer = await self._offer(document, channel, named_tag)

        async def bring(confirmed: discord.Interaction, tag: str | None) -> str:
            await self._host_rights.require_host(confirmed)
            return await self._bring(confirmed, document, channel, tag)

        preview = whole_preview(document)
        await interaction.edit_original_response(
            content=offer_words(offer),
            embed=preview_embed(preview_of(document)),
            attachments=[] if preview is None else [preview],
            view=ImportDecision(interaction, offer, bring) if offer.is_worth_it else None,
        )

    async def _offer(
        self, document: ImportedDiscussion, channel: ForumChannel, tag: str | None
    ) -> Offer:
        with literal_refusals():
            plan = await self._imports.plan(document, channel.id)
        known = None
        if plan.discussion_id is not None:
            known = await self._replays.progress(plan.discussion_id)
        has_thread = known is not None and known.thread_id is not None
        lacks_tag = requires_tag(channel) and tag is None and not has_thread
        return Offer(
            plan=plan,
            known=known,
            channel_id=channel.id,
            tag=tag,
            tags=[one.name for one in tags_of(channel)] if lacks_tag else [],
        )

    async def _bring(
        self,
        interaction: discord.Interaction,
        document: ImportedDiscussion,
        channel: ForumChannel,
        tag: str | None,
    ) -> str:
        with literal_refusals():
            queued = await self._imports.queue(document, channel.id, self._clock.now(), tag=tag)
        self._bot.dispatch("replay_wanted")
        progress = await self._replays.progress(queued.discussion_id)
        stored = (
            f"{counted(queued.added, 'post')} stored."
            if queued.added
            else "Nothing was new: all of these posts were here already."
        )
        if progress.state is not ReplayState.RUNNING:
            return f"{stored} {state_words(progress)}"
        async with self._one_board_at_a_time:
            where = await self._show_progress(interaction, channel, progress)
        return f"{stored} {where}"

    async def _show_progress(
        self, interaction: discord.Interaction, channel: ForumChannel, progress: ImportProgress
    ) -> str:
        """Put a board where the command was used, unless there is one; say where to look."""
        for board in await self._boards.open():
            if board.progress.discussion_id == progress.discussion_id:
                return "Its progress is shown already; `/imports` shows it too."
        if not _may_be_told_here(interaction, channel):
            return (
                f"Not everybody here can read {channel.mention}, so its progress is shown by "
                "`/imports` alone."
            )
        if not interaction.app_permissions.view_channel:
            return _NO_BOARD  # It could be sent, as the answer to a command, but not edited.
        try:
            message = await interaction.followup.send(
                board_text(progress),
                view=shown_buttons(progress) or discord.utils.MISSING,
                wait=True,
            )
        except NO_ANSWER as error:
            logger.warning("The progress of an import cannot be shown: %s", error)
            return _NO_BOARD
        self._steering.listen(progress.discussion_id)
        await self._boards.show_on(progress.discussion_id, message.channel.id, message.id)
        return "The message below shows how far it is."


def _may_be_told_here(interaction: discord.Interaction, forum: ForumChannel) -> bool:
    """Say whether nobody here can learn a title of a forum that they cannot read."""
    here = interaction.channel
    parent_id = here.parent_id if isinstance(here, discord.Thread) else interaction.channel_id
    if parent_id == forum.id:
        return True
    everybody = forum.permissions_for(forum.guild.default_role)
    return everybody.view_channel and everybody.read_message_history
