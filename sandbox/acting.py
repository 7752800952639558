"""What a person does with the bot's commands, buttons, selects and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import message_payloads, payloads
from sandbox.answers import Answer, Choice
from sandbox.command_data import command_data, nested, without
from sandbox.component_limits import BUTTON, STRING_SELECT
from sandbox.components import chosen_values, filled_in, find_button, find_select
from sandbox.direct import Inbox
from sandbox.errors import not_possible, refused
from sandbox.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from sandbox.options import REFERRING, checked_value, resolve_value, uploaded
from sandbox.permissions import USE_APPLICATION_COMMANDS, permissions_in, require
from sandbox.registry import (
    ATTACHMENT,
    CHAT_INPUT,
    MESSAGE_COMMAND,
    STRING,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    USER_COMMAND,
)
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.wire import Json, JsonObject


class Actor(Inbox):
    """The side of a member that uses the bot."""

    guild: SandboxGuild

    async def slash(
        self, channel: SandboxChannel, name: str, /, *, finish: bool = True, **options: Json
    ) -> Answer:
        """Use a slash command, with its options checked as Discord's client does.

        `name` holds the whole path ("track discussion"); a file is a `SandboxAttachment`. Waits
        for the answer to show something; with `finish` false only for its first acknowledgement.
        """
        command, path, leaf = self._find_slash(channel, name)
        sent, resolved = self._options(channel, leaf, options)
        data = command_data(command, nested(path, sent), resolved)
        interaction = self._interact(COMMAND, channel, data, f"/{name}")
        return await self._answered(interaction, finish=finish)

    async def forge_slash(self, channel: SandboxChannel, name: str, /, **options: Json) -> Answer:
        """Use a slash command with what no client offers: any options, with any values."""
        command, path, leaf = self._find_slash(channel, name)
        kinds = {o["name"]: o["type"] for o in leaf.get("options") or []}
        sent: list[JsonObject] = [
            {"name": option, "type": kinds.get(option, STRING), "value": value}
            for option, value in options.items()
        ]
        data = command_data(command, nested(path, sent), {})
        interaction = self._interact(COMMAND, channel, data, f"a forged /{name}")
        return await self._answered(interaction, finish=True)

    async def autocomplete(
        self, channel: SandboxChannel, name: str, option: str, typed: str, /, **options: Json
    ) -> list[Choice]:
        """Type `typed` into an option and return what the bot suggests."""
        command, path, leaf = self._find_slash(channel, name)
        declared = {o["name"]: o for o in leaf.get("options") or []}
        if option not in declared or not declared[option].get("autocomplete"):
            raise not_possible(f"/{name} has no option {option!r} that completes itself")
        others = {**leaf, "options": without(leaf, option)}
        sent, resolved = self._options(channel, others, options)
        focused = {"name": option, "type": declared[option]["type"], "value": typed}
        sent.append({**focused, "focused": True})
        data = command_data(command, nested(path, sent), resolved)
        interaction = self._interact(AUTOCOMPLETE, channel, data, f"/{name} {option}: {typed}…")
        answer = await self._answered(interaction, finish=True)
        return answer.choices or []

    async def context_menu(
        self, target: SandboxMessage | SandboxMember, name: str, *, finish: bool = True
    ) -> Answer:
        """Use a message command on a message, or a user command on a member (in their guild)."""
        kind = MESSAGE_COMMAND if isinstance(target, SandboxMessage) else USER_COMMAND
        if isinstance(target, SandboxMessage):
            channel = target.channel
            # The target of a message command is shown whole, whatever the intents.
            resolved: JsonObject = {"messages": {str(target.id): message_payloads.message(target)}}
        else:
            channel = next(iter(self.guild.channels.values()))
            resolved = {
                "users": {str(target.id): payloads.user(target.user)},
                "members": {str(target.id): payloads.member_without_user(target)},
            }
        command = self._find_command(kind, name, channel)
        data = {**command_data(command, None, resolved), "target_id": str(target.id)}
        interaction = self._interact(COMMAND, channel, data, f"the menu command {name!r}")
        return await self._answered(interaction, finish=finish)

    async def click(
        self, target: Answer | SandboxMessage, button: str, *, finish: bool = True
    ) -> Answer:
        """Click a button, by label or custom_id."""
        message = self._visible(target)
        found = find_button(message.components, button)
        data: JsonObject = {
            "component_type": found["type"],
            "custom_id": found["custom_id"],
            "id": found.get("id", 0),
        }
        return await self._use_component(message, data, f"the button {button!r}", finish=finish)

    async def select(
        self,
        target: Answer | SandboxMessage,
        select: str,
        values: Sequence[Json],
        *,
        finish: bool = True,
    ) -> Answer:
        """Choose in a select, by custom_id or placeholder; values or labels, or objects with id."""
        message = self._visible(target)
        found = find_select(message.components, select)
        data: JsonObject = {
            "component_type": found["type"],
            "custom_id": found["custom_id"],
            "id": found.get("id", 0),
            "values": chosen_values(found, values),
        }
        resolved: JsonObject = {}
        for value in values:
            resolve_value(resolved, self.guild, value)
        if resolved:
            data["resolved"] = resolved
        return await self._use_component(message, data, f"the select {select!r}", finish=finish)

    async def forge_press(
        self, target: Answer | SandboxMessage, custom_id: str, value: str | None = None
    ) -> Answer:
        """Press what is not there: a changed client sends any custom_id, and any chosen value."""
        data: JsonObject = {"component_type": BUTTON, "custom_id": custom_id, "id": 0}
        if value is not None:
            data |= {"component_type": STRING_SELECT, "values": [value]}
        message = self._visible(target)
        return await self._use_component(message, data, f"a forged {custom_id!r}", finish=True)

    async def submit(
        self, form: Answer, answers: Mapping[str, Json], *, finish: bool = True
    ) -> Answer:
        """Fill in a form and send it; answers by label or custom_id."""
        modal = form.modal
        if modal is None:
            raise not_possible("the answer is not a form")
        data: JsonObject = {
            "custom_id": modal["custom_id"],
            "components": filled_in(modal, answers),
        }
        opened_by = form.interaction
        interaction = self._interact(
            MODAL_SUBMIT,
            opened_by.channel,
            data,
            f"the form {modal['title']!r}",
            message=opened_by.message,
        )
        return await self._answered(interaction, finish=finish)

    async def _use_component(
        self, message: SandboxMessage, data: JsonObject, description: str, *, finish: bool
    ) -> Answer:
        interaction = self._interact(COMPONENT, message.channel, data, description, message=message)
        return await self._answered(interaction, finish=finish)

    async def _answered(self, interaction: Interaction, *, finish: bool) -> Answer:
        answer = interaction.answer
        await answer.acknowledge()
        return await answer.finished() if finish else answer

    def _interact(
        self,
        kind: int,
        channel: SandboxChannel,
        data: JsonObject,
        description: str,
        *,
        message: SandboxMessage | None = None,
    ) -> Interaction:
        if channel.guild is None:
            if channel is not self.dm:
                raise refused(50001)
        elif self.id not in channel.guild.members:
            raise refused(50001)
        else:
            require(channel.guild.members[self.id], channel, 0)
        interaction = Interaction(
            self._world, kind, self.user, channel, data, description, message=message
        )
        interaction.send()
        return interaction

    def _visible(self, target: Answer | SandboxMessage) -> SandboxMessage:
        message = target.message if isinstance(target, Answer) else target
        if message.deleted:
            raise refused(10008)
        foreign = isinstance(target, Answer) and target.interaction.user is not self.user
        if message.ephemeral and foreign:
            raise not_possible(f"{self.name} does not see another's private answer")
        return message

    # Which commands a person has

    def _find_command(self, kind: int, name: str, channel: SandboxChannel) -> JsonObject:
        guild = channel.guild
        command = self._world.registry.find(kind, name, None if guild is None else guild.id)
        contexts = command["contexts"]
        if guild is None:
            in_dm = command["dm_permission"] is not False if contexts is None else 1 in contexts
            if not in_dm:
                raise not_possible(f"{name!r} is not available in direct messages")
            if not self._world.shares_guild(self.user) and not self.user.installed_app:
                raise not_possible(f"{self.name} shares no server with the bot, nor installed it")
            return command
        if not guild.has_bot:
            raise not_possible("the application is not in this server")
        if contexts is not None and 0 not in contexts:
            raise not_possible(f"{name!r} is not available in servers")
        if isinstance(channel, SandboxThread) and channel.archived:
            raise refused(50083)
        member = guild.members.get(self.id)
        if member is None:
            raise refused(50001)
        require(member, channel, USE_APPLICATION_COMMANDS)
        needed = command["default_member_permissions"]
        if needed is not None:
            held = permissions_in(member, channel)
            administrator = guild.owner_id == self.id or held & 1 << 3
            if not administrator and (held & int(needed) != int(needed) or int(needed) == 0):
                raise not_possible(f"{self.name} may not use {name!r}")
        return command

    def _find_slash(
        self, channel: SandboxChannel, name: str
    ) -> tuple[JsonObject, list[tuple[int, str]], JsonObject]:
        """Return the command, the steps to its sub-command, and what declares the options."""
        first, *rest = name.split()
        command = self._find_command(CHAT_INPUT, first, channel)
        leaf, path = command, []
        for step in rest:
            found = [o for o in leaf.get("options") or [] if o["name"] == step]
            if not found or found[0]["type"] not in (SUB_COMMAND, SUB_COMMAND_GROUP):
                raise not_possible(f"there is no sub-command {step!r} in /{name}")
            leaf = found[0]
            path.append((leaf["type"], step))
        nested = [o for o in leaf.get("options") or [] if o["type"] <= SUB_COMMAND_GROUP]
        if nested:
            raise not_possible(f"/{name} needs one of {[o['name'] for o in nested]}")
        return command, path, leaf

    def _options(
        self, channel: SandboxChannel, leaf: JsonObject, given: Mapping[str, Json]
    ) -> tuple[list[JsonObject], JsonObject]:
        left = dict(given)
        sent: list[JsonObject] = []
        resolved: JsonObject = {}
        for option in leaf.get("options") or []:
            name = option["name"]
            value = left.pop(name, None)
            if value is None:
                if option.get("required"):
                    raise not_possible(f"the option {name!r} is required")
                continue
            kind = option["type"]
            if kind == ATTACHMENT:
                value = uploaded(self._world, channel, option, value)
            sent.append({"name": name, "type": kind, "value": checked_value(option, value)})
            if kind in REFERRING:
                resolve_value(resolved, self.guild, value)
        if left:
            raise not_possible(f"there is no option {sorted(left)}")
        return sent, resolved
