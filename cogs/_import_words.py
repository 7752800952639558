"""How an import stands, in words for a host."""

from __future__ import annotations

from bot.core.model import channel_url
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


def state_words(progress: ImportProgress, subject: str = "It") -> str:
    """Say how an import stands, in sentences of Markdown; `subject` is what they call it."""
    share = f"{progress.posts_sent:,} of {counted(progress.posts, 'post')}"
    match progress.state:
        case ReplayState.RUNNING:
            return f"{subject} is being brought back: {share}."
        case ReplayState.PAUSED:
            return f"{subject} is paused: {share}."
        case ReplayState.FAILED:
            return (
                f"{subject} stopped at {share}. {literal(progress.failure or '', _FAILURE_LIMIT)}"
            )
        case ReplayState.CANCELLED:
            return f"{subject} is being taken back: its messages are removed."
        case ReplayState.UNDONE:
            return f"{subject} was taken back: nothing of this import is left here."
        case ReplayState.FINISHED:
            return f"{subject} is back, with {counted(progress.posts, 'post')}."
        case ReplayState.FORUM_ENDED:
            return (
                f"{subject} rests at {share}: <#{progress.forum_id}> is not kept any more. It "
                "goes on when a host takes the channel up again with `/setup forum`."
            )
        case ReplayState.THREAD_DELETED:
            return (
                f"{subject} is gone: its thread was deleted, with {share} in it. Import its pages "
                "again to bring it back."
            )


def thread_link(progress: ImportProgress) -> str | None:
    """Give the link to the thread, where there is one."""
    if progress.thread_id is None or progress.state is ReplayState.THREAD_DELETED:
        return None
    return f"[Open the thread]({channel_url(progress.guild_id, progress.thread_id)})"


def import_line(progress: ImportProgress) -> str:
    """Give an import in one line of a list: its title, how it stands, and where."""
    words = state_words(progress, f"**{shown_title(progress.title)}**")
    return " ".join(filter(None, (_SIGNS[progress.state], words, thread_link(progress))))


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
