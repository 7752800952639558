"""The words of the question what is to become of posts that vanished."""

from __future__ import annotations

from bot.core.post_line import counted, timestamp
from bot.store.vanished_questions import VanishedQuestion
from cogs._naming import shown_title


def question(asked: VanishedQuestion) -> str:
    """Ask a host, in a message of its own."""
    # A host need not be in a private thread, and must not learn its title from here.
    what = "a private discussion" if asked.is_private else shown_title(asked.title)
    return (
        f"**{counted(asked.post_count, 'post')} of {what} vanished at once** while I could not "
        f"see it happen: in <#{asked.forum_id}>, noticed {timestamp(asked.raised_at)}. I have "
        "hidden them and erased nothing.\n"
        "If somebody deleted them, let me erase their texts for good. If you keep them, I show "
        "them again as they were, though they are gone from Discord."
    )
