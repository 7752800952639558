"""What hosts do to imports under way: pause them, let them go on, have them taken back."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.ports import Clock, ThreadReference
from bot.store.importing.boards import Boards
from bot.store.importing.replays import ImportProgress, Replays
from cogs._access import Access
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._import_board import ImportAction, ImportButtons, board_text, shown_buttons
from cogs._import_list import ImportChooser, imports_embed, imports_view
from cogs._import_words import cancel_question
from cogs._refusals import literal_refusals
from cogs._views import Confirmation


class ImportSteering:
    """Answers `/imports`, and the buttons below it and below the boards of imports."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        replays: Replays,
        boards: Boards,
        host_rights: HostRights,
        access: Access,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._replays = replays
        self._boards = boards
        self._host_rights = host_rights
        self._access = access
        self._clock = clock

    async def listen_again(self) -> None:
        """Answer what was shown before a restart."""
        self._bot.add_view(ImportChooser(self._choose))
        shown = [board.progress.discussion_id for board in await self._boards.open()]
        for discussion_id in {*shown, *await self._replays.unfinished()}:
            self.listen(discussion_id)

    def listen(self, discussion_id: int) -> None:
        """Answer the buttons of an import, wherever they are shown."""
        self._bot.add_view(ImportButtons(discussion_id, self._decide))

    async def show(self, interaction: discord.Interaction) -> None:
        """Show the imports of the server privately, as far as the person may know of them."""
        imports = await self._known(interaction)
        await interaction.response.send_message(
            embed=imports_embed(imports, None),
            view=imports_view(imports, None) or discord.utils.MISSING,
            ephemeral=True,
        )

    async def _choose(self, interaction: discord.Interaction, discussion_id: int) -> None:
        chosen = await self._progress(interaction, discussion_id)
        self.listen(discussion_id)
        await self._show_in_list(interaction, chosen)

    async def _decide(
        self, interaction: discord.Interaction, discussion_id: int, action: ImportAction
    ) -> None:
        if action is ImportAction.CANCEL:
            await self._ask_to_cancel(interaction, discussion_id)
            return
        progress = await self._steer(interaction, discussion_id, action)
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await self._show_in_list(interaction, progress)
        else:
            # The board's own turn would say the same, some seconds later.
            await interaction.response.edit_message(
                content=board_text(progress), view=shown_buttons(progress)
            )

    async def _ask_to_cancel(self, interaction: discord.Interaction, discussion_id: int) -> None:
        progress = await self._progress(interaction, discussion_id)
        undoing = await self._replays.undoing(discussion_id)

        async def cancel(confirmed: discord.Interaction) -> None:
            await self._steer(confirmed, discussion_id, ImportAction.CANCEL)
            await confirmed.response.edit_message(
                content="Cancelled: what it brought is being taken back.", view=None
            )

        question = Confirmation(interaction, "Take it back", cancel)
        question.cancel.label = "Keep it"
        await interaction.response.send_message(
            cancel_question(progress, len(undoing.message_ids)), view=question, ephemeral=True
        )

    async def _steer(
        self, interaction: discord.Interaction, discussion_id: int, action: ImportAction
    ) -> ImportProgress:
        """Do it, wake the replay, and give how the import stands then."""
        await self._progress(interaction, discussion_id)
        now = self._clock.now()
        with literal_refusals():
            match action:
                case ImportAction.PAUSE:
                    await self._replays.pause(discussion_id, now)
                case ImportAction.RESUME:
                    await self._replays.resume(discussion_id)
                case ImportAction.CANCEL:
                    await self._replays.cancel(discussion_id, now)
        # Before the replay is woken: what it takes back may be gone at once.
        progress = await self._replays.progress(discussion_id)
        self._bot.dispatch("replay_wanted")
        return progress

    async def _progress(
        self, interaction: discord.Interaction, discussion_id: int
    ) -> ImportProgress:
        """Give how an import stands, for hosts who can read what it brings."""
        try:
            progress = await self._replays.progress(discussion_id)
        except LookupError:
            raise UserError(
                "This import is not here any more: it was taken back, or its thread was deleted."
            ) from None
        await self._host_rights.require_host(interaction, progress.guild_id)
        if not await self._may_know(interaction, progress):
            raise UserError("Only a host who can read what this import brings can do that.")
        return progress

    async def _known(self, interaction: discord.Interaction) -> list[ImportProgress]:
        return [
            progress
            for progress in await self._replays.of_guild(server(interaction).id)
            if await self._may_know(interaction, progress)
        ]

    async def _may_know(self, interaction: discord.Interaction, progress: ImportProgress) -> bool:
        """Say whether the person may read what an import brings, and so learn its title."""
        place = progress.thread_id or progress.forum_id
        return await self._access.may_read(
            interaction,
            ThreadReference(progress.guild_id, progress.forum_id, place, is_private=False),
        )

    async def _show_in_list(self, interaction: discord.Interaction, chosen: ImportProgress) -> None:
        imports = await self._known(interaction)
        await interaction.response.edit_message(
            embed=imports_embed(imports, chosen), view=imports_view(imports, chosen)
        )
