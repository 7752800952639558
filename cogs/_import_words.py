"""How an import stands, in words for a host."""

from __future__ import annotations

from bot.core.post_line import counted, literal
from bot.store.importing.replay_progress import ImportProgress, ReplayState
from cogs._naming import shown_title

_FAILURE_LIMIT = 400

_SIGNS = {
    ReplayState.RUNNING: "⏳",
    ReplayState.PAUSED: "⏸️",
    ReplayState.FAILED: "⚠️",
    ReplayState.CANCELLED: "↩️",
    ReplayState.UNDONE: "↩️",
    ReplayState.FINISHED: "✅",
    ReplayState.THREAD_DELETED: "🗑️",
    ReplayState.FORUM_ENDED: "⏸️",
}


def state_words(progress: ImportProgress) -> str:
    """Say how an import stands, in a sentence of Markdown."""
    sent = f"{progress.posts_sent:,} of {counted(progress.posts, 'post')}"
    place = f"<#{progress.thread_id or progress.forum_id}>"
    match progress.state:
        case ReplayState.RUNNING:
            return f"Being brought back: {sent} are in {place}."
        case ReplayState.PAUSED:
            return f"Paused: {sent} are in {place}."
        case ReplayState.FAILED:
            return f"Stopped, with {sent} in {place}. {_failure(progress)}"
        case ReplayState.CANCELLED:
            return f"Cancelled: what it brought to {place} is being taken back."
        case ReplayState.UNDONE:
            return "Cancelled: what it brought has been taken back."
        case ReplayState.FINISHED:
            return f"Finished: {counted(progress.posts, 'post')} in {place}."
        case ReplayState.FORUM_ENDED:
            return f"Rests, with {sent} there: <#{progress.forum_id}> is not kept any more."
        case ReplayState.THREAD_DELETED:
            return f"Its thread was deleted, with {sent} in it. Its pages can be imported again."


def import_line(progress: ImportProgress) -> str:
    """Give an import in one line of a list: its title, and how it stands."""
    return f"{_SIGNS[progress.state]} **{shown_title(progress.title)}** {state_words(progress)}"


def cancel_question(progress: ImportProgress, message_count: int) -> str:
    """Ask once more before an import is taken back, with the messages that it has brought."""
    if message_count == 0:
        brought = "Nothing of it has come yet, and nothing will."
    else:
        brought = (
            f"The {counted(message_count, 'message')} that it has brought so far "
            f"{'is' if message_count == 1 else 'are'} removed again, and the rest does not come. "
            "What members wrote there stays."
        )
    return (
        f"Cancel the import of {shown_title(progress.title)}? {brought} Importing the same pages "
        "later brings everything back."
    )


def _failure(progress: ImportProgress) -> str:
    return literal(progress.failure or "", _FAILURE_LIMIT)
