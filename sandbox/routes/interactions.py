"""Answering interactions ("Receiving and Responding")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import message_payloads, message_rights, messages
from sandbox.answers import Choice
from sandbox.component_limits import check_form
from sandbox.drafts import Draft, read_changes, read_draft
from sandbox.errors import refused
from sandbox.interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from sandbox.kinds import CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND, EPHEMERAL, LOADING, REPLY
from sandbox.limits import Problems
from sandbox.mentions import ONLY_USERS
from sandbox.references import reference_to
from sandbox.registry import MESSAGE_COMMAND, check_choices
from sandbox.rest import Call, Route

if TYPE_CHECKING:
    from sandbox.state import Reference, SandboxMessage
    from sandbox.wire import Json, JsonObject

_MOST_CHOICES = 25


def _allowed(interaction: Interaction) -> tuple[int, ...]:
    """Return the callback types this kind of interaction takes."""
    if interaction.kind == AUTOCOMPLETE:
        return (CHOICES,)
    if interaction.kind == COMMAND:
        return (MESSAGE, DEFERRED_MESSAGE, MODAL)
    if interaction.kind == COMPONENT:
        return (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL)
    if interaction.message is None:
        return (MESSAGE, DEFERRED_MESSAGE)
    return (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE)


def _original_kind(interaction: Interaction) -> tuple[int, Reference | None]:
    """Return the type of the first message, and for a component what it answers."""
    message = interaction.message
    if interaction.kind == COMMAND:
        menu = interaction.data["type"] >= MESSAGE_COMMAND - 1
        return (CONTEXT_MENU_COMMAND if menu else CHAT_INPUT_COMMAND), None
    if message is not None and not message.ephemeral:
        return REPLY, reference_to(message)
    return CHAT_INPUT_COMMAND, None


async def _callback(call: Call) -> Json:
    interaction = call.world.interactions.get(call.id("interaction_id"))
    if interaction is None or interaction.token != call.text("interaction_token"):
        raise refused(10062)
    kind: Json = call.body.get("type")
    data: JsonObject = call.body.get("data") or {}
    problems = Problems()
    allowed = _allowed(interaction)
    if kind not in allowed:
        problems.choice(("type",), allowed)
        problems.raise_if_any()
    interaction.check_open()
    _respond(call, interaction, int(kind), data)
    if not call.query_flag("with_response"):
        return None
    return _callback_response(interaction, int(kind))


def _respond(call: Call, interaction: Interaction, kind: int, data: JsonObject) -> None:
    answer = interaction.answer
    if kind == MESSAGE:
        draft = read_draft(data, call.files, may_be_ephemeral=True, mentions=ONLY_USERS)
        _check_public(interaction, draft)
        interaction.acknowledge(kind)
        first, reference = _original_kind(interaction)
        interaction.original = interaction.respond(draft, kind=first, reference=reference)
    elif kind == DEFERRED_MESSAGE:
        draft = Draft(flags=int(data.get("flags") or 0) & EPHEMERAL)
        _check_public(interaction, draft)
        interaction.acknowledge(kind)
        answer.deferred = True
        first, reference = _original_kind(interaction)
        interaction.original = interaction.respond(
            draft, kind=first, reference=reference, loading=True
        )
    elif kind == DEFERRED_UPDATE:
        interaction.acknowledge(kind)
        answer.deferred = True
        interaction.original = interaction.message
    elif kind == UPDATE and interaction.message is not None:
        kept = messages.draft_of(interaction.message)
        draft = read_changes(data, kept, call.files, mentions=ONLY_USERS)
        _check_public(interaction, draft)
        interaction.acknowledge(kind)
        interaction.original = interaction.message
        interaction.change(interaction.message, draft)
    elif kind == CHOICES:
        answer.choices = _read_choices(interaction, data)
        interaction.acknowledge(kind)
        answer.finish()
    else:
        problems = Problems()
        check_form(data, problems)
        problems.raise_if_any()
        interaction.acknowledge(kind)
        answer.modal = data
        answer.finish()


def _check_public(interaction: Interaction, draft: Draft) -> None:
    if not draft.flags & EPHEMERAL:
        message_rights.check_not_archived(interaction.channel)


def _focused(options: list[JsonObject]) -> JsonObject:
    """Return the option that is being typed into, in whatever sub-command."""
    for option in options:
        if option.get("focused"):
            return option
        if option.get("options"):
            return _focused(option["options"])
    raise AssertionError("an autocomplete has a focused option")


def _read_choices(interaction: Interaction, data: JsonObject) -> list[Choice]:
    problems = Problems()
    choices = data.get("choices") or []
    if len(choices) > _MOST_CHOICES:
        problems.length(("data", "choices"), 0, _MOST_CHOICES)
    kind: int = _focused(interaction.data["options"])["type"]
    check_choices(choices, kind, ("data", "choices"), problems)
    problems.raise_if_any()
    return [Choice(c["name"], c["value"]) for c in choices]


def _callback_response(interaction: Interaction, kind: int) -> JsonObject:
    about: JsonObject = {"id": str(interaction.id), "type": interaction.kind}
    body: JsonObject = {"interaction": about, "resource": {"type": kind}}
    original = interaction.original
    if original is not None:
        about["response_message_id"] = str(original.id)
        about["response_message_loading"] = bool(original.flags & LOADING)
        about["response_message_ephemeral"] = original.ephemeral
        if kind in (MESSAGE, UPDATE):
            body["resource"]["message"] = message_payloads.message(original)
    return body


def answering(call: Call, token: str) -> Interaction:
    """Return the interaction a followup is for, or raise 50027 or 10015."""
    interaction = call.world.interactions_by_token.get(token)
    if interaction is None:
        raise refused(50027)
    interaction.check_token()
    return interaction


async def follow_up(call: Call) -> Json:
    """Create Followup Message: after a deferred answer, the first one fills that."""
    interaction = answering(call, call.text("webhook_token"))
    draft = read_draft(call.body, call.files, may_be_ephemeral=True, mentions=ONLY_USERS)
    original = interaction.original
    if original is not None and original.flags & LOADING:
        interaction.change(original, draft)
        return message_payloads.message(original)
    _check_public(interaction, draft)
    reference = None
    if original is not None and not original.ephemeral and not original.deleted:
        reference = reference_to(original)
    kind = REPLY if reference is not None else CHAT_INPUT_COMMAND
    message = interaction.respond(draft, kind=kind, reference=reference)
    return message_payloads.message(message)


def _named(call: Call) -> tuple[Interaction, SandboxMessage]:
    interaction = answering(call, call.text("webhook_token"))
    name = call.text("message_id")
    if name != "@original":
        return interaction, interaction.find(call.id("message_id"))
    original = interaction.original
    if original is None or original.deleted:
        raise refused(10008)
    return interaction, original


async def get_message(call: Call) -> Json:
    """Get Original Interaction Response, or a followup."""
    return message_payloads.message(_named(call)[1])


async def edit_message(call: Call) -> Json:
    """Edit Original Interaction Response, or a followup."""
    interaction, message = _named(call)
    kept = messages.draft_of(message)
    draft = read_changes(call.body, kept, call.files, mentions=ONLY_USERS)
    _check_public(interaction, draft)
    interaction.change(message, draft)
    return message_payloads.message(message)


async def delete_message(call: Call) -> Json:
    """Delete Original Interaction Response, or a followup."""
    interaction, message = _named(call)
    interaction.forget(message)


def routes() -> list[Route]:
    """Return the routes of this module; followups go through the webhooks' routes."""
    path = "/interactions/{interaction_id}/{interaction_token}/callback"
    return [Route("POST", path, _callback, public=True)]
