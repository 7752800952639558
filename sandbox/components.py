"""What a person finds on a message or form to click, choose or fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.component_limits import (
    BUTTON,
    LABEL,
    LINK_STYLE,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
    walk,
)
from sandbox.errors import not_possible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.wire import Json, JsonObject


def find_button(components: Json, name: str) -> JsonObject:
    """Return the enabled button with this label or custom_id."""
    for component in walk(components):
        if component["type"] == BUTTON and name in (
            component.get("label"),
            component.get("custom_id"),
        ):
            if component.get("disabled"):
                raise not_possible(f"the button {name!r} is disabled")
            if component.get("style") == LINK_STYLE:
                raise not_possible(f"the button {name!r} is a link")
            return component
    labels = [c.get("label") for c in walk(components) if c["type"] == BUTTON]
    raise not_possible(f"there is no button {name!r}, only {labels}")


def find_select(components: Json, name: str) -> JsonObject:
    """Return the enabled select with this custom_id or placeholder."""
    for component in walk(components):
        if component["type"] in SELECTS and name in (
            component.get("custom_id"),
            component.get("placeholder"),
        ):
            if component.get("disabled"):
                raise not_possible(f"the select {name!r} is disabled")
            return component
    known = [
        c.get("placeholder") or c.get("custom_id") for c in walk(components) if c["type"] in SELECTS
    ]
    raise not_possible(f"there is no select {name!r}, only {known}")


def chosen_values(select: JsonObject, wanted: Sequence[Json]) -> list[str]:
    """Return the values a person's choice sends: options by value or label, others by id."""
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(wanted) <= most:
        raise not_possible(f"the select takes {least} to {most} values, not {len(wanted)}")
    if select["type"] != STRING_SELECT:
        return [str(getattr(value, "id", value)) for value in wanted]
    options = select["options"]
    values = []
    for value in wanted:
        found = [o["value"] for o in options if value in (o["value"], o["label"])]
        if not found:
            raise not_possible(f"no option {value!r}, only {[o['label'] for o in options]}")
        values.append(found[0])
    return values


def filled_in(modal: JsonObject, answers: Mapping[str, Json]) -> list[JsonObject]:
    """Return the components a form sends back; answers by label or custom_id.

    What is not answered keeps its preset value; a required field without one is refused.
    """
    left = dict(answers)
    sent = []
    for component in modal["components"]:
        label = component.get("label")
        if component["type"] == LABEL:
            inner = _filled_field(component["component"], label, left)
            sent.append({"type": LABEL, "id": component.get("id", 0), "component": inner})
        elif component.get("components"):
            fields = [_filled_field(f, f.get("label"), left) for f in component["components"]]
            sent.append({"type": 1, "id": component.get("id", 0), "components": fields})
    if left:
        raise not_possible(f"the form has no field {sorted(left)}")
    return sent


def _filled_field(field: JsonObject, label: str | None, left: dict[str, Json]) -> JsonObject:
    name = field["custom_id"]
    given = left.pop(name, None)
    if given is None and label is not None:
        given = left.pop(label, None)
    body: JsonObject = {"type": field["type"], "id": field.get("id", 0), "custom_id": name}
    if field["type"] != TEXT_INPUT:
        chosen = [] if given is None else given if isinstance(given, list) else [given]
        return {**body, "values": chosen_values(field, chosen)}
    text = field.get("value", "") if given is None else str(given)
    if not text and field.get("required", True):
        raise not_possible(f"the field {label or name!r} is required")
    least, most = field.get("min_length", 0), field.get("max_length", 4000)
    if text and not least <= len(text) <= most:
        raise not_possible(f"the field {label or name!r} takes {least} to {most} characters")
    return {**body, "value": text}
