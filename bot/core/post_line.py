"""What a line about a post says, in digests and in reply chains alike."""

from __future__ import annotations

from datetime import datetime

from bot.core.excerpt import Surface, excerpt
from bot.core.markdown import escape_markdown
from bot.core.model import Book, Post
from bot.core.old_text import text_markdown

DELETED = "(deleted)"
LONGEST_NAME = 64

_PLURALS = {"person": "people", "reply": "replies", "direct reply": "direct replies"}


def literal(text: str, limit: int) -> str:
    """Give a title as Markdown that shows it as it is, shortened to `limit`.

    It is plain text on Discord, which cannot hide spoilers there: they show as ▮▮▮. One that
    has nothing to show is "(untitled)".
    """
    shown = excerpt(text, limit, Surface.PLAIN) if "||" in text else text
    return excerpt(escape_markdown(shown), limit) or "(untitled)"


def author_name(post: Post, limit: int = LONGEST_NAME) -> str:
    """Give the name above a post as Markdown; a deleted one, and one of nobody's, have none."""
    if post.is_deleted:
        return "A deleted post"
    name = excerpt(escape_markdown(post.author.name), limit) if post.author else ""
    return name or "A reader"


def answered_name(parent: Post, limit: int = LONGEST_NAME) -> str:
    """Give the name of whose post a reply answers, as Markdown within a line."""
    return "a deleted post" if parent.is_deleted else author_name(parent, limit)


def post_name(post: Post, limit: int = LONGEST_NAME) -> str:
    """Name a post by its number and author, as Markdown: "post 12 by Ann"."""
    number = "post" if post.number is None else f"post {post.number}"
    return f"{number} {DELETED}" if post.is_deleted else f"{number} by {author_name(post, limit)}"


def plain_name(name: str | None, limit: int = LONGEST_NAME) -> str:
    """Give an author's name for a menu or a picture, or "A reader" where there is none."""
    shown = "" if name is None else excerpt(escape_markdown(name), limit, Surface.PLAIN)
    return shown or "A reader"


def timestamp(moment: datetime, style: str = "f") -> str:
    """Give a time that every reader's Discord shows in their own zone and language.

    `style` is one of the letters of developers/reference, "Timestamp Styles".
    """
    return f"<t:{int(moment.timestamp())}:{style}>"


def jump_link(post: Post) -> str | None:
    """Give the link that opens the post in Discord, or None where it has no message there."""
    return f"[open]({post.jump_url})" if post.jump_url and not post.is_deleted else None


def book_line(book: Book) -> str:
    """Give a book as Markdown: “The Sea, the Sea — Iris Murdoch” without the quotes."""
    title = literal(book.title, 100)
    return f"{title} — {literal(book.author, 60)}" if book.author else title


def shown_text(post: Post, limit: int) -> str:
    """Give the start of a post's text, or what stands for it where it has none."""
    if post.is_deleted:
        return DELETED
    if text := excerpt(text_markdown(post), limit):
        return text
    if notes := excerpt(" · ".join(post.notes), limit):
        return notes
    if post.attachments:
        return counted(len(post.attachments), "attachment")
    return "(no text)"


def counted(number: int, thing: str) -> str:
    """Give a number with its noun: "1 post", "2 posts", "2 replies", "3 people"."""
    if number == 1:
        return f"1 {thing}"
    plural = _PLURALS.get(thing, f"{thing}s")
    return f"{number:,} {plural}"
