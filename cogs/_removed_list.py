"""The words of `/removed list`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Discussion
from bot.core.post_line import counted, timestamp
from bot.store.removals import KEPT_AFTER_DELETION, KEPT_AFTER_END
from cogs._naming import shown_title

# A message holds 2,000 characters, and a line some 200 at most.
_SHOWN = 8


def removed_list(removed: Sequence[Discussion], unnamed: int = 0) -> str:
    """Say what is hidden and when each is erased, those first that are erased first.

    `unnamed` counts those that the person could not read, and must not learn the title of.
    """
    if not removed and not unnamed:
        return (
            "Nothing is waiting to be erased. When a thread or a channel is deleted, its "
            f"discussions are hidden at once, and erased {KEPT_AFTER_DELETION.days} days later; "
            f"those of a channel ended with `/setup remove`, {KEPT_AFTER_END.days} days later. "
            "Meanwhile they are listed here."
        )
    lines = [
        f"- {shown_title(discussion.title)}: {counted(discussion.post_count, 'post')}, erased "
        f"{timestamp(discussion.erase_at, 'R')}"
        for discussion in removed[:_SHOWN]
        if discussion.erase_at is not None
    ]
    if len(removed) > _SHOWN:
        lines.append(f"- and {len(removed) - _SHOWN} more")
    if unnamed:
        lines.append(
            f"- {counted(unnamed, 'discussion')} of places that you cannot read: only hosts who "
            "can (for private threads, with the Manage Threads permission) get at their text"
        )
    return "\n".join(
        [
            "Deleted on Discord, or of a channel that was ended; hidden from everybody but hosts:",
            *lines,
            "`/removed export` gives you one as a file, and `/removed erase` erases it now.",
        ]
    )
