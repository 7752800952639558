"""What Discord answers instead of doing what a replay asks: in words for a host, or unclear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.core.ports import StageError, StageRefusedError
from cogs import _error_codes as codes

WEBHOOK_REPLACED = frozenset({codes.UNKNOWN_WEBHOOK, codes.INVALID_WEBHOOK_TOKEN})
"""The webhook is not there any more."""

GONE = frozenset({codes.UNKNOWN_CHANNEL, codes.UNKNOWN_MESSAGE})
"""The message or its thread is not there any more."""

_TOO_MANY_REQUESTS = 429
_NOT_SEEN = (
    "The channel or the thread is not there any more, or I may not see it. Allow me to View "
    "Channel there, then try again with /imports."
)
_REFUSALS = {
    codes.UNKNOWN_CHANNEL: _NOT_SEEN,
    codes.MISSING_ACCESS: _NOT_SEEN,
    codes.TOO_MANY_WEBHOOKS: (
        "The channel has as many webhooks as Discord allows (15). Remove one under Edit Channel → "
        "Integrations → Webhooks, then try again with /imports."
    ),
    codes.ARCHIVED_THREAD: (
        "The thread is archived and locked. Unlock it, then try again with /imports."
    ),
    codes.THREAD_LOCKED: "The thread is locked. Unlock it, then try again with /imports.",
    codes.TOO_MANY_ACTIVE_THREADS: (
        "The server has as many active threads as Discord allows. Close some, then import the "
        "page again."
    ),
}


@contextmanager
def stage_answers() -> Iterator[None]:
    """Turn what Discord answers instead of doing it into the port's two errors."""
    try:
        yield
    except discord.DiscordServerError as error:
        raise StageError(str(error)) from error
    except discord.HTTPException as error:
        if error.code in WEBHOOK_REPLACED or error.status == _TOO_MANY_REQUESTS:
            # Another webhook is made by the next run; a limit that outlasts five tries passes.
            raise StageError(str(error)) from error
        raise StageRefusedError(_REFUSALS.get(error.code) or _unexpected(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise StageError(f"Discord cannot be reached: {error}") from error


def _unexpected(error: discord.HTTPException) -> str:
    """Give Discord's own words, in one line, and what is left to a host."""
    words = " ".join(error.text.split()).rstrip(".") or f"error {error.status}"
    return (
        f"Discord refused it: {words}. Try again with /imports; if it is refused again, take the "
        "import back there, and tell whoever runs me what Discord said."
    )


def tag_required(forum: discord.ForumChannel) -> str:
    """Say that posts of the forum carry a tag, how to give one, and which there are."""
    return f"Posts in this forum must carry a tag. {_how(forum)}"


def tag_unknown(channel: discord.ForumChannel | discord.TextChannel, tag: str) -> str:
    """Say that the channel has no such tag, how to give another, and which there are."""
    if isinstance(channel, discord.TextChannel):
        return (
            f"Threads of a text channel carry no tags, so there is no “{tag}”. Import the page "
            "again without a tag."
        )
    return f"This forum has no tag “{tag}”. {_how(channel)}"


def _how(forum: discord.ForumChannel) -> str:
    names = ", ".join(f"“{tag.name}”" for tag in forum.available_tags)
    if not names:
        return "Make one under Edit Channel → Tags, and import the page again with it."
    return (
        "Import the page again with one of its tags, as the option tag of /import or as --tag on "
        f"the command line: {names}."
    )
