"""Buttons, selects, layouts and forms as Discord takes them: "Component Reference"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.limits import check_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.limits import Path, Problems
    from sandbox.wire import Json, JsonObject

# Section "Component Types".
ACTION_ROW = 1
BUTTON = 2
STRING_SELECT = 3
TEXT_INPUT = 4
SELECTS = (3, 5, 6, 7, 8)
SECTION = 9
TEXT_DISPLAY = 10
THUMBNAIL = 11
MEDIA_GALLERY = 12
FILE = 13
SEPARATOR = 14
CONTAINER = 17
LABEL = 18
_IN_LABELS = (TEXT_INPUT, *SELECTS, 19, 21, 22, 23)

LINK_STYLE = 5
_PREMIUM_STYLE = 6

_LEGACY_TOP_LEVEL = (ACTION_ROW,)
_IN_CONTAINERS = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
_V2_TOP_LEVEL = (*_IN_CONTAINERS, CONTAINER)
_FORM_TOP_LEVEL = (ACTION_ROW, TEXT_DISPLAY, LABEL)
# What may lie in what; in a form's row there are text inputs instead.
_CHILDREN = {
    ACTION_ROW: (BUTTON, *SELECTS),
    SECTION: (TEXT_DISPLAY,),
    CONTAINER: _IN_CONTAINERS,
}
_SECTION_ACCESSORIES = (BUTTON, THUMBNAIL)

MAX_V2_COMPONENTS = 40
MAX_V2_TEXT = 4000
_MAX_ROWS = 5
_MAX_ADDRESS = 512
_MAX_ALTERNATIVE_TEXT = 1024


def walk(components: Json) -> Iterator[JsonObject]:
    """Yield every component of a tree, outermost first."""
    for component in components or []:
        yield component
        yield from walk(component.get("components"))
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk([component[key]])


def check_components(components: list[JsonObject], problems: Problems, *, v2: bool) -> None:
    """Note components a message may not have."""
    path = ("components",)
    _check_types(components, path, _V2_TOP_LEVEL if v2 else _LEGACY_TOP_LEVEL, problems)
    everything = list(walk(components))
    if v2:
        if len(everything) > MAX_V2_COMPONENTS:
            problems.length(path, 1, MAX_V2_COMPONENTS)
        text = sum(len(c.get("content", "")) for c in everything if c["type"] == TEXT_DISPLAY)
        if text > MAX_V2_TEXT:
            problems.add(
                path,
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                f"The total length of displayable text exceeds {MAX_V2_TEXT}",
            )
    elif len(components) > _MAX_ROWS:
        problems.length(path, 1, _MAX_ROWS)
    _check_tree(components, path, problems)
    _check_custom_ids_differ(components, path, problems)


def check_form(form: JsonObject, problems: Problems) -> None:
    """Note a form Discord does not take ("Modals", "Text Input", "Label")."""
    data = ("data",)
    check_text(problems, (*data, "custom_id"), form.get("custom_id", ""), 1, 100)
    check_text(problems, (*data, "title"), form.get("title", ""), 1, 45)
    components = form.get("components") or []
    path = (*data, "components")
    if not 1 <= len(components) <= _MAX_ROWS:
        problems.length(path, 1, _MAX_ROWS)
    _check_types(components, path, _FORM_TOP_LEVEL, problems)
    for index, component in enumerate(components):
        here = (*path, index)
        if component.get("type") == LABEL:
            check_text(problems, (*here, "label"), component.get("label", ""), 1, 45)
            if component.get("description") is not None:
                check_text(problems, (*here, "description"), component["description"], 0, 100)
            _check_fields([component.get("component") or {}], here, _IN_LABELS, problems)
        elif component.get("type") == ACTION_ROW:
            fields = component.get("components") or []
            _check_fields(fields, (*here, "components"), (TEXT_INPUT,), problems)
    _check_custom_ids_differ(components, path, problems)


def _check_fields(
    fields: list[JsonObject], path: Path, allowed: tuple[int, ...], problems: Problems
) -> None:
    _check_types(fields, path, allowed, problems)
    for index, field in enumerate(fields):
        if field.get("type") == TEXT_INPUT:
            _check_text_input(field, (*path, index), problems)
        elif field.get("type") in SELECTS:
            _check_select(field, (*path, index), problems)


def _check_types(
    components: list[JsonObject], path: Path, allowed: tuple[int, ...], problems: Problems
) -> None:
    for index, component in enumerate(components):
        if component.get("type") not in allowed:
            problems.choice((*path, index, "type"), allowed)


def _check_custom_ids_differ(components: list[JsonObject], path: Path, problems: Problems) -> None:
    given = [c["custom_id"] for c in walk(components) if c.get("custom_id") is not None]
    if len(set(given)) != len(given):
        problems.add(
            path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )


def _check_tree(components: list[JsonObject], path: Path, problems: Problems) -> None:
    for index, component in enumerate(components):
        here = (*path, index)
        kind = component.get("type")
        if kind == ACTION_ROW:
            _check_row(component, here, problems)
        elif kind == BUTTON:
            _check_button(component, here, problems)
        elif kind in SELECTS:
            _check_select(component, here, problems)
        elif kind == SECTION:
            _check_section(component, here, problems)
        elif kind == MEDIA_GALLERY:
            _check_gallery(component, here, problems)
        elif kind == TEXT_DISPLAY:
            content = component.get("content", "")
            check_text(problems, (*here, "content"), content, 1, MAX_V2_TEXT)
        children = component.get("components") or []
        if kind in _CHILDREN:
            _check_types(children, (*here, "components"), _CHILDREN[kind], problems)
        _check_tree(children, (*here, "components"), problems)


def _check_section(section: JsonObject, path: Path, problems: Problems) -> None:
    if not 1 <= len(section.get("components") or []) <= 3:
        problems.length((*path, "components"), 1, 3)
    accessory = section.get("accessory")
    if not accessory:
        problems.required((*path, "accessory"))
        return
    _check_types([accessory], (*path, "accessory"), _SECTION_ACCESSORIES, problems)
    _check_tree([accessory], (*path, "accessory"), problems)


def _check_gallery(gallery: JsonObject, path: Path, problems: Problems) -> None:
    items = gallery.get("items") or []
    if not 1 <= len(items) <= 10:
        problems.length((*path, "items"), 1, 10)
    for index, item in enumerate(items):
        here = (*path, "items", index, "description")
        check_text(problems, here, item.get("description") or "", 0, _MAX_ALTERNATIVE_TEXT)


def _check_row(row: JsonObject, path: Path, problems: Problems) -> None:
    parts = row.get("components") or []
    if not 1 <= len(parts) <= 5:
        problems.length((*path, "components"), 1, 5)
    if any(p.get("type") in SELECTS for p in parts) and len(parts) > 1:
        problems.add(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_custom_id(component: JsonObject, path: Path, problems: Problems) -> None:
    check_text(problems, (*path, "custom_id"), component.get("custom_id", ""), 1, 100)


def _check_button(button: JsonObject, path: Path, problems: Problems) -> None:
    """Note a button whose fields do not fit its style (section "Button Styles")."""
    style = button.get("style")
    if style not in range(1, 7):
        problems.choice((*path, "style"), range(1, 7))
    if style == LINK_STYLE:
        check_text(problems, (*path, "url"), button.get("url") or "", 1, _MAX_ADDRESS)
    elif style == _PREMIUM_STYLE:
        check_text(problems, (*path, "sku_id"), str(button.get("sku_id") or ""), 1, 20)
    else:
        _check_custom_id(button, path, problems)
    unfit = {
        LINK_STYLE: ("custom_id", "sku_id"),
        _PREMIUM_STYLE: ("custom_id", "label", "url", "emoji"),
    }.get(style or 0, ("url", "sku_id"))
    for name in unfit:
        if button.get(name) is not None:
            problems.add((*path, name), "BASE_TYPE_NOT_ALLOWED", "This style takes no such field")
    if button.get("label") is not None:
        check_text(problems, (*path, "label"), button["label"], 0, 80)
    if style != _PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        problems.add(
            path, "BUTTON_COMPONENT_INVALID_EMPTY", "A button must have a label or an emoji"
        )


def _check_select(select: JsonObject, path: Path, problems: Problems) -> None:
    _check_custom_id(select, path, problems)
    if select.get("placeholder") is not None:
        check_text(problems, (*path, "placeholder"), select["placeholder"], 0, 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= 25:
        problems.choice((*path, "min_values"), range(26))
    if not 1 <= most <= 25 or most < least:
        problems.choice((*path, "max_values"), range(max(1, least), 26))
    if select["type"] != STRING_SELECT:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        problems.length((*path, "options"), 1, 25)
    elif most > len(options):
        problems.choice((*path, "max_values"), range(1, len(options) + 1))
    values: set[str] = set()
    for index, option in enumerate(options):
        here = (*path, "options", index)
        check_text(problems, (*here, "label"), option.get("label", ""), 1, 100)
        check_text(problems, (*here, "value"), option.get("value", ""), 1, 100)
        if option.get("description") is not None:
            check_text(problems, (*here, "description"), option["description"], 0, 100)
        if option.get("value") in values:
            problems.add(
                (*here, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        values.add(str(option.get("value")))


def _check_text_input(field: JsonObject, path: Path, problems: Problems) -> None:
    check_text(problems, (*path, "custom_id"), field.get("custom_id", ""), 1, 100)
    if field.get("label") is not None:
        check_text(problems, (*path, "label"), field["label"], 1, 45)
    if field.get("placeholder") is not None:
        check_text(problems, (*path, "placeholder"), field["placeholder"], 0, 100)
    if field.get("value") is not None:
        check_text(problems, (*path, "value"), field["value"], 0, 4000)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = field.get(name)
        if value is not None and not least <= value <= 4000:
            problems.choice((*path, name), (least, "…", 4000))
