"""The sizes and shapes Discord accepts; what breaks them becomes error 50035 with its tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.errors import SandboxRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandbox.wire import Json, JsonObject

MAX_EMBEDS = 10
MAX_EMBED_TOTAL = 6000
# API documentation, "Messages Resource", section "Embed Limits".
_EMBED_TEXTS = (
    (("title",), 256),
    (("description",), 4096),
    (("footer", "text"), 2048),
    (("author", "name"), 256),
)
MAX_FIELDS = 25

# "Component Reference", section "Component Types".
ACTION_ROW = 1
BUTTON = 2
STRING_SELECT = 3
TEXT_INPUT = 4
SELECTS = (3, 5, 6, 7, 8)
SECTION = 9
TEXT_DISPLAY = 10
LABEL = 18
_LINK_STYLE = 5
_PREMIUM_STYLE = 6
_LEGACY_TOP_LEVEL = (ACTION_ROW,)
_V2_TOP_LEVEL = (1, 9, 10, 12, 13, 14, 17)
MAX_V2_COMPONENTS = 40
MAX_V2_TEXT = 4000

AUTO_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
MAX_SLOWMODE_SECONDS = 21_600
MAX_THREAD_NAME = 100
MAX_THREAD_TAGS = 5
MAX_WEBHOOK_NAME = 80
_FORBIDDEN_IN_WEBHOOK_NAMES = ("clyde", "discord")
_HTTP_ADDRESS = re.compile(r"^(https?|attachment|discord)://\S+$")

Path = tuple[str | int, ...]


class Problems:
    """Collects what is wrong with a request, field by field.

    API documentation, "Reference", section "Error Messages": each field's path leads to a list
    `_errors` of a code and a message.
    """

    def __init__(self) -> None:
        self._tree: JsonObject = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note one problem with the field at `path`."""
        node = self._tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: Path, least: int, most: int) -> None:
        """Note that a text or list at `path` is not between `least` and `most` long."""
        if least:
            message = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)
        else:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def required(self, path: Path) -> None:
        """Note that the field at `path` is missing."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def choice(self, path: Path, choices: Sequence[Json]) -> None:
        """Note that the value at `path` is not one of `choices`."""
        listed = ", ".join(str(c) for c in choices)
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")

    def raise_if_any(self) -> None:
        """Raise 50035 when something was noted."""
        if self._tree:
            raise SandboxRefused(400, 50035, "Invalid Form Body", self._tree)


def invalid(path: Path, code: str, message: str) -> SandboxRefused:
    """Return error 50035 about a single field."""
    problems = Problems()
    problems.add(path, code, message)
    try:
        problems.raise_if_any()
    except SandboxRefused as error:
        return error
    raise AssertionError("a problem was noted")


def check_text(problems: Problems, path: Path, text: Json, least: int, most: int) -> None:
    """Note a text that is missing, or not between `least` and `most` characters."""
    if not isinstance(text, str):
        problems.add(path, "BASE_TYPE_STRING", "Could not interpret as string.")
    elif least and not text:
        problems.required(path)
    elif not least <= len(text) <= most:
        problems.length(path, least, most)


def check_embeds(embeds: list[JsonObject], problems: Problems) -> None:
    """Note embeds that are too many, or too long in a part or in all."""
    if len(embeds) > MAX_EMBEDS:
        problems.length(("embeds",), 0, MAX_EMBEDS)
    if sum(_check_embed(e, ("embeds", n), problems) for n, e in enumerate(embeds)) > (
        MAX_EMBED_TOTAL
    ):
        problems.add(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {MAX_EMBED_TOTAL}",
        )


def _check_embed(embed: JsonObject, path: Path, problems: Problems) -> int:
    """Note what is wrong with one embed; return how many characters count for the total."""
    total = 0
    for steps, most in _EMBED_TEXTS:
        value: Json = embed
        for step in steps:
            value = (value or {}).get(step)
        if value is not None:
            check_text(problems, (*path, *steps), value, 0, most)
            total += len(str(value))
    fields = embed.get("fields") or []
    if len(fields) > MAX_FIELDS:
        problems.length((*path, "fields"), 0, MAX_FIELDS)
    for number, part in enumerate(fields):
        for name, most in (("name", 256), ("value", 1024)):
            text = part.get(name, "")
            check_text(problems, (*path, "fields", number, name), text, 1, most)
            total += len(str(text))
    address = embed.get("url")
    if address is not None and not _HTTP_ADDRESS.match(str(address)):
        problems.add((*path, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    return total


def walk(components: Json) -> Iterator[JsonObject]:
    """Yield every component of a tree, outermost first."""
    for component in components or []:
        yield component
        yield from walk(component.get("components"))
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk([component[key]])


def check_components(components: list[JsonObject], problems: Problems, *, v2: bool) -> None:
    """Note components a message may not have ("Component Reference")."""
    allowed = _V2_TOP_LEVEL if v2 else _LEGACY_TOP_LEVEL
    for index, component in enumerate(components):
        if component.get("type") not in allowed:
            problems.choice(("components", index, "type"), allowed)
    everything = list(walk(components))
    if v2:
        if len(everything) > MAX_V2_COMPONENTS:
            problems.length(("components",), 1, MAX_V2_COMPONENTS)
        text = sum(len(c.get("content", "")) for c in everything if c["type"] == TEXT_DISPLAY)
        if text > MAX_V2_TEXT:
            problems.add(
                ("components",),
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                f"The total length of displayable text exceeds {MAX_V2_TEXT}",
            )
    elif len(components) > 5:
        problems.length(("components",), 1, 5)
    _check_tree(components, ("components",), problems)
    seen: set[str] = set()
    for component in everything:
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            problems.add(
                ("components",),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(str(custom_id))


def _check_tree(components: Json, path: Path, problems: Problems) -> None:
    for index, component in enumerate(components or []):
        here = (*path, index)
        kind = component.get("type")
        if kind == ACTION_ROW:
            _check_row(component, here, problems)
        elif kind == BUTTON:
            _check_button(component, here, problems)
        elif kind in SELECTS:
            _check_select(component, here, problems)
        elif kind == SECTION and not 1 <= len(component.get("components", [])) <= 3:
            problems.length((*here, "components"), 1, 3)
        _check_tree(component.get("components"), (*here, "components"), problems)
        if component.get("accessory"):
            _check_tree([component["accessory"]], (*here, "accessory"), problems)


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
    style = button.get("style")
    if style not in range(1, 7):
        problems.choice((*path, "style"), range(1, 7))
    if style == _LINK_STYLE:
        if not button.get("url"):
            problems.required((*path, "url"))
    elif style != _PREMIUM_STYLE:
        _check_custom_id(button, path, problems)
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


def check_webhook_name(name: Json, problems: Problems, path: Path = ("name",)) -> None:
    """Note a name a webhook may not have ("Create Webhook", "Usernames and Nicknames")."""
    check_text(problems, path, name, 1, MAX_WEBHOOK_NAME)
    if not isinstance(name, str):
        return
    for word in _FORBIDDEN_IN_WEBHOOK_NAMES:
        if word in name.lower():
            code = "USERNAME_INVALID_CONTAINS"
            problems.add(path, code, f'Username cannot contain "{word}"')


def check_thread_settings(body: JsonObject, problems: Problems) -> None:
    """Note a thread's name, archive duration or slowmode that Discord does not take."""
    if "name" in body:
        check_text(problems, ("name",), body["name"], 1, MAX_THREAD_NAME)
    duration = body.get("auto_archive_duration")
    if duration is not None and duration not in AUTO_ARCHIVE_MINUTES:
        problems.choice(("auto_archive_duration",), AUTO_ARCHIVE_MINUTES)
    slowmode = body.get("rate_limit_per_user")
    if slowmode is not None and not 0 <= slowmode <= MAX_SLOWMODE_SECONDS:
        problems.add(
            ("rate_limit_per_user",),
            "NUMBER_TYPE_MAX",
            f"int value should be less than or equal to {MAX_SLOWMODE_SECONDS}.",
        )
    if len(body.get("applied_tags") or []) > MAX_THREAD_TAGS:
        problems.length(("applied_tags",), 0, MAX_THREAD_TAGS)
