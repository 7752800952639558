"""How a digest that was, or is to be, is named, and what became of it in a sentence."""

from __future__ import annotations

from bot.core.digest_record import Coming, DigestRecord, DigestState
from bot.core.excerpt import excerpt
from bot.core.level import DigestKind, Level
from bot.core.markdown import escape_markdown
from bot.core.post_line import timestamp

_REASON_LIMIT = 200

_KIND_NAMES = {
    DigestKind.WEEKLY: "Weekly digest",
    DigestKind.DAILY: "Daily digest",
    DigestKind.NOTICE: "Message about new posts",
    DigestKind.CHANNEL: "Digest in a channel",
}
_LEVEL_NAMES = {
    Level.EVERY_POST: "your next message about new posts",
    Level.DAILY: "your daily digest",
    Level.WEEKLY: "your weekly digest",
}
_PAUSED = (
    "⏸️ Your digests are paused: nothing is sent until you resume them, with the button of "
    "`/digest settings`."
)


def digest_heading(digest: DigestRecord) -> str:
    """Name a digest by its kind and its day."""
    return f"**{_KIND_NAMES[digest.kind]}** of {timestamp(digest.planned_at, 'D')}"


def digest_outcome(digest: DigestRecord, inbox_id: int | None) -> str:
    """Say whether and when a digest was sent, or why not.

    `inbox_id` is the channel of the person's direct messages, for a link to the digest; None
    where it is not known.
    """
    reason = "" if digest.reason is None else excerpt(escape_markdown(digest.reason), _REASON_LIMIT)
    match digest.state:
        case DigestState.SENT:
            when = timestamp(digest.settled_at or digest.planned_at, "f")
            return " · ".join(filter(None, (f"✅ Sent {when}", _link(digest, inbox_id))))
        case DigestState.EMPTY:
            return "Not sent: when its turn came, nothing was left to say."
        case DigestState.QUIET:
            return "Not sent: nothing was new."
        case DigestState.SKIPPED:
            return f"Not sent: {reason or 'digests are paused'}."
        case DigestState.FAILED:
            when = timestamp(digest.settled_at or digest.planned_at, "f")
            return f"❌ Given up {when}: {reason or 'it could not be sent'}."
        case DigestState.WAITING | DigestState.SENDING if reason:
            again = timestamp(digest.next_attempt_at, "R")
            return f"⏳ Not sent yet: {reason}. The next try is {again}."
        case DigestState.SENDING:
            return "⏳ It is being sent."
        case DigestState.WAITING:
            return f"⏳ It is to be sent {timestamp(digest.next_attempt_at, 'R')}."


def next_words(coming: Coming) -> str:
    """Say when the next digests may come."""
    if coming.is_paused:
        return _PAUSED
    if not coming.levels:
        return "You track nothing now: `/track discussion` in a thread begins it."
    moments = [
        f"{_LEVEL_NAMES[level]} {timestamp(coming.due[level], 'F')}"
        for level in (Level.DAILY, Level.WEEKLY)
        if level in coming.levels and level in coming.due
    ]
    if Level.EVERY_POST in coming.levels:
        moments.append("new posts as they come, where you chose that")
    return f"Next, if there is news: {', '.join(moments)}."


def pending_words(level: Level, coming: Coming) -> str:
    """Say in which digest news at that level is to be."""
    if coming.is_paused:
        return _PAUSED
    at = coming.due.get(level)
    if at is None:
        return "⏳ It is to be in your next message about new posts, within minutes."
    return f"⏳ It is to be in {_LEVEL_NAMES[level]}, {timestamp(at, 'F')} ({timestamp(at, 'R')})."


def _link(digest: DigestRecord, inbox_id: int | None) -> str | None:
    if digest.message_id is None or inbox_id is None:
        return None
    # What is no server's has "@me" in its place.
    return f"[open it](https://discord.com/channels/@me/{inbox_id}/{digest.message_id})"
