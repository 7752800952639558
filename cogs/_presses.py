"""Buttons and selects that carry in their custom id what they mean.

So nothing is remembered between two presses: they work after a restart, and on old messages.
A custom id is `action:tag:state`. The tag only tells apart two buttons of one message that mean
the same. discord.py keeps such a view no longer than it takes to send it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import discord
from discord.ext import commands

from bot.client import announce_answer, answer_error
from bot.core.errors import UserError

# Discord's documentation, "Component Reference", section "Custom ID".
CUSTOM_ID_LIMIT = 100

Grey = discord.ButtonStyle.secondary
Item = discord.ui.Item[discord.ui.View]
Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, or a select in which `value` was chosen."""

    action: str
    state: str
    value: str | None


Handler = Callable[[discord.Interaction, Press], Awaitable[None]]


def press_of(interaction: discord.Interaction) -> Press | None:
    """Give the press that an interaction is, or None where it is something else."""
    data = interaction.data
    if interaction.type is not discord.InteractionType.component or data is None:
        return None
    custom_id, values = data.get("custom_id"), data.get("values")
    if not isinstance(custom_id, str) or custom_id.count(":") < 2:
        return None
    action, _tag, state = custom_id.split(":", 2)
    value = values[0] if isinstance(values, list) and values else None
    return Press(action, state, value if isinstance(value, str) else None)


async def handle_press(interaction: discord.Interaction, handlers: Mapping[str, Handler]) -> None:
    """Do what the press means, where it is one of `handlers`, by their actions.

    Errors are told to the person, as those of commands are.
    """
    press = press_of(interaction)
    handler = None if press is None else handlers.get(press.action)
    if press is None or handler is None:
        return
    try:
        await handler(interaction, press)
    except Exception as error:  # noqa: BLE001 - the funnel logs what is not meant for the person
        await answer_error(interaction, error)
    announce_answer(interaction)


class PressCog(commands.Cog):
    """A cog that does what presses mean: `presses` has what is to be done, by their actions."""

    presses: Mapping[str, Handler]

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer the presses that are this cog's."""
        await handle_press(interaction, self.presses)


def known(carried: Known | None) -> Known:
    """Give what a press carries. Raises `UserError` where it cannot be read any more."""
    if carried is None:
        raise UserError("This button is of an earlier version of me. Use the command again.")
    return carried


async def begin_private_answer(interaction: discord.Interaction) -> None:
    """Acknowledge within Discord's three seconds; `edit_original_response` then answers.

    A press in a private message, or a form that one opened, changes that message; what else there
    is gets one of its own. So nothing that one person asked for gets into a message of all.
    """
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def button(
    label: str,
    action: str,
    state: str,
    *,
    tag: str = "",
    row: int,
    style: discord.ButtonStyle = Grey,
    disabled: bool = False,
) -> Item:
    """Make a button."""
    return discord.ui.Button(
        label=label,
        custom_id=_custom_id(action, tag, state),
        style=style,
        disabled=disabled,
        row=row,
    )


def link(label: str, url: str, *, row: int) -> Item:
    """Make a button that opens an address."""
    return discord.ui.Button(label=label, url=url, row=row)


def select(
    placeholder: str,
    action: str,
    state: str,
    options: Sequence[discord.SelectOption],
    *,
    tag: str = "",
    row: int,
) -> Item:
    """Make a select of 1 to 25 options."""
    return discord.ui.Select(
        placeholder=placeholder,
        custom_id=_custom_id(action, tag, state),
        options=list(options),
        row=row,
    )


def view_of(items: Iterable[Item]) -> discord.ui.View:
    """Put items together so that discord.py shows them, and keeps nothing of them."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def _custom_id(action: str, tag: str, state: str) -> str:
    custom_id = f"{action}:{tag}:{state}"
    if len(custom_id) > CUSTOM_ID_LIMIT:
        raise ValueError(f"a custom id of {len(custom_id)} characters: {custom_id}")
    return custom_id
