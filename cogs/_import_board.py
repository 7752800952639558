"""The board of an import: what its message says, and the buttons below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

import discord

from bot.store.importing.replay_progress import ImportProgress, ReplayState
from cogs._import_words import state_words, thread_link
from cogs._naming import shown_title
from cogs._views import View

_BAR_LENGTH = 20


class ImportAction(StrEnum):
    """What a host says of an import that is under way."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


Decide = Callable[[discord.Interaction, int, ImportAction], Awaitable[None]]
"""Answers a click: the interaction, the id of the discussion, and what was chosen."""

_OFFERED = {
    ReplayState.RUNNING: (ImportAction.PAUSE, ImportAction.CANCEL),
    ReplayState.PAUSED: (ImportAction.RESUME, ImportAction.CANCEL),
    ReplayState.FAILED: (ImportAction.RESUME, ImportAction.CANCEL),
}
_LABELS = {
    ImportAction.PAUSE: "Pause",
    ImportAction.RESUME: "Resume",
    ImportAction.CANCEL: "Cancel and take back",
}


class ImportButtons(View):
    """Every button that a board may show; they work as long as the import, after a restart too.

    One is registered for every import that is under way (`Client.add_view`), when the bot starts
    or the import begins. The boards themselves show what `shown_buttons` gives.
    """

    def __init__(self, discussion_id: int, decide: Decide) -> None:
        super().__init__(timeout=None)
        self._discussion_id = discussion_id
        self._decide = decide
        for action, button in (
            (ImportAction.PAUSE, self.pause),
            (ImportAction.RESUME, self.resume),
            (ImportAction.CANCEL, self.cancel),
        ):
            button.custom_id = _custom_id(action, discussion_id)

    @discord.ui.button(custom_id="pause")
    async def pause(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ImportButtons]
    ) -> None:
        """Send nothing more for now."""
        await self._decide(interaction, self._discussion_id, ImportAction.PAUSE)

    @discord.ui.button(custom_id="resume")
    async def resume(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ImportButtons]
    ) -> None:
        """Go on, or try once more."""
        await self._decide(interaction, self._discussion_id, ImportAction.RESUME)

    @discord.ui.button(custom_id="cancel")
    async def cancel(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ImportButtons]
    ) -> None:
        """Take back what it brought."""
        await self._decide(interaction, self._discussion_id, ImportAction.CANCEL)


def shown_buttons(progress: ImportProgress) -> discord.ui.View | None:
    """Give the buttons that make sense in this state, to be sent with a board; None: none do.

    `ImportButtons` answers them: a stopped view is shown, and discord.py does not listen to it.
    """
    offered = _OFFERED.get(progress.state)
    if offered is None:
        return None
    view = discord.ui.View(timeout=None)
    for action in offered:
        is_retry = action is ImportAction.RESUME and progress.state is ReplayState.FAILED
        is_end = action is ImportAction.CANCEL
        view.add_item(
            discord.ui.Button(
                label="Try again" if is_retry else _LABELS[action],
                style=discord.ButtonStyle.danger if is_end else discord.ButtonStyle.secondary,
                custom_id=_custom_id(action, progress.discussion_id),
            )
        )
    view.stop()
    return view


def is_last_word(progress: ImportProgress) -> bool:
    """Say whether what a board says now is the end of it."""
    return progress.state in {
        ReplayState.FINISHED,
        ReplayState.UNDONE,
        ReplayState.THREAD_DELETED,
    }


def board_text(progress: ImportProgress) -> str:
    """Say in a message how far an import is, as Markdown."""
    lines = [state_words(progress, shown_title(progress.title))]
    if progress.state in {ReplayState.RUNNING, ReplayState.PAUSED}:
        filled = _BAR_LENGTH * progress.posts_sent // max(progress.posts, 1)
        lines.append(f"{'▓' * filled}{'░' * (_BAR_LENGTH - filled)}")
    return "\n".join(filter(None, (*lines, thread_link(progress))))


def _custom_id(action: ImportAction, discussion_id: int) -> str:
    return f"import:{action}:{discussion_id}"
