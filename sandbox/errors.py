"""What Discord refuses, with its own status, code and words.

Codes and messages follow the API documentation, "Opcodes and Status Codes", section "JSON".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.wire import Json, JsonObject

_REFUSALS: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30046: (
        429,
        "Maximum number of edits to messages older than 1 hour reached. Try again later",
    ),
    40003: (403, "You are opening direct messages too fast."),
    40005: (413, "Request entity too large"),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (
        400,
        (
            "Provided too few or too many messages to delete. "
            "Must provide at least 2 and fewer than 100 messages to delete"
        ),
    ),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50083: (403, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50162: (400, "Voice messages cannot be edited."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    160014: (400, "You cannot forward a message whose content you cannot read."),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}

_RETRY_AFTER_S = 1.0


class SandboxRefused(Exception):  # noqa: N818 - what happened, not an error of the program
    """Discord would refuse this: raised for a member's act, answered as JSON to the bot.

    `status` is the HTTP status, `code` Discord's own code, `errors` its tree of field errors.
    """

    def __init__(
        self, status: int, code: int, message: str, errors: JsonObject | None = None
    ) -> None:
        super().__init__(f"{status} ({code}): {message}" + (f" {errors}" if errors else ""))
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def payload(self) -> JsonObject:
        """Return the JSON body Discord would answer with."""
        body: dict[str, Json] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        if self.status == 429:
            # Clients wait and try again, as they do for every other 429.
            body["retry_after"] = _RETRY_AFTER_S
            body["global"] = False
        return body


class SandboxTimeout(Exception):  # noqa: N818 - what happened, not an error of the program
    """Something a test waited for did not happen; the text says what."""


def refused(code: int, message: str | None = None) -> SandboxRefused:
    """Return the refusal with Discord's `code`, in its own words unless `message` is given."""
    status, words = _REFUSALS[code]
    return SandboxRefused(status, code, words if message is None else message)


def not_possible(reason: str) -> SandboxRefused:
    """Return the refusal of something Discord's own client would not let a person do."""
    return SandboxRefused(400, 0, reason)
