"""What Discord does not accept, field by field: it becomes error 50035 with its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.errors import SandboxRefused
from sandbox.wire import clean_name, clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.wire import Json, JsonObject

# "Reference", section "Uploading Files".
MAX_FILE_BYTES = 10 * 1024 * 1024

AUTO_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
MAX_SLOWMODE_SECONDS = 21_600
MAX_THREAD_NAME = 100
MAX_THREAD_TAGS = 5
MAX_WEBHOOK_NAME = 80
_FORBIDDEN_IN_WEBHOOK_NAMES = ("clyde", "discord")

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
            raise self.refusal()

    def refusal(self) -> SandboxRefused:
        """Return error 50035 with what was noted."""
        return SandboxRefused(400, 50035, "Invalid Form Body", self._tree)


def invalid(path: Path, code: str, message: str) -> SandboxRefused:
    """Return error 50035 about a single field."""
    problems = Problems()
    problems.add(path, code, message)
    return problems.refusal()


def check_text(problems: Problems, path: Path, text: Json, least: int, most: int) -> None:
    """Note a text that is missing, or not between `least` and `most` characters."""
    if not isinstance(text, str):
        problems.add(path, "BASE_TYPE_STRING", "Could not interpret as string.")
    elif least and not text:
        problems.required(path)
    elif not least <= len(text) <= most:
        problems.length(path, least, most)


def check_webhook_name(name: Json, problems: Problems, path: Path = ("name",)) -> None:
    """Note a name a webhook may not have ("Create Webhook", "Usernames and Nicknames")."""
    kept = clean_name(name) if isinstance(name, str) else name
    check_text(problems, path, kept, 1, MAX_WEBHOOK_NAME)
    for word in _FORBIDDEN_IN_WEBHOOK_NAMES:
        if isinstance(kept, str) and word in kept.lower():
            code = "USERNAME_INVALID_CONTAINS"
            problems.add(path, code, f'Username cannot contain "{word}"')


def check_thread_name(name: Json, problems: Problems, path: Path = ("name",)) -> None:
    """Note a thread's name that is not 1 to 100 characters, white space around it left out."""
    kept = clean_text(name) if isinstance(name, str) else name
    check_text(problems, path, kept, 1, MAX_THREAD_NAME)


def check_thread_settings(body: JsonObject, problems: Problems) -> None:
    """Note a thread's name, archive duration or slowmode that Discord does not take."""
    if "name" in body:
        check_thread_name(body["name"], problems)
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
