"""What the exported files call a discussion and the authors of its posts."""

from __future__ import annotations

from bot.core.excerpt import Surface, excerpt
from bot.core.exported import ExportedPost, Standing
from bot.core.markdown import showable

_LONGEST = 300
_NAMELESS = {
    Standing.SHOWN: "A reader",
    Standing.DELETED: "A deleted post",
    Standing.NOT_PUBLISHED: "A member",
}


def plain(text: str) -> str:
    """Give a title, or a name, where there is no Markdown: a spoiler in it shows as ▮▮▮."""
    text = " ".join(showable(text).split())
    return excerpt(text, _LONGEST, Surface.PLAIN) if "||" in text else text


def shown_author(post: ExportedPost) -> str:
    """Give the name that stands above a post."""
    name = "" if post.author is None else " ".join(showable(post.author).split())
    return name or _NAMELESS[post.standing]
