"""The words of `/removed list`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Discussion
from bot.core.post_line import timestamp
from bot.store.removals import KEPT_FOR
from cogs._vanished_question import shown_title

# A message holds 2,000 characters, and a line some 200 at most.
_SHOWN = 8


def removed_list(removed: Sequence[Discussion]) -> str:
    """Say what was deleted and when each is erased, those first that are erased first."""
    if not removed:
        return (
            "Nothing is waiting to be erased. When a thread or a channel is deleted, its "
            f"discussions are hidden at once, and erased {KEPT_FOR.days} days later; meanwhile "
            "they are listed here."
        )
    lines = [
        f"- {shown_title(discussion.title)}: {discussion.post_count} posts, erased "
        f"{timestamp(discussion.hidden_at + KEPT_FOR, 'R')}"
        for discussion in removed[:_SHOWN]
        if discussion.hidden_at is not None
    ]
    if len(removed) > _SHOWN:
        lines.append(f"- and {len(removed) - _SHOWN} more")
    return "\n".join(
        [
            "Deleted on Discord, and hidden from everybody but hosts:",
            *lines,
            "`/removed export` gives you one as a file, and `/removed erase` erases it now.",
        ]
    )
