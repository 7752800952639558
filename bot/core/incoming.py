"""What comes in from Discord, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Attachment


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """A message as Discord tells it now: by an event, by history, or fetched alone.

    `channel_id` is where the message lies: the thread, or its parent channel for the starter
    of a thread made from a message. `user_id` is None for a webhook's messages. `reply_to` is
    the id of the message it truly answers (not a forward, not a pin). `is_initial` is true for
    the message that began the thread. Texts hold no NUL and no lone surrogate.
    """

    message_id: int
    channel_id: int
    user_id: int | None
    author_name: str
    content: str
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]
    posted_at: datetime
    edited_at: datetime | None
    reply_to: int | None
    is_initial: bool


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A thread as Discord tells it now."""

    thread_id: int
    forum_id: int
    guild_id: int
    title: str
    is_private: bool
    is_locked: bool
    is_archived: bool
    tag_ids: frozenset[int]
    started_at: datetime


def clean(text: str) -> str:
    """Give the text with U+FFFD for what cannot be stored as UTF-8 text or would cut it short.

    That is NUL, at which SQLite's JSON functions end a text, and surrogates without a partner;
    two that belong together become the character they stand for.
    """
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
