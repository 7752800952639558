"""The wording of a post's edit history: each text it had, as what changed from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.excerpt import attachment_name
from bot.core.graphemes import utf16_length
from bot.core.markdown import escape_markdown
from bot.core.model import Post, Revision
from bot.core.post_line import DELETED, counted, post_name, timestamp
from bot.core.word_difference import (
    Change,
    Stretch,
    counts,
    difference,
    shown_stretches,
    words_of_texts,
)

# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
_MOST_CHARACTERS = 4000
_MOST_OF_TEXT = 1500
_MOST_FILES = 5

GAP = "-# There may have been other edits before this one: I was away then."
FIRST_UNKNOWN = "-# It was edited before I knew it: what it said first is not known."


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of a post's texts, oldest first, as Markdown of at most 4,000 characters."""

    title: str
    text: str
    page: int
    pages: int


def compose_history(post: Post, revisions: Sequence[Revision], page: int = 1) -> HistoryPage:
    """Put the known texts of a post into words: the first whole, each other as its changes.

    A page that is not there is the last one.
    """
    title = f"Edits of {post_name(post)}"
    if not revisions:
        return HistoryPage(title, DELETED, 1, 1)
    pages = _pages(_entries(post, revisions))
    page = min(max(page, 1), len(pages))
    return HistoryPage(title, "\n\n".join(pages[page - 1]), page, len(pages))


def _entries(post: Post, revisions: Sequence[Revision]) -> list[str]:
    first, *later = revisions
    texts = words_of_texts([revision.content for revision in revisions])
    whole = shown_stretches([Stretch(Change.STAYED, texts[0])], _MOST_OF_TEXT)
    what = "Written" if first.written_at <= post.posted_at else "First known text"
    entries = [_entry(f"**{what}** · {timestamp(first.written_at)}", whole, [_files([], first)])]
    if first.written_at > post.posted_at:
        entries[0] = f"{FIRST_UNKNOWN}\n{entries[0]}"
    for place, revision in enumerate(later, start=1):
        changes = difference(texts[place - 1], texts[place])
        added, removed = counts(changes)
        heading = f"**Edit {place} of {len(later)}** · {timestamp(revision.written_at)}"
        if changes:
            heading += f" · {counted(added, 'word')} added, {removed:,} removed"
        shown = shown_stretches(changes, _MOST_OF_TEXT) or "(no word changed)"
        files = _files(revisions[place - 1].attachments, revision)
        entries.append(_entry(heading, shown, [files, GAP if revision.after_gap else ""]))
    if not later:
        entries.append("It has not been edited since.")
    return entries


def _entry(heading: str, text: str, notes: Sequence[str]) -> str:
    return "\n".join([heading, f"> {text or '(no text)'}", *filter(None, notes)])


def _files(before: Sequence[object], revision: Revision) -> str:
    """Say which files an edit left, where it changed them or they are the first."""
    files = revision.attachments
    if tuple(before) == files:
        return ""
    names = [escape_markdown(attachment_name(each.name)) for each in files[:_MOST_FILES]]
    if len(files) > _MOST_FILES:
        names.append(f"and {counted(len(files) - _MOST_FILES, 'file')} more")
    return f"-# Attached: {', '.join(names) or 'nothing any more'}"


def _pages(entries: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    room = _MOST_CHARACTERS
    for entry in entries:
        needed = utf16_length(entry) + 2
        if needed > room and pages[-1]:
            pages.append([])
            room = _MOST_CHARACTERS
        pages[-1].append(entry)
        room -= needed
    return pages
