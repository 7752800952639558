"""Write pages as the forums showed them, for the reader to read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.core.imported import ImportedPost
from bot.core.model import PostKind

HEADERS = {
    PostKind.INITIAL: "Initial post:",
    PostKind.POST: "Posted on",
    PostKind.REPLY: "In reply to an earlier post on",
}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905

FOOT = """\
‹ Previous 1 2 Next ›
[Add comment]
Add your own message to the discussion
Prompts for sign-in

This discussion

Discussion in:\u00a0 Middlemarch forum
Participants:\u00a0 3
Total posts:\u00a0 {total}
Initial post:\u00a0 Jan 1, 2008
Latest post:\u00a0 Jan 9, 2008
"""


@dataclass(frozen=True)
class Zone:
    name: str
    hours: int


ZONES = {
    ".com": (Zone("PST", -8), Zone("PDT", -7)),
    ".co.uk": (Zone("GMT", 0), Zone("BST", 1), Zone("BDT", 1)),
}


def moment_text(moment: datetime, site: str, zone: Zone) -> str:
    local = moment.astimezone(timezone(timedelta(hours=zone.hours)))
    month = MONTHS[local.month - 1]
    if site == ".com":
        half = "AM" if local.hour < 12 else "PM"
        hour = local.hour % 12 or 12
        clock = f"{hour}:{local:%M:%S} {half}"
        return f"{month} {local.day}, {local.year} {clock} {zone.name}"
    return f"{local.day} {month} {local.year} {local:%H:%M:%S} {zone.name}"


def post_text(post: ImportedPost, site: str, zone: Zone) -> str:
    lines = [f"{HEADERS[post.kind]} {moment_text(post.posted_at, site, zone)}"]
    if post.edited_at is not None:
        lines.append(f"Last edited by the author on {moment_text(post.edited_at, site, zone)}")
    if post.author is not None:
        lines.append(f"{post.author} says:")
    return "\n".join([*lines, post.content])


def page_text(
    posts: Sequence[str], *, first: int = 1, total: int | None = None, title: str = "On Dorothea"
) -> str:
    """Write a page around posts that are written already, in their order."""
    last = first + len(posts) - 1
    head = (
        "Customer Discussions > Middlemarch forum\n\n"
        f"{title}\n\nSort: Oldest first | Newest first\n"
        f"Showing {first}-{last} of {total or last} posts in this discussion\n"
    )
    return head + "\n\n".join(posts) + "\n" + FOOT.format(total=total or last)
