"""The wording of one post, opened whole: in parts where it is longer than a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.book_links import with_book_links
from bot.core.excerpt import attachment_name, excerpt
from bot.core.graphemes import utf16_length
from bot.core.markdown import escape_markdown
from bot.core.model import Attachment, Discussion
from bot.core.old_text import old_markdown
from bot.core.page import ReadPost, post_heading
from bot.core.post_line import DELETED, counted, literal
from bot.core.split import split

# An embed's description holds 4,096 characters; what stands around the text takes the rest.
_ROOM = 4000
_MOST_AROUND = 1000
_MOST_FILES = 5
# So the whole address of a button and a line of a list fits.
_NOTES_LIMIT = 300


@dataclass(frozen=True, slots=True)
class WholePost:
    """A part of a post as Markdown of at most 4,000 characters; parts count from 1."""

    title: str
    text: str
    part: int
    parts: int


def compose_post(discussion: Discussion, read: ReadPost, part: int = 1) -> WholePost:
    """Put a post into words, its text as it was written; the last part where there is none."""
    post = read.post
    heading = post_heading(read)
    around = [heading]
    if post.notes:
        around.append(f"-# {excerpt(' · '.join(post.notes), _NOTES_LIMIT)}")
    if post.attachments:
        around.append(f"-# {_files(post.attachments)}")
    above = "\n".join(around)
    text = old_markdown(post.content) if post.is_imported else with_book_links(post.content)
    parts = split(text, _ROOM - max(utf16_length(above), _MOST_AROUND)) or (
        DELETED if post.is_deleted else "",
    )
    part = min(max(part, 1), len(parts))
    return WholePost(
        title=literal(discussion.title, 200),
        text=f"{above}\n\n{parts[part - 1]}".rstrip(),
        part=part,
        parts=len(parts),
    )


def _files(attachments: Sequence[Attachment]) -> str:
    """Name the files, as many as fit a line; they are to be seen in the thread itself."""
    names = [
        f"{escape_markdown(attachment_name(each.name))} ({_size(each.size)})"
        for each in attachments[:_MOST_FILES]
    ]
    if len(attachments) > _MOST_FILES:
        names.append(f"and {counted(len(attachments) - _MOST_FILES, 'file')} more")
    return f"Attached: {', '.join(names)}"


def _size(size: int) -> str:
    kibibytes = -(-size // 1024)
    return f"{kibibytes:,} KB" if kibibytes < 1024 else f"{size / 1024**2:.1f} MB"
